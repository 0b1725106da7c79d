//! The header fields of a request, in the order in which they arrived.

use std::cell::OnceCell;
use std::fmt;

use http::{HeaderMap, HeaderName, HeaderValue};

/// Lookups compare names one after the other. Browsers send about fifteen fields, and most names
/// already differ in their length.
#[derive(Default)]
pub(crate) struct RequestHeaders {
    /// All names and values, concatenated.
    bytes: Vec<u8>,
    /// The ends of each name and its value in `bytes`.
    ends: Vec<(usize, usize)>,
    map: OnceCell<Box<HeaderMap>>,
}

impl RequestHeaders {
    /// Allocates memory for this many fields, whose names and values have `len` bytes together.
    pub(crate) fn with_capacity(fields: usize, len: usize) -> Self {
        Self {
            bytes: Vec::with_capacity(len),
            ends: Vec::with_capacity(fields),
            map: OnceCell::new(),
        }
    }

    /// Appends a field, whose name and value must be valid (RFC 9110 section 5).
    pub(crate) fn push(&mut self, name: &[u8], value: &[u8]) {
        self.bytes.extend_from_slice(name);
        let name_end = self.bytes.len();
        self.bytes.extend_from_slice(value);
        self.ends.push((name_end, self.bytes.len()));
        self.map.take();
    }

    /// Sets a field and removes others of the same name.
    pub(crate) fn set(&mut self, name: &HeaderName, value: &HeaderValue) {
        let mut headers = Self::default();
        for (other, value) in self.iter().filter(|(other, _)| !is_same(other, name.as_str())) {
            headers.push(other, value);
        }
        headers.push(name.as_str().as_bytes(), value.as_bytes());
        *self = headers;
    }

    fn iter(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.places().map(|place| self.field(place))
    }

    /// Returns where each field starts, where its name ends, and where its value ends.
    fn places(&self) -> impl Iterator<Item = [usize; 3]> {
        let mut start = 0;
        self.ends.iter().map(move |&(name_end, end)| {
            let place = [start, name_end, end];
            start = end;
            place
        })
    }

    fn field(&self, [start, name_end, end]: [usize; 3]) -> (&[u8], &[u8]) {
        (&self.bytes[start..name_end], &self.bytes[name_end..end])
    }

    /// Returns the values of all fields with this name.
    pub(crate) fn get_all<'a>(&'a self, name: &HeaderName) -> impl Iterator<Item = &'a [u8]> {
        let name = name.as_str();
        self.places().filter_map(move |place| self.value_if(place, name))
    }

    /// Returns the value of the first field with this name.
    pub(crate) fn get(&self, name: &HeaderName) -> Option<&[u8]> {
        self.find(name.as_str())
    }

    pub(crate) fn contains(&self, name: &HeaderName) -> bool {
        self.get(name).is_some()
    }

    /// Returns the value of the first field with this name, if it is visible ASCII.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        visible(self.find(name)?)
    }

    fn find(&self, name: &str) -> Option<&[u8]> {
        self.places().find_map(|place| self.value_if(place, name))
    }

    /// Returns the value of a field if this is its name. Compares the lengths first, which rules out
    /// most names without reading them.
    #[inline]
    fn value_if(&self, place: [usize; 3], name: &str) -> Option<&[u8]> {
        let [start, name_end, _] = place;
        if name_end - start != name.len() {
            return None;
        }
        let (other, value) = self.field(place);
        is_same(other, name).then_some(value)
    }

    #[cfg(any(fuzzing, test))]
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Returns all fields as a hash table.
    pub(crate) fn map(&self) -> &HeaderMap {
        self.map.get_or_init(|| {
            let mut map = HeaderMap::new();
            for (name, value) in self.iter() {
                let field = (HeaderName::from_bytes(name), HeaderValue::from_bytes(value));
                let (Ok(name), Ok(value)) = field else { continue };
                // Fails only beyond the map's capacity of 24,576 fields.
                drop(map.try_append(name, value));
            }
            Box::new(map)
        })
    }
}

impl fmt::Debug for RequestHeaders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.map().fmt(f)
    }
}

impl From<HeaderMap> for RequestHeaders {
    fn from(map: HeaderMap) -> Self {
        let mut headers = Self::default();
        for (name, value) in &map {
            headers.push(name.as_str().as_bytes(), value.as_bytes());
        }
        headers
    }
}

fn is_same(name: &[u8], other: &str) -> bool {
    name.eq_ignore_ascii_case(other.as_bytes())
}

/// Returns a value as text, if it is visible ASCII with spaces and tabs.
pub(crate) fn visible(value: &[u8]) -> Option<&str> {
    let is_visible = value.iter().all(|byte| matches!(byte, b'\t' | b' '..=b'~'));
    std::str::from_utf8(value).ok().filter(|_| is_visible)
}

#[cfg(test)]
mod tests {
    use http::header::{ACCEPT, COOKIE, HOST};

    use super::*;

    fn headers(fields: &[(&str, &str)]) -> RequestHeaders {
        let mut headers = RequestHeaders::default();
        for (name, value) in fields {
            headers.push(name.as_bytes(), value.as_bytes());
        }
        headers
    }

    #[test]
    fn a_field_is_found_by_its_whole_name_in_any_case() {
        let headers = headers(&[("hOST", "a"), ("Cookie", "b"), ("cookie", "c"), ("cookie2", "d")]);
        assert_eq!(headers.get(&HOST), Some(&b"a"[..]));
        assert_eq!(headers.text("HOST"), Some("a"));
        assert_eq!(headers.get(&ACCEPT), None);
        assert!(headers.get_all(&COOKIE).eq([b"b", b"c"]));
    }

    #[test]
    fn the_map_has_the_same_fields() {
        let mut headers = headers(&[("Cookie", "b"), ("HOST", "a"), ("cookie", "c")]);
        let mut map = HeaderMap::new();
        map.append(COOKIE, HeaderValue::from_static("b"));
        map.append(COOKIE, HeaderValue::from_static("c"));
        map.insert(HOST, HeaderValue::from_static("a"));
        assert_eq!(*headers.map(), map);
        assert_eq!(*RequestHeaders::from(map).map(), *headers.map());
        headers.push(b"accept", b"d");
        assert_eq!(headers.map()[ACCEPT], "d", "a new field is in the map");
        headers.set(&COOKIE, &HeaderValue::from_static("e"));
        assert!(headers.map().get_all(COOKIE).iter().eq(["e"]), "{headers:?}");
        assert_eq!(headers.map().len(), 3);
    }

    #[test]
    fn only_visible_values_are_text() {
        for (value, expect) in [("a b\t~", true), ("", true), ("é", false), ("\x7f", false)] {
            assert_eq!(headers(&[("x", value)]).text("x"), expect.then_some(value), "{value:?}");
        }
    }
}
