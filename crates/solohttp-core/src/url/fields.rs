//! An ordered multi-map of text: the fields of a query or of a form.
//!
//! Owns the decoding of `application/x-www-form-urlencoded` (WHATWG URL, section 5.1), but not
//! where the bytes come from, nor what a handler makes of the values (`typed` does).

use std::fmt;

use form_urlencoded::Serializer;

use http::StatusCode;

use crate::error::Rejection;
use crate::language::ServerWords;

/// Names and values in the order in which they were sent; a name may be repeated.
///
/// ```
/// use solohttp_core::Fields;
/// let fields = Fields::from_iter([("k", "1"), ("k", "2"), ("q", "a b")]);
/// assert_eq!(fields.get("k"), Some("2")); // the last one wins
/// assert_eq!(fields.get_all("k").collect::<Vec<_>>(), ["1", "2"]);
/// assert_eq!(fields.to_string(), "k=1&k=2&q=a+b");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields {
    // A vector, not a hash map: most forms have tens of fields, and order matters. Who asks for
    // thousands of names makes an index first, as `solohttp-forms` does.
    pairs: Vec<(String, String)>,
}

impl Fields {
    /// The name of a field that names a secret: a form with
    /// `<input type="hidden" name=":secret" value="pin">` says so that no page may contain what was
    /// typed in its field `pin`. The forms of solohttp-forms say so of their passwords.
    pub const SECRET: &'static str = ":secret";

    /// Is there text in a field that is [`SECRET`](Self::SECRET)?
    #[must_use]
    pub fn have_secrets(&self) -> bool {
        let mut names = self.get_all(Self::SECRET);
        names.any(|name| self.get_all(name).any(|text| !text.is_empty()))
    }

    /// No fields.
    #[must_use]
    pub const fn new() -> Self {
        Self { pairs: Vec::new() }
    }

    /// Decodes `a=1&b=2`. A `%` that starts no escape stays as it is, as browsers have it.
    pub(crate) fn parse(encoded: &[u8], most: usize) -> Result<Self, Rejection> {
        let mut pairs = Vec::new();
        for part in encoded.split(|&byte| byte == b'&').filter(|part| !part.is_empty()) {
            if pairs.len() == most {
                return Err(Rejection::localized(
                    StatusCode::BAD_REQUEST,
                    |words: &ServerWords| &words.too_many_fields,
                    &[("limit", &most)],
                ));
            }
            let equals = memchr::memchr(b'=', part).unwrap_or(part.len());
            let value = part.get(equals + 1..).unwrap_or_default();
            pairs.push((decode(&part[..equals])?, decode(value)?));
        }
        Ok(Self { pairs })
    }

    /// The last value of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// All values of this name, in order.
    pub fn get_all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.iter().filter(move |&(key, _)| key == name).map(|(_, value)| value)
    }

    /// Is there a field of this name?
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.pairs.iter().any(|(key, _)| key == name)
    }

    /// Every name with its value, in order, repeats included.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &str)> + DoubleEndedIterator {
        self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The field at this place, counted from 0.
    #[must_use]
    pub fn nth(&self, place: usize) -> Option<(&str, &str)> {
        self.pairs.get(place).map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Adds a field behind the others.
    pub fn push(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.pairs.push((name.into(), value.into()));
    }

    /// Takes away every field of this name; tells whether there was one.
    pub fn remove(&mut self, name: &str) -> bool {
        let before = self.pairs.len();
        self.pairs.retain(|(key, _)| key != name);
        self.pairs.len() < before
    }

    /// The number of fields, repeats counted.
    #[must_use]
    pub fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Are there no fields at all?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }
}

/// `+` is a blank and `%2B` a plus; what is not UTF-8 is refused, because a record kept with
/// replacement characters is a record lost.
fn decode(encoded: &[u8]) -> Result<String, Rejection> {
    let mut bytes = encoded.to_vec();
    for byte in &mut bytes {
        if *byte == b'+' {
            *byte = b' ';
        }
    }
    if memchr::memchr(b'%', &bytes).is_some() {
        bytes = percent_encoding::percent_decode(&bytes).collect();
    }
    String::from_utf8(bytes)
        .map_err(|_| Rejection::bad_request("A field of this form or query is not UTF-8 text."))
}

/// Every name with its value, in order, without copying.
impl IntoIterator for Fields {
    type Item = (String, String);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.pairs.into_iter()
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Fields {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        let mut fields = Self::new();
        fields.extend(pairs);
        fields
    }
}

impl<N: Into<String>, V: Into<String>> Extend<(N, V)> for Fields {
    fn extend<I: IntoIterator<Item = (N, V)>>(&mut self, pairs: I) {
        self.pairs.extend(pairs.into_iter().map(|(name, value)| (name.into(), value.into())));
    }
}

/// Encodes as a query or a form body (`application/x-www-form-urlencoded`).
impl fmt::Display for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Serializer::new(String::new()).extend_pairs(self.iter()).finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(encoded: &str, expect: &[(&str, &str)]) {
        let fields = Fields::parse(encoded.as_bytes(), 10).unwrap();
        assert_eq!(fields.iter().collect::<Vec<_>>(), expect, "{encoded}");
    }

    #[test]
    fn keeps_order_repeats_and_blanks() {
        check("", &[]);
        check("a=1&b=2&a=3", &[("a", "1"), ("b", "2"), ("a", "3")]);
        check("k=&k&=v&&", &[("k", ""), ("k", ""), ("", "v")]);
        check("a=b=c", &[("a", "b=c")]);
    }

    #[test]
    fn decodes_plus_and_escapes_once() {
        check("a+b=c+d", &[("a b", "c d")]);
        check("a=%2B%26%3D", &[("a", "+&=")]);
        check("a=%252B", &[("a", "%2B")]);
        check("q=%C3%A9", &[("q", "é")]);
    }

    #[test]
    fn leaves_a_lone_percent_as_it_is() {
        check("a=100%&b=%zz&c=%4", &[("a", "100%"), ("b", "%zz"), ("c", "%4")]);
    }

    #[test]
    fn rejects_what_is_not_utf8() {
        for encoded in [&b"a=%FF"[..], b"a=\xff", b"%C3=1"] {
            let rejection = Fields::parse(encoded, 10).unwrap_err();
            assert_eq!(rejection.status(), http::StatusCode::BAD_REQUEST);
        }
    }

    #[test]
    fn rejects_one_field_too_many() {
        assert!(Fields::parse(b"a&b&c", 3).is_ok());
        assert!(Fields::parse(b"a&b&c&d", 3).is_err());
    }

    #[test]
    fn encodes_what_it_decodes() {
        let fields = Fields::from_iter([("a b", "é&="), ("", "+%"), ("a b", "\r\n")]);
        assert_eq!(Fields::parse(fields.to_string().as_bytes(), 10).unwrap(), fields);
    }

    #[test]
    fn removes_every_field_of_a_name() {
        let mut fields = Fields::from_iter([("a", "1"), ("b", "2"), ("a", "3")]);
        assert!(fields.remove("a"));
        assert!(!fields.remove("a"));
        assert_eq!(fields, Fields::from_iter([("b", "2")]));
    }
}
