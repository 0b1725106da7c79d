//! Determines the MIME type of a file from its extension or its first bytes.
//!
//! Browsers don't guess the type, because every response has `nosniff`.

/// The maximum number of bytes that are inspected.
pub(crate) const SNIFFED: usize = 8 << 10;

const TEXT: &str = "text/plain; charset=utf-8";

/// Returns the `Content-Type`. `start` reads the first bytes and is only called if necessary.
///
/// Source code is served as plain text unless it looks binary, because types such as `text/x-rust`
/// make browsers save the file. Text that isn't UTF-8 gets no charset, because browsers usually
/// guess it correctly.
pub(crate) fn of(name: &str, start: impl FnOnce() -> Vec<u8>) -> String {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    match mime_guess::from_ext(extension).first_raw() {
        // RFC 9239 made this type obsolete.
        Some("application/javascript") => with_charset("text/javascript", &start()),
        Some(known) if !is_saved(known) && !extension.eq_ignore_ascii_case("ts") => {
            if known.starts_with("text/") {
                with_charset(known, &start())
            } else {
                known.to_owned()
            }
        }
        known => {
            let start = start();
            match known {
                _ if is_text(&start) => TEXT.to_owned(),
                Some(known) if known.starts_with("text/") => with_charset(known, &start),
                Some(known) => known.to_owned(),
                None => "application/octet-stream".to_owned(),
            }
        }
    }
}

fn with_charset(kind: &str, start: &[u8]) -> String {
    match utf8_start(start) {
        Some(_) => format!("{kind}; charset=utf-8"),
        None => kind.to_owned(),
    }
}

/// Returns whether browsers save files of this type. These are the media types for source code, and
/// vendor types that share an extension with text files, such as `.tpl`.
fn is_saved(kind: &str) -> bool {
    ["text/x-", "text/markdown", "application/x-", "application/vnd."]
        .iter()
        .any(|start| kind.starts_with(start))
}

/// Returns whether the bytes are UTF-8 without unusual control characters.
fn is_text(start: &[u8]) -> bool {
    let is_strange = |char: char| char.is_control() && !matches!(char, '\t' | '\n' | '\r' | '\x0c');
    utf8_start(start).is_some_and(|text| !text.chars().any(is_strange))
}

/// Returns the bytes as UTF-8. If only a part of the file was read, drops an incomplete character
/// at the end.
fn utf8_start(start: &[u8]) -> Option<&str> {
    match std::str::from_utf8(start) {
        Ok(text) => Some(text),
        Err(error) if error.error_len().is_none() && start.len() >= SNIFFED => {
            std::str::from_utf8(&start[..error.valid_up_to()]).ok()
        }
        Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, start: &[u8], expect: &str) {
        assert_eq!(of(name, || start.to_vec()), expect, "{name}");
    }

    fn by_name(name: &str, expect: &str) {
        assert_eq!(of(name, || panic!("{name} needs no look inside")), expect);
    }

    #[test]
    fn knows_types_by_extension() {
        check("a.txt", b"a", TEXT);
        check("a.HTML", "\u{fc}".as_bytes(), "text/html; charset=utf-8");
        check("a.css", b"", "text/css; charset=utf-8");
        check("a.min.js", b"a", "text/javascript; charset=utf-8");
        check("a.mjs", b"a", "text/javascript; charset=utf-8");
        check("a.csv", b"a,b", "text/csv; charset=utf-8");
        by_name("a.json", "application/json");
        by_name("a.svg", "image/svg+xml");
        by_name("a.png", "image/png");
        by_name("a.webp", "image/webp");
        by_name("a.woff2", "font/woff2");
        by_name("a.wasm", "application/wasm");
        by_name("a.mp4", "video/mp4");
        by_name("a.mp3", "audio/mpeg");
        by_name("a.pdf", "application/pdf");
    }

    #[test]
    fn sources_are_readable_as_text() {
        for name in ["a.rs", "a.py", "a.toml", "a.md", "a.sh", "a.ts", "a.sql", "a.tpl", "LICENSE"]
        {
            check(name, "fn é() {}\r\n\t".as_bytes(), TEXT);
        }
        check("empty", b"", TEXT);
    }

    #[test]
    fn binary_content_is_not_text() {
        check("program", b"\x7fELF\0", "application/octet-stream");
        check("a.unknown-name", b"caf\xe9 ", "application/octet-stream");
        check("a.tar", b"a\0", "application/x-tar");
        check("a.ts", b"G\0", "video/vnd.dlna.mpeg-tts");
    }

    #[test]
    fn text_of_another_encoding_has_no_charset() {
        check("latin-1.txt", b"caf\xe9 au lait", "text/plain");
        check("latin-1.html", b"<p>caf\xe9", "text/html");
        check("latin-1.csv", b"M\xfcller,1", "text/csv");
        check("latin-1.js", b"'\xfc'", "text/javascript");
        check("utf-16.txt", b"\xff\xfea\0", "text/plain");
        let late = ["a".repeat(SNIFFED - 1).as_bytes(), b"\xfc"].concat();
        check("late.txt", &[&late, &b"x"[..]].concat(), "text/plain");
    }

    #[test]
    fn a_character_may_be_cut_off_at_the_end() {
        let start = "é".repeat(SNIFFED).into_bytes();
        check("a", &start[1..=SNIFFED], "application/octet-stream");
        check("a", &[b"x", &start[..SNIFFED - 1]].concat(), TEXT);
        check("a", b"x\xc3", "application/octet-stream");
    }
}
