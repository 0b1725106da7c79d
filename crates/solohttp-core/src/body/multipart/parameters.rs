//! Parses a header value with parameters, such as `form-data; name="a"; filename="b"`.
//!
//! The syntax is the one that browsers use (WHATWG HTML, "multipart form data"). It differs from
//! the quoted-string in RFC 9110, because a backslash is literal, and a quotation mark is `%22`.

use crate::error::Rejection;

/// Far more than clients send. Each parameter is compared with all earlier ones, so a thousand
/// parts with thousands of parameters each would take seconds.
const MAX_PARAMETERS: usize = 32;

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Parameters<'a> {
    /// Everything before the first semicolon.
    pub(super) word: &'a str,
    pairs: Vec<(&'a str, String)>,
}

impl<'a> Parameters<'a> {
    pub(super) fn parse(value: &'a str) -> Result<Self, Rejection> {
        let (word, mut rest) = value.split_once(';').unwrap_or((value, ""));
        let mut parameters = Self { word: word.trim(), pairs: Vec::new() };
        while !rest.trim_start().is_empty() {
            let (name, value, after) = parameter(rest)?;
            rest = after;
            if name.is_empty() {
                continue;
            }
            if parameters.pairs.len() == MAX_PARAMETERS || parameters.value(name).is_some() {
                return Err(malformed());
            }
            parameters.pairs.push((name, value));
        }
        Ok(parameters)
    }

    pub(super) fn value(&self, name: &str) -> Option<&str> {
        let mut pairs = self.pairs.iter();
        pairs.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// Returns the name and value of the first parameter, and the rest after its semicolon.
fn parameter(text: &str) -> Result<(&str, String, &str), Rejection> {
    let end = text.find(['=', ';']).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let name = name.trim();
    let Some(value) = rest.strip_prefix('=') else {
        // The parameter is empty or has no value.
        return Ok((name, String::new(), rest.get(1..).unwrap_or_default()));
    };
    let value = value.trim_start();
    if let Some(quoted) = value.strip_prefix('"') {
        let (value, after) = quoted_text(quoted)?;
        let after = after.trim_start();
        match after.strip_prefix(';') {
            Some(after) => Ok((name, value, after)),
            None if after.is_empty() => Ok((name, value, "")),
            None => Err(malformed()),
        }
    } else {
        let (value, after) = value.split_once(';').unwrap_or((value, ""));
        Ok((name, value.trim_end().to_owned(), after))
    }
}

/// Returns the quoted value, and the rest after the closing quotation mark. Older clients send a
/// quotation mark as `\"`. If nothing follows the `\"`, the value ends with `\`.
fn quoted_text(text: &str) -> Result<(String, &str), Rejection> {
    let mut value = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('"') {
        let after = &rest[at + 1..];
        match rest[..at].strip_suffix('\\') {
            Some(before) if !after.trim_start().is_empty() => {
                value.push_str(before);
                value.push('"');
                rest = after;
            }
            _ => {
                value.push_str(&rest[..at]);
                return Ok((value, after));
            }
        }
    }
    Err(malformed())
}

fn malformed() -> Rejection {
    Rejection::bad_request("The parameters of a header field are malformed.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: &str, expect: Option<(&str, &[(&str, &str)])>) {
        let parsed = Parameters::parse(value).ok();
        let expect = expect.map(|(word, pairs)| Parameters {
            word,
            pairs: pairs.iter().map(|&(name, value)| (name, value.to_owned())).collect(),
        });
        assert_eq!(parsed, expect, "{value}");
    }

    #[test]
    fn reads_bare_and_quoted_values() {
        check("form-data", Some(("form-data", &[])));
        check("a; b=c; d=\"e\"", Some(("a", &[("b", "c"), ("d", "e")])));
        check("a;b=c;d=\"e;f=g\"", Some(("a", &[("b", "c"), ("d", "e;f=g")])));
        check(" a ; b = c ; d = \"e\" ;", Some(("a", &[("b", "c"), ("d", "e")])));
        check("a; b=; c=\"\"", Some(("a", &[("b", ""), ("c", "")])));
        check("a;; b", Some(("a", &[("b", "")])));
        check("a; b=c=d", Some(("a", &[("b", "c=d")])));
    }

    #[test]
    fn a_backslash_is_literal_unless_it_precedes_a_quotation_mark() {
        check(r#"a; b="C:\x\\y""#, Some(("a", &[("b", r"C:\x\\y")])));
        check(r#"a; b="say \"hi\"; now""#, Some(("a", &[("b", r#"say "hi"; now"#)])));
        check(r#"a; b="end\""#, Some(("a", &[("b", r"end\")])));
    }

    #[test]
    fn rejects_too_many_parameters() {
        let with = |count: usize| (0..count).map(|n| format!("; p{n}=v")).collect::<String>();
        assert!(Parameters::parse(&with(MAX_PARAMETERS)).is_ok());
        assert!(Parameters::parse(&with(MAX_PARAMETERS + 1)).is_err());
    }

    #[test]
    fn rejects_unterminated_and_repeated_parameters() {
        for value in ["a; b=\"c", "a; b=\"c\"d", "a; b=\"", "a; b=c; B=d"] {
            check(value, None);
        }
    }
}
