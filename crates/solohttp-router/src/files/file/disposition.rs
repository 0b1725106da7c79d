//! `Content-Disposition: attachment`: the browser saves the file under its name (RFC 6266).

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All but the attribute characters of RFC 8187 section 3.2.1.
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

/// The value for a file of this name: plain ASCII for old clients, the whole name for others.
pub(crate) fn attachment(name: &str) -> String {
    let is_plain = |char: char| (char.is_ascii_graphic() || char == ' ') && !"\"\\%".contains(char);
    let plain: String = name.chars().map(|char| if is_plain(char) { char } else { '_' }).collect();
    if plain == name {
        format!("attachment; filename=\"{name}\"")
    } else {
        let whole = utf8_percent_encode(name, EXTENDED);
        format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_reaches_the_disk_and_no_other_field() {
        assert_eq!(attachment("a b.txt"), "attachment; filename=\"a b.txt\"");
        assert_eq!(
            attachment("été \"1\"\r\n.txt"),
            "attachment; filename=\"_t_ _1___.txt\"; \
             filename*=UTF-8''%C3%A9t%C3%A9%20%221%22%0D%0A.txt"
        );
    }
}
