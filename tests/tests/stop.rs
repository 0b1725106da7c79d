//! Signals stop a program cleanly: responses are delivered, databases are closed, and the exit
//! status is correct.
//!
//! On Windows, Ctrl-C can't be sent to a single process, so these rules are tested there without a
//! signal.

use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use solohttp::sqlite::rusqlite;
use solohttp_tests::program::{self, Program};
use solohttp_tests::wire::{Connection, Reply, ask};

/// The environment variable for the number of starts, and its default. A higher number finds rare
/// failures.
const STARTS: (&str, u32) = ("SOLOHTTP_STOP_STARTS", 3);

/// The datebook, with the cookie of a signed-in browser. The program writes its log to the data
/// folder.
struct Datebook {
    program: Program,
    cookie: String,
    data: PathBuf,
}

impl Datebook {
    fn start(data: &Path) -> Self {
        let command = program::desktop_example("datebook", data);
        let mut program = program::launch(as_in_a_terminal(&command));
        let cookie = program.sign_in();
        Self { program, cookie, data: data.to_owned() }
    }

    fn ask(&self, method: &str, path: &str) -> Reply {
        let request = request(&self.program, method, path);
        let headers = format!(" HTTP/1.1\r\nCookie: {}\r\n", self.cookie);
        let request = String::from_utf8(request).unwrap().replacen(" HTTP/1.1\r\n", &headers, 1);
        ask(self.program.addr, request.as_bytes())
    }

    fn log(&self) -> String {
        fs::read_to_string(self.data.join("logs/log.txt")).unwrap_or_default()
    }

    #[track_caller]
    fn wait_for_log(&self, text: &str) {
        let deadline = Instant::now() + program::PATIENCE;
        while !self.log().contains(text) {
            assert!(Instant::now() < deadline, "no {text:?} in the log:\n{}", self.log());
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
    }
}

fn fixture() -> Program {
    let mut fixture = Command::new(env!("CARGO_BIN_EXE_fixture"));
    fixture.args(["--port", "0"]).env("RUST_LOG", "info");
    program::launch(as_in_a_terminal(&fixture))
}

/// Returns the same command, but without any ignored signals. A shell's `&` makes its children
/// ignore Ctrl-C, and `nohup` makes them ignore SIGHUP. The programs under test would inherit both.
fn as_in_a_terminal(command: &Command) -> Command {
    // Only GNU's `env` supports this.
    let mut same = match cfg!(target_os = "linux") {
        true => Command::new("env"),
        false => Command::new(command.get_program()),
    };
    if cfg!(target_os = "linux") {
        same.arg("--default-signal=INT,TERM,HUP").arg(command.get_program());
    }
    same.args(command.get_args());
    same.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    same
}

fn signal(program: &Program, name: &str) {
    let mut kill = Command::new("kill");
    let killed = kill.args([&format!("-{name}"), &program.pid.to_string()]).status();
    assert!(killed.unwrap().success());
}

fn request(program: &Program, method: &str, path: &str) -> Vec<u8> {
    let origin = program.url.trim_end_matches('/');
    format!(
        "{method} {path} HTTP/1.1\r\nHost: {}\r\nOrigin: {origin}\r\nContent-Length: 0\r\n\r\n",
        program.addr
    )
    .into_bytes()
}

fn names_in(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap();
    names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn signals_close_the_datebook_cleanly() {
    let starts = std::env::var(STARTS.0).ok().and_then(|value| value.parse().ok());
    let folder = tempfile::tempdir().unwrap();
    for name in ["INT", "TERM", "HUP"] {
        for _ in 0..starts.unwrap_or(STARTS.1) {
            let mut datebook = Datebook::start(folder.path());
            assert_eq!(datebook.ask("GET", "/contacts").status, 200);
            assert_eq!(datebook.ask("POST", "/tasks/sort/title").status, 303);
            signal(&datebook.program, name);
            assert_eq!(datebook.program.wait().code(), Some(0), "{name}");
            let log = datebook.log();
            assert!(log.contains("shut down") && !log.contains("not closed"), "{name}: {log}");
            let files = names_in(folder.path());
            let files: Vec<_> = files.iter().filter(|name| name.contains("sqlite")).collect();
            assert_eq!(files, ["datebook.sqlite"], "{name}");
        }
    }
}

#[test]
fn a_response_on_its_way_is_delivered_before_the_end() {
    let mut fixture = fixture();
    let mut connection = Connection::open(fixture.addr);
    let target = "/big?bytes=50000000";
    connection.send(&request(&fixture, "GET", target));
    assert!(!connection.read_some(1_000).is_empty());
    signal(&fixture, "TERM");
    fixture.wait_for_line("stopping on a signal");
    let rest = connection.read_to_end();
    assert!(rest.len() > 49_000_000, "{} bytes", rest.len());
    assert_eq!(fixture.wait().code(), Some(0));
}

#[test]
fn a_second_ctrl_c_kills_a_blocked_program() {
    let mut fixture = fixture();
    let mut connection = Connection::open(fixture.addr);
    connection.send(&request(&fixture, "GET", "/slow?ms=60000"));
    // The handler is running by now, or will start before the event loop checks whether to stop.
    assert!(connection.stays_silent_for(std::time::Duration::from_millis(200)));
    signal(&fixture, "INT");
    fixture.wait_for_line("Press Ctrl-C again to quit immediately");
    let begun = Instant::now();
    while fixture.is_running() {
        // The first few of these signals come too soon to count as a second press.
        signal(&fixture, "INT");
    }
    assert!(begun.elapsed() < program::PATIENCE);
    assert_eq!(fixture.wait().code(), Some(130));
}

#[test]
fn a_signal_ignored_at_the_start_stays_ignored() {
    let mut nohup = Command::new("nohup");
    nohup.arg(env!("CARGO_BIN_EXE_fixture")).args(["--port", "0"]);
    let mut fixture = program::launch(nohup);
    signal(&fixture, "HUP");
    assert_eq!(ask(fixture.addr, &request(&fixture, "GET", "/")).status, 200);
    assert!(fixture.is_running());
    signal(&fixture, "TERM");
    assert_eq!(fixture.wait().code(), Some(0));
}

#[test]
fn a_program_may_keep_its_signals() {
    let mut fixture = Command::new(env!("CARGO_BIN_EXE_fixture"));
    fixture.args(["--port", "0", "--stop-on-signals", "false"]);
    let mut fixture = program::launch(as_in_a_terminal(&fixture));
    signal(&fixture, "TERM");
    assert_eq!(fixture.wait().signal(), Some(15));
}

#[test]
fn after_a_kill_the_datebook_serves_at_once_and_reports_the_check_later() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("datebook.sqlite");
    let crash = |mut datebook: Datebook, sort: &str| {
        assert_eq!(datebook.ask("POST", &format!("/tasks/sort/{sort}")).status, 303);
        signal(&datebook.program, "KILL");
        assert_eq!(datebook.program.wait().signal(), Some(9));
    };
    crash(Datebook::start(folder.path()), "due");
    let mut after = Datebook::start(folder.path());
    after.wait_for_log("was not closed properly");
    after.wait_for_log("integrity check passed");
    signal(&after.program, "TERM");
    assert_eq!(after.program.wait().code(), Some(0));
    // An index that no page needs here, nor the start of the program.
    let index = "SELECT rootpage FROM sqlite_schema WHERE name = 'contact_by_email'";
    let index: u16 = {
        let db = rusqlite::Connection::open(&file).unwrap();
        db.query_row(index, [], |row| row.get(0)).unwrap()
    };
    // Now the file contains everything, and the new `-wal` file will contain only one setting, so
    // it can't hide any damage.
    crash(Datebook::start(folder.path()), "title");
    let mut bytes = fs::read(&file).unwrap();
    let page = usize::from(index) * 4096;
    bytes[page - 4096..page].fill(0x5a);
    fs::write(&file, bytes).unwrap();
    let after = Datebook::start(folder.path());
    after.wait_for_log("is damaged");
    for path in ["/tasks", "/contacts", "/nothing-here"] {
        let page = after.ask("GET", path);
        let text = String::from_utf8_lossy(&page.body);
        assert!(text.contains("datebook.sqlite is damaged"), "{path}:\n{text}");
    }
}
