//! `cargo xtask tidy`: the workspace's own rules, which no compiler or lint checks. This file has
//! the list of rules and prints the report. The submodules contain the rules.

use std::fmt;

use crate::command::takes_no_arguments;
use crate::failure::Failure;
use crate::workspace::Workspace;

mod documents;
mod graph;
mod layout;
mod leaks;
mod locks;
mod owners;
mod sources;
mod tree;

use tree::Tree;

/// Each rule checks the whole tree and returns the violations.
const RULES: &[fn(&Tree) -> Vec<Violation>] = &[
    documents::named_paths_exist,
    documents::readmes_are_compiled,
    layout::names_are_specific,
    layout::top_level_is_closed,
    leaks::no_machine_paths,
    leaks::no_registry_hosts,
    locks::one_package_source,
    locks::no_duplicate_packages,
    owners::one_owner_per_outside_crate,
    sources::files_are_short,
    sources::files_say_what_they_own,
    sources::library_code_is_finished,
];

/// A violation of a rule.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Violation {
    file: String,
    /// Counted from 1.
    line: usize,
    rule: &'static str,
    remedy: String,
}

pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    takes_no_arguments("tidy", arguments)?;
    if report(&Workspace::load()?)? { Ok(()) } else { Err(Failure::Untidy) }
}

/// Prints the violations. Returns whether there were none.
pub(crate) fn report(workspace: &Workspace) -> Result<bool, Failure> {
    let violations = check(workspace)?;
    for violation in &violations {
        println!("{violation}");
    }
    println!("tidy: {} violations", violations.len());
    Ok(violations.is_empty())
}

fn check(workspace: &Workspace) -> Result<Vec<Violation>, Failure> {
    let tree = Tree::load(&workspace.root)?;
    let mut violations = graph::arrows_point_down(workspace, &tree);
    violations.extend(RULES.iter().flat_map(|rule| rule(&tree)));
    violations.sort();
    Ok(violations)
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, rule, remedy } = self;
        write!(formatter, "{file}:{line}: {rule}: {remedy}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_workspace_is_tidy() {
        let violations = check(&Workspace::load().unwrap()).unwrap();
        let list: Vec<String> = violations.iter().map(ToString::to_string).collect();
        assert!(list.is_empty(), "\n{}", list.join("\n"));
    }

    /// Runs `rule` over these files; `expect` lists `file:line` and a part of the remedy.
    #[track_caller]
    pub(super) fn check_rule(
        rule: fn(&Tree) -> Vec<Violation>,
        files: &[(&str, &str)],
        expect: &[(&str, &str)],
    ) {
        let violations = rule(&Tree::of(files));
        let found: Vec<String> = violations.iter().map(ToString::to_string).collect();
        assert_eq!(found.len(), expect.len(), "{found:#?}");
        for (found, (place, remedy)) in found.iter().zip(expect) {
            assert!(found.starts_with(&format!("{place}: ")), "{found} is not at {place}");
            assert!(found.contains(remedy), "{found} does not say {remedy}");
        }
    }
}
