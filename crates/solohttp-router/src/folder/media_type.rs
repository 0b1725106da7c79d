//! The MIME type of a file: by its name, or by its first bytes where the name does not tell.
//!
//! Browsers only get to guess nothing: `nosniff` goes with every response.

/// How many bytes of a file are looked at.
pub(crate) const SNIFFED: usize = 1024;

const TEXT: &str = "text/plain; charset=utf-8";

/// The value for `Content-Type`; `start` gives the first bytes, and is only asked when needed.
///
/// Programs' sources, which have types like `text/x-rust` that make a browser save the file, are
/// plain text when their bytes are.
pub(crate) fn of(name: &str, start: impl FnOnce() -> Vec<u8>) -> String {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    match mime_guess::from_ext(extension).first_raw() {
        Some(known) if !is_saved(known) && !extension.eq_ignore_ascii_case("ts") => {
            with_charset(known)
        }
        _ if is_text(&start()) => TEXT.to_owned(),
        Some(known) => with_charset(known),
        None => "application/octet-stream".to_owned(),
    }
}

fn with_charset(kind: &str) -> String {
    match kind {
        // RFC 9239 has made the other name obsolete.
        "application/javascript" => "text/javascript; charset=utf-8".to_owned(),
        _ if kind.starts_with("text/") => format!("{kind}; charset=utf-8"),
        _ => kind.to_owned(),
    }
}

/// Types that browsers save: sources among them, and one vendor's types for names like `.tpl`.
fn is_saved(kind: &str) -> bool {
    ["text/x-", "text/markdown", "application/x-", "application/vnd."]
        .iter()
        .any(|start| kind.starts_with(start))
}

/// UTF-8 without controls, but for a character that is cut off at the end.
fn is_text(start: &[u8]) -> bool {
    let whole = match std::str::from_utf8(start) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() && start.len() >= SNIFFED => {
            std::str::from_utf8(&start[..error.valid_up_to()]).unwrap_or("\0")
        }
        Err(_) => return false,
    };
    !whole.chars().any(|char| char.is_control() && !matches!(char, '\t' | '\n' | '\r' | '\x0c'))
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
    fn a_name_tells_what_browsers_know() {
        by_name("a.txt", TEXT);
        by_name("a.HTML", "text/html; charset=utf-8");
        by_name("a.css", "text/css; charset=utf-8");
        by_name("a.min.js", "text/javascript; charset=utf-8");
        by_name("a.mjs", "text/javascript; charset=utf-8");
        by_name("a.csv", "text/csv; charset=utf-8");
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
    fn bytes_are_no_text_whatever_the_name() {
        check("program", b"\x7fELF\0", "application/octet-stream");
        check("a.unknown-name", b"caf\xe9 ", "application/octet-stream");
        check("a.tar", b"a\0", "application/x-tar");
        check("a.ts", b"G\0", "video/vnd.dlna.mpeg-tts");
    }

    #[test]
    fn a_character_may_be_cut_off_at_the_end() {
        let start = "é".repeat(SNIFFED).into_bytes();
        check("a", &start[1..=SNIFFED], "application/octet-stream");
        check("a", &[b"x", &start[..SNIFFED - 1]].concat(), TEXT);
        check("a", b"x\xc3", "application/octet-stream");
    }
}
