//! A command in a longer run. It is printed and timed, and its tests are counted from libtest's
//! summary lines.

use std::fmt;
use std::io::{self, BufRead, BufReader, Write};
use std::ops::AddAssign;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use crate::failure::Failure;
use crate::workspace::cargo;

/// How long to wait for more output of a command that has exited. Something that it has started may
/// still have its output open, such as Wine's server.
const SILENCE: Duration = Duration::from_secs(5);

/// A cargo command, not yet run.
pub(crate) struct Step {
    arguments: &'static [&'static str],
    environment: &'static [(&'static str, &'static str)],
}

/// The result of a step.
pub(crate) struct Outcome {
    pub(crate) name: String,
    pub(crate) succeeded: bool,
    pub(crate) took: Duration,
    pub(crate) tests: TestCount,
    /// What libtest says about failed tests.
    pub(crate) failures: String,
}

/// The lines in which libtest says why tests have failed, copied to the end of a run, because a
/// long run scrolls them away and services often show only its end.
#[derive(Debug, Default)]
struct Failures {
    text: String,
    is_inside: bool,
}

/// Counts of tests by result.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TestCount {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
}

impl Step {
    pub(crate) const fn cargo(arguments: &'static [&'static str]) -> Self {
        Self { arguments, environment: &[] }
    }

    pub(crate) const fn with_environment(
        mut self,
        environment: &'static [(&'static str, &'static str)],
    ) -> Self {
        self.environment = environment;
        self
    }

    /// Runs the command in `root`, with its output passed to the terminal.
    pub(crate) fn run(&self, root: &Path) -> Result<Outcome, Failure> {
        let mut command = Command::new(cargo());
        command.args(self.arguments).envs(self.environment.iter().copied()).current_dir(root);
        run(&self.to_string(), &command, |_| {})
    }
}

/// Runs a command, displayed as `name`. Passes its output to the terminal and, line by line, to
/// `line`.
#[expect(clippy::disallowed_methods, reason = "reads until the pipe is closed, or for ever")]
pub(crate) fn run(
    name: &str,
    command: &Command,
    mut line: impl FnMut(&str),
) -> Result<Outcome, Failure> {
    println!("$ {name}");
    let start = Instant::now();
    let failed_to_start = |source| Failure::Start { program: name.to_owned(), source };
    let mut child =
        with_all_descriptors(command).stdout(Stdio::piped()).spawn().map_err(failed_to_start)?;
    let output = child.stdout.take().expect("stdout is piped");
    let (mut tests, mut failures) = (TestCount::default(), Failures::default());
    let (send, lines) = mpsc::channel();
    thread::spawn(move || each_line(BufReader::new(output), |line| send.send(line).is_ok()));
    let status = loop {
        match lines.recv_timeout(SILENCE) {
            Ok(bytes) => {
                io::stdout().write_all(&bytes).map_err(failed_to_start)?;
                let text = String::from_utf8_lossy(&bytes);
                let text = text.trim_end();
                tests.read(text);
                failures.read(text);
                line(text);
            }
            Err(RecvTimeoutError::Disconnected) => break child.wait(),
            Err(RecvTimeoutError::Timeout) => match child.try_wait() {
                Ok(None) => {}
                Ok(Some(status)) => break Ok(status),
                Err(error) => break Err(error),
            },
        }
    };
    let succeeded = status.map_err(failed_to_start)?.success();
    let failures = failures.text;
    Ok(Outcome { tests, failures, ..Outcome::new(name, succeeded, start.elapsed()) })
}

/// Runs the command in a shell that raises the limit on open files. Tests open thousands of
/// connections, but the default limit may be a thousand or less.
#[cfg(unix)]
fn with_all_descriptors(command: &Command) -> Command {
    const RAISE: &str = "ulimit -n \"$(ulimit -Hn)\" 2>/dev/null || ulimit -n 10240 2>/dev/null; \
                         exec \"$0\" \"$@\"";
    let mut shell = Command::new("sh");
    shell.args(["-c", RAISE]);
    of_the_same(command, shell.arg(command.get_program()));
    shell
}

/// Windows doesn't have that limit.
#[cfg(not(unix))]
fn with_all_descriptors(command: &Command) -> Command {
    let mut again = Command::new(command.get_program());
    of_the_same(command, &mut again);
    again
}

/// Copies a command's arguments, environment variables and working folder.
fn of_the_same(from: &Command, to: &mut Command) {
    to.args(from.get_args());
    for (name, value) in from.get_envs() {
        match value {
            Some(value) => to.env(name, value),
            None => to.env_remove(name),
        };
    }
    if let Some(folder) = from.get_current_dir() {
        to.current_dir(folder);
    }
}

impl Outcome {
    pub(crate) fn new(name: impl Into<String>, succeeded: bool, took: Duration) -> Self {
        let (tests, failures) = (TestCount::default(), String::new());
        Self { name: name.into(), succeeded, took, tests, failures }
    }

    /// Returns an error that names the failed steps, if any.
    pub(crate) fn all_succeeded(outcomes: Vec<Self>) -> Result<(), Failure> {
        let failed = outcomes.into_iter().filter(|outcome| !outcome.succeeded);
        let failed: Vec<String> = failed.map(|outcome| outcome.name).collect();
        if failed.is_empty() { Ok(()) } else { Err(Failure::Steps(failed)) }
    }
}

/// Returns why tests have failed, then one line per step with its time, and the total.
pub(crate) fn table(outcomes: &[Outcome]) -> String {
    let failed = outcomes.iter().filter(|outcome| !outcome.succeeded);
    let mut text: String = failed.map(|outcome| &*outcome.failures).collect();
    let mut sum = Duration::ZERO;
    for Outcome { name, succeeded, took, .. } in outcomes {
        let verdict = if *succeeded { "ok    " } else { "FAILED" };
        text += &format!("{}  {verdict}  {name}\n", minutes(*took));
        sum += *took;
    }
    text + &format!("{}  total\n", minutes(sum))
}

fn minutes(time: Duration) -> String {
    let seconds = time.as_secs();
    format!("{:4}:{:02}.{}", seconds / 60, seconds % 60, time.subsec_millis() / 100)
}

impl fmt::Display for Step {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, value) in self.environment {
            write!(formatter, "{name}=\"{value}\" ")?;
        }
        write!(formatter, "cargo {}", self.arguments.join(" "))
    }
}

/// Passes on each line, until `take` returns false. Lines are bytes, because test output may not be
/// UTF-8.
fn each_line(mut from: impl BufRead, mut take: impl FnMut(Vec<u8>) -> bool) -> io::Result<()> {
    let mut line = Vec::new();
    while from.read_until(b'\n', &mut line)? > 0 && take(std::mem::take(&mut line)) {}
    Ok(())
}

impl Failures {
    /// Keeps what is between `failures:` and `test result:`.
    fn read(&mut self, line: &str) {
        self.is_inside |= line == "failures:";
        self.is_inside &= !line.starts_with("test result: ");
        if self.is_inside {
            self.text += line;
            self.text.push('\n');
        }
    }
}

impl TestCount {
    /// Adds the counts of a line such as `test result: ok. 3 passed; 0 failed; 1 ignored; …`.
    fn read(&mut self, line: &str) {
        if let Some(more) = Self::parse(line) {
            *self += more;
        }
    }

    fn parse(line: &str) -> Option<Self> {
        let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
        let number = |word: &str| {
            let part = counts.split("; ").find_map(|part| part.strip_suffix(word))?;
            part.trim().parse().ok()
        };
        Some(Self {
            passed: number("passed")?,
            failed: number("failed")?,
            skipped: number("ignored")?,
        })
    }
}

impl AddAssign for TestCount {
    fn add_assign(&mut self, more: Self) {
        self.passed += more.passed;
        self.failed += more.failed;
        self.skipped += more.skipped;
    }
}

impl fmt::Display for TestCount {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { passed, failed, skipped } = self;
        write!(formatter, "{passed} passed, {failed} failed, {skipped} skipped")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(output: &[u8], expect: &str) {
        let (mut copy, mut count) = (Vec::new(), TestCount::default());
        each_line(output, |line| {
            count.read(String::from_utf8_lossy(&line).trim_end());
            copy.extend(line);
            true
        })
        .unwrap();
        assert_eq!(copy, output);
        assert_eq!(count.to_string(), expect);
    }

    #[test]
    fn sums_the_closing_lines_and_copies_everything() {
        check(b"", "0 passed, 0 failed, 0 skipped");
        check(
            b"running 3 tests\n\xFF\n\
              test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; \
              finished in 0.01s\n\
              test result: FAILED. 4 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; \
              finished in 0.01s",
            "7 passed, 2 failed, 1 skipped",
        );
        check(b"test result: none of it\n", "0 passed, 0 failed, 0 skipped");
    }

    #[cfg(unix)]
    #[test]
    fn a_command_ends_even_if_something_keeps_its_output_open() {
        let mut command = Command::new("sh");
        command.args([
            "-c",
            "sleep 60 & echo 'test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured'",
        ]);
        let outcome = run("sh", &command, |_| {}).unwrap();
        assert!(outcome.succeeded && outcome.took < Duration::from_secs(50));
        assert_eq!(outcome.tests.passed, 1);
    }

    #[test]
    fn what_failed_is_told_again_at_the_end() {
        let output = "test a ... FAILED\n\nfailures:\n\n---- a stdout ----\nno such page\n\n\
                      failures:\n    a\n\ntest result: FAILED. 0 passed\nDoc-tests\n";
        let mut failures = Failures::default();
        output.lines().for_each(|line| failures.read(line));
        let told = "failures:\n\n---- a stdout ----\nno such page\n\nfailures:\n    a\n\n";
        assert_eq!(failures.text, told);
        let outcome = |succeeded| Outcome {
            failures: failures.text.clone(),
            ..Outcome::new("cargo test", succeeded, Duration::ZERO)
        };
        assert!(table(&[outcome(false)]).starts_with(told));
        // Such as the exceptions under Wine.
        assert!(table(&[outcome(true)]).starts_with("   0:00.0  ok"));
    }

    #[test]
    fn one_failed_step_fails_the_run_and_is_named() {
        let outcomes = |second| {
            vec![Outcome::new("a", true, Duration::ZERO), Outcome::new("b", second, Duration::ZERO)]
        };
        assert!(Outcome::all_succeeded(outcomes(true)).is_ok());
        let failure = Outcome::all_succeeded(outcomes(false)).expect_err("b failed");
        assert_eq!((failure.exit_status(), failure.to_string().as_str()), (1, "failed: b"));
    }

    #[test]
    fn the_table_has_time_verdict_and_command_of_each_step_and_the_total() {
        let outcomes = [
            Outcome::new("cargo fmt", true, Duration::from_millis(1_250)),
            Outcome::new("cargo doc", false, Duration::from_secs(100)),
        ];
        let expect =
            "   0:01.2  ok      cargo fmt\n   1:40.0  FAILED  cargo doc\n   1:41.2  total\n";
        assert_eq!(table(&outcomes), expect);
    }

    #[test]
    fn is_displayed_as_a_command_line() {
        let step = Step::cargo(&["doc", "--no-deps"]).with_environment(&[("RUSTDOCFLAGS", "-D x")]);
        assert_eq!(step.to_string(), "RUSTDOCFLAGS=\"-D x\" cargo doc --no-deps");
    }
}
