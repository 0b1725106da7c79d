//! The rule that certain outside crates are used in only one place.

use super::Violation;
use super::tree::{Tree, has_word};

/// Outside crates, each with the modules whose code may name it. A module is a file and the folder
/// of the same name.
const OWNERS: &[(&str, &[&str])] = &[
    ("ctrlc", &["crates/solohttp-core/src/server/signals"]),
    ("html5gum", &["crates/solohttp-core/src/testing/page/document"]),
    ("httparse", &["crates/solohttp-core/src/wire/head"]),
    ("mio", &["crates/solohttp-core/src/event_loop"]),
    // The umbrella's own code uses it through the guard's re-export.
    (
        "rusqlite",
        &[
            "crates/solohttp/src/app",
            "crates/solohttp/src/prelude",
            "crates/solohttp-sqlite-guard/src",
        ],
    ),
    ("signal_hook", &["crates/solohttp-core/src/server/signals"]),
];

pub(super) fn one_owner_per_outside_crate(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for file in tree.library() {
        let foreign =
            OWNERS.iter().filter(|(_, owners)| !owners.iter().any(|o| is_in(&file.path, o)));
        for (name, owners) in foreign {
            let named = file.library_code().filter(|(_, code)| has_word(code, name));
            let remedy = format!("only {} may name {name}", owners.join(" and "));
            violations
                .extend(named.map(|(line, _)| file.violation(line, "owner", remedy.as_str())));
        }
    }
    violations
}

fn is_in(path: &str, owner: &str) -> bool {
    let rest = path.strip_prefix(owner);
    rest.is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tests::check_rule;

    #[test]
    fn only_owners_name_outside_crates() {
        let files = [
            ("crates/solohttp-core/src/event_loop.rs", "use mio::Poll;\n"),
            ("crates/solohttp-core/src/event_loop/poll.rs", "use mio::Poll;\n"),
            ("crates/solohttp-core/src/event_loops.rs", "use mio::Poll;\n"),
            ("crates/solohttp-core/src/wire/head.rs", "// Not mio's.\nuse httparse::{Request};\n"),
            ("crates/solohttp-core/src/conn.rs", "\nuse httparse as h;\n"),
            ("crates/solohttp-sqlite-guard/src/watch.rs", "use rusqlite::hooks;\n"),
            ("crates/solohttp/src/app.rs", "use solohttp_sqlite_guard::rusqlite;\n"),
            ("crates/solohttp/src/lib.rs", "//! rusqlite\npub use rusqlite;\n"),
        ];
        let expect = [
            ("crates/solohttp-core/src/event_loops.rs:1", "src/event_loop may name mio"),
            ("crates/solohttp-core/src/conn.rs:2", "src/wire/head may name httparse"),
            ("crates/solohttp/src/lib.rs:2", "solohttp-sqlite-guard/src may name rusqlite"),
        ];
        check_rule(one_owner_per_outside_crate, &files, &expect);
    }
}
