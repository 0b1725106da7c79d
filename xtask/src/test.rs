//! `cargo xtask test`: installs what the tests need, then runs all of them.
//! No test is skipped silently: if something is missing, the run fails before it starts.

use crate::browser::{CHROMIUM, FIREFOX};
use crate::command::takes_no_arguments;
use crate::failure::Failure;
use crate::step::{self, Outcome, Step, TestCount};
use crate::tools;
use crate::workspace::Workspace;

/// `--all-targets` excludes doc tests, so they are a separate step. This package is a separate step
/// because Windows can't relink a running program. The core is tested once more as in a release build,
/// whose error pages must not reveal source paths, but with dependencies that are built already.
const STEPS: &[Step] = &[
    Step::cargo(&["test", "--workspace", "--exclude", "xtask", "--all-targets", "--no-fail-fast"]),
    Step::cargo(&["test", "--package", "xtask", "--lib"]),
    Step::cargo(&[
        "test",
        "--package",
        "solohttp-core",
        "--lib",
        "--config",
        "profile.dev.package.solohttp-core.debug-assertions=false",
    ]),
    Step::cargo(&["test", "--workspace", "--doc", "--no-fail-fast"]),
];

pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    takes_no_arguments("test", arguments)?;
    let outcomes = steps(&Workspace::load()?)?;
    print!("\n{}", step::table(&outcomes));
    Outcome::all_succeeded(outcomes)
}

/// Runs all steps, even if one fails, and prints the counts.
pub(crate) fn steps(workspace: &Workspace) -> Result<Vec<Outcome>, Failure> {
    for browser in [CHROMIUM, FIREFOX] {
        println!("{}: {}", browser.name, browser.ensure()?.display());
    }
    tools::ensure(&workspace.target)?;
    let mut outcomes = Vec::new();
    let mut tests = TestCount::default();
    for step in STEPS {
        let outcome = step.run(&workspace.root)?;
        tests += outcome.tests;
        outcomes.push(outcome);
    }
    println!("{tests}");
    Ok(outcomes)
}
