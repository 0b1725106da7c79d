//! `cargo xtask demo`: lists the tutorial programs, or runs one of them. Arguments and the exit
//! status are passed through.

use std::fs;
use std::process::Command;

use crate::child;
use crate::failure::Failure;
use crate::nearest::nearest;
use crate::workspace::{Package, Workspace, cargo};

const PACKAGE: &str = "solohttp-examples";

pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let workspace = Workspace::load()?;
    let demos = workspace.package(PACKAGE).map(demos).unwrap_or_default();
    match arguments.split_first() {
        None => {
            print!("{}", list(&demos));
            Ok(())
        }
        Some((option, _)) if option.starts_with('-') => Err(Failure::Usage(format!(
            "name the demo first, as in `demo NAME {option}`\n\n{}",
            list(&demos)
        ))),
        Some((name, rest)) if demos.iter().any(|demo| demo.name == *name) => start(name, rest),
        Some((name, _)) => Err(Failure::Usage(unknown(name, &demos))),
    }
}

/// A tutorial program in the list.
struct Demo {
    name: String,
    summary: String,
}

/// Returns the demos in the manifest's order; `cargo metadata` sorts by name.
fn demos(package: &Package) -> Vec<Demo> {
    let manifest = fs::read_to_string(&package.manifest).unwrap_or_default();
    let place = |name: &str| manifest.find(&format!("name = \"{name}\""));
    let mut examples: Vec<_> = package.targets.iter().filter(|target| target.is_example).collect();
    examples.sort_by_key(|example| place(&example.name));
    examples
        .into_iter()
        .map(|target| {
            // If the source can't be read, the build fails later, with a better message.
            let source = fs::read_to_string(&target.source).unwrap_or_default();
            Demo { name: target.name.clone(), summary: summary(&source) }
        })
        .collect()
}

/// The first `//!` line of a source file.
pub(crate) fn summary(source: &str) -> String {
    let line = source.lines().find_map(|line| line.strip_prefix("//!"));
    line.unwrap_or_default().trim().to_owned()
}

fn list(demos: &[Demo]) -> String {
    let width = demos.iter().map(|demo| demo.name.len()).max().unwrap_or(0);
    let mut text = String::from("cargo xtask demo NAME [--port N] [--no-browser] [--no-token]\n\n");
    for Demo { name, summary } in demos {
        text += format!("  {name:width$}  {summary}").trim_end();
        text.push('\n');
    }
    text
}

fn unknown(name: &str, demos: &[Demo]) -> String {
    let hint = nearest(name, demos.iter().map(|demo| demo.name.as_str()))
        .map(|near| format!(" Did you mean `{near}`?"))
        .unwrap_or_default();
    format!("there is no demo `{name}`.{hint}\n\n{}", list(demos))
}

/// Runs the demo in the caller's folder, so that relative paths in the arguments work.
fn start(name: &str, arguments: &[String]) -> Result<(), Failure> {
    let mut demo = Command::new(cargo());
    demo.args(["run", "--quiet", "--package", PACKAGE, "--example", name, "--"]).args(arguments);
    child::run(demo)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two_demos() -> Vec<Demo> {
        let demo =
            |name: &str, source: &str| Demo { name: name.to_owned(), summary: summary(source) };
        vec![
            demo("intro", "//! Says hello.\n//! And more.\nfn main() {}\n"),
            demo("static_content", "fn main() {}\n"),
        ]
    }

    #[test]
    fn lists_each_demo_with_the_first_line_of_its_documentation() {
        let expect = "cargo xtask demo NAME [--port N] [--no-browser] [--no-token]\n\n  \
                      intro           Says hello.\n  static_content\n";
        assert_eq!(list(&two_demos()), expect);
    }

    #[test]
    fn an_unknown_name_gets_the_nearest_and_the_list() {
        let text = unknown("static", &two_demos());
        assert!(text.starts_with("there is no demo `static`."), "{text}");
        let text = unknown("intr", &two_demos());
        assert!(text.contains("Did you mean `intro`?"), "{text}");
        assert!(text.contains("  static_content\n"), "{text}");
    }

    #[test]
    fn the_demos_are_in_reading_order() {
        let workspace = Workspace::load().unwrap();
        let demos = demos(workspace.package(PACKAGE).unwrap());
        let names: Vec<&str> = demos.iter().map(|demo| demo.name.as_str()).collect();
        assert!(names.starts_with(&["intro", "static_content", "todo", "guard"]), "{names:?}");
    }

    #[test]
    fn every_demo_of_this_workspace_has_a_summary() {
        let workspace = Workspace::load().unwrap();
        for demo in demos(workspace.package(PACKAGE).unwrap()) {
            assert!(!demo.summary.is_empty(), "{} opens without `//!`", demo.name);
        }
    }
}
