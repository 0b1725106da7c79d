//! Parses an HTTP response, without using the library under test.

use std::fmt;

/// A response as received: nothing is decoded, and values are trimmed only as the field syntax
/// requires.
#[derive(Clone, PartialEq, Eq)]
pub struct Reply {
    /// The version, such as `HTTP/1.0`.
    pub version: String,
    /// The status code.
    pub status: u16,
    /// The reason phrase after the status code.
    pub reason: String,
    /// The fields in order, with names as sent.
    pub headers: Vec<(String, String)>,
    /// Everything after the head.
    pub body: Vec<u8>,
}

impl Reply {
    /// Parses a complete response.
    ///
    /// # Panics
    ///
    /// If the head is malformed, for example because it has no end, contains a bare CR or LF, or
    /// has a field without a colon.
    #[track_caller]
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Self {
        match Self::read(bytes) {
            Ok(reply) => reply,
            Err(why) => panic!("{why} in {:?}", String::from_utf8_lossy(bytes)),
        }
    }

    /// Returns the value of the first field with this name, ignoring case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.header_values(name).first().copied()
    }

    /// Returns the values of all fields with this name, in order.
    #[must_use]
    pub fn header_values(&self, name: &str) -> Vec<&str> {
        let fields = self.headers.iter();
        let fields = fields.filter(|(field, _)| field.eq_ignore_ascii_case(name));
        fields.map(|(_, value)| value.as_str()).collect()
    }

    /// Returns the body as text.
    ///
    /// # Panics
    ///
    /// If it isn't UTF-8.
    #[track_caller]
    #[must_use]
    pub fn text(&self) -> &str {
        match str::from_utf8(&self.body) {
            Ok(text) => text,
            Err(error) => panic!("the body isn't UTF-8: {error}"),
        }
    }

    /// Returns the `Content-Length`, if there is exactly one and it is a number.
    #[must_use]
    pub fn content_length(&self) -> Option<usize> {
        match self.header_values("content-length").as_slice() {
            [value] => value.parse().ok(),
            _ => None,
        }
    }

    fn read(bytes: &[u8]) -> Result<Self, &'static str> {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n");
        let end = end.ok_or("no end of the head")?;
        let head = str::from_utf8(&bytes[..end]).map_err(|_| "the head isn't UTF-8")?;
        let mut lines = head.split("\r\n");
        let (version, rest) =
            lines.next().and_then(|line| line.split_once(' ')).ok_or("no status line")?;
        let (code, reason) = rest.split_once(' ').ok_or("no reason phrase")?;
        let is_code = code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_digit());
        let status = code.parse().ok().filter(|_| is_code).ok_or("no status code")?;
        let headers = lines.map(field).collect::<Result<_, _>>()?;
        Ok(Self {
            version: version.to_owned(),
            status,
            reason: reason.to_owned(),
            headers,
            body: bytes[end + 4..].to_owned(),
        })
    }
}

/// Parses a field (RFC 9112 section 5): name, colon, optional whitespace, value, optional
/// whitespace.
fn field(line: &str) -> Result<(String, String), &'static str> {
    if line.contains(['\r', '\n']) {
        return Err("a bare CR or LF");
    }
    let (name, value) = line.split_once(':').ok_or("a field without a colon")?;
    if name.is_empty() || name.contains([' ', '\t']) {
        return Err("a field with an invalid name");
    }
    Ok((name.to_owned(), value.trim_matches([' ', '\t']).to_owned()))
}

/// Shows the body as text, truncated for assertion messages.
impl fmt::Debug for Reply {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = &self.body[..self.body.len().min(2000)];
        writeln!(formatter, "{} {} {}", self.version, self.status, self.reason)?;
        for (name, value) in &self.headers {
            writeln!(formatter, "{name}: {value}")?;
        }
        write!(formatter, "\n{}", String::from_utf8_lossy(shown))?;
        match self.body.len() - shown.len() {
            0 => Ok(()),
            more => write!(formatter, "… and {more} bytes more"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_order_repeats_and_the_body_as_it_is() {
        let reply = Reply::parse(b"HTTP/1.0 404 Not Found\r\nA: 1\r\nb:2\t\r\na: \r\n\r\n\xFF\r\n");
        assert_eq!((reply.status, reply.reason.as_str()), (404, "Not Found"));
        assert_eq!(reply.header_values("a"), ["1", ""]);
        assert_eq!(reply.header("B"), Some("2"));
        assert_eq!(reply.body, b"\xFF\r\n");
        assert_eq!(reply.content_length(), None);
    }

    #[test]
    fn content_length_must_be_one_number() {
        let length = |fields: &str| {
            Reply::parse(format!("HTTP/1.0 200 OK\r\n{fields}\r\n").as_bytes()).content_length()
        };
        assert_eq!(length("Content-Length: 3\r\n"), Some(3));
        assert_eq!(length("Content-Length: 3\r\nContent-Length: 3\r\n"), None);
        assert_eq!(length("Content-Length: 3, 3\r\n"), None);
    }

    #[test]
    fn refuses_malformed_heads() {
        let check = |bytes: &str, why: &str| {
            assert_eq!(Reply::read(bytes.as_bytes()).expect_err(bytes), why, "{bytes:?}");
        };
        check("", "no end of the head");
        check("HTTP/1.0 200 OK\r\nA: 1\r\n", "no end of the head");
        check("HTTP/1.0\r\n\r\n", "no status line");
        check("HTTP/1.0 200\r\n\r\n", "no reason phrase");
        check("HTTP/1.0 +20 OK\r\n\r\n", "no status code");
        check("HTTP/1.0 200 OK\r\nA 1\r\n\r\n", "a field without a colon");
        check("HTTP/1.0 200 OK\r\nA: 1\nB: 2\r\n\r\n", "a bare CR or LF");
        check("HTTP/1.0 200 OK\r\nA : 1\r\n\r\n", "a field with an invalid name");
    }
}
