//! Finds the parts of a `multipart/form-data` body (RFC 7578, RFC 2046 section 5.1).
//!
//! Bytes go in as they come, in pieces of any size; what comes out is where each part lies and
//! how it is called. Nothing is copied but the heads of parts, and no byte is looked at twice,
//! however much a part looks like its boundary. [`Request::form`](crate::Request::form) and
//! [`Request::uploads`](crate::Request::uploads) are made with this; it is here for bodies from
//! elsewhere. Knows nothing of files, nor of what a part is for.

mod parameters;
mod part_head;

use std::ops::Range;

use memchr::memmem::Finder;

use self::parameters::Parameters;
use self::part_head::PartHead;
use http::StatusCode;

use crate::error::Rejection;
use crate::language::ServerWords;

/// Bytes that the head of one part may have: many times what browsers send.
const HEAD: usize = 8 << 10;

/// One control of a form as it was sent: what it is called, and where its content is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Part {
    /// The name of the control.
    pub name: String,
    /// The name of a file, as sent; `None` for a part that is no file.
    pub file_name: Option<String>,
    /// The media type, as sent.
    pub content_type: Option<String>,
    /// Which bytes of the body are its content.
    pub content: Range<u64>,
}

/// Takes in a body in pieces and tells its [`Part`]s.
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
    /// `CR LF -- boundary`. A CR stands at its start and nowhere else, so a match that fails can
    /// begin anew only at the byte at which it failed.
    delimiter: Finder<'static>,
    state: State,
    /// Bytes taken in.
    position: u64,
    head: Vec<u8>,
    open: Option<(PartHead, u64)>,
    parts: Vec<Part>,
    most: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// In a part, or before the first; so many bytes of the delimiter have been seen.
    Content {
        matched: usize,
    },
    /// Behind a delimiter: the end, another part, or bytes that only look like a delimiter.
    Delimited {
        at: u64,
        seen: Seen,
    },
    Head,
    /// Behind the last part: what comes there has no meaning.
    Epilogue,
}

/// What has been seen behind a delimiter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    Nothing,
    Dash,
    /// Blanks, which RFC 2046 allows and calls transport padding.
    Padding,
    Cr,
}

impl Multipart {
    /// For the body of a request with this `Content-Type`, and at most so many parts.
    ///
    /// # Errors
    /// If the type has no boundary of 1 to 70 visible characters: 400.
    pub fn new(content_type: &str, most: usize) -> Result<Self, Rejection> {
        let parameters = Parameters::parse(content_type)?;
        let boundary = parameters.value("boundary").unwrap_or_default();
        let is_fine = |byte: u8| byte == b' ' || byte.is_ascii_graphic();
        if !(1..=70).contains(&boundary.len())
            || !boundary.bytes().all(is_fine)
            || boundary.ends_with(' ')
        {
            return Err(bad("The form's type has no boundary of 1 to 70 characters."));
        }
        let delimiter = Finder::new(format!("\r\n--{boundary}").as_bytes()).into_owned();
        Ok(Self {
            delimiter,
            // The first delimiter may do without its line end.
            state: State::Content { matched: 2 },
            position: 0,
            head: Vec::new(),
            open: None,
            parts: Vec::new(),
            most,
        })
    }

    /// Takes in the next bytes of the body.
    ///
    /// # Errors
    /// The head of a part is malformed or too long, or there are too many parts: 400.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<(), Rejection> {
        let mut rest = bytes;
        while !rest.is_empty() {
            rest = &rest[self.step(rest)?..];
        }
        Ok(())
    }

    /// Takes in some of these bytes, at least one: up to the next place where something begins or
    /// ends. Returns how many.
    pub(super) fn step(&mut self, bytes: &[u8]) -> Result<usize, Rejection> {
        let Some(&next) = bytes.first() else { return Ok(0) };
        let used = match self.state {
            State::Content { matched: 0 } => self.search(bytes),
            State::Content { matched } => self.go_on_matching(matched, bytes),
            State::Delimited { at, seen } => {
                self.state = self.after_delimiter(at, seen, next)?;
                1
            }
            State::Head => self.take_head(bytes)?,
            State::Epilogue => bytes.len(),
        };
        self.position += size(used);
        Ok(used)
    }

    /// The parts that have ended so far.
    pub(super) fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// How long the file is so far, if a part has begun that is one, and not ended. Bytes that may
    /// be a delimiter don't count yet.
    pub(super) fn file_len(&self) -> Option<u64> {
        let (head, start) = self.open.as_ref()?;
        let end = self.position.saturating_sub(self.pending());
        head.file_name.is_some().then(|| end.saturating_sub(*start))
    }

    /// Bytes at the end of what was taken in that may be a delimiter, or content.
    pub(super) fn pending(&self) -> u64 {
        match self.state {
            State::Content { matched } => size(matched).min(self.position),
            State::Delimited { at, .. } => self.position - at,
            State::Head | State::Epilogue => 0,
        }
    }

    /// Was the last delimiter seen?
    pub(super) fn is_at_end(&self) -> bool {
        self.state == State::Epilogue
    }

    /// What stands between two parts, with the line end that belongs to it.
    pub(super) fn delimiter(&self) -> &[u8] {
        self.delimiter.needle()
    }

    /// All parts, in the order in which they were sent.
    ///
    /// # Errors
    /// The body ended before its last delimiter, so it was cut short: 400.
    pub fn finish(self) -> Result<Vec<Part>, Rejection> {
        match self.state {
            State::Epilogue => Ok(self.parts),
            _ => Err(bad("The form was cut short: its closing boundary is missing.")),
        }
    }

    /// The fast path: through content by `memmem`, to a delimiter or to the end of the piece.
    fn search(&mut self, rest: &[u8]) -> usize {
        let delimiter = self.delimiter.needle();
        if let Some(at) = self.delimiter.find(rest) {
            let at_all = self.position + size(at);
            self.state = State::Delimited { at: at_all, seen: Seen::Nothing };
            return at + delimiter.len();
        }
        let tail = &rest[rest.len().saturating_sub(delimiter.len() - 1)..];
        let begun = memchr::memrchr(b'\r', tail).map(|at| &tail[at..]);
        let begun = begun.filter(|begun| delimiter.starts_with(begun));
        self.state = State::Content { matched: begun.map_or(0, <[u8]>::len) };
        rest.len()
    }

    fn go_on_matching(&mut self, matched: usize, rest: &[u8]) -> usize {
        let delimiter = self.delimiter.needle();
        let same = delimiter[matched..].iter().zip(rest).take_while(|(a, b)| a == b).count();
        let seen = matched + same;
        self.state = if seen == delimiter.len() {
            // It would start before the body, if the body starts with it.
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
                if self.parts.len() == self.most {
                    let most = self.most;
                    return Err(Rejection::localized(
                        StatusCode::BAD_REQUEST,
                        |words: &ServerWords| &words.too_many_fields,
                        &[("limit", &most)],
                    ));
                }
                self.head.clear();
                return Ok(State::Head);
            }
            // Content that only looked like a delimiter.
            (_, b'\r') => return Ok(State::Content { matched: 1 }),
            _ => return Ok(State::Content { matched: 0 }),
        };
        Ok(State::Delimited { at, seen })
    }

    fn close_part(&mut self, at: u64) {
        if let Some((head, start)) = self.open.take() {
            let PartHead { name, file_name, content_type } = head;
            // An empty part may share one line end between its head and the delimiter.
            let content = start..at.max(start);
            self.parts.push(Part { name, file_name, content_type, content });
        }
    }

    fn take_head(&mut self, rest: &[u8]) -> Result<usize, Rejection> {
        let line_end = memchr::memchr(b'\n', rest).map(|at| at + 1);
        let used = line_end.unwrap_or(rest.len());
        if self.head.len() + used > HEAD {
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
