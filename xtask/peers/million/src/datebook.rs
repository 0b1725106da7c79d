//! The datebook as a process.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use program::{Failure, Program};

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
