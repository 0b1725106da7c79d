//! An incremental parser for `multipart/form-data` (RFC 7578, RFC 2046 section 5.1).
//!
//! Takes bytes in pieces of any size and returns the name and position of each part. Copies only
//! the heads of parts. Examines each byte once, even if the content resembles a boundary.
//! [`Request::form`](crate::Request::form) and [`Request::uploads`](crate::Request::uploads) use
//! this parser. It is public so that programs can also parse bodies from other sources.

mod parameters;
mod part_head;

use std::ops::Range;

use memchr::memmem::Finder;

use self::parameters::Parameters;
use self::part_head::PartHead;
use http::StatusCode;

use crate::error::Rejection;
use crate::language::ServerWords;

/// Maximum size of a part's head, which is far larger than the heads that browsers send.
const MAX_HEAD: usize = 8 << 10;

/// A part of a form, with its name and the position of its content.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Part {
    /// The name of the form control.
    pub name: String,
    /// The file name as sent. `None` if the part isn't a file.
    pub file_name: Option<String>,
    /// The media type as sent.
    pub content_type: Option<String>,
    /// The range of the part's content in the body.
    pub content: Range<u64>,
}

/// Parses a body piece by piece into [`Part`]s.
///
/// ```
/// use solohttp_core::multipart::Multipart;
///
/// let mut body = Multipart::new("multipart/form-data; boundary=-x-", 1_000)?;
/// body.feed(b"---x-\r\nContent-Disposition: form-da")?;
/// body.feed(b"ta; name=\"tea\"\r\n\r\ngreen\r\n---x---\r\n")?;
/// let parts = body.finish()?;
/// assert_eq!((parts[0].name.as_str(), parts[0].content.clone()), ("tea", 53..58));
/// # Ok::<(), solohttp_core::Rejection>(())
/// ```
#[derive(Debug)]
pub struct Multipart {
    /// `CR LF -- boundary`. The only CR is at the start, so after a failed match, a new match can
    /// start only at the byte that failed.
    delimiter: Finder<'static>,
    state: State,
    /// The number of bytes processed.
    position: u64,
    head: Vec<u8>,
    open: Option<(PartHead, u64)>,
    parts: Vec<Part>,
    max_parts: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// In a part or before the first one, after `matched` bytes of the delimiter.
    Content {
        matched: usize,
    },
    /// After a delimiter. The next bytes may be the end of the form or another part. They may also
    /// show that the delimiter was only content.
    Delimited {
        at: u64,
        seen: Seen,
    },
    Head,
    /// After the last part. These bytes are ignored.
    Epilogue,
}

/// The bytes seen after a delimiter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    Nothing,
    Dash,
    /// Spaces, which RFC 2046 allows as transport padding.
    Padding,
    Cr,
}

impl Multipart {
    /// Creates a parser for a body with this `Content-Type` and at most `max_parts` parts.
    ///
    /// # Errors
    /// Returns a 400 if the type has no boundary of 1 to 70 visible characters.
    pub fn new(content_type: &str, max_parts: usize) -> Result<Self, Rejection> {
        let parameters = Parameters::parse(content_type)?;
        let boundary = parameters.value("boundary").unwrap_or_default();
        let is_fine = |byte: u8| byte == b' ' || byte.is_ascii_graphic();
        if !(1..=70).contains(&boundary.len())
            || !boundary.bytes().all(is_fine)
            || boundary.ends_with(' ')
        {
            return Err(bad(
                "The Content-Type of this form has no boundary of 1 to 70 characters.",
            ));
        }
        let delimiter = Finder::new(format!("\r\n--{boundary}").as_bytes()).into_owned();
        Ok(Self {
            delimiter,
            // The first delimiter needs no preceding line break.
            state: State::Content { matched: 2 },
            position: 0,
            head: Vec::new(),
            open: None,
            parts: Vec::new(),
            max_parts,
        })
    }

    /// Processes the next bytes of the body.
    ///
    /// # Errors
    /// Returns a 400 if the head of a part is malformed or too long, or if there are too many
    /// parts.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<(), Rejection> {
        let mut rest = bytes;
        while !rest.is_empty() {
            rest = &rest[self.step(rest)?..];
        }
        Ok(())
    }

    /// Processes one or more bytes, but not past the end of a delimiter or of a line in a part's
    /// head. Returns the number of bytes processed.
    pub(super) fn step(&mut self, bytes: &[u8]) -> Result<usize, Rejection> {
        let Some(&next) = bytes.first() else { return Ok(0) };
        let used = match self.state {
            State::Content { matched: 0 } => self.search(bytes),
            State::Content { matched } => self.continue_match(matched, bytes),
            State::Delimited { at, seen } => {
                self.state = self.after_delimiter(at, seen, next)?;
                1
            }
            State::Head => self.receive_head(bytes)?,
            State::Epilogue => bytes.len(),
        };
        self.position += size(used);
        Ok(used)
    }

    /// Returns the complete parts so far.
    pub(super) fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Returns the current part's length so far if the part is a file. Excludes bytes that may
    /// belong to a delimiter.
    pub(super) fn file_len(&self) -> Option<u64> {
        let (head, start) = self.open.as_ref()?;
        let end = self.position.saturating_sub(self.pending());
        head.file_name.is_some().then(|| end.saturating_sub(*start))
    }

    /// Returns the number of trailing bytes that may be either a delimiter or content.
    pub(super) fn pending(&self) -> u64 {
        match self.state {
            State::Content { matched } => size(matched).min(self.position),
            State::Delimited { at, .. } => self.position - at,
            State::Head | State::Epilogue => 0,
        }
    }

    /// Whether the last delimiter has been seen.
    pub(super) fn is_at_end(&self) -> bool {
        self.state == State::Epilogue
    }

    /// Returns the delimiter between two parts, including the line break before it.
    pub(super) fn delimiter(&self) -> &[u8] {
        self.delimiter.needle()
    }

    /// Returns all parts in order.
    ///
    /// # Errors
    /// Returns a 400 if the body ends before the closing delimiter.
    pub fn finish(self) -> Result<Vec<Part>, Rejection> {
        match self.state {
            State::Epilogue => Ok(self.parts),
            _ => Err(bad("The form is incomplete: its closing boundary is missing.")),
        }
    }

    /// Searches content for a delimiter with `memmem`. This is the fast path.
    fn search(&mut self, rest: &[u8]) -> usize {
        let delimiter = self.delimiter.needle();
        if let Some(at) = self.delimiter.find(rest) {
            let start = self.position + size(at);
            self.state = State::Delimited { at: start, seen: Seen::Nothing };
            return at + delimiter.len();
        }
        let tail = &rest[rest.len().saturating_sub(delimiter.len() - 1)..];
        let partial = memchr::memrchr(b'\r', tail).map(|at| &tail[at..]);
        let partial = partial.filter(|partial| delimiter.starts_with(partial));
        self.state = State::Content { matched: partial.map_or(0, <[u8]>::len) };
        rest.len()
    }

    fn continue_match(&mut self, matched: usize, rest: &[u8]) -> usize {
        let delimiter = self.delimiter.needle();
        let same = delimiter[matched..].iter().zip(rest).take_while(|(a, b)| a == b).count();
        let seen = matched + same;
        self.state = if seen == delimiter.len() {
            // At the start of the body, the delimiter isn't preceded by a line break.
            let at = (self.position + size(same)).saturating_sub(size(seen));
            State::Delimited { at, seen: Seen::Nothing }
        } else if same == rest.len() {
            State::Content { matched: seen }
        } else {
            State::Content { matched: 0 }
        };
        same
    }

    fn after_delimiter(&mut self, at: u64, seen: Seen, byte: u8) -> Result<State, Rejection> {
        let seen = match (seen, byte) {
            (Seen::Nothing, b'-') => Seen::Dash,
            (Seen::Nothing | Seen::Padding, b' ' | b'\t') => Seen::Padding,
            (Seen::Nothing | Seen::Padding, b'\r') => Seen::Cr,
            (Seen::Dash, b'-') => {
                self.close_part(at);
                return Ok(State::Epilogue);
            }
            (Seen::Cr, b'\n') => {
                self.close_part(at);
                if self.parts.len() == self.max_parts {
                    let limit = self.max_parts;
                    return Err(Rejection::localized(
                        StatusCode::BAD_REQUEST,
                        |words: &ServerWords| &words.too_many_fields,
                        &[("limit", &limit)],
                    ));
                }
                self.head.clear();
                return Ok(State::Head);
            }
            // This was content that only looked like a delimiter.
            (_, b'\r') => return Ok(State::Content { matched: 1 }),
            _ => return Ok(State::Content { matched: 0 }),
        };
        Ok(State::Delimited { at, seen })
    }

    fn close_part(&mut self, at: u64) {
        if let Some((head, start)) = self.open.take() {
            let PartHead { name, file_name, content_type } = head;
            // In an empty part, the head and the delimiter may share a line break.
            let content = start..at.max(start);
            self.parts.push(Part { name, file_name, content_type, content });
        }
    }

    fn receive_head(&mut self, rest: &[u8]) -> Result<usize, Rejection> {
        let line_end = memchr::memchr(b'\n', rest).map(|at| at + 1);
        let used = line_end.unwrap_or(rest.len());
        if self.head.len() + used > MAX_HEAD {
            return Err(bad("The head of a part of this form is longer than 8 KB."));
        }
        self.head.extend_from_slice(&rest[..used]);
        if line_end.is_some() && (self.head == b"\r\n" || self.head.ends_with(b"\r\n\r\n")) {
            let head = PartHead::parse(&self.head)?;
            self.open = Some((head, self.position + size(used)));
            self.state = State::Content { matched: 2 };
        }
        Ok(used)
    }
}

fn bad(detail: &'static str) -> Rejection {
    Rejection::bad_request(detail)
}

fn size(len: usize) -> u64 {
    u64::try_from(len).expect("a length fits in 64 bits")
}

#[cfg(test)]
mod tests;
