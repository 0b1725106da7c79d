//! The file with the outcomes that no page has shown yet. Each line has an outcome's kind, name and
//! messages, separated by tabs. Running jobs are stored as interrupted, in case the program
//! crashes.
//!
//! The list stores its outcomes here, so this file and `list.rs` import each other.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::PathBuf;

use solohttp_core::private_file;

use super::list::End;

/// The maximum number of bytes to read. The file can only be larger if messages are very long.
const LARGEST: u64 = 1 << 20;

#[derive(Debug)]
pub(super) struct Kept {
    file: PathBuf,
    is_there: bool,
}

impl Kept {
    /// Reads the outcomes of earlier runs. Lines that can't be parsed are skipped.
    pub(super) fn open(file: PathBuf) -> (Self, Vec<(String, End)>) {
        let mut text = Vec::new();
        let read = fs::File::open(&file).and_then(|open| open.take(LARGEST).read_to_end(&mut text));
        let is_there = match read {
            Ok(_) => true,
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            Err(error) => {
                let path = file.display();
                log::warn!(
                    target: "solohttp",
                    "cannot read the outcomes of earlier jobs from {path}: {error}"
                );
                false
            }
        };
        let outcomes = String::from_utf8_lossy(&text).lines().filter_map(parse).collect();
        (Self { file, is_there }, outcomes)
    }

    /// Replaces the file, or removes it if there is nothing to keep.
    pub(super) fn save<'a>(&mut self, outcomes: impl Iterator<Item = (&'a str, &'a End)>) {
        let mut text = String::new();
        for (name, end) in outcomes {
            encode(name, end, &mut text);
        }
        if text.is_empty() && !self.is_there {
            return;
        }
        match self.replace(&text) {
            Ok(()) => self.is_there = !text.is_empty(),
            Err(error) => {
                let path = self.file.display();
                log::warn!(
                    target: "solohttp",
                    "cannot save the outcomes of jobs to {path}: {error}"
                );
            }
        }
    }

    fn replace(&self, text: &str) -> io::Result<()> {
        if text.is_empty() {
            return remove(&self.file);
        }
        // A crash leaves either the old or the new file.
        let new = self.file.with_extension("new");
        remove(&new)?;
        private_file::create_new(&new)?.write_all(text.as_bytes())?;
        fs::rename(&new, &self.file)
    }
}

fn remove(file: &PathBuf) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn encode(name: &str, end: &End, out: &mut String) {
    let (kind, texts): (_, &[String]) = match end {
        End::Done(text) => ("done", std::slice::from_ref(text)),
        End::Cancelled => ("cancelled", &[]),
        End::Interrupted => ("interrupted", &[]),
        End::Failed { message, causes } => {
            let texts: Vec<&str> =
                std::iter::once(message).chain(causes).map(String::as_str).collect();
            return encode_line("failed", name, &texts, out);
        }
        End::Panicked(message) => ("panicked", std::slice::from_ref(message)),
    };
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    encode_line(kind, name, &texts, out);
}

fn encode_line(kind: &str, name: &str, texts: &[&str], out: &mut String) {
    out.push_str(kind);
    for text in std::iter::once(&name).chain(texts) {
        out.push('\t');
        escape(text, out);
    }
    out.push('\n');
}

fn parse(line: &str) -> Option<(String, End)> {
    let mut fields = line.split('\t');
    let kind = fields.next()?;
    let mut texts = fields.map(unescape);
    let name = texts.next()?;
    let end = match kind {
        "done" => End::Done(texts.next()?),
        "cancelled" => End::Cancelled,
        "interrupted" => End::Interrupted,
        "failed" => End::Failed { message: texts.next()?, causes: texts.collect() },
        "panicked" => End::Panicked(texts.next()?),
        _ => return None,
    };
    Some((name, end))
}

/// Percent-encodes `%`, tabs and line breaks.
fn escape(text: &str, out: &mut String) {
    for char in text.chars() {
        match char {
            '%' | '\t' | '\n' | '\r' => {
                // Writing to a string can't fail.
                let _ = write!(out, "%{:02X}", u32::from(char));
            }
            char => out.push(char),
        }
    }
}

fn unescape(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}
