//! `cargo xtask windows`: builds everything for Windows, and runs the tests of the crates and
//! examples and the end-to-end tests under Wine. The end-to-end tests use this machine's browsers.
//! Tests that can't pass under Wine are listed in `exceptions`.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::browser::{CHROMIUM, FIREFOX};
use crate::cross::Cross;
use crate::failure::Failure;
use crate::step::{self, Outcome, TestCount};
use crate::wine::{Wine, windows_path};
use crate::workspace::Workspace;
use crate::{lend, new};

mod console;
mod exceptions;

use exceptions::{CONSOLE, Found, Run};

const TARGET: &str = "x86_64-pc-windows-gnu";

/// Only compiles, so that a later run starts with the tests.
const BUILD: &str = "--build";

/// The environment variable that names the folder of prebuilt programs. Without it, tests have
/// cargo build the programs.
pub const PROGRAMS: &str = "SOLOHTTP_PROGRAMS";

/// The tests of `xtask` need cargo and git, which Wine doesn't have.
const WORKSPACE: &[&str] = &["--workspace", "--exclude", "xtask"];

/// The targets with tests. The programs of the end-to-end package are built because its tests
/// depend on them.
const TARGETS: &[&str] = &["--lib", "--examples", "--test", "*"];

/// Tests whose outcome doesn't depend on the server's system, by test program. They cover behavior
/// inside a browser page (the browser runs on Linux anyway), the harness, the compiler, and long
/// computations. The other browser tests run in Chromium only.
const NOT_OF_THE_SYSTEM: &[(&str, &[&str])] = &[
    (
        "tests/main",
        &[
            "in_firefox::",
            "back::",
            "charts::",
            "confirm::",
            "datebook::in_chromium::",
            "differential::",
            "forms::",
            "guard::in_chromium::",
            "harness::a_browser_that_has_crashed_",
            "harness::in_chromium::",
            // These depend only on the header fields of requests. The browser resolves the names.
            "hostile_page::in_chromium::",
            "language::",
            // These test the script in a page. The other tests in `live` need a program that exits
            // and starts again.
            "live::in_chromium::a_form_",
            "live::in_chromium::a_hidden_",
            "live::in_chromium::a_page_that_is_gone_",
            "live::in_chromium::a_row_button_",
            "live::in_chromium::a_slow_",
            "live::in_chromium::an_update_",
            "live::in_chromium::axe_",
            "live::in_chromium::links_",
            "live::in_chromium::the_next_",
            "live::in_chromium::what_the_user_",
            "mistakes::",
            "numbers::",
            // Event streams are also tested end to end without a browser.
            "outside::in_chromium::",
            "patience::in_chromium::",
            "patterns::",
            "rows::",
            "secrets::",
            "sent_twice::",
            "test_client::",
            "todo::in_chromium::works_by_",
            "todo::in_chromium::each_control_",
            "todo::in_chromium::back_and_forward_",
            "trusted_origin::",
            "two_tabs::",
            "unsaved::",
        ],
    ),
    ("solohttp-template/differential", &["agrees_with_a_naive_implementation"]),
];

/// Reduces the number of rounds in tests that start a program in each round, which is slow under
/// Wine.
const SHORTER: [(&str, &str); 1] = [("SOLOHTTP_GUARD_KILLS", "20")];

/// The parts of the standard library needed by tests.
const STD: &str = "std,panic_unwind,test";

pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let workspace = Workspace::load()?;
    let outcomes = match arguments {
        [] => steps(&workspace, None)?,
        [build] if build == BUILD => {
            let mut outcomes = Vec::new();
            compile(&workspace, &mut outcomes)?;
            outcomes
        }
        [filter] => steps(&workspace, Some(filter))?,
        _ => return Err(Failure::Usage(format!("`windows` takes {BUILD} or one FILTER"))),
    };
    print!("\n{}", step::table(&outcomes));
    Outcome::all_succeeded(outcomes)
}

/// The tests for Windows, and what runs them.
struct Built {
    cross: Cross,
    wine: Wine,
    programs: Vec<Tests>,
}

/// Builds all tests, and the programs that they start.
fn compile(workspace: &Workspace, outcomes: &mut Vec<Outcome>) -> Result<Built, Failure> {
    let folder = workspace.target.join("windows");
    let cross = Cross::ensure(TARGET, folder.clone())?;
    // Also installs the linker.
    let wine = Wine::ensure(&folder)?;
    let arguments = [WORKSPACE, TARGETS].concat();
    let mut programs = build(&cross, &workspace.root, &arguments, outcomes)?;
    outcomes.push(build_examples(&cross, &workspace.root)?);
    let shop = folder.join("new").join("shop");
    new::write_to_test(&shop, &workspace.root)?;
    programs.extend(build(&cross, &shop, &["--offline"], outcomes)?);
    Ok(Built { cross, wine, programs })
}

/// Runs the tests whose names contain `filter`, and prints the counts and the exceptions that
/// occurred.
pub(crate) fn steps(workspace: &Workspace, filter: Option<&str>) -> Result<Vec<Outcome>, Failure> {
    let folder = workspace.target.join("windows");
    let mut browsers = Vec::new();
    for kind in [CHROMIUM, FIREFOX] {
        browsers.push((kind.name, kind.ensure()?));
    }
    let mut outcomes = Vec::new();
    let Built { cross, wine, programs } = compile(workspace, &mut outcomes)?;
    let failed = |source| Failure::Start { program: "the browser lender".to_owned(), source };
    let lender = lend::start(browsers).map_err(failed)?.to_string();
    wine.keep_server()?;
    let mut found = Found::default();
    let mut tests = TestCount::default();
    for program in &programs {
        let mut command = wine.command(&program.path);
        command.current_dir(&program.folder);
        match filter {
            // With a filter, tests that are skipped by default run, too.
            Some(filter) => command.arg(filter),
            None => command.args(skipped(&program.name)),
        };
        command.env("CARGO_MANIFEST_DIR", windows_path(&program.folder));
        command.env(PROGRAMS, windows_path(&cross.programs().join("examples")));
        command.env(lend::VARIABLE, &lender).env("RUST_BACKTRACE", "0").envs(SHORTER);
        let mut run = Run::default();
        let outcome =
            step::run(&format!("wine {}", program.name), &command, |line| run.read(line))?;
        tests += outcome.tests;
        let succeeded = found.is_as_listed(&program.name, &run, outcome.succeeded);
        outcomes.push(Outcome { succeeded, ..outcome });
    }
    if filter.is_none() {
        let start = Instant::now();
        println!("$ console keys");
        let run = console::run(&wine, &folder, &cross.programs().join("examples"))?;
        tests += run.count();
        let succeeded = found.is_as_listed(CONSOLE, &run, run.has_succeeded());
        outcomes.push(Outcome::new("console keys", succeeded, start.elapsed()));
        outcomes.push(Outcome::new("list of exceptions", found.is_complete(), Duration::ZERO));
    }
    println!("Windows: {tests}, including {} that can't pass under Wine:", found.count());
    print!("{found}");
    Ok(outcomes)
}

/// The arguments that make a test program skip tests.
fn skipped(program: &str) -> Vec<&'static str> {
    let tests = NOT_OF_THE_SYSTEM.iter().filter(|(known, _)| *known == program);
    tests.flat_map(|(_, tests)| *tests).flat_map(|tests| ["--skip", tests]).collect()
}

/// A test program.
#[derive(Debug, PartialEq, Eq)]
struct Tests {
    /// The name of its package, followed by its own name unless it is the library.
    name: String,
    path: PathBuf,
    /// The folder of its package.
    folder: PathBuf,
}

/// Builds the test programs in `folder`.
fn build(
    cross: &Cross,
    folder: &Path,
    arguments: &[&str],
    outcomes: &mut Vec<Outcome>,
) -> Result<Vec<Tests>, Failure> {
    let mut command = cross.cargo("test", STD);
    command.args(["--no-run", "--message-format=json"]).args(arguments).current_dir(folder);
    let name = format!("cargo test --no-run --target {TARGET} {}", arguments.join(" "));
    println!("$ {name}");
    let start = Instant::now();
    let failed_to_start = |source| Failure::Start { program: name.clone(), source };
    let output = command.stderr(Stdio::inherit()).output().map_err(failed_to_start)?;
    // `-D warnings` would also apply to the standard library, so warnings are collected instead.
    let diagnostics = diagnostics(&output.stdout, folder);
    diagnostics.iter().for_each(|diagnostic| println!("{diagnostic}"));
    let programs = programs(&output.stdout);
    if !output.status.success() || programs.is_empty() {
        return Err(Failure::Steps(vec![name]));
    }
    outcomes.push(Outcome::new(&name, diagnostics.is_empty(), start.elapsed()));
    Ok(programs)
}

/// Builds the examples, which the end-to-end tests start.
fn build_examples(cross: &Cross, root: &Path) -> Result<Outcome, Failure> {
    let mut command = cross.cargo("build", STD);
    command.args(WORKSPACE).arg("--examples").current_dir(root);
    let outcome =
        step::run(&format!("cargo build --target {TARGET} --examples"), &command, |_| {})?;
    if outcome.succeeded { Ok(outcome) } else { Err(Failure::Steps(vec![outcome.name])) }
}

/// Extracts warnings and errors about the code in `folder` from cargo's messages.
fn diagnostics(messages: &[u8], folder: &Path) -> Vec<String> {
    let read = |line: &[u8]| {
        let message: Value = serde_json::from_slice(line).ok()?;
        let level = message.get("message")?.get("level")?.as_str()?;
        let text = message["message"]["rendered"].as_str()?;
        if !Path::new(message["manifest_path"].as_str()?).starts_with(folder) {
            return None;
        }
        ["warning", "error"].iter().any(|bad| level.starts_with(bad)).then(|| text.to_owned())
    };
    messages.split(|&byte| byte == b'\n').filter_map(read).collect()
}

/// Extracts the test programs from cargo's messages, one JSON object per line.
fn programs(messages: &[u8]) -> Vec<Tests> {
    let read = |line: &[u8]| {
        let message: Value = serde_json::from_slice(line).ok()?;
        let path = PathBuf::from(message.get("executable")?.as_str()?);
        if message["profile"]["test"] != true {
            return None;
        }
        let folder = Path::new(message["manifest_path"].as_str()?).parent()?.to_owned();
        // A folder is named after its package or, like `tests`, after its contents.
        let package = folder.file_name()?.to_str()?.to_owned();
        let target = message["target"]["name"].as_str()?;
        let is_library = target.replace('-', "_") == package.replace('-', "_");
        let name = if is_library { package } else { format!("{package}/{target}") };
        Some(Tests { name, path, folder })
    };
    let mut programs: Vec<Tests> = messages.split(|&byte| byte == b'\n').filter_map(read).collect();
    programs.sort_by(|one, other| one.name.cmp(&other.name));
    programs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_warnings_of_our_own_code() {
        let messages = br#"
{"manifest_path":"/w/a/Cargo.toml","message":{"level":"warning","rendered":"unused"}}
{"manifest_path":"/w/a/Cargo.toml","message":{"level":"note","rendered":"by the way"}}
{"manifest_path":"/other/Cargo.toml","message":{"level":"warning","rendered":"not ours"}}
{"reason":"build-finished","success":true}"#;
        assert_eq!(diagnostics(messages, Path::new("/w")), ["unused"]);
    }

    #[test]
    fn finds_test_programs_in_cargos_messages() {
        let messages = br#"{"reason":"x","executable":null}
{"manifest_path":"/w/tests/Cargo.toml","target":{"name":"main"},"profile":{"test":true},"executable":"/t/main.exe"}
{"manifest_path":"/w/tests/Cargo.toml","target":{"name":"fixture"},"profile":{"test":false},"executable":"/t/fixture.exe"}
not JSON
{"manifest_path":"/w/crates/a-b/Cargo.toml","target":{"name":"a_b"},"profile":{"test":true},"executable":"/t/a.exe"}
"#;
        let tests = |name: &str, path: &str, folder: &str| Tests {
            name: name.to_owned(),
            path: path.into(),
            folder: folder.into(),
        };
        let expect = [
            tests("a-b", "/t/a.exe", "/w/crates/a-b"),
            tests("tests/main", "/t/main.exe", "/w/tests"),
        ];
        assert_eq!(programs(messages), expect);
    }
}
