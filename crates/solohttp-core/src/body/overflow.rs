//! Reduces a multipart form that is too large.
//!
//! Browsers send a form as a whole, and the user should get it back with an error next to the file
//! that is too large. Such a body is therefore read to its end. Text and the files that fit are
//! stored. For other files, only the length is kept. The result is a form with the same parts, in
//! which those files are empty.

use super::Body;
use super::multipart::Multipart;
use super::spool::size;
use crate::error::Rejection;
use crate::wire::framing::too_large;

/// An uploaded file that was not stored, because it was too large.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Oversized {
    /// The name of the form control.
    pub field: String,
    /// The file name as sent. Don't use it as a path.
    pub raw_file_name: String,
    /// The size in bytes.
    pub len: u64,
    /// The maximum total size of all files in the form, in bytes.
    pub limit: u64,
    /// The index of the file's part in the body.
    pub(crate) part: usize,
}

/// A received body, possibly reduced.
#[derive(Debug)]
pub(crate) struct Received {
    pub(crate) body: Body,
    /// The number of bytes received.
    pub(crate) len: u64,
    /// The files that were not stored, in order.
    pub(crate) oversized: Vec<Oversized>,
}

impl Received {
    /// Returns what a server with this limit would have received.
    pub(crate) fn within(
        max: u64,
        parts: usize,
        kind: &str,
        body: Vec<u8>,
    ) -> Result<Self, Rejection> {
        let len = size(body.len());
        if len <= max {
            return Ok(body.into());
        }
        let mut overflow = Overflow::new(kind, parts, max).ok_or_else(|| too_large(max))?;
        let mut stored: Vec<u8> = Vec::new();
        overflow.feed(&body, &mut stored)?;
        Ok(Self { oversized: overflow.finish()?, body: stored.into(), len })
    }
}

impl From<Vec<u8>> for Received {
    fn from(whole: Vec<u8>) -> Self {
        Self { len: size(whole.len()), body: whole.into(), oversized: Vec::new() }
    }
}

/// Storage for a body.
pub(crate) trait Store {
    fn push(&mut self, bytes: &[u8]) -> Result<(), Rejection>;
    fn len(&self) -> u64;
    /// Truncates to a length.
    fn truncate(&mut self, len: u64) -> Result<(), Rejection>;
}

#[derive(Debug)]
pub(crate) struct Overflow {
    scanner: Multipart,
    /// Maximum total size of the files. The rest of the form has the same limit.
    max: u64,
    /// Total size of the stored files.
    files: u64,
    /// Start of the current file's content in the store.
    file: Option<u64>,
    is_dropping: bool,
    /// The part indices of the dropped files.
    dropped: Vec<usize>,
}

impl Overflow {
    /// Prepares for a body with this `Content-Type`. Returns `None` if it isn't a multipart form.
    pub(crate) fn new(kind: &str, parts: usize, max: u64) -> Option<Self> {
        let essence = kind.split(';').next().unwrap_or_default().trim();
        let is_form = essence.eq_ignore_ascii_case("multipart/form-data");
        let scanner = is_form.then(|| Multipart::new(kind, parts).ok())??;
        Some(Self { scanner, max, files: 0, file: None, is_dropping: false, dropped: Vec::new() })
    }

    /// Processes bytes of the body, in pieces of any size.
    pub(crate) fn feed(&mut self, bytes: &[u8], store: &mut dyn Store) -> Result<(), Rejection> {
        let mut rest = bytes;
        // Bytes after the last part are ignored. There could be many.
        while !rest.is_empty() && !self.scanner.is_at_end() {
            let parts = self.scanner.parts().len();
            let used = self.scanner.step(rest)?;
            let has_ended = self.scanner.parts().len() > parts;
            if !self.is_dropping {
                store.push(&rest[..used])?;
                self.note(has_ended, store);
                self.check(store)?;
            } else if has_ended {
                // The delimiter after a dropped file must still be stored.
                store.push(self.scanner.delimiter())?;
                store.push(if self.scanner.is_at_end() { b"--" } else { b"\r\n" })?;
                (self.is_dropping, self.file) = (false, None);
            }
            rest = &rest[used..];
        }
        Ok(())
    }

    /// Tracks the current file's position in the store.
    fn note(&mut self, has_ended: bool, store: &dyn Store) {
        if has_ended
            && let Some(part) = self.scanner.parts().last()
            && self.file.take().is_some()
        {
            self.files += part.content.end - part.content.start;
        }
        if self.file.is_none() && self.scanner.file_len().is_some() {
            self.file = Some(store.len());
        }
    }

    fn check(&mut self, store: &mut dyn Store) -> Result<(), Rejection> {
        let file = self.scanner.file_len().unwrap_or_default();
        if let Some(start) = self.file
            && self.files + file > self.max
        {
            self.dropped.push(self.scanner.parts().len());
            self.is_dropping = true;
            return store.truncate(start);
        }
        // A form with too much text can't be shown again, so it is rejected.
        let files = self.files + file + self.scanner.pending();
        if store.len().saturating_sub(files) > self.max {
            return Err(too_large(self.max));
        }
        Ok(())
    }

    /// Returns the dropped files. Call this once the body is complete.
    pub(crate) fn finish(self) -> Result<Vec<Oversized>, Rejection> {
        let limit = self.max;
        let parts = self.scanner.finish()?;
        let oversized = self.dropped.into_iter().filter_map(|number| {
            let part = parts.get(number)?;
            Some(Oversized {
                field: part.name.clone(),
                raw_file_name: part.file_name.clone().unwrap_or_default(),
                len: part.content.end - part.content.start,
                limit,
                part: number,
            })
        });
        Ok(oversized.collect())
    }
}

/// Stores a body in memory, for tests.
impl Store for Vec<u8> {
    fn push(&mut self, bytes: &[u8]) -> Result<(), Rejection> {
        self.extend_from_slice(bytes);
        Ok(())
    }

    fn len(&self) -> u64 {
        size(self.as_slice().len())
    }

    fn truncate(&mut self, len: u64) -> Result<(), Rejection> {
        self.truncate(usize::try_from(len).expect("a length of bytes in memory fits"));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TYPE: &str = "multipart/form-data; boundary=B";

    fn text(name: &str, value: &str) -> String {
        format!("--B\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    }

    fn file(name: &str, content: &str) -> String {
        let disposition = format!("form-data; name=\"{name}\"; filename=\"{name}.png\"");
        format!("--B\r\nContent-Disposition: {disposition}\r\n\r\n{content}\r\n")
    }

    /// The stored parts, and the dropped files with their lengths.
    type Kept = (Vec<(String, String)>, Vec<(String, u64)>);

    fn reduce(body: &str, max: u64, piece: usize) -> Result<Kept, u16> {
        let status = |rejection: Rejection| rejection.status().as_u16();
        let mut overflow = Overflow::new(TYPE, 100, max).unwrap();
        let mut store = Vec::new();
        for bytes in body.as_bytes().chunks(piece) {
            overflow.feed(bytes, &mut store).map_err(status)?;
            assert!(store.len() <= 2 * usize::try_from(max).unwrap() + piece.max(100));
        }
        let dropped = overflow.finish().map_err(status)?;
        let mut parts = Multipart::new(TYPE, 100).unwrap();
        parts.feed(&store).unwrap();
        let text = |part: &super::super::multipart::Part| {
            let at = |at: u64| usize::try_from(at).unwrap();
            String::from_utf8(store[at(part.content.start)..at(part.content.end)].to_vec()).unwrap()
        };
        let parts = parts.finish().unwrap();
        Ok((
            parts.iter().map(|part| (part.name.clone(), text(part))).collect(),
            dropped.into_iter().map(|file| (file.field, file.len)).collect(),
        ))
    }

    /// Feeds the body in pieces of every size.
    fn check(body: &str, max: u64, kept: &[(&str, &str)], dropped: &[(&str, u64)]) {
        let owned = |(name, text): &(&str, &str)| ((*name).to_owned(), (*text).to_owned());
        let expect: Kept = (
            kept.iter().map(owned).collect(),
            dropped.iter().map(|(name, len)| ((*name).to_owned(), *len)).collect(),
        );
        for piece in 1..=body.len() {
            assert_eq!(reduce(body, max, piece), Ok(expect.clone()), "pieces of {piece}");
        }
    }

    const END: &str = "--B--\r\n";

    #[test]
    fn stores_text_and_files_that_fit_in_any_order() {
        let large = "x".repeat(500);
        let body =
            [text("a", "1"), file("big", &large), file("ok", "small"), text("b", "2"), END.into()];
        check(
            &body.concat(),
            300,
            &[("a", "1"), ("big", ""), ("ok", "small"), ("b", "2")],
            &[("big", 500)],
        );
        let body = [file("one", &large), file("two", &large), text("z", "3"), END.into()].concat();
        check(&body, 300, &[("one", ""), ("two", ""), ("z", "3")], &[("one", 500), ("two", 500)]);
        check(&body, 600, &[("one", &large), ("two", ""), ("z", "3")], &[("two", 500)]);
    }

    #[test]
    fn drops_a_last_file_and_one_full_of_near_delimiters() {
        let near = "\r\n--B\r\r\n--C\r\n--B-x\r\n-".repeat(20);
        let body = [text("a", "1"), file("big", &near), END.into()].concat();
        check(&body, 200, &[("a", "1"), ("big", "")], &[("big", size(near.len()))]);
        let exact = "x".repeat(200);
        let body = [file("fits", &exact), END.into()].concat();
        assert_eq!(reduce(&body, 200, body.len()).unwrap().1, []);
        check(&[file("empty", ""), END.into()].concat(), 200, &[("empty", "")], &[]);
    }

    #[test]
    fn ignores_bytes_after_the_form() {
        let body = [text("a", "1"), END.into(), "y".repeat(5_000)].concat();
        check(&body, 200, &[("a", "1")], &[]);
    }

    #[test]
    fn rejects_text_over_the_limit_and_a_truncated_form() {
        let long = [text("a", &"x".repeat(500)), END.into()].concat();
        assert_eq!(reduce(&long, 200, 50), Err(413));
        let cut = file("big", &"x".repeat(500));
        assert_eq!(reduce(&cut, 200, 50), Err(400));
        assert!(Overflow::new("text/plain", 100, 10).is_none());
        assert!(Overflow::new("multipart/form-data", 100, 10).is_none());
    }

    proptest! {
        /// The result doesn't depend on how the body is split. It differs from the result with a
        /// larger limit only in the dropped files.
        #[test]
        fn the_result_depends_only_on_the_form(
            contents in prop::collection::vec(("[ft]", "(\r|\n|-|B|x){0,60}"), 0..6),
            max in 100..400_u64,
            piece in 1..50_usize,
        ) {
            let parts = contents.iter().enumerate().map(|(number, (kind, content))| {
                let name = format!("p{number}");
                if kind == "f" { file(&name, content) } else { text(&name, content) }
            });
            let body = parts.chain([END.to_owned()]).collect::<String>();
            let (small, whole) = (reduce(&body, max, piece), reduce(&body, 1 << 20, body.len()));
            prop_assert_eq!(&small, &reduce(&body, max, body.len()));
            if let (Ok((kept, dropped)), Ok((all, _))) = (small, whole) {
                prop_assert_eq!(kept.len(), all.len());
                for (kept, (name, content)) in kept.iter().zip(&all) {
                    let is_dropped = dropped.iter().any(|(field, len)| {
                        field == name && *len == size(content.len())
                    });
                    prop_assert_eq!(&kept.0, name);
                    prop_assert_eq!(&kept.1, if is_dropped { "" } else { content });
                }
            }
        }
    }
}
