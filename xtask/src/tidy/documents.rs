//! What the pages beside the code promise must hold.

use super::Violation;
use super::tree::{File, Tree};

/// Each README with Rust code is a doc test of the library it introduces, so that what it shows
/// compiles.
pub(super) fn readmes_are_compiled(tree: &Tree) -> Vec<Violation> {
    let shown = tree.files.iter().filter(|file| file.text.contains("```rust"));
    let readmes = shown.filter_map(|file| {
        let folder = file.path.strip_suffix("README.md")?;
        // The one at the top introduces the umbrella.
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
