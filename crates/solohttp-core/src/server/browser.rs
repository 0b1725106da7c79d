//! Opens the user's browser: the only process that the library starts.
//!
//! Knows which programs of a system open a page, and nothing of what the page is. Small enough to
//! be ours: a crate for it would bring four more.

mod default;

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::{Builder, sleep};
use std::time::{Duration, Instant};

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

/// How long a browser is given to read the file that it was started with, which goes when it has.
const PATIENCE: Duration = Duration::from_secs(10);

/// How often an opener is asked whether it has ended.
const AGAIN: Duration = Duration::from_millis(50);

/// Opens a page, given as an address or as a file, and does not wait for the browser. Calls
/// `failed` if the opener says later that it could not, or if the file is still there after some
/// seconds: then another program than a browser has opened it, or none.
///
/// # Errors
/// If no opener can be started.
pub(crate) fn open(page: &OsStr, failed: impl FnOnce(String) + Send + 'static) -> io::Result<()> {
    let file = Path::new(page).is_absolute().then(|| PathBuf::from(page));
    let (name, opener) = start(&openers(page, file.is_some()))?;
    // It may be the browser itself, which outlives us; so a thread waits, and nobody for that one.
    let wait = move || watch(&name, opener, file.as_deref(), PATIENCE, failed);
    let waits = Builder::new().name("solohttp-browser".to_owned()).spawn(wait);
    waits.map(drop)
}

/// The commands to try, in order.
fn openers(page: &OsStr, is_file: bool) -> Vec<Vec<OsString>> {
    let browser = if is_file { default::command(page) } else { None };
    let others = OPENERS.iter().map(|(program, arguments)| {
        let words = std::iter::once(program).chain(*arguments).map(OsString::from);
        words.chain([page.to_owned()]).collect()
    });
    browser.into_iter().chain(others).collect()
}

fn watch(
    name: &str,
    mut opener: Child,
    file: Option<&Path>,
    patience: Duration,
    failed: impl FnOnce(String),
) {
    let until = Instant::now() + patience;
    let mut has_ended = false;
    while file.is_none_or(Path::exists) {
        match opener.try_wait() {
            Ok(Some(status)) if !status.success() => return failed(format!("{name}: {status}")),
            Ok(Some(_)) if file.is_none() => return,
            Ok(ended) => has_ended = ended.is_some(),
            Err(_) => return,
        }
        if Instant::now() > until {
            if file.is_some() {
                failed(format!(
                    "no browser has come {} s after {name} was started",
                    patience.as_secs()
                ));
            }
            break;
        }
        sleep(AGAIN);
    }
    // So that no zombie is left while we run.
    if !has_ended {
        drop(opener.wait());
    }
}

fn start(openers: &[Vec<OsString>]) -> io::Result<(String, Child)> {
    let mut outcome = Err(io::ErrorKind::NotFound.into());
    for opener in openers {
        let [program, arguments @ ..] = opener.as_slice() else { continue };
        let mut command = Command::new(program);
        command.args(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        leave_alone(&mut command);
        outcome = command.spawn().map(|child| (program.to_string_lossy().into_owned(), child));
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

    fn words(words: &[&str]) -> Vec<OsString> {
        words.iter().map(OsString::from).collect()
    }

    #[test]
    fn tries_one_opener_after_the_other_and_tells_if_there_is_none() {
        let missing = words(&["no-such-program-anywhere", "x"]);
        let there = words(&[&ourselves(), "--help", "-q"]);
        let (name, mut opener) = start(&[missing.clone(), there]).unwrap();
        assert!(name == ourselves() && opener.wait().is_ok());
        let error = start(&[missing]).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
    }

    fn told(argument: &str, file: Option<&Path>) -> Option<String> {
        let (name, opener) = start(&[words(&[&ourselves(), "--quiet", argument])]).unwrap();
        let mut told = None;
        watch(&name, opener, file, Duration::from_millis(300), |why| told = Some(why));
        told
    }

    #[test]
    fn tells_if_the_opener_finds_no_browser() {
        assert_eq!(told("--help", None), None);
        assert!(told("--no-such-option", None).unwrap().starts_with(&format!("{}: ", ourselves())));
    }

    #[test]
    fn tells_if_an_editor_has_opened_the_file() {
        let folder = tempfile::TempDir::new().unwrap();
        let file = folder.path().join("launch.html");
        assert_eq!(told("--help", Some(&file)), None, "a browser has read it");
        std::fs::write(&file, "").unwrap();
        assert!(told("--help", Some(&file)).unwrap().starts_with("no browser has come"));
    }

    #[test]
    fn a_file_is_opened_by_the_browser_and_an_address_by_its_scheme() {
        let page = OsStr::new("http://127.0.0.1:8080/");
        let openers = openers(page, false);
        assert_eq!(openers.len(), OPENERS.len());
        assert!(openers.iter().all(|opener| opener.last().unwrap() == page));
    }
}
