//! The datebook as a process.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use program::{Failure, Program};
use race::progress;

use crate::book::Book;

/// How long the check of the file and the copy may take together.
const PATIENCE: Duration = Duration::from_secs(15 * 60);

/// Ticks of CPU time in two seconds. Programs that wait for requests need fewer.
const IDLE: u64 = 4;

/// The folder of the workspace with the example.
pub fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(3).expect("three folders up").to_owned()
}

/// Builds the datebook, starts it with its files in `folder`, and signs in.
pub fn start(folder: &Path) -> Result<Program, Failure> {
    let root = workspace();
    let mut build = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    build.args(["build", "--release", "--quiet", "--example", "datebook"]);
    if !build.current_dir(&root).status()?.success() {
        return Err("the datebook doesn't build".into());
    }
    let path = root.join("target/release/examples/datebook");
    Program::start(Command::new(path.with_extension(env::consts::EXE_EXTENSION)), folder)
}

/// Starts the datebook, and lets it check its file and make the daily copy, which would take turns
/// with the pages.
pub fn settled(folder: &Path) -> Result<Program, Failure> {
    let (program, start) = (start(folder)?, Instant::now());
    let mut ticks = 0;
    loop {
        thread::sleep(Duration::from_secs(2));
        let before = std::mem::replace(&mut ticks, program.cpu_ticks()?);
        if has_copy(folder)? && ticks - before <= IDLE {
            break;
        }
        if start.elapsed() > PATIENCE {
            return Err(
                "the datebook makes no daily copy, or is still busy; its log says why".into()
            );
        }
        progress("waiting for the check of the file and the daily copy");
    }
    progress("");
    Ok(program)
}

/// Whether there is a copy that isn't older than the database.
fn has_copy(folder: &Path) -> Result<bool, Failure> {
    let modified = |path: &Path| fs::metadata(path).and_then(|metadata| metadata.modified());
    let database = modified(&folder.join(Book::FILE))?;
    // The program makes this folder with the first copy.
    for file in fs::read_dir(folder.join("copies")).into_iter().flatten() {
        let path = file?.path();
        if path.extension().is_some_and(|it| it == "sqlite") && modified(&path)? >= database {
            return Ok(true);
        }
    }
    Ok(false)
}
