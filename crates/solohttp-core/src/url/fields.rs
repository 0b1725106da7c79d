//! An ordered multimap of strings: the fields of a query or form.
//!
//! Decodes `application/x-www-form-urlencoded` (WHATWG URL, section 5.1). For typed values, see
//! `extract::typed`.

use std::fmt;
use std::str::FromStr;

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
#[derive(Clone, Default)]
pub struct Fields {
    /// All names and values, joined. A form of any size takes two allocations.
    text: String,
    // This is a vector instead of a hash map, because most forms have tens of fields and their
    // order matters. To look up thousands of names, build an index first, as `solohttp-forms` does.
    spans: Vec<Span>,
}

/// Where a field is in the text.
#[derive(Debug, Clone, Copy)]
struct Span {
    name: usize,
    value: usize,
    end: usize,
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
        Self { text: String::new(), spans: Vec::new() }
    }

    /// Creates an empty list with room for this many fields, whose names and values have this many
    /// bytes in total.
    #[must_use]
    pub fn with_capacity(fields: usize, bytes: usize) -> Self {
        Self { text: String::with_capacity(bytes), spans: Vec::with_capacity(fields) }
    }

    /// Decodes `a=1&b=2`. Keeps a `%` that doesn't start an escape, as browsers do.
    pub(crate) fn parse(encoded: &[u8], max: usize) -> Result<Self, Rejection> {
        // All separators are ASCII, so only an escape can make a part of valid UTF-8 invalid.
        str::from_utf8(encoded).map_err(|_| not_utf8())?;
        let count = memchr::memchr_iter(b'&', encoded).count() + 1;
        let mut text = Vec::with_capacity(encoded.len());
        let mut spans = Vec::with_capacity(count.min(max));
        let mut rest = encoded;
        while !rest.is_empty() {
            if let [b'&', after @ ..] = rest {
                rest = after;
                continue;
            }
            if spans.len() == max {
                return Err(Rejection::localized(
                    StatusCode::BAD_REQUEST,
                    |words: &ServerWords| &words.too_many_fields,
                    &[("limit", &max)],
                ));
            }
            let name = text.len();
            rest = decode(rest, &PLAIN_IN_NAME, &mut text)?;
            let value = text.len();
            if let [b'=', after @ ..] = rest {
                rest = decode(after, &PLAIN_IN_VALUE, &mut text)?;
            }
            spans.push(Span { name, value, end: text.len() });
        }
        let text = String::from_utf8(text).map_err(|_| not_utf8())?;
        Ok(Self { text, spans })
    }

    /// The last value with this name.
    #[must_use]
    #[inline]
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.spans.iter().rev().find(|span| self.has_name(**span, name))?;
        Some(&self.text[found.value..found.end])
    }

    /// All values with this name, in order.
    pub fn get_all(&self, name: &str) -> impl Iterator<Item = &str> {
        let found = self.spans.iter().filter(move |span| self.has_name(**span, name));
        found.map(|span| &self.text[span.value..span.end])
    }

    /// Compares the lengths first, which is enough for most fields.
    #[inline(always)]
    fn has_name(&self, span: Span, name: &str) -> bool {
        // Slices of bytes, because those of strings check that they don't split a character.
        let text = self.text.as_bytes();
        span.value - span.name == name.len()
            && is_same(&text[span.name..span.name + name.len()], name.as_bytes())
    }

    /// Whether there is a field with this name.
    #[must_use]
    #[inline]
    pub fn contains(&self, name: &str) -> bool {
        self.spans.iter().any(|span| self.has_name(*span, name))
    }

    /// All names and values, in order, including repeated names.
    #[must_use]
    #[inline]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &str)> + DoubleEndedIterator {
        self.spans.iter().map(|&span| self.pair(span))
    }

    /// The field at this index.
    #[must_use]
    pub fn nth(&self, index: usize) -> Option<(&str, &str)> {
        self.spans.get(index).map(|&span| self.pair(span))
    }

    /// The value of the field at this index, if the field has this name. Where the order of the
    /// fields is known, this is faster than a search.
    ///
    /// ```
    /// # use solohttp_core::Fields;
    /// let fields = Fields::from_iter([("k", "1"), ("q", "a")]);
    /// assert_eq!(fields.value_at(1, "q"), Some("a"));
    /// assert_eq!(fields.value_at(0, "q"), None);
    /// ```
    #[must_use]
    #[inline(always)]
    pub fn value_at(&self, index: usize, name: &str) -> Option<&str> {
        let span = self.spans.get(index).filter(|span| self.has_name(**span, name))?;
        Some(&self.text[span.value..span.end])
    }

    #[inline]
    fn pair(&self, span: Span) -> (&str, &str) {
        self.text[span.name..span.end].split_at(span.value - span.name)
    }

    /// Appends a field.
    #[inline]
    pub fn push(&mut self, name: impl AsRef<str>, value: impl AsRef<str>) {
        let start = self.text.len();
        self.text.push_str(name.as_ref());
        let middle = self.text.len();
        self.text.push_str(value.as_ref());
        self.spans.push(Span { name: start, value: middle, end: self.text.len() });
    }

    /// Appends a field whose value is what the function writes.
    ///
    /// ```
    /// # use solohttp_core::Fields;
    /// let mut fields = Fields::new();
    /// fields.push_with("count", |value| write!(value, "{}", 12));
    /// assert_eq!(fields.get("count"), Some("12"));
    /// ```
    #[inline]
    pub fn push_with(
        &mut self,
        name: &str,
        write: impl FnOnce(&mut dyn fmt::Write) -> fmt::Result,
    ) {
        let start = self.text.len();
        self.text.push_str(name);
        let middle = self.text.len();
        // Writing to a string doesn't fail.
        let _ = write(&mut self.text);
        self.spans.push(Span { name: start, value: middle, end: self.text.len() });
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
    pub fn set(&mut self, name: impl AsRef<str>, value: impl AsRef<str>) {
        self.remove(name.as_ref());
        self.push(name, value);
    }

    /// Removes all fields with this name. Returns whether there were any.
    pub fn remove(&mut self, name: &str) -> bool {
        let is_found = self.contains(name);
        if is_found {
            // Copies the others, so that no removed secret stays in memory.
            *self = self.iter().filter(|&(key, _)| key != name).collect();
        }
        is_found
    }

    /// The number of fields, including repeated names.
    #[must_use]
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// The number of bytes in all names and values.
    #[must_use]
    pub fn text_len(&self) -> usize {
        self.text.len()
    }

    /// Whether there are no fields.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }
}

/// Whether two names of the same length are equal. Most of them are short enough to be compared as
/// two numbers, which may overlap. This takes a third of the time of a comparison of any length.
#[inline(always)]
fn is_same(a: &[u8], b: &[u8]) -> bool {
    fn ends<const N: usize>(name: &[u8]) -> Option<[&[u8; N]; 2]> {
        Some([name.first_chunk()?, name.last_chunk()?])
    }
    match a.len() {
        4..8 => ends::<4>(a) == ends::<4>(b),
        8..=16 => ends::<8>(a) == ends::<8>(b),
        _ => a == b,
    }
}

/// Appends a decoded name or value, in which `+` is a space and `%2B` is a plus sign, and returns
/// what follows it. It ends at `&`, or at `=` if it is a name. Rejects invalid UTF-8, since
/// replacement characters would corrupt the data.
fn decode<'a>(encoded: &'a [u8], kind: &Plain, text: &mut Vec<u8>) -> Result<&'a [u8], Rejection> {
    let start = text.len();
    let (mut rest, mut is_ascii) = (encoded, true);
    loop {
        let end = rest.iter().position(|&byte| !kind[usize::from(byte)]);
        let len = end.unwrap_or(rest.len());
        text.extend_from_slice(&rest[..len]);
        rest = &rest[len..];
        match rest {
            [b'+', after @ ..] => {
                text.push(b' ');
                rest = after;
            }
            [b'%', after @ ..] => {
                let escaped = after
                    .split_first_chunk()
                    .and_then(|(digits, after)| Some((hex(digits)?, after)));
                let (byte, after) = escaped.unwrap_or((b'%', after));
                is_ascii &= byte.is_ascii();
                text.push(byte);
                rest = after;
            }
            _ => break,
        }
    }
    if !is_ascii {
        str::from_utf8(&text[start..]).map_err(|_| not_utf8())?;
    }
    Ok(rest)
}

/// Which bytes stand for themselves, and don't end the name or value.
type Plain = [bool; 256];

static PLAIN_IN_VALUE: Plain = plain_except(b"&+%");
static PLAIN_IN_NAME: Plain = plain_except(b"&+%=");

const fn plain_except(others: &[u8]) -> Plain {
    let mut plain = [true; 256];
    let mut index = 0;
    while index < others.len() {
        plain[others[index] as usize] = false;
        index += 1;
    }
    plain
}

/// The value of two hexadecimal digits.
fn hex(&[high, low]: &[u8; 2]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    Some(digit(high)? * 16 + digit(low)?)
}

fn not_utf8() -> Rejection {
    Rejection::bad_request("A field of this form or query is not UTF-8 text.")
}

/// Decodes a query or form body (`application/x-www-form-urlencoded`). Fails only if a name or value
/// isn't UTF-8.
///
/// ```
/// use solohttp_core::Fields;
/// let fields: Fields = "q=a+b&k=%26".parse().unwrap();
/// assert_eq!(fields, Fields::from_iter([("q", "a b"), ("k", "&")]));
/// ```
impl FromStr for Fields {
    type Err = Rejection;

    fn from_str(encoded: &str) -> Result<Self, Rejection> {
        Self::parse(encoded.as_bytes(), usize::MAX)
    }
}

impl PartialEq for Fields {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Fields {}

impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// Iterates over owned names and values.
impl IntoIterator for Fields {
    type Item = (String, String);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        let owned = self.iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
        owned.collect::<Vec<_>>().into_iter()
    }
}

impl<N: AsRef<str>, V: AsRef<str>> FromIterator<(N, V)> for Fields {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        let mut fields = Self::new();
        fields.extend(pairs);
        fields
    }
}

impl<N: AsRef<str>, V: AsRef<str>> Extend<(N, V)> for Fields {
    fn extend<I: IntoIterator<Item = (N, V)>>(&mut self, pairs: I) {
        pairs.into_iter().for_each(|(name, value)| self.push(name, value));
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
        check("a%3Db%26=%c3%a9+%e2%82%ac", &[("a=b&", "é €")]);
    }

    #[test]
    fn leaves_a_lone_percent_as_it_is() {
        check("a=100%&b=%zz&c=%4", &[("a", "100%"), ("b", "%zz"), ("c", "%4")]);
        check("a=%%41&%=%+%", &[("a", "%A"), ("%", "% %")]);
    }

    #[test]
    fn rejects_invalid_utf8() {
        // The last two are valid only if parts are joined.
        for encoded in [&b"a=%FF"[..], b"a=\xff", b"%C3=1", b"%C3=%A9", b"a=%C3&%A9=b"] {
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
    fn finds_names_of_any_length() {
        let name = "abcdefghijklmnopqrstuvwxyz";
        for len in 0..name.len() {
            let name = &name[..len];
            let fields = Fields::from_iter([(name, "x")]);
            assert_eq!((fields.get(name), fields.value_at(0, name)), (Some("x"), Some("x")));
            assert!(!fields.contains(&format!("{name}z")));
            for index in 0..len {
                let mut other = name.to_owned();
                other.replace_range(index..=index, "-");
                assert!(!fields.contains(&other), "{other}");
                assert_eq!(fields.value_at(0, &other), None, "{other}");
            }
        }
    }

    #[test]
    fn removes_every_field_of_a_name() {
        let mut fields = Fields::from_iter([("a", "1"), ("b", "2"), ("a", "3")]);
        assert!(fields.remove("a"));
        assert!(!fields.remove("a"));
        assert_eq!(fields, Fields::from_iter([("b", "2")]));
        assert_eq!(fields.text, "b2");
        assert_eq!(fields.text_len(), 2);
    }
}
