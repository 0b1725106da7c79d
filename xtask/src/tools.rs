//! What the tests need besides browsers: nginx, axe-core, and the tools of a Linux desktop.
//!
//! Tests only look for these tools; `cargo xtask test` installs them first.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::apt::{self, NotInstalled};
use crate::failure::Failure;

const AXE: &str = "axe-core@4.14.1";

const HOW_TO_GET_NGINX: &str = "\
the proxy test needs nginx, and it was not found. To install it:
  Debian, Ubuntu  cargo xtask test, or sudo apt-get install nginx-light";

/// The programs for testing desktop programs on Linux, each with its Debian package: a display, a
/// window manager, and tools that inspect windows and menu entries.
const DESKTOP: &[(&str, &str)] = &[
    ("Xvfb", "xvfb"),
    ("desktop-file-validate", "desktop-file-utils"),
    ("gio", "libglib2.0-bin"),
    ("import", "imagemagick"),
    ("openbox", "openbox"),
    ("wmctrl", "wmctrl"),
    ("xdotool", "xdotool"),
    ("xprop", "x11-utils"),
];

const HOW_TO_GET_AXE: &str = "\
the accessibility test needs axe-core, and it was not found. To download it with npm:
  cargo xtask test";

const HOW_TO_GET_NPM: &str = "\
npm downloads axe-core for the accessibility test, and it can't be run. To install it:
  Debian, Ubuntu  sudo apt-get install npm
  elsewhere       https://nodejs.org/";

/// Finds nginx.
///
/// # Errors
///
/// [`Failure::Tool`], which says how to install it.
pub fn nginx() -> Result<PathBuf, Failure> {
    // Debian installs it outside the search path of ordinary users.
    let places = ["/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx"];
    let found = places.into_iter().map(PathBuf::from).find(|place| place.exists());
    found.ok_or_else(|| Failure::Tool(HOW_TO_GET_NGINX.to_owned()))
}

/// Finds a tool of a Linux desktop on the search path: Xvfb, desktop-file-validate, gio, import,
/// openbox, wmctrl, xdotool or xprop.
///
/// # Errors
///
/// [`Failure::Tool`], which says how to install it.
pub fn desktop(program: &str) -> Result<PathBuf, Failure> {
    let folders = env::var_os("PATH").unwrap_or_default();
    let found = env::split_paths(&folders).map(|folder| folder.join(program)).find(|p| p.is_file());
    found.ok_or_else(|| {
        let package = DESKTOP.iter().find(|(known, _)| *known == program);
        let package = package.map_or(program, |(_, package)| package);
        Failure::Tool(format!(
            "the tests of desktop programs need {program}, and it was not found. To install it:\n  \
             Debian, Ubuntu  cargo xtask test, or sudo apt-get install {package}"
        ))
    })
}

/// Finds axe-core's script below `tmpdir`, cargo's folder for the files of integration tests.
///
/// # Errors
///
/// [`Failure::Tool`], which says how to get it.
pub fn axe(tmpdir: &Path) -> Result<PathBuf, Failure> {
    let script = tmpdir.join(AXE).join("node_modules/axe-core/axe.min.js");
    if script.exists() { Ok(script) } else { Err(Failure::Tool(HOW_TO_GET_AXE.to_owned())) }
}

/// Installs what is missing.
pub(crate) fn ensure(target: &Path) -> Result<(), Failure> {
    if cfg!(target_os = "linux") {
        ensure_packages()?;
    }
    // The folder that tests know as `CARGO_TARGET_TMPDIR`.
    let tmpdir = target.join("tmp");
    if axe(&tmpdir).is_err() {
        download_axe(&tmpdir.join(AXE))?;
    }
    axe(&tmpdir).map(drop)
}

/// Installs the required programs that this system lacks.
fn ensure_packages() -> Result<(), Failure> {
    let missing = || -> Vec<(&str, Failure)> {
        let nginx = nginx().err().map(|failure| ("nginx-light", failure));
        let desktop = DESKTOP.iter().filter_map(|(program, package)| {
            desktop(program).err().map(|failure| (*package, failure))
        });
        nginx.into_iter().chain(desktop).collect()
    };
    let mut failures = missing();
    let packages: Vec<&str> = failures.iter().map(|(package, _)| *package).collect();
    let Some((_, first)) = failures.pop() else { return Ok(()) };
    apt::install(&packages).map_err(|error| match error {
        NotInstalled::NoApt => first,
        NotInstalled::Failed { command, output } => {
            Failure::Tool(format!("{first}\n`{command}` failed:\n{output}"))
        }
    })?;
    missing().pop().map_or(Ok(()), |(_, failure)| Err(failure))
}

fn download_axe(folder: &Path) -> Result<(), Failure> {
    println!("downloading {AXE} with npm");
    fs::create_dir_all(folder)
        .map_err(|source| Failure::Write { path: folder.to_owned(), source })?;
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let install = ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix"];
    let done = Command::new(npm).args(install).arg(folder).arg(AXE).output();
    let done = done.map_err(|_| Failure::Tool(HOW_TO_GET_NPM.to_owned()))?;
    if done.status.success() {
        return Ok(());
    }
    let output = String::from_utf8_lossy(&done.stderr);
    Err(Failure::Tool(format!("`{npm} install {AXE}` failed:\n{output}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_tool_names_the_command_that_installs_it() {
        let missing = axe(Path::new("no such folder")).unwrap_err();
        assert!(missing.to_string().contains("cargo xtask test"), "{missing}");
        assert!(HOW_TO_GET_NGINX.contains("cargo xtask test"));
        let missing = desktop("no-such-tool").unwrap_err().to_string();
        assert!(missing.contains("cargo xtask test"), "{missing}");
    }
}
