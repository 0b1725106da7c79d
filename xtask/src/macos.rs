//! `cargo xtask macos`: runs Clippy for macOS on all crates, examples and tests. No test is run.

use std::process::Command;

use crate::apt::answers;
use crate::command::takes_no_arguments;
use crate::cross::Cross;
use crate::failure::Failure;
use crate::step::{self, Outcome};
use crate::workspace::Workspace;

const TARGET: &str = "aarch64-apple-darwin";

const ARGUMENTS: &[&str] = &["--workspace", "--all-targets", "--", "-D", "warnings"];

/// Commands that start Zig, which includes a C compiler for macOS. The first is from Zig's own
/// package, the second from PyPI's.
const ZIG: &[&str] = &["zig", "python3 -m ziglang"];

pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    takes_no_arguments("macos", arguments)?;
    let outcomes = steps(&Workspace::load()?)?;
    print!("\n{}", step::table(&outcomes));
    Outcome::all_succeeded(outcomes)
}

pub(crate) fn steps(workspace: &Workspace) -> Result<Vec<Outcome>, Failure> {
    let folder = workspace.target.join("macos");
    let cross = Cross::ensure(TARGET, folder.clone())?;
    let mut command = cross.cargo("clippy", "std,panic_unwind,test");
    command.args(ARGUMENTS).current_dir(&workspace.root);
    if let Some(zig) = ZIG.iter().find(|zig| is_zig(zig)) {
        compile_c_by(zig, &mut command);
    } else {
        println!("not compiling SQLite's C code (`pip install ziglang` has a compiler for it)");
        // Pretend that SQLite is installed, so that its crate doesn't compile the C code. Nothing
        // is linked, so the library isn't needed.
        command.env("LIBSQLITE3_SYS_USE_PKG_CONFIG", "1").env("SQLITE3_LIB_DIR", folder);
    }
    Ok(vec![step::run(&format!("cargo clippy --target {TARGET}"), &command, |_| {})?])
}

fn is_zig(command: &str) -> bool {
    let mut words: Vec<&str> = command.split(' ').collect();
    words.push("version");
    answers(words[0], &words[1..])
}

/// Has Zig compile C code. Its target names differ from those that Rust passes, and it needs no SDK
/// from Apple.
fn compile_c_by(zig: &str, command: &mut Command) {
    command.env("CRATE_CC_NO_DEFAULTS", "1").env("SDKROOT", "/");
    command.env("CC_aarch64_apple_darwin", format!("{zig} cc -target aarch64-macos"));
    command.env("AR_aarch64_apple_darwin", format!("{zig} ar"));
}
