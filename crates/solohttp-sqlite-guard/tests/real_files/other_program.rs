//! Another process that has the same file open: this test program, started again.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use rusqlite::Connection;
use solohttp_sqlite_guard::Database;

const ROLE: &str = "SOLOHTTP_GUARD_TEST_ROLE";
const FILE: &str = "SOLOHTTP_GUARD_TEST_FILE";
/// Marks lines for the parent, since the test harness prints other lines.
const MARK: &str = "answer:";

/// A child process with one of the roles below. It is killed on drop.
pub(crate) struct OtherProgram {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl OtherProgram {
    /// A program that runs SQL on request.
    pub(crate) fn shell(file: &Path) -> Self {
        Self::start("shell", file)
    }

    /// A server with a guarded application; the first line of its output is its address.
    pub(crate) fn server(file: &Path) -> Self {
        Self::start("server", file)
    }

    /// A program that makes a daily copy while it writes.
    pub(crate) fn copier(file: &Path) -> Self {
        Self::start("copier", file)
    }

    /// A program that opens the file as exclusive, says `open` or why not, and runs SQL on request.
    pub(crate) fn exclusive(file: &Path) -> Self {
        Self::start("exclusive", file)
    }

    /// A new version of the program, which must migrate the file first. It says `open` or why not.
    pub(crate) fn update(file: &Path) -> Self {
        Self::start("update", file)
    }

    /// The program as [`together::serve`](crate::together::serve) serves it, in its old or new
    /// version, started in the order of `Server::run_with`.
    pub(crate) fn started(version: &str, file: &Path) -> Self {
        Self::start(version, file)
    }

    fn start(role: &str, file: &Path) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "other_program::plays_its_role", "--nocapture"])
            .env(ROLE, role)
            .env(FILE, file)
            .env("RUST_BACKTRACE", "0")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let input = child.stdin.take().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        Self { child, input, output }
    }

    pub(crate) fn answer(&mut self) -> String {
        loop {
            let mut line = String::new();
            assert!(self.output.read_line(&mut line).unwrap() > 0, "the other program ended");
            if let Some((_, answer)) = line.split_once(MARK) {
                return answer.trim_end().to_owned();
            }
        }
    }

    /// Runs SQL in the other process. Returns `ok` and the first value, or `error` and the error
    /// code.
    pub(crate) fn run(&mut self, sql: &str) -> String {
        writeln!(self.input, "{sql}").unwrap();
        self.answer()
    }

    /// Kills the process like `kill -9`.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for OtherProgram {
    fn drop(&mut self) {
        // The process may have exited already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn tell_parent(answer: &str) {
    println!("\n{MARK}{answer}");
}

/// In a child process, runs that process's role; otherwise, tests the shell role.
#[test]
fn plays_its_role() {
    let file = std::env::var_os(FILE).unwrap_or_default();
    match std::env::var(ROLE).as_deref() {
        Ok("shell") => run_shell(&Connection::open(&file).unwrap()),
        Ok("exclusive") => open_and_run(crate::exclusive::database(Path::new(&file))),
        Ok("old") => crate::update::start(Path::new(&file), false),
        Ok("new") => crate::update::start(Path::new(&file), true),
        Ok("update") => open_and_run(crate::update::database(Path::new(&file))),
        Ok("server") => crate::together::serve(Path::new(&file)),
        Ok("copier") => crate::kill_copies::copy_and_write(Path::new(&file)),
        _ => {
            let folder = tempfile::tempdir().unwrap();
            let mut other = OtherProgram::shell(&folder.path().join("x.sqlite"));
            assert_eq!(other.run("SELECT 6 * 7"), "ok 42");
        }
    }
}

fn open_and_run(database: Database) {
    match database.open() {
        Ok(db) => {
            tell_parent("open");
            run_shell(&db);
        }
        Err(error) => tell_parent(&error.to_string()),
    }
}

fn run_shell(db: &Connection) {
    db.busy_timeout(Duration::ZERO).unwrap();
    for line in std::io::stdin().lines() {
        tell_parent(&match run(db, &line.unwrap()) {
            Ok(value) => format!("ok {value}").trim_end().to_owned(),
            Err(error) => format!("error {}", error.sqlite_extended_error_code().unwrap_or(-1)),
        });
    }
}

fn run(db: &Connection, sql: &str) -> rusqlite::Result<String> {
    let mut statement = db.prepare(sql)?;
    let mut rows = statement.query([])?;
    let value = match rows.next()? {
        Some(row) => row.get::<_, rusqlite::types::Value>(0).map(|value| match value {
            rusqlite::types::Value::Integer(number) => number.to_string(),
            other => format!("{other:?}"),
        })?,
        None => String::new(),
    };
    while rows.next()?.is_some() {}
    Ok(value)
}
