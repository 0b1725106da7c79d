//! A multi-part form that is larger than what may be kept, reduced to what is kept of it.
//!
//! A browser sends a form whole, whatever its size, and whoever filled it in should get it back with
//! a mistake at the file that is too large. So such a body is read to its end: text and the files
//! that fit stay, and of a file that doesn't, only the length. What is kept is a form of the same
//! parts, in which those files are empty.

use super::Body;
use super::multipart::Multipart;
use super::spool::size;
use crate::error::Rejection;
use crate::wire::framing::too_large;

/// A file that was sent with a form and was too large to keep.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Oversized {
    /// The name of the control that it was chosen in.
    pub field: String,
    /// The name of the file as sent; not to be used as a path.
    pub raw_file_name: String,
    /// How many bytes it had.
    pub len: u64,
    /// How many bytes of files may be kept, all files of the form together.
    pub limit: u64,
    /// Which part of the body it is.
    pub(crate) part: usize,
}

/// A body that has arrived, as far as it was kept.
#[derive(Debug)]
pub(crate) struct Received {
    pub(crate) kept: Body,
    /// How many bytes were received.
    pub(crate) len: u64,
    /// The files that were not kept, in order.
    pub(crate) oversized: Vec<Oversized>,
}

impl Received {
    /// As if it had come over the wire to a server that keeps so many bytes.
    pub(crate) fn within(
        most: u64,
        parts: usize,
        kind: &str,
        body: Vec<u8>,
    ) -> Result<Self, Rejection> {
        let len = size(body.len());
        if len <= most {
            return Ok(body.into());
        }
        let mut overflow = Overflow::new(kind, parts, most).ok_or_else(|| too_large(most))?;
        let mut kept: Vec<u8> = Vec::new();
        overflow.feed(&body, &mut kept)?;
        Ok(Self { oversized: overflow.finish()?, kept: kept.into(), len })
    }
}

impl From<Vec<u8>> for Received {
    fn from(whole: Vec<u8>) -> Self {
        Self { len: size(whole.len()), kept: whole.into(), oversized: Vec::new() }
    }
}

/// Where what is kept goes.
pub(crate) trait Store {
    fn push(&mut self, bytes: &[u8]) -> Result<(), Rejection>;
    fn len(&self) -> u64;
    /// Removes everything from this length on.
    fn truncate(&mut self, len: u64) -> Result<(), Rejection>;
}

#[derive(Debug)]
pub(crate) struct Overflow {
    scanner: Multipart,
    /// The most bytes of files together, and of everything else together.
    most: u64,
    /// Bytes of the files that are kept.
    files: u64,
    /// Where the content of the file that is being received begins in the store.
    file: Option<u64>,
    is_dropping: bool,
    /// The files that were dropped, by the number of their part.
    dropped: Vec<usize>,
}

impl Overflow {
    /// For a body of this `Content-Type`; `None` if that isn't a multi-part form.
    pub(crate) fn new(kind: &str, parts: usize, most: u64) -> Option<Self> {
        let essence = kind.split(';').next().unwrap_or_default().trim();
        let is_form = essence.eq_ignore_ascii_case("multipart/form-data");
        let scanner = is_form.then(|| Multipart::new(kind, parts).ok())??;
        Some(Self { scanner, most, files: 0, file: None, is_dropping: false, dropped: Vec::new() })
    }

    /// Takes in bytes of the body, in pieces of any size.
    pub(crate) fn feed(&mut self, bytes: &[u8], store: &mut dyn Store) -> Result<(), Rejection> {
        let mut rest = bytes;
        // What comes behind the last part has no meaning, and could be long.
        while !rest.is_empty() && !self.scanner.is_at_end() {
            let parts = self.scanner.parts().len();
            let used = self.scanner.step(rest)?;
            let has_ended = self.scanner.parts().len() > parts;
            if !self.is_dropping {
                store.push(&rest[..used])?;
                self.note(has_ended, store);
                self.check(store)?;
            } else if has_ended {
                // Only what has turned out to be a delimiter is written.
                store.push(self.scanner.delimiter())?;
                store.push(if self.scanner.is_at_end() { b"--" } else { b"\r\n" })?;
                (self.is_dropping, self.file) = (false, None);
            }
            rest = &rest[used..];
        }
        Ok(())
    }

    /// Where files begin and end in the store.
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
            && self.files + file > self.most
        {
            self.dropped.push(self.scanner.parts().len());
            self.is_dropping = true;
            return store.truncate(start);
        }
        // Text that is too long can't be shown again either.
        let files = self.files + file + self.scanner.pending();
        if store.len().saturating_sub(files) > self.most {
            return Err(too_large(self.most));
        }
        Ok(())
    }

    /// The files that were dropped, once the body is whole.
    pub(crate) fn finish(self) -> Result<Vec<Oversized>, Rejection> {
        let most = self.most;
        let parts = self.scanner.finish()?;
        let oversized = self.dropped.into_iter().filter_map(|number| {
            let part = parts.get(number)?;
            Some(Oversized {
                field: part.name.clone(),
                raw_file_name: part.file_name.clone().unwrap_or_default(),
                len: part.content.end - part.content.start,
                limit: most,
                part: number,
            })
        });
        Ok(oversized.collect())
    }
}

/// In memory, for requests that never were on the wire.
impl Store for Vec<u8> {
    fn push(&mut self, bytes: &[u8]) -> Result<(), Rejection> {
        self.extend_from_slice(bytes);
        Ok(())
    }

    fn len(&self) -> u64 {
        size(self.as_slice().len())
    }

    fn truncate(&mut self, len: u64) -> Result<(), Rejection> {
        self.truncate(usize::try_from(len).expect("it lies within bytes in memory"));
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

    /// The parts that are kept, and what was dropped, with its length.
    type Kept = (Vec<(String, String)>, Vec<(String, u64)>);

    fn reduce(body: &str, most: u64, piece: usize) -> Result<Kept, u16> {
        let status = |rejection: Rejection| rejection.status().as_u16();
        let mut overflow = Overflow::new(TYPE, 100, most).unwrap();
        let mut store = Vec::new();
        for bytes in body.as_bytes().chunks(piece) {
            overflow.feed(bytes, &mut store).map_err(status)?;
            assert!(store.len() <= 2 * usize::try_from(most).unwrap() + piece.max(100));
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

    /// The same in pieces of every size.
    fn check(body: &str, most: u64, kept: &[(&str, &str)], dropped: &[(&str, u64)]) {
        let owned = |(name, text): &(&str, &str)| ((*name).to_owned(), (*text).to_owned());
        let expect: Kept = (
            kept.iter().map(owned).collect(),
            dropped.iter().map(|(name, len)| ((*name).to_owned(), *len)).collect(),
        );
        for piece in 1..=body.len() {
            assert_eq!(reduce(body, most, piece), Ok(expect.clone()), "pieces of {piece}");
        }
    }

    const END: &str = "--B--\r\n";

    #[test]
    fn text_and_files_that_fit_stay_in_any_order() {
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
    fn a_file_that_is_last_or_full_of_near_delimiters_is_dropped_whole() {
        let near = "\r\n--B\r\r\n--C\r\n--B-x\r\n-".repeat(20);
        let body = [text("a", "1"), file("big", &near), END.into()].concat();
        check(&body, 200, &[("a", "1"), ("big", "")], &[("big", size(near.len()))]);
        let exact = "x".repeat(200);
        let body = [file("fits", &exact), END.into()].concat();
        assert_eq!(reduce(&body, 200, body.len()).unwrap().1, []);
        check(&[file("empty", ""), END.into()].concat(), 200, &[("empty", "")], &[]);
    }

    #[test]
    fn what_comes_behind_the_form_is_neither_kept_nor_refused() {
        let body = [text("a", "1"), END.into(), "y".repeat(5_000)].concat();
        check(&body, 200, &[("a", "1")], &[]);
    }

    #[test]
    fn text_over_the_limit_and_a_form_that_is_cut_short_are_refused() {
        let long = [text("a", &"x".repeat(500)), END.into()].concat();
        assert_eq!(reduce(&long, 200, 50), Err(413));
        let cut = file("big", &"x".repeat(500));
        assert_eq!(reduce(&cut, 200, 50), Err(400));
        assert!(Overflow::new("text/plain", 100, 10).is_none());
        assert!(Overflow::new("multipart/form-data", 100, 10).is_none());
    }

    proptest! {
        /// However the bytes come, the same stays; and nothing else than with enough room, but for
        /// the files that were dropped.
        #[test]
        fn what_is_kept_depends_on_nothing_but_the_form(
            contents in prop::collection::vec(("[ft]", "(\r|\n|-|B|x){0,60}"), 0..6),
            most in 100..400_u64,
            piece in 1..50_usize,
        ) {
            let parts = contents.iter().enumerate().map(|(number, (kind, content))| {
                let name = format!("p{number}");
                if kind == "f" { file(&name, content) } else { text(&name, content) }
            });
            let body = parts.chain([END.to_owned()]).collect::<String>();
            let (small, whole) = (reduce(&body, most, piece), reduce(&body, 1 << 20, body.len()));
            prop_assert_eq!(&small, &reduce(&body, most, body.len()));
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
