//! Email addresses, URLs and colors, validated the way browsers do.

use std::fmt;
use std::marker::PhantomData;

use crate::lens::{Lens, Trim, idn, invisible};
use crate::markup::attributes::Attributes;
use crate::validation::ValidationError;

/// An email address or blank text. Internationalized domains are decoded, as in `a@bücher.de`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Email;

impl Lens for Email {
    type Value = String;

    fn show(&self, value: &String) -> String {
        value.clone()
    }

    fn parse(&self, text: &str) -> Result<String, ValidationError> {
        let text = Trim.parse(&invisible::without(text))?;
        if text.is_empty() {
            return Ok(text);
        }
        let parts = text.split_once('@').filter(|(local, domain)| is_email(local, domain));
        let (local, domain) = parts.ok_or(ValidationError::NotAnEmail)?;
        Ok(format!("{local}@{}", idn::readable(domain)))
    }
}

/// Follows WHATWG HTML section 4.10.5.1.5, which deliberately differs from RFC 5322. Also accepts
/// internationalized domains, as browsers do.
fn is_email(local: &str, domain: &str) -> bool {
    let local_byte = |b: u8| b.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&b);
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.chars().all(idn::is_letter)
            && !label.starts_with('-')
            && !label.ends_with('-')
            // An encoded label can't also contain unencoded characters.
            && (label.is_ascii() || !idn::is_encoded(label))
    };
    !local.is_empty() && local.bytes().all(local_byte) && domain.split('.').all(is_label)
}

/// A type for URLs: `String` or, with the feature `url`, `url::Url`.
pub trait UrlValue: Sized + 'static {
    /// Formats the URL as text that parses as the same URL.
    fn show_url(&self) -> String;

    /// Parses a URL. The text has no surrounding whitespace.
    fn parse_url(text: &str) -> Option<Self>;

    /// The value for blank text, if there is one.
    fn no_url() -> Option<Self>;
}

impl UrlValue for String {
    fn no_url() -> Option<Self> {
        Some(Self::new())
    }

    fn show_url(&self) -> String {
        self.clone()
    }

    /// Requires a scheme and a colon. Web schemes also require a host. Spaces are only allowed
    /// after the host, where browsers encode them. Drops tabs, as browsers do (WHATWG URL section
    /// 4.4).
    fn parse_url(text: &str) -> Option<Self> {
        let text = text.replace('\t', "");
        let (scheme, rest) = text.split_once(':')?;
        let valid_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
        let web = ["http", "https", "ftp"].iter().any(|web| scheme.eq_ignore_ascii_case(web));
        let host = rest.strip_prefix("//").and_then(|rest| rest.split(['/', '?', '#']).next());
        let valid_rest =
            if web { host.is_some_and(|host| !host.is_empty()) } else { !rest.is_empty() };
        let valid_host = !host.unwrap_or_default().contains(char::is_whitespace);
        let is_valid = valid_scheme && valid_rest && valid_host;
        (is_valid && !text.contains(char::is_control)).then_some(text)
    }
}

#[cfg(feature = "url")]
impl UrlValue for url::Url {
    fn no_url() -> Option<Self> {
        None
    }

    fn show_url(&self) -> String {
        self.to_string()
    }

    fn parse_url(text: &str) -> Option<Self> {
        Self::parse(text).ok()
    }
}

/// An absolute URL. A `String` may also be blank.
#[derive(Debug, Clone, Copy)]
pub struct UrlLens<V>(PhantomData<fn() -> V>);

impl<V> Default for UrlLens<V> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<V: UrlValue> Lens for UrlLens<V> {
    type Value = V;

    fn show(&self, value: &V) -> String {
        value.show_url()
    }

    fn parse(&self, text: &str) -> Result<V, ValidationError> {
        let text = Trim.parse(text)?;
        match text.as_str() {
            "" => V::no_url().ok_or(ValidationError::Missing),
            text => V::parse_url(text).ok_or(ValidationError::NotAUrl),
        }
    }

    fn attributes(&self, attributes: &mut Attributes) {
        if V::no_url().is_none() {
            attributes.set_flag("required");
        }
    }
}

/// An opaque color, as in `<input type="color">`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[expect(missing_docs, reason = "the three names are the documentation")]
pub struct Color {
    pub red: u8,
    pub green: u8,
    pub blue: u8,
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

/// `#ff8000`.
#[derive(Debug, Clone, Copy, Default)]
pub struct ColorLens;

impl Lens for ColorLens {
    type Value = Color;

    fn show(&self, value: &Color) -> String {
        value.to_string()
    }

    fn parse(&self, text: &str) -> Result<Color, ValidationError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(ValidationError::Missing);
        }
        let hex = text.strip_prefix('#').filter(|hex| hex.len() == 6);
        let hex = hex.filter(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let number = hex.and_then(|hex| u32::from_str_radix(hex, 16).ok());
        let [_, red, green, blue] = number.ok_or(ValidationError::NotAColor)?.to_be_bytes();
        Ok(Color { red, green, blue })
    }

    fn attributes(&self, attributes: &mut Attributes) {
        attributes.set_flag("required");
    }
}

#[cfg(all(test, feature = "url"))]
mod tests {
    use super::*;
    use crate::lens::{check_text, check_value};

    #[test]
    fn a_url_type_obeys_the_laws() {
        let lens = UrlLens::<url::Url>::default();
        for text in
            ["https://example.org", " http://é.example/a b?c#d ", "mailto:a@b", "x", "", "//h"]
        {
            check_text(&lens, text);
        }
        check_value(&lens, &url::Url::parse("https://example.org/%20?q=%3C").expect("it is a URL"));
        assert_eq!(lens.parse(""), Err(ValidationError::Missing));
        assert_eq!(lens.parse("/path"), Err(ValidationError::NotAUrl));
    }
}
