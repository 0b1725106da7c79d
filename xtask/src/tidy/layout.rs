//! Rules for the names and locations of files.

use std::collections::BTreeMap;

use super::Violation;
use super::tree::{File, Tree};

/// The top-level files and folders. New ones should be rare.
const TOP_LEVEL: &[&str] = &[
    ".cargo",
    ".ci",
    ".gitattributes",
    ".github",
    ".gitignore",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "clippy.toml",
    "crates",
    "deny.toml",
    "examples",
    "fuzz",
    "rustfmt.toml",
    "tests",
    "xtask",
];

/// Names that don't describe the contents, so that anything could accumulate there.
const VAGUE_NAMES: &[&str] = &[
    "base", "common", "helper", "helpers", "impl", "impls", "manager", "misc", "types", "util",
    "utils",
];

pub(super) fn top_level_is_closed(tree: &Tree) -> Vec<Violation> {
    let mut first_of_each: BTreeMap<&str, &File> = BTreeMap::new();
    for file in &tree.files {
        let entry = file.path.split('/').next().unwrap_or_default();
        first_of_each.entry(entry).or_insert(file);
    }
    let unknown = first_of_each.into_iter().filter(|(entry, _)| !TOP_LEVEL.contains(entry));
    unknown
        .map(|(entry, file)| {
            file.violation(1, "top level", format!("move {entry} into one of the folders"))
        })
        .collect()
}

pub(super) fn names_are_specific(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for file in tree.files.iter().filter(|file| file.is_rust()) {
        let mut words = file.path.trim_end_matches(".rs").split('/');
        if let Some(word) = words.find(|word| VAGUE_NAMES.contains(word)) {
            let remedy = format!("name it after what it owns; `{word}` is too vague");
            violations.push(file.violation(1, "file name", remedy));
        }
    }
    violations
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tests::check_rule;

    #[test]
    fn the_top_level_is_a_fixed_list() {
        let files =
            [("Cargo.toml", ""), ("docs/a.md", ""), ("docs/b.md", ""), ("crates/x/notes.md", "")];
        check_rule(top_level_is_closed, &files, &[("docs/a.md:1", "move docs into")]);
    }

    #[test]
    fn files_and_folders_are_named_after_what_they_own() {
        let files = [
            ("crates/x/src/util.rs", ""),
            ("crates/x/src/common/lens.rs", ""),
            ("crates/x/src/utility.rs", ""),
            ("crates/x/src/types.html", ""),
        ];
        let expect = [
            ("crates/x/src/util.rs:1", "`util` is too vague"),
            ("crates/x/src/common/lens.rs:1", "`common` is too vague"),
        ];
        check_rule(names_are_specific, &files, &expect);
    }
}
