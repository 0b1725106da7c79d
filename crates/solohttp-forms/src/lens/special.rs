//! Texts with a form of their own: e-mail addresses, URLs, colours.
//!
//! The rules are those that browsers apply to the same `<input>`, so that both agree.

use std::fmt;
use std::marker::PhantomData;

use crate::lens::{Lens, Trim, idn, invisible};
use crate::markup::attributes::Attributes;
use crate::validation::ValidationError;

/// An email address, or blank. An international domain is kept as people read it: `a@bücher.de`.
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

/// WHATWG HTML section 4.10.5.1.5, which differs from RFC 5322 on purpose. Browsers take a domain with
/// other letters too, because it has a spelling in ASCII.
fn is_email(local: &str, domain: &str) -> bool {
    let local_byte = |b: u8| b.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&b);
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.chars().all(idn::is_letter)
            && !label.starts_with('-')
            && !label.ends_with('-')
            // Punycode of a text that is partly encoded already.
            && (label.is_ascii() || !idn::is_encoded(label))
    };
    !local.is_empty() && local.bytes().all(local_byte) && domain.split('.').all(is_label)
}

/// A type for URLs: `String`, and `url::Url` with the feature `url`.
pub trait UrlValue: Sized + 'static {
    /// The text that reads back as the same URL.
    fn show_url(&self) -> String;

    /// The URL of a text without blanks around it.
    fn parse_url(text: &str) -> Option<Self>;

    /// The value of no text at all, if there is one.
    fn no_url() -> Option<Self>;
}

impl UrlValue for String {
    fn no_url() -> Option<Self> {
        Some(Self::new())
    }

    fn show_url(&self) -> String {
        self.clone()
    }

    /// A scheme, a colon, and no blanks but in a path or behind it, which browsers encode; a host too
    /// for the schemes of the web. Tabs are dropped, as browsers do (WHATWG URL section 4.4).
    fn parse_url(text: &str) -> Option<Self> {
        let text = text.replace('\t', "");
        let (scheme, rest) = text.split_once(':')?;
        let scheme_is_fine = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
        let web = ["http", "https", "ftp"].iter().any(|web| scheme.eq_ignore_ascii_case(web));
        let host = rest.strip_prefix("//").and_then(|rest| rest.split(['/', '?', '#']).next());
        let rest_is_fine =
            if web { host.is_some_and(|host| !host.is_empty()) } else { !rest.is_empty() };
        let host_is_fine = !host.unwrap_or_default().contains(char::is_whitespace);
        let is_fine = scheme_is_fine && rest_is_fine && host_is_fine;
        (is_fine && !text.contains(char::is_control)).then_some(text)
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

/// An absolute URL; blank is one too if it is kept as a `String`.
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

/// A colour without transparency, as `<input type="color">` has it.
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
    fn list_2_a_url_is_a_native_value() {
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
