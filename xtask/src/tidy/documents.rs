//! Rules for the Markdown files: their code compiles, and the paths they name exist.

use super::Violation;
use super::tree::{File, Tree};

/// The documents that name files in the workspace.
const MAPS: &[&str] = &["ARCHITECTURE.md", "CONTRIBUTING.md"];

/// Checks that each path in backticks exists. It may be a file, `x/y.rs`, or a folder, `x/`,
/// relative to any folder, because the tables leave out `crates/NAME/src/`.
pub(super) fn named_paths_exist(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for map in MAPS.iter().filter_map(|path| tree.file(path)) {
        for (index, line) in map.text.lines().enumerate() {
            let paths = line.split('`').skip(1).step_by(2).filter(|quoted| is_path(quoted));
            for path in paths.filter(|path| !exists(tree, path)) {
                let remedy = format!("the workspace has no file or folder {path}");
                violations.push(map.violation(index + 1, "path", remedy));
            }
        }
    }
    violations
}

fn is_path(quoted: &str) -> bool {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"_-./".contains(&byte);
    let ends_as_path = [".rs", ".md", ".toml", "/"].iter().any(|end| quoted.ends_with(end));
    ends_as_path && quoted.bytes().all(is_name)
}

fn exists(tree: &Tree, path: &str) -> bool {
    let within = format!("/{path}");
    let is_it = |file: &File| match path.ends_with('/') {
        true => file.path.starts_with(path) || file.path.contains(&within),
        false => file.path == path || file.path.ends_with(&within),
    };
    tree.files.iter().any(is_it)
}

/// Checks that each README with Rust code is a doc test of its library, so that the code is
/// compiled.
pub(super) fn readmes_are_compiled(tree: &Tree) -> Vec<Violation> {
    let shown = tree.files.iter().filter(|file| file.text.contains("```rust"));
    let readmes = shown.filter_map(|file| {
        let folder = file.path.strip_suffix("README.md")?;
        // The top-level README belongs to the crate `solohttp`.
        match folder {
            "" => Some((file, "crates/solohttp/", "../../../README.md")),
            _ if folder.starts_with("crates/") => Some((file, folder, "../README.md")),
            _ => None,
        }
    });
    readmes
        .filter(|(_, folder, include)| {
            !includes(tree.file(&format!("{folder}src/lib.rs")), include)
        })
        .map(|(file, folder, include)| {
            let include = format!("#[doc = include_str!(\"{include}\")]");
            let remedy =
                format!("put {include} into {folder}src/lib.rs, on a `#[cfg(doctest)]` item");
            file.violation(file.line_of("```rust"), "README", remedy)
        })
        .collect()
}

fn includes(library: Option<&File>, path: &str) -> bool {
    let include = format!("doc = include_str!(\"{path}\")");
    library.is_some_and(|file| file.text.contains(&include))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tests::check_rule;

    #[test]
    fn documents_name_files_that_exist() {
        let map = "`wire/head.rs` `conn/` `crates/a/` `Cargo.toml`\n`head.rs` `x/head.rs` `ead.rs` `con/`\n\
                   `cargo run` `/task/7/edit` `a/{b}/`\n";
        let files = [
            ("ARCHITECTURE.md", map),
            ("README.md", "`gone.rs`"),
            ("Cargo.toml", ""),
            ("crates/a/src/wire/head.rs", ""),
            ("crates/a/src/conn/body.rs", ""),
        ];
        let line = "ARCHITECTURE.md:2";
        let expect = [(line, "con/"), (line, "ead.rs"), (line, "x/head.rs")];
        let mut found = named_paths_exist(&Tree::of(&files));
        found.sort();
        let found: Vec<_> = found.iter().map(ToString::to_string).collect();
        assert_eq!(found.len(), expect.len(), "{found:?}");
        for (found, (place, path)) in found.iter().zip(expect) {
            assert!(found.starts_with(place) && found.ends_with(path), "{found}");
        }
    }

    #[test]
    fn a_readme_with_code_is_a_doc_test() {
        let code = "# X\n```rust\nfn main() {}\n```\n";
        let root = "#![doc = include_str!(\"../../../README.md\")]\n";
        check_rule(
            readmes_are_compiled,
            &[("README.md", code), ("crates/solohttp/src/lib.rs", root)],
            &[],
        );
        check_rule(
            readmes_are_compiled,
            &[
                ("README.md", code),
                ("crates/solohttp/src/lib.rs", "//! X"),
                ("crates/solohttp-forms/README.md", code),
                ("crates/solohttp-forms/src/lib.rs", root),
                ("crates/solohttp-router/README.md", "# Prose"),
                ("examples/datebook/README.md", code),
            ],
            &[
                ("README.md:2", "into crates/solohttp/src/lib.rs"),
                ("crates/solohttp-forms/README.md:2", "into crates/solohttp-forms/src/lib.rs"),
            ],
        );
    }
}
