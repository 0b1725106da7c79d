//! The tests that can't pass under Wine, with reasons, and the check that exactly those failed.
//! Parses libtest's output.

use std::collections::BTreeSet;
use std::fmt;

use crate::step::TestCount;

/// Tests that fail under Wine because of Wine.
struct Exception {
    /// The name of the test program, as in the step that runs it.
    program: &'static str,
    /// The name of a test, or of a module, ending in `::`.
    tests: &'static str,
    reason: &'static str,
}

const EXCEPTIONS: &[Exception] = &[
    Exception {
        program: CONSOLE,
        tests: "Ctrl-Break",
        reason: "Wine 8 sends only Ctrl-C: GenerateConsoleCtrlEvent fails for Ctrl-Break.",
    },
    Exception {
        program: "tests/main",
        tests: "harness::reset_reaches_the_server_as_a_reset",
        reason: "Wine 8 returns 0 from a read after a reset, as after a normal close.",
    },
];

/// The name under which the console keys are tested, as if it were a test program.
pub(super) const CONSOLE: &str = "console";

/// The test results that one program printed.
#[derive(Debug, Default)]
pub(super) struct Run {
    passed: Vec<String>,
    failed: Vec<String>,
    /// Whether the summary line was printed.
    is_complete: bool,
}

/// The exceptions that occurred, by index in the list, with their tests.
pub(super) struct Found {
    list: &'static [Exception],
    met: BTreeSet<(usize, String)>,
}

impl Run {
    /// Parses `test NAME ... ok` and the summary line.
    pub(super) fn read(&mut self, line: &str) {
        self.is_complete |= line.starts_with("test result: ");
        let Some((name, verdict)) =
            line.strip_prefix("test ").and_then(|rest| rest.rsplit_once(" ... "))
        else {
            return;
        };
        let name = name.trim_end_matches(" - should panic");
        match verdict {
            "ok" => self.add(name, true),
            "FAILED" => self.add(name, false),
            _ => {}
        }
    }

    pub(super) fn add(&mut self, test: &str, has_passed: bool) {
        let tests = if has_passed { &mut self.passed } else { &mut self.failed };
        tests.push(test.to_owned());
    }

    pub(super) fn close(&mut self) {
        self.is_complete = true;
    }

    pub(super) fn has_succeeded(&self) -> bool {
        self.failed.is_empty()
    }

    pub(super) fn count(&self) -> TestCount {
        let count =
            |tests: &[String]| u64::try_from(tests.len()).expect("a length fits in 64 bits");
        TestCount { passed: count(&self.passed), failed: count(&self.failed), skipped: 0 }
    }
}

impl Default for Found {
    fn default() -> Self {
        Self { list: EXCEPTIONS, met: BTreeSet::new() }
    }
}

impl Found {
    /// Whether exactly the listed tests failed, and the exit status agrees with the test results.
    /// Prints the differences.
    pub(super) fn is_as_listed(&mut self, program: &str, run: &Run, succeeded: bool) -> bool {
        let mut is_fine = true;
        let mut wrong = |what: String| {
            println!("{what}");
            is_fine = false;
        };
        for test in &run.failed {
            match self.find(program, test) {
                Some(place) => {
                    self.met.insert((place, format!("{program} {test}")));
                }
                None => wrong(format!("{program} {test} failed")),
            }
        }
        for test in run.passed.iter().filter(|test| self.find(program, test).is_some()) {
            wrong(format!("{program} {test} is listed as an exception but passed: remove it"));
        }
        if !run.is_complete {
            wrong(format!("{program} exited before its tests finished"));
        } else if succeeded != run.failed.is_empty() {
            wrong(format!("{program}: the exit status contradicts the tests"));
        }
        is_fine
    }

    /// Whether every exception occurred. Prints those that didn't.
    pub(super) fn is_complete(&self) -> bool {
        let mut is_complete = true;
        for (place, Exception { program, tests, .. }) in self.list.iter().enumerate() {
            if !self.met.iter().any(|(met, _)| *met == place) {
                println!("no test {program} {tests} failed: remove the exception");
                is_complete = false;
            }
        }
        is_complete
    }

    pub(super) fn count(&self) -> usize {
        self.met.len()
    }

    fn find(&self, program: &str, test: &str) -> Option<usize> {
        self.list.iter().position(|exception| {
            let is_it = match exception.tests.strip_suffix("::") {
                Some(_) => test.starts_with(exception.tests),
                None => test == exception.tests,
            };
            exception.program == program && is_it
        })
    }
}

impl fmt::Display for Found {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, test) in &self.met {
            writeln!(formatter, "  {test}\n    {}", self.list[*place].reason)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &[Exception] = &[
        Exception { program: "a", tests: "m::one", reason: "No one." },
        Exception { program: "a", tests: "n::", reason: "No n." },
    ];

    fn check(lines: &[&str], succeeded: bool, is_as_listed: bool, is_complete: bool) {
        let mut run = Run::default();
        lines.iter().for_each(|line| run.read(line));
        let mut found = Found { list: LIST, met: BTreeSet::new() };
        assert_eq!(found.is_as_listed("a", &run, succeeded), is_as_listed, "{lines:?}");
        assert_eq!(found.is_complete(), is_complete, "{lines:?}");
    }

    #[test]
    fn exactly_the_listed_tests_fail() {
        let end = "test result: FAILED. 1 passed; 3 failed; 0 ignored";
        let (one, two, three) = ("test m::one ... FAILED", "test n::x ... FAILED", "test y ... ok");
        check(&[one, two, three, end], false, true, true);
        check(&[one, three, end], false, true, false);
        check(&[one, two, "test y ... FAILED", end], false, false, true);
        check(&[one, two, "test n::z - should panic ... ok", end], false, false, true);
        check(&["test m::one ... ignored", three, end], true, true, false);
    }

    #[test]
    fn the_exit_status_agrees_with_the_tests() {
        let end = "test result: ok. 1 passed; 0 failed; 0 ignored";
        check(&["test y ... ok"], true, false, false);
        check(&["test y ... ok", end], false, false, false);
        check(&["test y ... ok", end], true, true, false);
        check(&["test m::one ... FAILED", end], true, false, false);
    }

    #[test]
    fn every_exception_has_a_reason() {
        for Exception { tests, reason, .. } in EXCEPTIONS {
            assert!(reason.len() > 20 && reason.ends_with('.'), "{tests}: {reason}");
        }
    }
}
