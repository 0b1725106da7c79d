//! Finds a cargo that compiles for another system. This is rustup's if rustup has the target or can
//! add it, and otherwise Debian's, which builds the standard library from source. Linkers aren't
//! handled here.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::apt::{self, NotInstalled, answers};
use crate::failure::Failure;
use crate::workspace::cargo;

/// The packages of the compiler that Debian builds browsers with. Unlike Debian's default compiler,
/// it is new enough.
const DEBIAN: &[&str] = &["rustc-web", "cargo-web", "rust-web-src", "rust-web-clippy"];

const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_CLIPPY: &str = "/usr/bin/cargo-clippy";

/// Compiles for one target.
#[derive(Debug)]
pub(crate) struct Cross {
    target: &'static str,
    source: Source,
    /// The target folder. The two compilers must not share one.
    folder: PathBuf,
}

/// The source of the target's standard library.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    Rustup,
    Debian,
}

impl Cross {
    /// Finds the compiler, or installs it with apt. Compiled files go to `folder`.
    pub(crate) fn ensure(target: &'static str, folder: PathBuf) -> Result<Self, Failure> {
        let source = if rustup_has(target) || rustup_gets(target) {
            Source::Rustup
        } else {
            if !debian_is_complete() {
                install(target)?;
            }
            Source::Debian
        };
        Ok(Self { target, source, folder })
    }

    /// Returns the command `cargo SUBCOMMAND` for the target; the caller may add arguments. `std`
    /// lists the parts of the standard library to build if it has to be built.
    pub(crate) fn cargo(&self, subcommand: &str, std: &str) -> Command {
        let mut command = match self.source {
            Source::Rustup => Command::new(cargo()),
            // Otherwise, Cargo would run the Clippy from rustup's folder.
            Source::Debian if subcommand == "clippy" => Command::new(DEBIAN_CLIPPY),
            Source::Debian => Command::new(DEBIAN_CARGO),
        };
        command.args([subcommand, "--target", self.target]).env("CARGO_TARGET_DIR", &self.folder);
        // Panic locations don't need debug information, and linking takes half as long without it.
        // Each build runs once, so incremental compilation would only write more files.
        command.env("CARGO_PROFILE_DEV_DEBUG", "none").env("CARGO_INCREMENTAL", "0");
        if self.source == Source::Debian {
            let path = env::var_os("PATH").unwrap_or_default();
            let folders = [PathBuf::from("/usr/bin")].into_iter().chain(env::split_paths(&path));
            let path: OsString = env::join_paths(folders).unwrap_or(path);
            command
                .arg(format!("-Zbuild-std={std}"))
                // Lets a stable compiler accept the flag.
                .env("RUSTC_BOOTSTRAP", "1")
                .env("RUSTC", DEBIAN_RUSTC)
                .env("CARGO", DEBIAN_CARGO)
                .env("PATH", path);
        }
        command
    }

    /// Cargo's folder for built programs.
    pub(crate) fn programs(&self) -> PathBuf {
        self.folder.join(self.target).join("debug")
    }
}

fn rustup_has(target: &str) -> bool {
    let listed = Command::new("rustup").args(["target", "list", "--installed"]).output();
    let is_it = |output: &[u8]| String::from_utf8_lossy(output).lines().any(|line| line == target);
    listed.is_ok_and(|listed| listed.status.success() && is_it(&listed.stdout))
}

/// Adds the target. Fails if rustup or the network isn't available, or if the toolchain isn't
/// rustup's.
fn rustup_gets(target: &str) -> bool {
    println!("adding the target {target} with rustup");
    answers("rustup", &["target", "add", target])
}

/// Whether all of Debian's packages are installed, including the standard library's source, which
/// is behind a symbolic link.
fn debian_is_complete() -> bool {
    let sysroot = Command::new(DEBIAN_RUSTC).args(["--print", "sysroot"]).output();
    let Ok(sysroot) = sysroot.map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
    else {
        return false;
    };
    let library = Path::new(sysroot.trim()).join("lib/rustlib/src/rust/library/Cargo.lock");
    library.is_file() && [DEBIAN_CARGO, DEBIAN_CLIPPY].iter().all(|path| Path::new(path).is_file())
}

fn install(target: &str) -> Result<(), Failure> {
    let how = format!(
        "no compiler for {target} found. To install one:\n  \
         rustup       rustup target add {target}\n  \
         Debian 12    sudo apt-get install {}",
        DEBIAN.join(" ")
    );
    ensure_installed(DEBIAN, &how)?;
    if debian_is_complete() { Ok(()) } else { Err(Failure::Compiler(how)) }
}

/// Installs packages, or fails with the message `how`, which says how to install them by hand.
pub(crate) fn ensure_installed(packages: &[&str], how: &str) -> Result<(), Failure> {
    apt::install(packages).map_err(|error| match error {
        NotInstalled::NoApt => Failure::Compiler(how.to_owned()),
        NotInstalled::Failed { command, output } => {
            Failure::Compiler(format!("{how}\n`{command}` failed:\n{output}"))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(command: &Command) -> Vec<String> {
        let words = std::iter::once(command.get_program()).chain(command.get_args());
        words.map(|word| word.to_string_lossy().into_owned()).collect()
    }

    fn has(command: &Command, name: &str, value: &str) -> bool {
        command.get_envs().any(|(known, now)| known == name && now.is_some_and(|now| now == value))
    }

    #[test]
    fn only_debian_builds_the_standard_library() {
        let cross = |source| Cross { target: "t", source, folder: PathBuf::from("out") };
        let rustup = cross(Source::Rustup).cargo("check", "std");
        assert_eq!(words(&rustup)[1..], ["check", "--target", "t"]);
        assert!(!has(&rustup, "RUSTC_BOOTSTRAP", "1"));

        let debian = cross(Source::Debian).cargo("check", "std,test");
        let expect = [DEBIAN_CARGO, "check", "--target", "t", "-Zbuild-std=std,test"];
        assert_eq!(words(&debian), expect);
        assert!(has(&debian, "RUSTC", DEBIAN_RUSTC) && has(&debian, "CARGO_TARGET_DIR", "out"));
        let clippy = cross(Source::Debian).cargo("clippy", "std");
        assert_eq!(words(&clippy)[..2], [DEBIAN_CLIPPY, "clippy"]);
    }

    #[test]
    fn an_unknown_target_is_not_installed() {
        assert!(!rustup_has("no-such-target") && !rustup_gets("no-such-target"));
    }
}
