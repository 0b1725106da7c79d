//! `cargo xtask ci`: runs everything that a change must pass, and prints the time of each step. The
//! command continues after a failure, so that one run reports all failures.

use std::fs;
use std::time::Instant;

use crate::failure::Failure;
use crate::step::{Outcome, Step};
use crate::workspace::Workspace;
use crate::{child, links, macos, step, test, tidy, windows};

/// Skips the tests, for a script that has just run them.
const AFTER_TEST: &str = "--after-test";

/// Skips the checks for other systems, which are separate commands.
const THIS_SYSTEM: &str = "--this-system";

const STEPS: &[Step] = &[
    Step::cargo(&["fmt", "--all", "--check"]),
    Step::cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]),
    // The crate `solohttp` without any of its features.
    Step::cargo(&["check", "--package", "solohttp", "--no-default-features"]),
    // rustdoc finds the items of dependencies without their documentation.
    Step::cargo(&["doc", "--workspace", "--all-features", "--no-deps"])
        .with_environment(&[("RUSTDOCFLAGS", "-D warnings")]),
];

/// Licenses, sources and advisories, as configured in `deny.toml`. Needs cargo-deny and the
/// network.
const DENY: Step = Step::cargo(&["deny", "check"]);

pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    if arguments.iter().any(|argument| ![AFTER_TEST, THIS_SYSTEM].contains(&&**argument)) {
        return Err(Failure::Usage(format!("`ci` takes only {AFTER_TEST} and {THIS_SYSTEM}")));
    }
    let has = |option: &str| arguments.iter().any(|argument| argument == option);
    let with_tests = !has(AFTER_TEST);
    let workspace = Workspace::load()?;
    let mut outcomes = if with_tests { test::steps(&workspace)? } else { Vec::new() };
    announce_documentation(&workspace)?;
    for step in STEPS {
        outcomes.push(step.run(&workspace.root)?);
    }
    if child::has_subcommand("deny") {
        outcomes.push(DENY.run(&workspace.root)?);
    } else {
        println!("skipped: `cargo deny`, not installed (cargo install cargo-deny --locked)");
    }
    outcomes.push(links_step(&workspace)?);
    outcomes.push(tidy_step(&workspace)?);
    if !has(THIS_SYSTEM) {
        outcomes.extend(other_systems(&workspace));
    }
    print!("\n{}", step::table(&outcomes));
    Outcome::all_succeeded(outcomes)
}

/// Checks the other systems from Linux. On those systems, `ci` itself runs the tests.
fn other_systems(workspace: &Workspace) -> Vec<Outcome> {
    if !cfg!(target_os = "linux") {
        println!("skipped: `windows` and `macos`, which run on Linux only");
        return Vec::new();
    }
    let mut outcomes = or_failed("cargo xtask macos", || macos::steps(workspace));
    outcomes.extend(or_failed("cargo xtask windows", || windows::steps(workspace, None)));
    outcomes
}

/// The outcomes of `steps`. An error becomes a failed outcome, so that the other steps still run.
fn or_failed(name: &str, steps: impl FnOnce() -> Result<Vec<Outcome>, Failure>) -> Vec<Outcome> {
    let start = Instant::now();
    steps().unwrap_or_else(|failure| {
        println!("{name}: {failure}");
        vec![Outcome::new(name, false, start.elapsed())]
    })
}

/// Creates the folders of our crates' documentation. Crates are documented in any order, and rustdoc
/// links only to those that have a folder by then.
fn announce_documentation(workspace: &Workspace) -> Result<(), Failure> {
    for package in &workspace.packages {
        let folder = workspace.target.join("doc").join(package.name.replace('-', "_"));
        fs::create_dir_all(folder).map_err(Failure::Documentation)?;
    }
    Ok(())
}

fn links_step(workspace: &Workspace) -> Result<Outcome, Failure> {
    println!("$ links in the documentation");
    let start = Instant::now();
    let dead = links::dead(&workspace.target.join("doc")).map_err(Failure::Documentation)?;
    for link in &dead {
        println!("broken link: {link}");
    }
    Ok(Outcome::new("links in the documentation", dead.is_empty(), start.elapsed()))
}

fn tidy_step(workspace: &Workspace) -> Result<Outcome, Failure> {
    println!("$ cargo xtask tidy");
    let start = Instant::now();
    let succeeded = tidy::report(workspace)?;
    Ok(Outcome::new("cargo xtask tidy", succeeded, start.elapsed()))
}
