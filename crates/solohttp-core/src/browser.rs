//! Opens the user's browser: the only process that the library starts.
//!
//! Knows which programs of a system open a page, and nothing of what the page is. Small enough to
//! be ours: a crate for it would bring four more.

use std::ffi::OsStr;
use std::io;
use std::process::{Child, Command, Stdio};
use std::thread::Builder;

/// What opens a page, in the order in which it is tried. `wslview` is there only where Linux runs
/// inside of Windows, and then it alone knows the browser.
#[cfg(not(any(windows, target_os = "macos")))]
const OPENERS: &[(&str, &[&str])] = &[
    ("wslview", &[]),
    ("xdg-open", &[]),
    ("gio", &["open"]),
    ("kde-open", &[]),
    ("gnome-open", &[]),
    ("x-www-browser", &[]),
];
#[cfg(target_os = "macos")]
const OPENERS: &[(&str, &[&str])] = &[("open", &[])];
/// Unlike `cmd /c start`, it interprets no character of its argument.
#[cfg(windows)]
const OPENERS: &[(&str, &[&str])] = &[("rundll32", &["url.dll,FileProtocolHandler"])];

/// Opens a page, given as an address or as a file, and does not wait for the browser. Calls
/// `failed` if the opener says later that it could not: some are there and find no browser.
///
/// # Errors
/// If no opener can be started.
pub(crate) fn open(page: &OsStr, failed: impl FnOnce(String) + Send + 'static) -> io::Result<()> {
    let (name, opener) = start(OPENERS, page)?;
    // It may be the browser itself, which outlives us; so a thread waits, and nobody for that one.
    let wait = move || watch(name, opener, failed);
    let waits = Builder::new().name("solohttp-browser".to_owned()).spawn(wait);
    waits.map(drop)
}

fn watch(name: &str, mut opener: Child, failed: impl FnOnce(String)) {
    match opener.wait() {
        Ok(status) if !status.success() => failed(format!("{name}: {status}")),
        _ => {}
    }
}

fn start<'o>(openers: &[(&'o str, &[&str])], page: &OsStr) -> io::Result<(&'o str, Child)> {
    let mut outcome = Err(io::ErrorKind::NotFound.into());
    for (program, arguments) in openers {
        let mut command = Command::new(program);
        command.args(*arguments).arg(page);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        leave_alone(&mut command);
        outcome = command.spawn().map(|child| (*program, child));
        if outcome.is_ok() {
            break;
        }
    }
    outcome
}

/// Ctrl-C in our terminal is not meant for a browser that we happened to start.
#[cfg(unix)]
fn leave_alone(command: &mut Command) {
    use std::os::unix::process::CommandExt as _;
    command.process_group(0);
}

#[cfg(windows)]
fn leave_alone(command: &mut Command) {
    use std::os::windows::process::CommandExt as _;
    const CREATE_NEW_PROCESS_GROUP: u32 = 0x0200;
    command.creation_flags(CREATE_NEW_PROCESS_GROUP);
}

#[cfg(not(any(unix, windows)))]
fn leave_alone(_: &mut Command) {}

#[cfg(test)]
mod tests {
    use super::*;

    /// A program that every system has: this one. It knows `--help`, and fails at an unknown option.
    fn ourselves() -> String {
        std::env::current_exe().unwrap().into_os_string().into_string().unwrap()
    }

    #[test]
    fn tries_one_opener_after_the_other_and_tells_if_there_is_none() {
        let missing = ("no-such-program-anywhere", &[][..]);
        let ourselves = ourselves();
        let there = (ourselves.as_str(), &["--help"][..]);
        let (name, mut opener) = start(&[missing, there], OsStr::new("-q")).unwrap();
        assert!(name == ourselves && opener.wait().is_ok());
        let error = start(&[missing], OsStr::new("x")).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn tells_if_the_opener_finds_no_browser() {
        let ourselves = ourselves();
        let told = |argument: &str| {
            let openers = [(ourselves.as_str(), &["--quiet"][..])];
            let (name, opener) = start(&openers, OsStr::new(argument)).unwrap();
            let mut told = None;
            watch(name, opener, |why| told = Some(why));
            told
        };
        assert_eq!(told("--help"), None);
        assert!(told("--no-such-option").unwrap().starts_with(&format!("{ourselves}: ")));
    }
}
