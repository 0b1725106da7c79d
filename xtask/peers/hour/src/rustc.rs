//! Times each call of rustc. Cargo's own timings are a page of HTML, in wall-clock time, which
//! depends on what else is compiled at the same time.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;
use std::process::{Command, ExitCode};

use crate::cpu::Spent;

/// The variable that makes this program a wrapper of rustc. Its value is the file to which the
/// times are added.
const TIMES: &str = "SOLOHTTP_BENCH_RUSTC_TIMES";

/// Cargo sets this to the package that rustc compiles, but not if it only asks for the version.
const PACKAGE: &str = "CARGO_PKG_NAME";

/// Makes cargo call rustc through this program.
pub fn wrap(cargo: &mut Command, times: &Path) -> io::Result<()> {
    cargo.env("RUSTC_WRAPPER", env::current_exe()?).env(TIMES, times);
    // `cargo run` has set it to the package of this bench.
    cargo.env_remove(PACKAGE);
    Ok(())
}

/// Runs rustc, if cargo has called this program instead.
pub fn run_as_wrapper() -> Option<ExitCode> {
    let times = env::var_os(TIMES)?;
    let status = run_and_time(times).unwrap_or_else(|error| {
        eprintln!("cannot run rustc: {error}");
        None
    });
    // Cargo only asks whether it has succeeded.
    Some(if status == Some(0) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn run_and_time(times: OsString) -> io::Result<Option<i32>> {
    let mut arguments = env::args_os().skip(1);
    let mut rustc = Command::new(arguments.next().unwrap_or_default());
    rustc.args(arguments).env_remove(TIMES);
    let (status, spent) = Spent::by(|| rustc.status())?;
    if let Ok(package) = env::var(PACKAGE) {
        let mut times = OpenOptions::new().append(true).create(true).open(times)?;
        // A single write, because several calls run at the same time.
        times.write_all(format!("{package} {}\n", spent.cpu_or_wall()).as_bytes())?;
    }
    Ok(status.code())
}

/// Returns the seconds for each package: its library, its build script, its program.
pub fn read(times: &Path) -> io::Result<Vec<(String, f64)>> {
    let mut sums = BTreeMap::<String, f64>::new();
    for line in fs::read_to_string(times)?.lines() {
        if let Some((package, seconds)) = line.split_once(' ') {
            *sums.entry(package.to_owned()).or_default() += seconds.parse().unwrap_or(f64::NAN);
        }
    }
    Ok(sums.into_iter().collect())
}
