//! An ordered multimap of strings: the fields of a query or form.
//!
//! Decodes `application/x-www-form-urlencoded` (WHATWG URL, section 5.1). For typed values, see
//! `extract::typed`.

use std::fmt;

use form_urlencoded::Serializer;

use http::StatusCode;

use crate::error::Rejection;
use crate::language::ServerWords;

/// Names and values in the order in which they were sent. A name may be repeated.
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
    // This is a vector instead of a hash map, because most forms have tens of fields and their
    // order matters. To look up thousands of names, build an index first, as `solohttp-forms` does.
    pairs: Vec<(String, String)>,
}

impl Fields {
    /// The name of a field that marks another field as secret. For example, if a form contains
    /// `<input type="hidden" name=":secret" value="pin">`, no page may contain the value of the
    /// field `pin`. solohttp-forms adds this field for passwords.
    pub const SECRET: &'static str = ":secret";

    /// Whether any field marked as [`SECRET`](Self::SECRET) is non-empty.
    #[must_use]
    pub fn have_secrets(&self) -> bool {
        let mut names = self.get_all(Self::SECRET);
        names.any(|name| self.get_all(name).any(|text| !text.is_empty()))
    }

    /// Creates an empty list of fields.
    #[must_use]
    pub const fn new() -> Self {
        Self { pairs: Vec::new() }
    }

    /// Decodes `a=1&b=2`. Keeps a `%` that doesn't start an escape, as browsers do.
    pub(crate) fn parse(encoded: &[u8], max: usize) -> Result<Self, Rejection> {
        let mut pairs = Vec::new();
        for part in encoded.split(|&byte| byte == b'&').filter(|part| !part.is_empty()) {
            if pairs.len() == max {
                return Err(Rejection::localized(
                    StatusCode::BAD_REQUEST,
                    |words: &ServerWords| &words.too_many_fields,
                    &[("limit", &max)],
                ));
            }
            let equals = memchr::memchr(b'=', part).unwrap_or(part.len());
            let value = part.get(equals + 1..).unwrap_or_default();
            pairs.push((decode(&part[..equals])?, decode(value)?));
        }
        Ok(Self { pairs })
    }

    /// The last value with this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// All values with this name, in order.
    pub fn get_all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.iter().filter(move |&(key, _)| key == name).map(|(_, value)| value)
    }

    /// Whether there is a field with this name.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.pairs.iter().any(|(key, _)| key == name)
    }

    /// All names and values, in order, including repeated names.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &str)> + DoubleEndedIterator {
        self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The field at this index.
    #[must_use]
    pub fn nth(&self, index: usize) -> Option<(&str, &str)> {
        self.pairs.get(index).map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Appends a field.
    pub fn push(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.pairs.push((name.into(), value.into()));
    }

    /// Replaces all values of a field with this one, which moves to the end.
    ///
    /// ```
    /// use solohttp_core::Fields;
    ///
    /// let mut fields = Fields::from_iter([("done", "x"), ("title", "Tea")]);
    /// fields.set("done", "yes");
    /// assert_eq!(fields.get("done"), Some("yes"));
    /// assert_eq!(fields.len(), 2);
    /// ```
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        let name = name.into();
        self.remove(&name);
        self.push(name, value);
    }

    /// Removes all fields with this name. Returns whether there were any.
    pub fn remove(&mut self, name: &str) -> bool {
        let before = self.pairs.len();
        self.pairs.retain(|(key, _)| key != name);
        self.pairs.len() < before
    }

    /// The number of fields, including repeated names.
    #[must_use]
    pub fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Whether there are no fields.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }
}

/// Decodes a name or value, in which `+` is a space and `%2B` is a plus sign. Rejects invalid
/// UTF-8, since replacement characters would corrupt the data.
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

/// Iterates over owned names and values.
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

/// Encodes the fields as a query or form body (`application/x-www-form-urlencoded`).
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
    fn keeps_order_repeats_and_empty_values() {
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
    fn rejects_invalid_utf8() {
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
