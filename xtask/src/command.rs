//! The table of commands, their dispatch, and the list that `help` prints.

use crate::failure::Failure;
use crate::nearest::nearest;
use crate::{bench, ci, demo, fuzz, macos, new, test, tidy, windows};

struct Command {
    name: &'static str,
    usage: &'static str,
    purpose: &'static str,
    run: fn(&[String]) -> Result<(), Failure>,
}

const COMMANDS: &[Command] = &[
    Command {
        name: "demo",
        usage: "demo [NAME] [--port N] [--no-browser] [--no-token]",
        purpose: "run a tutorial program; without a name, list them",
        run: demo::run,
    },
    Command {
        name: "new",
        usage: "new PATH",
        purpose: "create a small complete program in a new folder",
        run: new::run,
    },
    Command {
        name: "test",
        usage: "test",
        purpose: "run all tests, including those in real browsers (installs browsers, nginx and axe-core if possible)",
        run: test::run,
    },
    Command {
        name: "ci",
        usage: "ci [--after-test] [--this-system]",
        purpose: "run everything that a change must pass: test, fmt, clippy, doc, deny, tidy, macos, windows",
        run: ci::run,
    },
    Command {
        name: "windows",
        usage: "windows [FILTER | --build]",
        purpose: "build for Windows and run the tests under Wine (installs what it needs)",
        run: windows::run,
    },
    Command {
        name: "macos",
        usage: "macos",
        purpose: "run Clippy on all crates for macOS",
        run: macos::run,
    },
    Command {
        name: "fuzz",
        usage: "fuzz [NAME] [--minutes N]",
        purpose: "run a fuzz target (default: one minute); without a name, list them",
        run: fuzz::run,
    },
    Command {
        name: "tidy",
        usage: "tidy",
        purpose: "check the workspace's own rules: crate graph, file sizes, names, layout, …",
        run: tidy::run,
    },
    Command {
        name: "bench",
        usage: "bench [NAME | all]",
        purpose: "compare with other libraries, or run all benches; without a name, list them",
        run: bench::run,
    },
];

/// Runs the command named by the first argument. Without arguments, prints the list of commands.
///
/// # Errors
///
/// [`Failure::Usage`] for an unknown command; otherwise the command's own error.
pub fn run(arguments: &[String]) -> Result<(), Failure> {
    let Some((name, rest)) = arguments.split_first() else {
        print!("{}", list());
        return Ok(());
    };
    if ["help", "--help", "-h"].contains(&name.as_str()) {
        print!("{}", list());
        return Ok(());
    }
    match COMMANDS.iter().find(|command| command.name == name) {
        Some(command) => (command.run)(rest),
        None => Err(Failure::Usage(unknown(name))),
    }
}

fn list() -> String {
    let width = COMMANDS.iter().map(|command| command.usage.len()).max().unwrap_or(0);
    let mut text = String::from("cargo xtask COMMAND\n\n");
    for Command { usage, purpose, .. } in COMMANDS {
        text += &format!("  {usage:width$}  {purpose}\n");
    }
    text
}

fn unknown(name: &str) -> String {
    let hint = nearest(name, COMMANDS.iter().map(|command| command.name))
        .map(|near| format!(" Did you mean `{near}`?"))
        .unwrap_or_default();
    format!("there is no command `{name}`.{hint}\n\n{}", list())
}

/// Returns an error if there are `arguments`, for a command that takes none.
pub(crate) fn takes_no_arguments(name: &str, arguments: &[String]) -> Result<(), Failure> {
    match arguments.first() {
        None => Ok(()),
        Some(extra) => Err(Failure::Usage(format!("`{name}` takes no arguments, got `{extra}`"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(arguments: &[&str], status: u8, says: &str) {
        let arguments: Vec<String> = arguments.iter().map(|&text| text.to_owned()).collect();
        let failure = run(&arguments).expect_err("the call is wrong");
        assert_eq!(failure.exit_status(), status, "{arguments:?}");
        assert!(failure.to_string().contains(says), "{arguments:?} says: {failure}");
    }

    #[test]
    fn usage_errors_exit_with_2_and_name_the_fix() {
        check(&["tset"], 2, "Did you mean `test`?");
        check(
            &["tset"],
            2,
            "  demo [NAME] [--port N] [--no-browser] [--no-token]  run a tutorial program",
        );
        check(&["new"], 2, "`new ../shop` creates a program named `shop`");
        check(&["test", "now"], 2, "`test` takes no arguments, got `now`");
        check(&["demo", "--port", "80"], 2, "name the demo first");
        check(&["ci", "--fast"], 2, "`ci` takes only --after-test and --this-system");
    }

    #[test]
    fn each_command_has_one_line_in_the_list() {
        let list = list();
        for command in COMMANDS {
            let lines = list.lines().filter(|line| line.trim().starts_with(command.usage));
            assert_eq!(lines.count(), 1, "{}", command.name);
            assert!(command.usage.starts_with(command.name));
        }
    }
}
