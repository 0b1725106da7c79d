//! Escapes `& < > " '` for HTML. This is the only implementation in the workspace. `trusted` is HTML
//! that needs no escaping.
//!
//! The result is safe in text and in quoted attribute values, but not in URLs or scripts. When the
//! template crate loads a template, it rejects placeholders in unsafe places.

mod short;
mod trusted;

use std::borrow::Cow;

use solohttp_iolist::IoList;

pub use short::ShortText;
pub use trusted::Html;

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

/// Returns the text that [`escape`] or another function of this module has escaped. Knows no other
/// entities.
///
/// ```
/// use solohttp_core::html::{escape, unescape};
///
/// assert_eq!(unescape(&escape("Tom &amp; \"Jerry\"")), "Tom &amp; \"Jerry\"");
/// ```
#[must_use]
pub fn unescape(escaped: &str) -> Cow<'_, str> {
    if !escaped.contains('&') {
        return Cow::Borrowed(escaped);
    }
    // `&` comes last, so that no replacement is replaced again.
    let specials = SPECIALS.iter().rev();
    let text = specials.fold(escaped.to_owned(), |text, special| {
        text.replace(replacement(*special), char::from(*special).encode_utf8(&mut [0; 4]))
    });
    Cow::Owned(text)
}

/// Appends the escaped text to a byte buffer.
///
/// Searches and copies in blocks of fixed size. This is several times faster than a search followed
/// by a copy of variable length. [`clean_block`] is even faster for most short strings.
pub fn escape_to_vec(text: &str, out: &mut Vec<u8>) {
    escape_bytes(text.as_bytes(), out);
}

/// Escapes the end of a byte buffer, from this index on.
///
/// ```
/// let mut page = b"<p>Tom & Jerry".to_vec();
/// solohttp_core::html::escape_end(&mut page, 3);
/// assert_eq!(page, b"<p>Tom &amp; Jerry");
/// ```
///
/// # Panics
/// If the buffer is shorter.
pub fn escape_end(buffer: &mut Vec<u8>, start: usize) {
    // Most texts are short enough for a copy on the stack.
    let mut room = [0; 4 * BLOCK];
    let len = buffer.len() - start;
    match room.get_mut(..len) {
        Some(text) => {
            text.copy_from_slice(&buffer[start..]);
            buffer.truncate(start);
            escape_bytes(text, buffer);
        }
        None => {
            let text = buffer.split_off(start);
            escape_bytes(&text, buffer);
        }
    }
}

fn escape_bytes(bytes: &[u8], out: &mut Vec<u8>) {
    let (blocks, rest) = bytes.as_chunks::<BLOCK>();
    for block in blocks {
        if may_have_special(block) {
            escape_block(u128::from_le_bytes(*block), BLOCK, out);
        } else {
            out.extend_from_slice(block);
        }
    }
    let last = match bytes.last_chunk::<BLOCK>() {
        _ if rest.is_empty() => return,
        Some(last) => u128::from_le_bytes(*last) >> (8 * (BLOCK - rest.len())),
        None => short_block(rest),
    };
    let block = last.to_le_bytes();
    if may_have_special(&block) {
        escape_block(last, rest.len(), out);
    } else {
        let start = out.len();
        out.extend_from_slice(&block);
        out.truncate(start + rest.len());
    }
}

/// Returns the text, padded with zeros, if it has fewer than sixteen bytes and needs no escaping.
///
/// For speed, a `#` counts as a character to be escaped.
///
/// ```
/// use solohttp_core::html::clean_block;
///
/// assert_eq!(clean_block("Tom"), Some(*b"Tom\0\0\0\0\0\0\0\0\0\0\0\0\0"));
/// assert_eq!(clean_block("Tom & Jerry"), None);
/// ```
#[inline(always)]
#[must_use]
pub fn clean_block(text: &str) -> Option<[u8; BLOCK]> {
    if text.len() >= BLOCK {
        return None;
    }
    let block = short_block(text.as_bytes()).to_le_bytes();
    (!may_have_special(&block)).then_some(block)
}

/// Returns whether the text consists of one line that needs no escaping.
///
/// For speed, `#` counts as a character to be escaped, and all control characters of ASCII except
/// DEL count as line breaks.
///
/// ```
/// use solohttp_core::html::is_plain_line;
///
/// assert!(is_plain_line(b"Tom and Jerry"));
/// assert!(!is_plain_line(b"Tom & Jerry"));
/// assert!(!is_plain_line(b"Tom\nJerry"));
/// ```
#[inline(always)]
#[must_use]
pub fn is_plain_line(bytes: &[u8]) -> bool {
    let is_plain = |word: &[u8; 8]| is_plain_word(u64::from_le_bytes(*word));
    match bytes.last_chunk() {
        // The last two words may overlap.
        Some(last) => is_plain(last) && bytes.as_chunks().0.iter().all(is_plain),
        None => is_plain_word(short_word(bytes)),
    }
}

/// Returns fewer than eight bytes in any order, filled up with spaces or repetitions.
#[inline(always)]
fn short_word(bytes: &[u8]) -> u64 {
    if let Some(first) = bytes.first_chunk()
        && let Some(last) = bytes.last_chunk()
    {
        let [first, last] = [first, last].map(|half| u64::from(u32::from_le_bytes(*half)));
        return first | (last << 32);
    }
    bytes.iter().fold(EACH * 0x20, |word, byte| (word << 8) | u64::from(*byte))
}

/// Returns whether a word contains no special byte, no `#`, and no byte below 32.
#[inline(always)]
fn is_plain_word(word: u64) -> bool {
    (may_have_special_byte(word) | low_bytes(word)) & !LOW == 0
}

/// Returns a word in which the highest bit of the first byte below 32 is set. Those of later bytes
/// may be set by mistake.
#[inline(always)]
fn low_bytes(word: u64) -> u64 {
    word.wrapping_sub(EACH * 0x20) & !word
}

/// The number of bytes that are searched and copied at once.
const BLOCK: usize = 16;

/// Returns fewer than sixteen bytes as a little-endian number.
///
/// Joins parts of fixed size, which may overlap.
#[inline(always)]
fn short_block(bytes: &[u8]) -> u128 {
    let len = bytes.len();
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        // The bytes after the first eight. One shift by all 64 bits isn't allowed, and a shift of an
        // `u128` takes three times as many instructions as two of an `u64`.
        let more = u64::from_le_bytes(*last) >> 1 >> (63 - 8 * (len - 8));
        return u128::from(u64::from_le_bytes(*first)) | (u128::from(more) << 64);
    }
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        let last = u64::from(u32::from_le_bytes(*last)) << (8 * (len - 4));
        return u128::from(u64::from(u32::from_le_bytes(*first)) | last);
    }
    let at = |index: usize| u64::from(bytes[index]) << (8 * index);
    if len == 0 { 0 } else { u128::from(at(0) | at(len / 2) | at(len - 1)) }
}

/// The room for an escaped block: at most six bytes for each byte, and the excess of the last copy.
const ROOM: usize = 6 * BLOCK + 8;

/// Escapes the lowest `len` bytes of a block.
#[inline(always)]
fn escape_block(block: u128, len: usize, out: &mut Vec<u8>) {
    let start = out.len();
    // One extension for the whole block is faster than one for each piece.
    out.extend_from_slice(&[0; ROOM]);
    let room = out.last_chunk_mut().expect("the room was just added");
    let [first, second] = halves(block);
    let mut end = escape_word(first, len.min(8), room, 0);
    if len > 8 {
        end = escape_word(second, len - 8, room, end);
    }
    out.truncate(start + end);
}

/// Writes the lowest `len` bytes of a word, escaped, at `at`. Returns the end.
#[inline(always)]
fn escape_word(mut word: u64, mut len: usize, room: &mut [u8; ROOM], mut at: usize) -> usize {
    let mut marks = specials(word);
    while marks != 0 {
        // The lowest mark belongs to the first special byte.
        let clean_bits = marks.trailing_zeros() & !7;
        let clean = clean_bits as usize / 8;
        copy_word(word, room, at);
        at += clean;
        word >>= clean_bits;
        let (text, text_len) = REPLACEMENTS[usize::from(word.to_le_bytes()[0]) % 32];
        copy_word(text, room, at);
        at += text_len;
        word >>= 8;
        marks = (marks >> clean_bits) >> 8;
        len -= clean + 1;
    }
    copy_word(word, room, at);
    at + len
}

#[inline(always)]
fn copy_word(word: u64, room: &mut [u8; ROOM], at: usize) {
    room[at..at + 8].copy_from_slice(&word.to_le_bytes());
}

/// The replacements and their lengths, by the lowest five bits of the special byte.
const REPLACEMENTS: [(u64, usize); 32] = {
    let mut table = [(0, 0); 32];
    let mut index = 0;
    while index < SPECIALS.len() {
        let text = replacement(SPECIALS[index]).as_bytes();
        let mut padded = [0; 8];
        padded.split_at_mut(text.len()).0.copy_from_slice(text);
        table[SPECIALS[index] as usize % 32] = (u64::from_le_bytes(padded), text.len());
        index += 1;
    }
    table
};

#[inline(always)]
fn halves(block: u128) -> [u64; 2] {
    #[expect(clippy::cast_possible_truncation, reason = "splits it into halves")]
    [block as u64, (block >> 64) as u64]
}

const EACH: u64 = u64::from_le_bytes([1; 8]);
const LOW: u64 = 0x7f * EACH;

/// Returns whether a block contains a special byte. For speed, it counts `#` as special.
#[inline(always)]
fn may_have_special(block: &[u8; BLOCK]) -> bool {
    let found = halves(u128::from_le_bytes(*block)).map(may_have_special_byte);
    (found[0] | found[1]) & !LOW != 0
}

/// Returns a word in which the highest bit of the first special byte or `#` is set. Those of later
/// bytes may be set by mistake.
#[inline(always)]
fn may_have_special_byte(word: u64) -> u64 {
    // `"`, `#`, `&` and `'` differ in only two bits, and `<` and `>` differ in one.
    may_have_zero((word | (EACH * 5)) ^ (EACH * 0x27))
        | may_have_zero((word | (EACH * 2)) ^ (EACH * 0x3e))
}

/// Returns a word in which the highest bit of the first zero byte is set. Those of later bytes may
/// be set by mistake.
#[inline(always)]
fn may_have_zero(word: u64) -> u64 {
    word.wrapping_sub(EACH) & !word
}

/// Returns a word in which the highest bit of every special byte is set and all other bits are
/// zero.
#[inline(always)]
fn specials(word: u64) -> u64 {
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
    let (blocks, tail) = bytes.as_chunks::<BLOCK>();
    for block in blocks {
        if halves(u128::from_le_bytes(*block)).map(specials) != [0, 0] {
            break;
        }
        clean += block.len();
    }
    let from = if clean == bytes.len() - tail.len() { tail } else { &bytes[clean..] };
    clean + from.iter().position(|&byte| IS_SPECIAL[usize::from(byte)]).unwrap_or(from.len())
}

const SPECIALS: [u8; 5] = *b"&<>\"'";

const IS_SPECIAL: [bool; 256] = {
    let mut table = [false; 256];
    let mut index = 0;
    while index < SPECIALS.len() {
        table[SPECIALS[index] as usize] = true;
        index += 1;
    }
    table
};

#[inline]
const fn replacement(special: u8) -> &'static str {
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
        let mut end = b"before & after ".to_vec();
        let start = end.len();
        end.extend_from_slice(text.as_bytes());
        escape_end(&mut end, start);
        assert_eq!(end, format!("before & after {expected}").into_bytes(), "in place: {text:?}");
        assert_eq!(escape(text), expected);
        assert_eq!(unescape(&expected), text);
        let is_counted = |c: char| matches!(c, '#' | '\0'..='\u{1f}');
        let is_plain = expected == text && !text.contains(is_counted);
        assert_eq!(is_plain_line(text.as_bytes()), is_plain, "{text:?}");
        check_short(text, is_plain);
    }

    fn check_short(text: &str, is_plain: bool) {
        let short = ShortText::new(text);
        assert_eq!(short.is_some(), text.len() < BLOCK, "{text:?}");
        let Some(short) = short else { return };
        assert_eq!(short.is_empty(), text.is_empty());
        assert_eq!(short.is_plain_line(), is_plain, "short: {text:?}");
        assert_eq!(short.is_line(), !text.contains(|c| c < ' '), "short: {text:?}");
        let mut out = b"before ".to_vec();
        short.copy_to_vec(&mut out);
        short.escape_to_vec(&mut out);
        assert_eq!(out, format!("before {text}{}", naive(text)).into_bytes());
        for (middle, _) in text.char_indices() {
            let (first, last) = text.split_at(middle);
            let mut pushed = ShortText::default();
            assert!(pushed.push(first) && pushed.push(last));
            assert_eq!(pushed, short);
            assert!(!pushed.push(&"x".repeat(BLOCK - text.len())));
            assert_eq!(pushed, short);
        }
    }

    #[test]
    fn replaces_five_characters_and_no_others() {
        check("& < > \" '");
        check("a / ` = \0 \u{7f} é ‘quoted’ &amp;");
        check("#1 and #2, #3 & #4: a block that only may contain a special character");
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
                for special in ["&", "<", ">", "\"", "'", "\n", "\r", "#"] {
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
