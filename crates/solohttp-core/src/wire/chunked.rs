//! Decodes the chunked transfer coding (RFC 9112 section 7.1) incrementally.
//!
//! Ignores chunk extensions and trailers. This module doesn't depend on heads or sockets.

use crate::error::Rejection;
use crate::wire::framing::too_large;
use crate::wire::head::is_token;

/// The maximum size of a chunk line with its extensions, and of all trailers together.
const MAX_LINE: usize = 4 << 10;

/// The maximum overhead of all chunk lines, not counting the overhead that chunks of a reasonable
/// size have. Without this limit, a body of one-byte chunks with long extensions could be thousands
/// of times as long as its content (CVE-2023-39326 in Go).
const MAX_EXCESS: u64 = 16 << 10;

#[derive(Debug)]
pub(crate) struct ChunkDecoder {
    state: State,
    /// The length of the current line or of the trailers so far.
    line: usize,
    excess: u64,
    max: u64,
    decoded: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Size {
        size: u64,
        digits: u8,
    },
    Extension {
        size: u64,
    },
    SizeEnd {
        size: u64,
    },
    Data {
        left: u64,
    },
    DataCr,
    DataLf,
    /// At the start of a trailer line or of the final empty line.
    TrailerStart,
    TrailerName,
    TrailerValue,
    TrailerLf,
    LastLf,
    Done,
}

impl ChunkDecoder {
    /// Creates a decoder that rejects bodies of more than `max` bytes.
    pub(crate) fn new(max: u64) -> Self {
        Self { state: State::Size { size: 0, digits: 0 }, line: 0, excess: 0, max, decoded: 0 }
    }

    pub(crate) fn is_done(&self) -> bool {
        self.state == State::Done
    }

    /// Passes decoded bytes to `keep`. Returns the number of bytes consumed. This is all of them,
    /// unless the body ends earlier.
    pub(crate) fn decode(
        &mut self,
        bytes: &[u8],
        mut keep: impl FnMut(&[u8]) -> Result<(), Rejection>,
    ) -> Result<usize, Rejection> {
        let mut at = 0;
        while at < bytes.len() && self.state != State::Done {
            if let State::Data { left } = self.state {
                let here = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len() - at);
                keep(&bytes[at..at + here])?;
                at += here;
                let left = left - u64::try_from(here).expect("a length fits in 64 bits");
                self.state = if left == 0 { State::DataCr } else { State::Data { left } };
            } else {
                self.step(bytes[at])?;
                at += 1;
            }
        }
        Ok(at)
    }

    /// Processes a byte that isn't data.
    fn step(&mut self, byte: u8) -> Result<(), Rejection> {
        self.line += 1;
        if self.line > MAX_LINE {
            return Err(bad("A chunk line or the trailers of the body are too long."));
        }
        self.state = match (self.state, byte) {
            (State::Size { size, digits }, _) if byte.is_ascii_hexdigit() => {
                Self::with_digit(size, digits, byte)?
            }
            (State::Size { size, digits: 1.. }, b'\r') => State::SizeEnd { size },
            (State::Size { size, digits: 1.. }, b';') => State::Extension { size },
            (State::Extension { size }, b'\r') => State::SizeEnd { size },
            (State::Extension { size }, b'\t' | b' '..=b'~') => State::Extension { size },
            (State::SizeEnd { size }, b'\n') => self.chunk(size)?,
            (State::DataCr, b'\r') => State::DataLf,
            (State::DataLf, b'\n') => {
                self.line = 0;
                State::Size { size: 0, digits: 0 }
            }
            (State::TrailerStart, b'\r') => State::LastLf,
            (State::TrailerName, b':') => State::TrailerValue,
            (State::TrailerStart | State::TrailerName, _) if is_token(byte) => State::TrailerName,
            (State::TrailerValue, b'\r') => State::TrailerLf,
            (State::TrailerValue, b'\t' | b' '..=b'~' | 0x80..) => State::TrailerValue,
            (State::TrailerLf, b'\n') => State::TrailerStart,
            (State::LastLf, b'\n') => State::Done,
            _ => return Err(bad("The chunks of the body are malformed.")),
        };
        Ok(())
    }

    fn with_digit(size: u64, digits: u8, byte: u8) -> Result<State, Rejection> {
        let digit = char::from(byte).to_digit(16).expect("the byte is a hexadecimal digit");
        match size.checked_mul(16).and_then(|size| size.checked_add(u64::from(digit))) {
            Some(size) if digits < 16 => Ok(State::Size { size, digits: digits + 1 }),
            _ => Err(bad("The size of a chunk is too large.")),
        }
    }

    fn chunk(&mut self, size: u64) -> Result<State, Rejection> {
        let line = u64::try_from(self.line).expect("a length fits in 64 bits");
        self.line = 0;
        // Allows a plain chunk line, plus twice the size of the data.
        let allowed = size.saturating_mul(2).saturating_add(16);
        self.excess = (self.excess + line).saturating_sub(allowed);
        if self.excess > MAX_EXCESS {
            return Err(bad("The chunks of the body are mostly extensions."));
        }
        if size == 0 {
            return Ok(State::TrailerStart);
        }
        self.decoded = self.decoded.saturating_add(size);
        if self.decoded > self.max {
            Err(too_large(self.max))
        } else {
            Ok(State::Data { left: size })
        }
    }
}

fn bad(detail: &'static str) -> Rejection {
    Rejection::bad_request(detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Decodes `encoded` whole and split at every byte.
    fn check(encoded: &str, expect: Result<(&str, &str), u16>) {
        for split in 0..=encoded.len() {
            let (first, second) = encoded.as_bytes().split_at(split);
            let mut decoder = ChunkDecoder::new(100);
            let mut body = Vec::new();
            let mut keep = |bytes: &[u8]| {
                body.extend_from_slice(bytes);
                Ok(())
            };
            let used = decoder.decode(first, &mut keep).and_then(|used| {
                assert!(used == first.len() || decoder.is_done());
                Ok(used + decoder.decode(second, &mut keep)?)
            });
            let found = used.map_err(|rejection| rejection.status().as_u16());
            let found = found.map(|used| {
                assert!(decoder.is_done(), "{encoded:?} has no end");
                (String::from_utf8(body).unwrap(), &encoded[used..])
            });
            let expect = expect.map(|(body, rest)| (body.to_owned(), rest));
            assert_eq!(found, expect, "{encoded:?} split at {split}");
        }
    }

    #[test]
    fn joins_the_chunks_and_stops_after_the_last() {
        check("0\r\n\r\n", Ok(("", "")));
        check("5\r\nhello\r\n0\r\n\r\nGET", Ok(("hello", "GET")));
        check("3\r\nhel\r\n02\r\nlo\r\n000\r\n\r\n", Ok(("hello", "")));
        check("A\r\n0123456789\r\n0\r\n\r\n", Ok(("0123456789", "")));
    }

    #[test]
    fn ignores_extensions_and_trailers() {
        check("1;a=b;c=\"d e\"\r\nx\r\n0;z\r\n\r\n", Ok(("x", "")));
        check("1\r\nx\r\n0\r\nA: b\r\nC: d\r\n\r\n", Ok(("x", "")));
    }

    #[test]
    fn rejects_malformed_chunks() {
        for encoded in [
            "\r\n",
            "x\r\n",
            "-1\r\n",
            "+1\r\n",
            "0x1\r\nx\r\n",
            " 1\r\nx\r\n",
            "1 \r\nx\r\n",
            "1\nx",
            "1\r\nxy",
            "1\r\nx\n",
            "1\r\nx\r0",
            "0\n\n",
            "0\r\n\n",
            ";a\r\n",
            "1;\n",
            "1;\0\r\n",
            "10000000000000000\r\n",
            "fffffffffffffffff\r\n",
            "0\r\na\nb\r\n\r\n",
        ] {
            check(encoded, Err(400));
        }
    }

    #[test]
    fn rejects_a_body_over_the_limit_before_it_arrives() {
        check("65\r\n", Err(413));
        check("ffffffffffffffff\r\n", Err(413));
        let chunk = format!("40\r\n{}\r\n", "x".repeat(64));
        check(&format!("{chunk}{chunk}"), Err(413));
    }

    #[test]
    fn rejects_malformed_trailers() {
        for trailer in ["no colon", "X : y", ": y", " folded", "\u{80}", "X: a\u{1}"] {
            check(&format!("0\r\n{trailer}\r\n\r\n"), Err(400));
        }
    }

    #[test]
    fn rejects_endless_extensions_and_trailers() {
        let mut decoder = ChunkDecoder::new(100);
        let long = format!("1;{}", "a".repeat(MAX_LINE));
        assert!(decoder.decode(long.as_bytes(), |_| Ok(())).is_err());
        let mut decoder = ChunkDecoder::new(100);
        let long = format!("0\r\n{}", "a: b\r\n".repeat(MAX_LINE));
        assert!(decoder.decode(long.as_bytes(), |_| Ok(())).is_err());
    }

    #[test]
    fn rejects_a_body_that_is_mostly_extensions() {
        let decode = |extension: usize| {
            let mut decoder = ChunkDecoder::new(1_000);
            let chunk = format!("1;{}\r\nx\r\n", "a".repeat(extension));
            decoder.decode(chunk.repeat(1_000).as_bytes(), |_| Ok(())).is_ok()
        };
        assert!(decode(10) && !decode(100));
    }
}
