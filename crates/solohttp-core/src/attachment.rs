//! `Content-Disposition: attachment`, which makes browsers save a file (RFC 6266).

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// The characters to encode: everything except the `attr-char` of RFC 8187 section 3.2.1.
const EXTENDED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'-')
    .remove(b'.')
    .remove(b'^')
    .remove(b'_')
    .remove(b'`')
    .remove(b'|')
    .remove(b'~');

/// Returns the `Content-Disposition` that makes browsers save a response as a file with this name. It
/// has an ASCII name for old clients, and the full name if it differs.
///
/// ```
/// use solohttp_core::{Response, attachment, header};
///
/// let response = Response::bytes("text/csv; charset=utf-8", "…")
///     .with_header(header::CONTENT_DISPOSITION, attachment("Geräte.csv"));
/// # assert!(response.header("content-disposition").unwrap().ends_with("Ger%C3%A4te.csv"));
/// ```
#[must_use]
pub fn attachment(name: &str) -> String {
    let is_plain = |char: char| (char.is_ascii_graphic() || char == ' ') && !"\"\\%".contains(char);
    let plain: String = name.chars().map(|char| if is_plain(char) { char } else { '_' }).collect();
    if plain == name {
        format!("attachment; filename=\"{name}\"")
    } else {
        let full = utf8_percent_encode(name, EXTENDED);
        format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{full}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodes_every_name_and_injects_no_field() {
        assert_eq!(attachment("a b.txt"), "attachment; filename=\"a b.txt\"");
        assert_eq!(
            attachment("été \"1\"\r\n.txt"),
            "attachment; filename=\"_t_ _1___.txt\"; \
             filename*=UTF-8''%C3%A9t%C3%A9%20%221%22%0D%0A.txt"
        );
    }
}
