//! The header fields of a response.

use std::cell::OnceCell;

use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue};

/// Most responses have a content type and no other field of their own.
#[derive(Default)]
pub(crate) struct ResponseHeaders {
    /// The only field, as long as there is no map.
    content_type: Option<&'static str>,
    map: OnceCell<Box<HeaderMap>>,
}

/// What a response's fields consist of.
pub(crate) enum ResponseFields<'a> {
    ContentType(Option<&'static str>),
    Map(&'a HeaderMap),
}

impl ResponseHeaders {
    /// Creates headers with this content type, which must be valid.
    pub(crate) fn of_type(content_type: &'static str) -> Self {
        Self { content_type: Some(content_type), map: OnceCell::new() }
    }

    pub(crate) fn fields(&self) -> ResponseFields<'_> {
        match self.map.get() {
            Some(map) => ResponseFields::Map(map),
            None => ResponseFields::ContentType(self.content_type),
        }
    }

    /// Returns the value of the first field with this name.
    pub(crate) fn get(&self, name: &HeaderName) -> Option<&[u8]> {
        match self.fields() {
            ResponseFields::Map(map) => map.get(name).map(HeaderValue::as_bytes),
            ResponseFields::ContentType(kind) => {
                kind.filter(|_| *name == CONTENT_TYPE).map(str::as_bytes)
            }
        }
    }

    pub(crate) fn map(&self) -> &HeaderMap {
        self.map.get_or_init(|| {
            let mut map = HeaderMap::new();
            if let Some(kind) = self.content_type {
                map.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
            }
            Box::new(map)
        })
    }

    pub(crate) fn map_mut(&mut self) -> &mut HeaderMap {
        self.map();
        self.map.get_mut().expect("the map was just built")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_type_is_found_with_and_without_a_map() {
        let mut headers = ResponseHeaders::of_type("text/html");
        for _ in 0..2 {
            assert_eq!(headers.get(&CONTENT_TYPE), Some(&b"text/html"[..]));
            assert_eq!(headers.get(&http::header::ETAG), None);
            assert_eq!(headers.map()[CONTENT_TYPE], "text/html");
        }
        headers.map_mut().remove(CONTENT_TYPE);
        assert_eq!(headers.get(&CONTENT_TYPE), None);
        assert!(ResponseHeaders::default().map().is_empty());
    }
}
