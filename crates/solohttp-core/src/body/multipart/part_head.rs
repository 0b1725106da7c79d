//! Parses the head of a part, which names the control and the file (RFC 7578 section 4).

use percent_encoding::percent_decode_str;

use super::parameters::Parameters;
use crate::error::Rejection;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct PartHead {
    pub(super) name: String,
    pub(super) file_name: Option<String>,
    pub(super) content_type: Option<String>,
}

impl PartHead {
    /// Parses lines that end in CR LF. The last line is empty.
    pub(super) fn parse(head: &[u8]) -> Result<Self, Rejection> {
        let head =
            std::str::from_utf8(head).map_err(|_| bad("A name in this form is not UTF-8 text."))?;
        // Mail software folds long lines (RFC 822 section 3.1.1). Browsers don't.
        let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
        let mut disposition = None;
        let mut content_type = None;
        for line in unfolded.split("\r\n").filter(|line| !line.is_empty()) {
            if line.contains(|character: char| character.is_ascii_control() && character != '\t') {
                return Err(bad("The head of a part of this form contains a control character."));
            }
            let (name, value) =
                line.split_once(':').ok_or(bad("The head of a part of this form is malformed."))?;
            if name.eq_ignore_ascii_case("content-disposition") {
                if disposition.replace(value).is_some() {
                    return Err(bad("A part of this form has two names."));
                }
            } else if name.eq_ignore_ascii_case("content-type") {
                content_type = Some(value.trim().to_owned());
            }
        }
        let (name, file_name) = names(disposition.unwrap_or_default())?;
        Ok(Self { name, file_name, content_type })
    }
}

/// Returns the control's name, and the file name if the part is a file.
fn names(disposition: &str) -> Result<(String, Option<String>), Rejection> {
    let parameters = Parameters::parse(disposition)?;
    let name = parameters.value("name");
    let Some(name) = name.filter(|_| parameters.word.eq_ignore_ascii_case("form-data")) else {
        return Err(bad("A part of this form has no name."));
    };
    let extended = parameters.value("filename*").map(|text| extended_text(text).ok_or(text));
    let plain = parameters.value("filename").map(unescaped);
    let file_name = match (extended, plain) {
        (Some(Ok(name)), _) | (_, Some(name)) => Some(name),
        (Some(Err(unknown)), None) => Some(unknown.to_owned()),
        (None, None) => None,
    };
    Ok((unescaped(name), file_name))
}

/// Decodes the three characters that browsers escape. Browsers don't escape `%` itself (WHATWG
/// HTML, "multipart form data").
fn unescaped(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        plain.push_str(&rest[..at]);
        let character = match rest.as_bytes().get(at + 1..at + 3) {
            Some(b"22") => '"',
            Some(b"0D" | b"0d") => '\r',
            Some(b"0A" | b"0a") => '\n',
            _ => '%',
        };
        plain.push(character);
        rest = &rest[at + if character == '%' { 1 } else { 3 }..];
    }
    plain + rest
}

/// Decodes a value such as `UTF-8'en'%e2%82%ac.txt` (RFC 8187). RFC 7578 section 4.2 forbids this
/// form, but some clients send it. Returns `None` for other encodings.
fn extended_text(text: &str) -> Option<String> {
    let mut parts = text.splitn(3, '\'');
    let (encoding, _language, text) = (parts.next()?, parts.next()?, parts.next()?);
    let is_utf8 = encoding.eq_ignore_ascii_case("utf-8");
    let text = percent_decode_str(text).decode_utf8().ok().filter(|_| is_utf8)?;
    Some(text.into_owned())
}

fn bad(detail: &'static str) -> Rejection {
    Rejection::bad_request(detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(lines: &[&str], expect: Option<(&str, Option<&str>, Option<&str>)>) {
        let head = lines.iter().map(|line| format!("{line}\r\n")).collect::<String>() + "\r\n";
        let expect = expect.map(|(name, file_name, content_type)| PartHead {
            name: name.to_owned(),
            file_name: file_name.map(str::to_owned),
            content_type: content_type.map(str::to_owned),
        });
        assert_eq!(PartHead::parse(head.as_bytes()).ok(), expect, "{head}");
    }

    fn check_one(disposition: &str, name: &str, file_name: Option<&str>) {
        let line = format!("Content-Disposition: form-data; {disposition}");
        check(&[&line], Some((name, file_name, None)));
    }

    #[test]
    fn names_come_in_any_order_and_spelling() {
        check_one(r#"name="a""#, "a", None);
        check_one("name=a", "a", None);
        check_one(r#"filename="x.txt"; name="a""#, "a", Some("x.txt"));
        check_one(r#"NAME="été"; FileName="€ 😀.txt""#, "été", Some("€ 😀.txt"));
        check_one(r#"name="a"; filename="""#, "a", Some(""));
        check_one(r#"name="a"; creation-date="x"; filename=b"#, "a", Some("b"));
        check(&["content-disposition:FORM-DATA;name=a"], Some(("a", None, None)));
    }

    #[test]
    fn other_fields_are_ignored() {
        check(
            &[
                "Content-Type: text/plain; charset=utf-8",
                "X-Thing: \"",
                "Content-Disposition: form-data; name=a",
                "Content-Length: 7",
                "Content-Transfer-Encoding: binary",
            ],
            Some(("a", None, Some("text/plain; charset=utf-8"))),
        );
    }

    #[test]
    fn unescapes_only_what_browsers_escape() {
        check_one(r#"name="%22a%0D%0Ab%22""#, "\"a\r\nb\"", None);
        check_one(r#"name="100%; 50%25 %zz %0d%2""#, "100%; 50%25 %zz \r%2", None);
        check_one(r#"name="a"; filename="%22.txt""#, "a", Some("\".txt"));
    }

    #[test]
    fn a_readable_extended_file_name_takes_precedence() {
        check_one("name=a; filename*=UTF-8''%e2%82%ac%20.txt", "a", Some("€ .txt"));
        check_one("name=a; filename=b; filename*=utf-8'en'c", "a", Some("c"));
        check_one("name=a; filename=b; filename*=UTF-8''%ff", "a", Some("b"));
        check_one("name=a; filename=b; filename*=koi8-r''%c1", "a", Some("b"));
        check_one("name=a; filename*=koi8-r''%c1", "a", Some("koi8-r''%c1"));
    }

    #[test]
    fn folded_lines_are_joined() {
        check(
            &["Content-Disposition: form-data;", " name=\"a\";", "\tfilename=\"b\""],
            Some(("a", Some("b"), None)),
        );
    }

    #[test]
    fn rejects_a_part_without_a_name() {
        check(&[], None);
        check(&["Content-Type: text/plain"], None);
        check(&["Content-Disposition: form-data"], None);
        check(&["Content-Disposition: form-data; filename=x"], None);
        check(&["Content-Disposition: attachment; name=a"], None);
        check(&["Content-Disposition: form-data; name=a"; 2], None);
    }

    #[test]
    fn rejects_malformed_lines() {
        let named = "Content-Disposition: form-data; name=a";
        for odd in ["no colon", "X: bare \r here", "X: bare \n here", "X: \0", "X: \u{7f}"] {
            check(&[named, odd], None);
        }
        let head = b"Content-Disposition: form-data; name=\xff\r\n\r\n";
        assert!(PartHead::parse(head).is_err(), "not UTF-8");
    }
}
