//! The only HTML escaper of the workspace: five characters, nothing else.
//!
//! Right for text and for attribute values in quotes. It knows nothing of tags, URLs or scripts:
//! where five characters are not enough, the template crate refuses the hole when it loads.

use std::borrow::Cow;

use solohttp_iolist::IoList;

/// Appends `text` to `out` with `& < > " '` written as `&amp; &lt; &gt; &quot; &#x27;`.
///
/// Clean runs are copied whole; nothing else is allocated.
///
/// ```
/// use solohttp_core::{IoList, html};
///
/// let mut page = IoList::new();
/// html::escape_into("Tom & \"Jerry\"", &mut page);
/// assert_eq!(page.to_string(), "Tom &amp; &quot;Jerry&quot;");
/// ```
pub fn escape_into(text: &str, out: &mut IoList) {
    for_each_run(text, |run| out.push_str(run));
}

/// The escaped text, borrowed when there was nothing to escape.
#[must_use]
pub fn escape(text: &str) -> Cow<'_, str> {
    if clean_prefix(text.as_bytes()) == text.len() {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + text.len() / 8 + 16);
    for_each_run(text, |run| escaped.push_str(run));
    Cow::Owned(escaped)
}

/// Appends the escaped text to a plain byte buffer.
///
/// Copies and looks at the same time, in blocks of fixed size: on the short strings that pages are
/// made of, this is several times faster than a search followed by a copy of unknown length.
#[inline]
pub fn escape_to_vec(text: &str, out: &mut Vec<u8>) {
    let bytes = text.as_bytes();
    let mut rest = bytes;
    while let Some((block, after)) = rest.split_first_chunk::<16>() {
        out.extend_from_slice(block);
        if any_special(block) {
            out.truncate(out.len() - block.len());
            escape_bytewise(block, out);
        }
        rest = after;
    }
    if !copy_if_clean::<8>(rest, out) && !copy_if_clean::<4>(rest, out) {
        escape_bytewise(rest, out);
    }
}

/// Copies N to 2 N bytes as two words that overlap, unless they hold something special.
#[inline]
fn copy_if_clean<const N: usize>(bytes: &[u8], out: &mut Vec<u8>) -> bool {
    let (Some(first), Some(last)) = (bytes.first_chunk::<N>(), bytes.last_chunk::<N>()) else {
        return false;
    };
    if bytes.len() > 2 * N || any_special(first) || any_special(last) {
        return false;
    }
    let end = out.len() + bytes.len();
    out.extend_from_slice(first);
    out.truncate(end - N);
    out.extend_from_slice(last);
    true
}

/// Calls `emit` with clean runs and with replacements, in order.
fn for_each_run(text: &str, mut emit: impl FnMut(&str)) {
    let mut rest = text;
    loop {
        // A special byte is ASCII, so that both sides of it are character boundaries.
        let (clean, from) = rest.split_at(clean_prefix(rest.as_bytes()));
        if !clean.is_empty() {
            emit(clean);
        }
        let Some(&byte) = from.as_bytes().first() else { return };
        emit(replacement(byte));
        rest = &from[1..];
    }
}

/// How many bytes from the start need no escaping.
fn clean_prefix(bytes: &[u8]) -> usize {
    let mut clean = 0;
    let (blocks, tail) = bytes.as_chunks::<32>();
    for block in blocks {
        if any_special(block) {
            break;
        }
        clean += block.len();
    }
    let from = if clean == bytes.len() - tail.len() { tail } else { &bytes[clean..] };
    clean + from.iter().position(|&byte| IS_SPECIAL[usize::from(byte)]).unwrap_or(from.len())
}

/// Without a branch inside, so that it becomes a handful of vector compares.
#[inline]
fn any_special<const N: usize>(block: &[u8; N]) -> bool {
    block.iter().fold(false, |hit, &byte| {
        // `&` and `'` differ in one bit only, and so do `<` and `>`.
        hit | (byte | 1 == b'\'') | (byte | 2 == b'>') | (byte == b'"')
    })
}

#[inline]
fn escape_bytewise(bytes: &[u8], out: &mut Vec<u8>) {
    for &byte in bytes {
        if IS_SPECIAL[usize::from(byte)] {
            out.extend_from_slice(replacement(byte).as_bytes());
        } else {
            out.push(byte);
        }
    }
}

const IS_SPECIAL: [bool; 256] = {
    let mut table = [false; 256];
    table[b'&' as usize] = true;
    table[b'<' as usize] = true;
    table[b'>' as usize] = true;
    table[b'"' as usize] = true;
    table[b'\'' as usize] = true;
    table
};

#[inline]
fn replacement(special: u8) -> &'static str {
    match special {
        b'&' => "&amp;",
        b'<' => "&lt;",
        b'>' => "&gt;",
        b'"' => "&quot;",
        _ => "&#x27;",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn naive(text: &str) -> String {
        text.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace('"', "&quot;")
            .replace('\'', "&#x27;")
    }

    fn check(text: &str) {
        let expected = naive(text);
        let mut list = IoList::new();
        escape_into(text, &mut list);
        assert_eq!(list.to_string(), expected, "into a list: {text:?}");
        let mut vec = b"before ".to_vec();
        escape_to_vec(text, &mut vec);
        assert_eq!(vec, format!("before {expected}").into_bytes(), "into a vector: {text:?}");
        assert_eq!(escape(text), expected);
    }

    #[test]
    fn replaces_five_characters_and_no_others() {
        check("& < > \" '");
        check("a / ` = \0 \u{7f} é ‘quoted’ &amp;");
        for code in 0..=0x2ff_u32 {
            let one = char::from_u32(code).expect("no surrogate below U+0300");
            check(&one.to_string());
        }
    }

    #[test]
    fn finds_each_special_at_every_place_of_every_length() {
        for length in 0..70 {
            check(&"x".repeat(length));
            for place in 0..length {
                for special in ["&", "<", ">", "\"", "'"] {
                    let mut text = "é".repeat(length / 7) + &"x".repeat(length);
                    let at = text.len() - place;
                    text.insert_str(at, special);
                    check(&text);
                }
            }
        }
    }

    #[test]
    fn borrows_what_needs_no_escaping() {
        assert!(matches!(escape("plain text, long enough for a block or two"), Cow::Borrowed(_)));
        assert!(matches!(escape("a<b"), Cow::Owned(_)));
    }

    #[test]
    fn escapes_a_long_run_of_specials() {
        check(&"&".repeat(10_000));
    }
}
