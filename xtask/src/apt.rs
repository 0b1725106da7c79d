//! Installs packages with apt, as root or with passwordless sudo.

use std::env;
use std::fs::File;
use std::process::Command;

use crate::browser::is_root;

/// Why packages were not installed.
#[derive(Debug)]
pub(crate) enum NotInstalled {
    /// No apt, or no permission to use it.
    NoApt,
    /// A command failed.
    Failed {
        /// The command line.
        command: String,
        /// Its stderr.
        output: String,
    },
}

const COMMANDS: &[&[&str]] = &[
    &["apt-get", "update", "-qq"],
    &["apt-get", "install", "-y", "-qq", "--no-install-recommends"],
];

/// Installs `packages`, after printing a line that says so.
pub(crate) fn install(packages: &[&str]) -> Result<(), NotInstalled> {
    if !cfg!(target_os = "linux") || !answers("apt-get", &["--version"]) {
        return Err(NotInstalled::NoApt);
    }
    let prefix: &[&str] = match is_root() {
        true => &[],
        false if answers("sudo", &["-n", "true"]) => &["sudo", "-n"],
        false => return Err(NotInstalled::NoApt),
    };
    // apt-get fails if another one is running, such as one started by another of our commands.
    let lock = File::create(env::temp_dir().join("solohttp-xtask-apt.lock"));
    let _lock = lock.and_then(|file| file.lock().map(|()| file)).ok();
    println!("installing with apt-get (this takes a minute or two): {}", packages.join(" "));
    for (command, packages) in COMMANDS.iter().zip([&[], packages]) {
        let words = [prefix, command, packages].concat();
        let failed = |output| NotInstalled::Failed { command: words.join(" "), output };
        let output = Command::new(words[0])
            .args(&words[1..])
            .env("DEBIAN_FRONTEND", "noninteractive")
            // In runlevel 1, a package doesn't start its service.
            .env("RUNLEVEL", "1")
            .output()
            .map_err(|error| failed(error.to_string()))?;
        if !output.status.success() {
            return Err(failed(String::from_utf8_lossy(&output.stderr).into_owned()));
        }
    }
    Ok(())
}

/// Whether the program can be run and succeeds.
pub(crate) fn answers(program: &str, arguments: &[&str]) -> bool {
    Command::new(program).args(arguments).output().is_ok_and(|output| output.status.success())
}
