//! `cargo xtask macos`: checks all crates, examples and tests as they are compiled for macOS, with
//! the lints. Nothing runs: there is no macOS here.

use std::process::Command;

use crate::apt::answers;
use crate::command::takes_no_arguments;
use crate::cross::Cross;
use crate::failure::Failure;
use crate::step::{self, Outcome};
use crate::workspace::Workspace;

const TARGET: &str = "aarch64-apple-darwin";

const ARGUMENTS: &[&str] = &["--workspace", "--all-targets", "--", "-D", "warnings"];

/// The ways to start Zig, which has a C compiler for macOS: its own package, and that of PyPI.
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
        println!("without SQLite's C code, which `pip install ziglang` brings a compiler for");
        // Told that SQLite is installed, its crate compiles none of it. Nothing is linked.
        command.env("LIBSQLITE3_SYS_USE_PKG_CONFIG", "1").env("SQLITE3_LIB_DIR", folder);
    }
    Ok(vec![step::run(&format!("cargo clippy --target {TARGET}"), &command, |_| {})?])
}

fn is_zig(command: &str) -> bool {
    let mut words: Vec<&str> = command.split(' ').collect();
    words.push("version");
    answers(words[0], &words[1..])
}

/// Zig knows targets by other names than those that Rust would pass, and needs no SDK of Apple's.
fn compile_c_by(zig: &str, command: &mut Command) {
    command.env("CRATE_CC_NO_DEFAULTS", "1").env("SDKROOT", "/");
    command.env("CC_aarch64_apple_darwin", format!("{zig} cc -target aarch64-macos"));
    command.env("AR_aarch64_apple_darwin", format!("{zig} ar"));
}
