//! `cargo xtask test`: every test there is, with real browsers made ready first.
//! Nothing is left out in silence: without them the run fails before it starts.

use std::path::Path;

use crate::browser::{CHROMIUM, FIREFOX};
use crate::command::takes_no_arguments;
use crate::failure::Failure;
use crate::step::{self, Outcome, Step, TestCount};
use crate::workspace::Workspace;

/// `--all-targets` leaves out the examples in documentation, so they are a step of their own.
/// So is this package: Windows cannot link a program anew while it runs. And so is the core as
/// programs are given away, whose pages must not tell where its source lies.
const STEPS: &[Step] = &[
    Step::cargo(&["test", "--workspace", "--exclude", "xtask", "--all-targets", "--no-fail-fast"]),
    Step::cargo(&["test", "--package", "xtask", "--lib"]),
    Step::cargo(&["test", "--package", "solohttp-core", "--lib", "--release"]),
    Step::cargo(&["test", "--workspace", "--doc", "--no-fail-fast"]),
];

pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    takes_no_arguments("test", arguments)?;
    let outcomes = steps(&Workspace::load()?.root)?;
    print!("\n{}", step::table(&outcomes));
    Outcome::all_succeeded(outcomes)
}

/// Runs all steps, also after one has failed, and prints how many tests ended how.
pub(crate) fn steps(root: &Path) -> Result<Vec<Outcome>, Failure> {
    for browser in [CHROMIUM, FIREFOX] {
        println!("{}: {}", browser.name, browser.ensure()?.display());
    }
    let mut outcomes = Vec::new();
    let mut tests = TestCount::default();
    for step in STEPS {
        let outcome = step.run(root)?;
        tests += outcome.tests;
        outcomes.push(outcome);
    }
    println!("{tests}");
    Ok(outcomes)
}
