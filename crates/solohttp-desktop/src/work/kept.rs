//! The file with the outcomes that nobody has seen: a line for each, with its kind, its name and
//! its texts, separated by tabs. Jobs that are running are in it as interrupted, which is what they
//! are if the program crashes.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::PathBuf;

use solohttp_core::private_file;

use super::list::End;

/// The most that is read. A file of ours is longer only if messages are.
const LARGEST: u64 = 1 << 20;

#[derive(Debug)]
pub(super) struct Kept {
    file: PathBuf,
    is_there: bool,
}

impl Kept {
    /// Reads the outcomes of earlier runs. What can't be read is left out.
    pub(super) fn open(file: PathBuf) -> (Self, Vec<(String, End)>) {
        let mut text = Vec::new();
        let read = fs::File::open(&file).and_then(|open| open.take(LARGEST).read_to_end(&mut text));
        let is_there = match read {
            Ok(_) => true,
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            Err(error) => {
                let path = file.display();
                log::warn!(target: "solohttp", "cannot read the outcomes of earlier jobs in {path}: {error}");
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
                log::warn!(target: "solohttp", "cannot keep the outcomes of jobs in {path}: {error}");
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

/// Writes `%`, tabs and the ends of lines as `%` and two digits.
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
