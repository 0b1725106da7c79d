//! `cargo xtask ci`: all that must hold before a change is taken in, with the time of each step.
//! Goes on after a failure, so that one run tells everything.

use std::time::Instant;

use crate::failure::Failure;
use crate::step::{Outcome, Step};
use crate::workspace::Workspace;
use crate::{links, test, tidy};

/// Leaves out the tests, for a script that has just run them.
const AFTER_TEST: &str = "--after-test";

const STEPS: &[Step] = &[
    Step::cargo(&["fmt", "--all", "--check"]),
    Step::cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]),
    // The umbrella without any of its parts.
    Step::cargo(&["check", "--package", "solohttp", "--no-default-features"]),
    // With its dependencies, as a user does it: rustdoc links to what it has documented before. So
    // the crates are documented once only, and then what is not given away.
    Step::cargo(&["doc", "--package", "solohttp"])
        .with_environment(&[("RUSTDOCFLAGS", "-D warnings")]),
    Step::cargo(&[
        "doc",
        "-p",
        "solohttp-tests",
        "-p",
        "solohttp-examples",
        "-p",
        "xtask",
        "--no-deps",
    ])
    .with_environment(&[("RUSTDOCFLAGS", "-D warnings")]),
];

pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let with_tests = match arguments {
        [] => true,
        [option] if option == AFTER_TEST => false,
        _ => return Err(Failure::Usage(format!("`ci` knows no arguments but {AFTER_TEST}"))),
    };
    let workspace = Workspace::load()?;
    let mut outcomes = if with_tests { test::steps(&workspace.root)? } else { Vec::new() };
    for step in STEPS {
        outcomes.push(step.run(&workspace.root)?);
    }
    outcomes.push(links_step(&workspace)?);
    outcomes.push(tidy_step(&workspace)?);
    println!("\n{}", table(&outcomes));
    Outcome::all_succeeded(outcomes)
}

fn links_step(workspace: &Workspace) -> Result<Outcome, Failure> {
    println!("$ links of the documentation");
    let start = Instant::now();
    let dead = links::dead(&workspace.target.join("doc")).map_err(Failure::Documentation)?;
    for link in &dead {
        println!("leads nowhere: {link}");
    }
    Ok(Outcome::new("links of the documentation", dead.is_empty(), start.elapsed()))
}

fn tidy_step(workspace: &Workspace) -> Result<Outcome, Failure> {
    println!("$ cargo xtask tidy");
    let start = Instant::now();
    let succeeded = tidy::report(workspace)?;
    Ok(Outcome::new("cargo xtask tidy", succeeded, start.elapsed()))
}

fn table(outcomes: &[Outcome]) -> String {
    let mut text = String::new();
    for outcome in outcomes {
        let verdict = if outcome.succeeded { "ok    " } else { "FAILED" };
        let seconds = outcome.took.as_secs_f64();
        text += &format!("{seconds:8.1} s  {verdict}  {}\n", outcome.name);
    }
    text
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_table_has_time_verdict_and_command_of_each_step() {
        let outcomes = [
            Outcome::new("cargo fmt", true, Duration::from_millis(1_250)),
            Outcome::new("cargo doc", false, Duration::from_secs(100)),
        ];
        let expect = "     1.2 s  ok      cargo fmt\n   100.0 s  FAILED  cargo doc\n";
        assert_eq!(table(&outcomes), expect);
    }
}
