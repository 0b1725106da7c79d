//! Escapes `& < > " '` for HTML. This is the only implementation in the workspace.
//!
//! The result is safe in text and in quoted attribute values, but not in URLs or scripts. When the
//! template crate loads a template, it rejects placeholders in unsafe places.

use std::borrow::Cow;

use solohttp_iolist::IoList;

/// Appends `text` to `out`, with `& < > " '` escaped as `&amp; &lt; &gt; &quot; &#x27;`.
///
/// Copies each run of ordinary characters at once. Allocates only when `out` has to grow.
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

/// Appends an escaped sentence in which each part between two backticks becomes a `<code>` element.
///
/// ```
/// let mut out = solohttp_core::IoList::new();
/// solohttp_core::html::escape_sentence("Call `Vec<u8>::len`.", &mut out);
/// assert_eq!(out.to_string(), "Call <code>Vec&lt;u8&gt;::len</code>.");
/// ```
pub fn escape_sentence(text: &str, out: &mut IoList) {
    let mut rest = text;
    while let Some((before, code, after)) = first_code(rest) {
        escape_into(before, out);
        out.push("<code>");
        escape_into(code, out);
        out.push("</code>");
        rest = after;
    }
    escape_into(rest, out);
}

/// The text before, between and after the first two backticks.
fn first_code(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('`')?;
    let (code, after) = rest.split_once('`')?;
    Some((before, code, after))
}

/// Returns the escaped text, borrowed if there is nothing to escape.
#[must_use]
pub fn escape(text: &str) -> Cow<'_, str> {
    if clean_prefix(text.as_bytes()) == text.len() {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + text.len() / 8 + 16);
    for_each_run(text, |run| escaped.push_str(run));
    Cow::Owned(escaped)
}

/// Appends the escaped text to a byte buffer.
///
/// Searches and copies in blocks of fixed size. For the short strings of typical pages, this is
/// several times faster than a search followed by a copy of variable length.
#[inline]
pub fn escape_to_vec(text: &str, out: &mut Vec<u8>) {
    let bytes = text.as_bytes();
    let len = bytes.len();
    let start = out.len();
    if let (Some(first), Some(last), 8..=16) = (bytes.first_chunk(), bytes.last_chunk(), len) {
        // Copies two words, which may overlap.
        if specials(u64::from_le_bytes(*first)) | specials(u64::from_le_bytes(*last)) == 0 {
            out.extend_from_slice(first);
            out.truncate(start + len - 8);
            out.extend_from_slice(last);
            return;
        }
    } else if (1..8).contains(&len) {
        let word = short_word(bytes, bytes);
        if specials(word) == 0 {
            out.extend_from_slice(&word.to_le_bytes());
            out.truncate(start + len);
            return;
        }
    }
    escape_blocks(bytes, out);
}

/// Escapes text of any length, sixteen bytes at a time.
#[inline(never)]
fn escape_blocks(bytes: &[u8], out: &mut Vec<u8>) {
    let mut rest = bytes;
    while let Some((block, after)) = rest.split_first_chunk::<16>() {
        let words = words_of(block);
        if specials(words[0]) | specials(words[1]) == 0 {
            out.extend_from_slice(block);
        } else {
            escape_words(words, 16, out);
        }
        rest = after;
    }
    // The rest fits in two words, each of which may be partly or completely empty.
    let len = rest.len();
    let (first, second) = match rest.split_first_chunk::<8>() {
        Some((word, [])) => (u64::from_le_bytes(*word), 0),
        Some((word, after)) => (u64::from_le_bytes(*word), short_word(bytes, after)),
        None if rest.is_empty() => return,
        None => (short_word(bytes, rest), 0),
    };
    let start = out.len();
    out.extend_from_slice(&(u128::from(first) | (u128::from(second) << 64)).to_le_bytes());
    out.truncate(start + len);
    if specials(first) | specials(second) != 0 {
        out.truncate(start);
        escape_words([first, second], len, out);
    }
}

/// Returns `rest`, which is the last one to seven bytes of `bytes`, as a little-endian word.
#[inline]
fn short_word(bytes: &[u8], rest: &[u8]) -> u64 {
    if let Some(last) = bytes.last_chunk::<8>() {
        return u64::from_le_bytes(*last) >> (8 * (8 - rest.len()));
    }
    let at = |index: usize| u64::from(rest[index]) << (8 * index);
    if let (Some(first), Some(last)) = (rest.first_chunk::<4>(), rest.last_chunk::<4>()) {
        let last = u64::from(u32::from_le_bytes(*last)) << (8 * (rest.len() - 4));
        return u64::from(u32::from_le_bytes(*first)) | last;
    }
    at(0) | at(rest.len() / 2) | at(rest.len() - 1)
}

#[inline(never)]
fn escape_words(words: [u64; 2], len: usize, out: &mut Vec<u8>) {
    escape_word(words[0], len.min(8), out);
    escape_word(words[1], len.saturating_sub(8), out);
}

/// Escapes the lowest `len` bytes of a word.
#[inline]
fn escape_word(mut word: u64, mut len: usize, out: &mut Vec<u8>) {
    loop {
        // `specials` sets the highest bit of each special byte. The lowest such bit belongs to the
        // first special byte.
        let clean = (specials(word).trailing_zeros() as usize / 8).min(len);
        let start = out.len();
        out.extend_from_slice(&word.to_le_bytes());
        out.truncate(start + clean);
        if clean == len {
            return;
        }
        word >>= 8 * clean;
        out.extend_from_slice(replacement(word.to_le_bytes()[0]).as_bytes());
        word >>= 8;
        len -= clean + 1;
    }
}

#[inline]
fn words_of(block: &[u8; 16]) -> [u64; 2] {
    let whole = u128::from_le_bytes(*block);
    #[expect(clippy::cast_possible_truncation, reason = "splits it into halves")]
    [whole as u64, (whole >> 64) as u64]
}

/// Returns a word in which the highest bit of every special byte is set and all other bits are
/// zero.
#[inline]
fn specials(word: u64) -> u64 {
    const EACH: u64 = u64::from_le_bytes([1; 8]);
    const LOW: u64 = 0x7f * EACH;
    let is_zero = |word: u64| !(((word & LOW) + LOW) | word | LOW);
    // `&` and `'` differ in only one bit, and so do `<` and `>`.
    is_zero((word | EACH) ^ (EACH * 0x27))
        | is_zero((word | (EACH * 2)) ^ (EACH * 0x3e))
        | is_zero(word ^ (EACH * 0x22))
}

/// Calls `emit` with each run of text that needs no escaping and each replacement, in order.
fn for_each_run(text: &str, mut emit: impl FnMut(&str)) {
    let mut rest = text;
    loop {
        // Special bytes are ASCII, so this doesn't split a character.
        let (clean, from) = rest.split_at(clean_prefix(rest.as_bytes()));
        if !clean.is_empty() {
            emit(clean);
        }
        let Some(&byte) = from.as_bytes().first() else { return };
        emit(replacement(byte));
        rest = &from[1..];
    }
}

/// The number of leading bytes that need no escaping.
fn clean_prefix(bytes: &[u8]) -> usize {
    let mut clean = 0;
    let (blocks, tail) = bytes.as_chunks::<16>();
    for block in blocks {
        let [first, second] = words_of(block);
        if specials(first) | specials(second) != 0 {
            break;
        }
        clean += block.len();
    }
    let from = if clean == bytes.len() - tail.len() { tail } else { &bytes[clean..] };
    clean + from.iter().position(|&byte| IS_SPECIAL[usize::from(byte)]).unwrap_or(from.len())
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
    fn finds_each_special_character_at_every_position() {
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
    fn borrows_text_without_special_characters() {
        assert!(matches!(escape("plain text, long enough for a block or two"), Cow::Borrowed(_)));
        assert!(matches!(escape("a<b"), Cow::Owned(_)));
    }

    #[test]
    fn escapes_a_long_run_of_specials() {
        check(&"&".repeat(10_000));
    }
}
