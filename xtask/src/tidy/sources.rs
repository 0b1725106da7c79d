//! Rules for source files: short, documented, finished.

use super::Violation;
use super::tree::{Tree, has_word};

/// The maximum number of lines in a library file, not counting tests.
const MAX_LINES: usize = 400;

/// Unfinished code, or code that panics where it should return an error.
const UNFINISHED: &[(&str, &str)] = &[
    (".unwrap()", "say with `expect` why it can't fail, or return the error"),
    ("todo!", "finish it"),
    ("unimplemented!", "finish it, or leave it out"),
];

/// Markers for unfinished work.
const NOTES: &[&str] = &["TODO", "FIXME", "XXX"];

/// Folders whose Rust files must start with module docs.
const INTRODUCED: &[&str] = &["crates/", "examples/", "tests/", "xtask/"];

/// How a file may start. The crate `solohttp` includes its README instead.
const OPENINGS: [&str; 2] = ["//!", "#![doc = include_str!("];

pub(super) fn files_are_short(tree: &Tree) -> Vec<Violation> {
    let long = tree.library().filter_map(|file| {
        let lines = file.library_lines().count();
        let remedy = format!("{lines} lines without tests, at most {MAX_LINES}: split it");
        (lines > MAX_LINES).then(|| file.violation(MAX_LINES + 1, "file size", remedy))
    });
    long.collect()
}

pub(super) fn files_say_what_they_own(tree: &Tree) -> Vec<Violation> {
    let silent = tree.files.iter().filter(|file| {
        let is_ours = INTRODUCED.iter().any(|folder| file.path.starts_with(folder));
        is_ours && file.is_rust() && !OPENINGS.iter().any(|opening| file.text.starts_with(opening))
    });
    let remedy = "start with `//!` lines that say what the file owns";
    silent.map(|file| file.violation(1, "module docs", remedy)).collect()
}

pub(super) fn library_code_is_finished(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for file in tree.library() {
        for (number, code) in file.library_code() {
            for (text, remedy) in UNFINISHED.iter().filter(|(text, _)| code.contains(text)) {
                violations.push(file.violation(
                    number,
                    "unfinished",
                    format!("`{text}`: {remedy}"),
                ));
            }
        }
        for (number, line) in file.library_lines() {
            for word in NOTES.iter().filter(|word| has_word(line, word)) {
                let remedy = format!("`{word}`: do it, or describe the present state");
                violations.push(file.violation(number, "unfinished", remedy));
            }
        }
    }
    violations
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tests::check_rule;

    #[test]
    fn library_files_have_at_most_400_lines() {
        let lines = |count: usize| "x\n".repeat(count);
        let (most, more) = (lines(400), lines(401));
        let tested = lines(390) + "#[cfg(test)]\nmod tests {\n" + &lines(300);
        let files = [
            ("crates/x/src/most.rs", most.as_str()),
            ("crates/x/src/more.rs", &more),
            ("crates/x/src/tested.rs", &tested),
            ("crates/x/src/tests.rs", &more),
            ("xtask/src/more.rs", &more),
        ];
        check_rule(files_are_short, &files, &[("crates/x/src/more.rs:401", "401 lines")]);
    }

    #[test]
    fn sources_start_with_module_docs() {
        let files = [
            ("crates/x/src/a.rs", "//! Owns.\n"),
            ("crates/x/src/b.rs", "\n//! Owns.\n"),
            ("examples/c.rs", "fn main() {}\n"),
            ("examples/c.html", "<p>"),
        ];
        let expect =
            [("crates/x/src/b.rs:1", "start with `//!`"), ("examples/c.rs:1", "start with `//!`")];
        check_rule(files_say_what_they_own, &files, &expect);
    }

    #[test]
    fn library_code_is_finished_and_its_tests_may_unwrap() {
        let source = "//! `.unwrap()` may be spoken of.\n\
            let a = b.unwrap();\n\
            todo!()\n\
            // TODO: more, but todo! is a word too\n\
            let todo = TODOS; // FIXME\n\
            #[cfg(test)]\nmod tests {\nb.unwrap() // TODO\n";
        let files = [("crates/x/src/a.rs", source), ("xtask/src/a.rs", source)];
        let expect = [
            ("crates/x/src/a.rs:2", "`.unwrap()`: say with `expect`"),
            ("crates/x/src/a.rs:3", "`todo!`: finish it"),
            ("crates/x/src/a.rs:4", "`TODO`"),
            ("crates/x/src/a.rs:5", "`FIXME`"),
        ];
        check_rule(library_code_is_finished, &files, &expect);
    }
}
