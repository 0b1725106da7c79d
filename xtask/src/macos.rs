//! `cargo xtask macos`: checks all crates, examples and tests as they are compiled for macOS, with
//! the lints. Nothing runs: there is no macOS here.

use crate::command::takes_no_arguments;
use crate::cross::Cross;
use crate::failure::Failure;
use crate::step::{self, Outcome};
use crate::workspace::Workspace;

const TARGET: &str = "aarch64-apple-darwin";

const ARGUMENTS: &[&str] = &["--workspace", "--all-targets", "--", "-D", "warnings"];

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
    // SQLite in C needs the headers of macOS. It is SQLite's own to keep portable, and nothing is
    // linked: told that it is installed, its crate compiles none of it.
    command.env("LIBSQLITE3_SYS_USE_PKG_CONFIG", "1").env("SQLITE3_LIB_DIR", folder);
    Ok(vec![step::run(&format!("cargo clippy --target {TARGET}"), &command, |_| {})?])
}
