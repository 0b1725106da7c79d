//! Rules for lock files, including those of workspaces that the tests don't build.

use std::collections::HashSet;

use super::Violation;
use super::tree::{File, Tree};

/// The only allowed source of packages.
const SOURCE: &str = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";

const PACKAGE: &str = "[[package]]";

pub(super) fn one_package_source(tree: &Tree) -> Vec<Violation> {
    let foreign = |lock: &File| {
        let lines = lock.text.lines().enumerate();
        let foreign = lines.filter(|(_, line)| line.starts_with("source = ") && *line != SOURCE);
        let remedy = "use only the default registry, under its own name";
        let found = foreign.map(|(index, _)| lock.violation(index + 1, "package source", remedy));
        found.collect::<Vec<_>>()
    };
    locks(tree).flat_map(foreign).collect()
}

/// A merge can leave a package in a lock file twice. Cargo then rejects the file.
pub(super) fn no_duplicate_packages(tree: &Tree) -> Vec<Violation> {
    let duplicates = |lock: &File| {
        let lines: Vec<&str> = lock.text.lines().collect();
        let mut seen = HashSet::new();
        let starts = (0..lines.len()).filter(|&index| lines[index] == PACKAGE);
        let duplicates = starts.filter(|&start| {
            let about: Vec<&str> =
                lines[start + 1..].iter().take_while(|line| is_identity(line)).copied().collect();
            !seen.insert(about)
        });
        let remedy = "remove one of the two equal packages";
        let found = duplicates.map(|index| lock.violation(index + 1, "duplicate package", remedy));
        found.collect::<Vec<_>>()
    };
    locks(tree).flat_map(duplicates).collect()
}

fn locks(tree: &Tree) -> impl Iterator<Item = &File> {
    tree.files.iter().filter(|file| file.path.rsplit('/').next() == Some("Cargo.lock"))
}

/// Whether a line of a lock file is part of a package's identity.
fn is_identity(line: &str) -> bool {
    ["name = ", "version = ", "source = "].iter().any(|start| line.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tests::check_rule;

    #[test]
    fn a_lock_file_has_one_source() {
        let lock = format!("name = \"a\"\n{SOURCE}\nname = \"b\"\nsource = \"git+https://x/b\"\n");
        let files = [("Cargo.lock", lock.as_str()), ("notes.md", "source = \"git+x\"\n")];
        check_rule(one_package_source, &files, &[("Cargo.lock:4", "default registry")]);
    }

    #[test]
    fn a_lock_file_lists_a_package_once() {
        let package = |name: &str, version: &str| {
            format!(
                "{PACKAGE}\nname = \"{name}\"\nversion = \"{version}\"\n{SOURCE}\nchecksum = \"0\"\n\n"
            )
        };
        let two_versions = package("a", "1.0.0") + &package("a", "2.0.0");
        let twice = two_versions.clone() + &package("a", "1.0.0");
        let files = [("Cargo.lock", two_versions.as_str()), ("peers/Cargo.lock", &twice)];
        check_rule(no_duplicate_packages, &files, &[("peers/Cargo.lock:13", "remove one")]);
    }
}
