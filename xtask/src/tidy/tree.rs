//! The files that git tracks or would add, with their text. Separates Rust code from comments and
//! tests.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::Violation;
use crate::failure::Failure;

/// The text files of the workspace.
#[derive(Debug, Default)]
pub(super) struct Tree {
    pub(super) files: Vec<File>,
}

/// One file. Its path is relative to the root, with `/` on every system.
#[derive(Debug)]
pub(super) struct File {
    pub(super) path: String,
    /// Empty if the file isn't UTF-8.
    pub(super) text: String,
}

/// The line at which the library part of a file ends.
const TEST_MARK: &str = "#[cfg(test)]";

impl Tree {
    /// Lists untracked files too, so that violations show before a commit.
    pub(super) fn load(root: &Path) -> Result<Self, Failure> {
        let git = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"];
        let failed = |what: String| Failure::Files(what);
        let output = Command::new("git").args(git).current_dir(root).output();
        let output = output.map_err(|error| failed(error.to_string()))?;
        if !output.status.success() {
            return Err(failed(String::from_utf8_lossy(&output.stderr).into_owned()));
        }
        let names = String::from_utf8(output.stdout).map_err(|error| failed(error.to_string()))?;
        let mut tree = Self::default();
        for path in names.split_terminator('\0') {
            // Git also lists files whose deletion isn't committed yet.
            if let Ok(bytes) = fs::read(root.join(path)) {
                let text = String::from_utf8(bytes).unwrap_or_default();
                tree.files.push(File { path: path.to_owned(), text });
            }
        }
        Ok(tree)
    }

    /// Returns the file with this path.
    pub(super) fn file(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }

    /// The sources of the library crates, `crates/*/src/**/*.rs`, without test-only files.
    pub(super) fn library(&self) -> impl Iterator<Item = &File> {
        self.files.iter().filter(|file| file.is_library())
    }

    #[cfg(test)]
    pub(super) fn of(files: &[(&str, &str)]) -> Self {
        let file =
            |&(path, text): &(&str, &str)| File { path: path.to_owned(), text: text.to_owned() };
        Self { files: files.iter().map(file).collect() }
    }
}

impl File {
    pub(super) fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    fn is_library(&self) -> bool {
        let mut parts = self.path.split('/');
        let is_source = parts.next() == Some("crates") && parts.nth(1) == Some("src");
        is_source && self.is_rust() && !parts.any(|part| part == "tests" || part == "tests.rs")
    }

    /// The lines before the tests, numbered from 1. A line `mod tests;` belongs to the library, as
    /// do the lines after it.
    pub(super) fn library_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let mut lines = self.text.lines().enumerate().peekable();
        std::iter::from_fn(move || {
            let (index, line) = lines.next()?;
            let is_test = line.trim() == TEST_MARK;
            let declares_file = lines.peek().is_some_and(|(_, next)| next.trim().ends_with(';'));
            (!is_test || declares_file).then_some((index + 1, line))
        })
    }

    /// The library lines without their comments.
    pub(super) fn library_code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.library_lines().map(|(number, line)| (number, &line[..comment_start(line)]))
    }

    /// The number of the first line with `text`, or 1.
    pub(super) fn line_of(&self, text: &str) -> usize {
        self.text.lines().position(|line| line.contains(text)).map_or(1, |index| index + 1)
    }

    pub(super) fn violation(
        &self,
        line: usize,
        rule: &'static str,
        remedy: impl Into<String>,
    ) -> Violation {
        Violation { file: self.path.clone(), line, rule, remedy: remedy.into() }
    }
}

/// The position of a `//` that isn't inside a string.
fn comment_start(line: &str) -> usize {
    let bytes = line.as_bytes();
    let (mut at, mut in_string) = (0, false);
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if in_string => at += 1,
            b'"' if !line[..at].ends_with('\'') => in_string = !in_string,
            b'/' if !in_string && bytes.get(at + 1) == Some(&b'/') => return at,
            _ => {}
        }
        at += 1;
    }
    line.len()
}

/// Whether `text` contains `word` with no letter, digit or `_` next to it.
pub(super) fn has_word(text: &str, word: &str) -> bool {
    let is_part = |character: char| character.is_alphanumeric() || character == '_';
    text.match_indices(word).any(|(start, _)| {
        let before = text[..start].chars().next_back();
        let after = text[start + word.len()..].chars().next();
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_starts_outside_strings() {
        let check = |line: &str, code: &str| assert_eq!(&line[..comment_start(line)], code);
        check("let a = 1; // one", "let a = 1; ");
        check("/// all of it", "");
        check(r#"let u = "http://x"; // y"#, r#"let u = "http://x"; "#);
        check(r#"let q = "\"// no"; // y"#, r#"let q = "\"// no"; "#);
        check("let q = '\"'; // y", "let q = '\"'; ");
        check("a / b", "a / b");
    }

    #[test]
    fn has_word_matches_whole_words() {
        assert!(has_word("use mio::Poll;", "mio") && has_word("(mio)", "mio"));
        assert!(!has_word("mion amio my_mio", "mio"));
    }

    #[test]
    fn the_library_ends_where_tests_begin() {
        let check = |text: &str, expect: &[usize]| {
            let file = File { path: String::new(), text: text.to_owned() };
            let lines: Vec<usize> = file.library_lines().map(|(number, _)| number).collect();
            assert_eq!(lines, expect, "{text}");
        };
        check("a\nb\n", &[1, 2]);
        check("a\n#[cfg(test)]\nmod tests {\n}\n", &[1]);
        check("#[cfg(test)]\nmod tests;\nb\n", &[1, 2, 3]);
    }

    #[test]
    fn only_sources_of_crates_are_library_code() {
        let check = |path: &str, expect: bool| {
            let file = File { path: path.to_owned(), text: String::new() };
            assert_eq!(file.is_library(), expect, "{path}");
        };
        check("crates/solohttp-core/src/lib.rs", true);
        check("crates/solohttp-core/src/body/spool.rs", true);
        check("crates/solohttp-core/src/body/tests.rs", false);
        check("crates/solohttp-core/src/tests/conn.rs", false);
        check("crates/solohttp-core/tests/lib.rs", false);
        check("crates/solohttp-core/src/page.html", false);
        check("xtask/src/lib.rs", false);
    }

    #[test]
    fn git_lists_files_of_the_workspace() {
        let tree = Tree::load(Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()).unwrap();
        assert!(tree.file("xtask/src/tidy/tree.rs").unwrap().text.contains("git_lists_files"));
        assert!(tree.files.iter().all(|file| !file.path.starts_with("target/")));
    }
}
