//! The type of an image, detected from its first bytes (WHATWG MIME Sniffing, section 6.1).
//!
//! Only the formats that all browsers show and that can't contain scripts, which excludes SVG.

/// The number of bytes that `of` needs.
pub(super) const LEN: u64 = 14;

pub(crate) fn of(start: &[u8]) -> Option<&'static str> {
    match start {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some("image/gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', b'V', b'P', ..] => {
            Some("image/webp")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_images_by_their_first_bytes() {
        let check = |bytes: &[u8], expect| assert_eq!(of(bytes), expect, "{bytes:?}");
        check(b"\x89PNG\r\n\x1a\n....", Some("image/png"));
        check(b"\xff\xd8\xff\xe0", Some("image/jpeg"));
        check(b"GIF89a", Some("image/gif"));
        check(b"RIFF\0\0\0\0WEBPVP8 ", Some("image/webp"));
        check(b"<svg onload=alert(1)>", None);
        check(b"", None);
    }
}
