//! Where files may be and what they may be called.

use std::collections::BTreeMap;

use super::Violation;
use super::tree::{File, Tree};

/// What a reader finds at the top. More is a sign that something has no room of its own.
const TOP_LEVEL: &[&str] = &[
    ".cargo",
    ".ci",
    ".gitattributes",
    ".github",
    ".gitignore",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
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

/// Names that say nothing of what is inside, so that anything may gather there.
const EMPTY_NAMES: &[&str] = &[
    "base", "common", "helper", "helpers", "impl", "impls", "manager", "misc", "types", "util",
    "utils",
];

pub(super) fn top_level_is_closed(tree: &Tree) -> Vec<Violation> {
    let mut first_of_each: BTreeMap<&str, &File> = BTreeMap::new();
    for file in &tree.files {
        let entry = file.path.split('/').next().unwrap_or_default();
        first_of_each.entry(entry).or_insert(file);
    }
    let strangers = first_of_each.into_iter().filter(|(entry, _)| !TOP_LEVEL.contains(entry));
    strangers
        .map(|(entry, file)| {
            file.violation(1, "top level", format!("find {entry} a place in one of the folders"))
        })
        .collect()
}

pub(super) fn names_say_something(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for file in tree.files.iter().filter(|file| file.is_rust()) {
        let mut words = file.path.trim_end_matches(".rs").split('/');
        if let Some(word) = words.find(|word| EMPTY_NAMES.contains(word)) {
            let remedy = format!("name it after what it owns; `{word}` could be anything");
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
    fn top_level_takes_no_strangers() {
        let files =
            [("Cargo.toml", ""), ("docs/a.md", ""), ("docs/b.md", ""), ("crates/x/notes.md", "")];
        check_rule(top_level_is_closed, &files, &[("docs/a.md:1", "find docs a place")]);
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
            ("crates/x/src/util.rs:1", "`util` could be anything"),
            ("crates/x/src/common/lens.rs:1", "`common` could be anything"),
        ];
        check_rule(names_say_something, &files, &expect);
    }
}
