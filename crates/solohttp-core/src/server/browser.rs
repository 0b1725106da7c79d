//! Opens the user's browser. The library starts no other processes.
//!
//! A crate for this task would add four dependencies.

mod default;

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::{Builder, sleep};
use std::time::{Duration, Instant};

use super::terminal::warn_of_no_browser;

/// Opens a page in the user's default browser. The page is a URL or the absolute path of an HTML
/// file. Doesn't wait for the browser. Later errors are logged.
///
/// ```no_run
/// solohttp_core::open_in_browser("https://www.sqlite.org/").ok();
/// ```
///
/// # Errors
/// If no program that can open a browser could be started.
pub fn open_in_browser(page: impl AsRef<OsStr>) -> io::Result<()> {
    open(page.as_ref(), |why| warn_of_no_browser(&why))
}

/// Returns the command that opens an HTML file in the user's default browser, even if another
/// program is the default for HTML files. Returns `None` if the default browser can't be found.
///
/// The command may start the browser through another program, such as `flatpak` or `open`.
#[must_use]
pub fn default_browser(file: impl AsRef<Path>) -> Option<Command> {
    let words = default::command(file.as_ref().as_os_str())?;
    let (program, arguments) = words.split_first()?;
    let mut command = Command::new(program);
    command.args(arguments);
    Some(command)
}

/// The programs to try, in order. `wslview` exists only in WSL, where no other program finds the
/// browser.
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
/// Unlike `cmd /c start`, `rundll32` doesn't interpret its argument.
#[cfg(windows)]
const OPENERS: &[(&str, &[&str])] = &[("rundll32", &["url.dll,FileProtocolHandler"])];

/// How long to wait for the browser to open its launch file. The file is removed once the browser
/// has signed in.
const TIMEOUT: Duration = Duration::from_secs(10);

/// How often to check on the opener.
const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// Opens a URL or a file without waiting for the browser. Calls `failed` if the opener reports an
/// error later. Also calls it if the launch file still exists after the timeout, because then no
/// browser has opened the file.
///
/// # Errors
/// If no opener can be started.
pub(crate) fn open(page: &OsStr, failed: impl FnOnce(String) + Send + 'static) -> io::Result<()> {
    let file = Path::new(page).is_absolute().then(|| PathBuf::from(page));
    let (name, opener) = start(&openers(page, file.is_some()))?;
    // The opener may be the browser itself, which can outlive this process, so a separate thread
    // waits for it.
    let wait = move || watch(&name, opener, file.as_deref(), TIMEOUT, failed);
    let spawned = Builder::new().name("solohttp-browser".to_owned()).spawn(wait);
    spawned.map(drop)
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
    timeout: Duration,
    failed: impl FnOnce(String),
) {
    let until = Instant::now() + timeout;
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
                    "no browser has connected {} s after starting {name}",
                    timeout.as_secs()
                ));
            }
            break;
        }
        sleep(POLL_INTERVAL);
    }
    // Avoids a zombie process.
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
        detach(&mut command);
        outcome = command.spawn().map(|child| (program.to_string_lossy().into_owned(), child));
        if outcome.is_ok() {
            break;
        }
    }
    outcome
}

/// Keeps Ctrl-C in this terminal from reaching the browser.
#[cfg(unix)]
fn detach(command: &mut Command) {
    use std::os::unix::process::CommandExt as _;
    command.process_group(0);
}

#[cfg(windows)]
fn detach(command: &mut Command) {
    use std::os::windows::process::CommandExt as _;
    const CREATE_NEW_PROCESS_GROUP: u32 = 0x0200;
    command.creation_flags(CREATE_NEW_PROCESS_GROUP);
}

#[cfg(not(any(unix, windows)))]
fn detach(_: &mut Command) {}

#[cfg(test)]
mod tests {
    use super::*;

    /// The test binary, a program that exists on every system. It exits with an error for an
    /// unknown option.
    fn this_program() -> String {
        std::env::current_exe().unwrap().into_os_string().into_string().unwrap()
    }

    fn words(words: &[&str]) -> Vec<OsString> {
        words.iter().map(OsString::from).collect()
    }

    #[test]
    fn tries_the_openers_in_order() {
        let missing = words(&["no-such-program-anywhere", "x"]);
        let present = words(&[&this_program(), "--help", "-q"]);
        let (name, mut opener) = start(&[missing.clone(), present]).unwrap();
        assert!(name == this_program() && opener.wait().is_ok());
        let error = start(&[missing]).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
    }

    fn failure(argument: &str, file: Option<&Path>) -> Option<String> {
        let (name, opener) = start(&[words(&[&this_program(), "--quiet", argument])]).unwrap();
        let mut failure = None;
        watch(&name, opener, file, Duration::from_millis(300), |why| failure = Some(why));
        failure
    }

    #[test]
    fn reports_an_opener_that_finds_no_browser() {
        assert_eq!(failure("--help", None), None);
        assert!(
            failure("--no-such-option", None)
                .unwrap()
                .starts_with(&format!("{}: ", this_program()))
        );
    }

    #[test]
    fn reports_a_file_that_no_browser_has_read() {
        let folder = tempfile::TempDir::new().unwrap();
        let file = folder.path().join("launch.html");
        assert_eq!(failure("--help", Some(&file)), None, "a browser has read it");
        std::fs::write(&file, "").unwrap();
        assert!(failure("--help", Some(&file)).unwrap().starts_with("no browser has connected"));
    }

    #[test]
    fn a_url_is_opened_by_the_generic_openers() {
        let page = OsStr::new("http://127.0.0.1:8080/");
        let openers = openers(page, false);
        assert_eq!(openers.len(), OPENERS.len());
        assert!(openers.iter().all(|opener| opener.last().unwrap() == page));
    }
}
