//! What cannot hold under Wine, each with its reason; and whether a run found just that.
//! Knows the output of libtest by its lines.

use std::collections::BTreeSet;
use std::fmt;

use crate::step::TestCount;

/// Tests that fail under Wine through no fault of ours.
struct Exception {
    /// The program of tests, as the steps name it.
    program: &'static str,
    /// The name of a test, or of a module with `::` at its end.
    tests: &'static str,
    reason: &'static str,
}

const EXCEPTIONS: &[Exception] = &[
    Exception {
        program: CONSOLE,
        tests: "Ctrl-Break",
        reason: "Wine 8 can send Ctrl-C alone: GenerateConsoleCtrlEvent fails for Ctrl-Break.",
    },
    Exception {
        program: "tests/main",
        tests: "harness::reset_reaches_the_server_as_a_reset",
        reason: "Wine 8 returns 0 from a read after a reset, as after an orderly end.",
    },
];

/// What the keys of a console are tried on, as if it were a program of tests.
pub(super) const CONSOLE: &str = "console";

/// What one program printed.
#[derive(Debug, Default)]
pub(super) struct Run {
    passed: Vec<String>,
    failed: Vec<String>,
    /// The closing line came.
    is_whole: bool,
}

/// The exceptions that were met, by their place in the list, with the tests.
pub(super) struct Found {
    list: &'static [Exception],
    met: BTreeSet<(usize, String)>,
}

impl Run {
    /// Reads `test NAME ... ok`, and the line that closes a run.
    pub(super) fn read(&mut self, line: &str) {
        self.is_whole |= line.starts_with("test result: ");
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
        self.is_whole = true;
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
    /// True if what failed is listed, what is listed failed, and the program ended as its tests
    /// did. Prints what is wrong.
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
            wrong(format!("{program} {test} is listed as an exception, and passed: take it out"));
        }
        if !run.is_whole {
            wrong(format!("{program} ended before its tests did"));
        } else if succeeded != run.failed.is_empty() {
            wrong(format!("{program} ended with a status that is not that of its tests"));
        }
        is_fine
    }

    /// True if no exception is left of which no test was met. Prints those that are.
    pub(super) fn is_complete(&self) -> bool {
        let mut is_complete = true;
        for (place, Exception { program, tests, .. }) in self.list.iter().enumerate() {
            if !self.met.iter().any(|(met, _)| *met == place) {
                println!("no test {program} {tests} failed: take the exception out");
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
    fn only_what_is_listed_may_fail_and_it_must() {
        let end = "test result: FAILED. 1 passed; 3 failed; 0 ignored";
        let (one, two, three) = ("test m::one ... FAILED", "test n::x ... FAILED", "test y ... ok");
        check(&[one, two, three, end], false, true, true);
        check(&[one, three, end], false, true, false);
        check(&[one, two, "test y ... FAILED", end], false, false, true);
        check(&[one, two, "test n::z - should panic ... ok", end], false, false, true);
        check(&["test m::one ... ignored", three, end], true, true, false);
    }

    #[test]
    fn a_program_must_end_as_its_tests_did() {
        let end = "test result: ok. 1 passed; 0 failed; 0 ignored";
        check(&["test y ... ok"], true, false, false);
        check(&["test y ... ok", end], false, false, false);
        check(&["test y ... ok", end], true, true, false);
        check(&["test m::one ... FAILED", end], true, false, false);
    }

    #[test]
    fn every_exception_says_why() {
        for Exception { tests, reason, .. } in EXCEPTIONS {
            assert!(reason.len() > 20 && reason.ends_with('.'), "{tests}: {reason}");
        }
    }
}
