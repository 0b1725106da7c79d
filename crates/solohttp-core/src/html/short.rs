//! Text that is short enough for a register.

use crate::html::{BLOCK, LOW, escape_block, halves, is_plain_word, low_bytes, short_block};

/// A text of fewer than sixteen bytes, for escaping without loops.
///
/// Most values on a page are that short, and a call of a function that copies any number of bytes
/// would take longer than everything else about them.
///
/// ```
/// use solohttp_core::html::ShortText;
///
/// let mut name = ShortText::default();
/// assert!(name.push("Tom & ") && name.push("Jerry"));
/// assert!(!name.push(" and Spike"), "it is too long");
/// let mut page = b"<p>".to_vec();
/// name.escape_to_vec(&mut page);
/// assert_eq!(page, b"<p>Tom &amp; Jerry");
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ShortText {
    /// The bytes, the first one lowest, with zeros after them.
    block: u128,
    len: usize,
}

/// A block of spaces.
const SPACES: u128 = u128::from_le_bytes([b' '; BLOCK]);

impl ShortText {
    /// Returns the text if it is short enough.
    #[inline]
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let mut short = Self::default();
        short.push(text).then_some(short)
    }

    /// Appends more text. Returns false, and appends nothing, if it doesn't fit.
    #[inline]
    #[must_use]
    pub fn push(&mut self, text: &str) -> bool {
        let len = self.len + text.len();
        let fits = len < BLOCK;
        if fits {
            self.block |= short_block(text.as_bytes()) << (8 * self.len);
            self.len = len;
        }
        fits
    }

    /// Whether there is no text.
    #[inline]
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.len == 0
    }

    /// Same as [`is_plain_line`](crate::html::is_plain_line) for this text.
    #[inline]
    #[must_use]
    pub fn is_plain_line(self) -> bool {
        let [first, second] = halves(self.padded());
        is_plain_word(first) && is_plain_word(second)
    }

    /// Whether the text is one line. All control characters of ASCII except DEL count as line breaks.
    #[inline]
    #[must_use]
    pub fn is_line(self) -> bool {
        let [first, second] = halves(self.padded()).map(low_bytes);
        (first | second) & !LOW == 0
    }

    /// The text, with spaces after it.
    #[inline]
    fn padded(self) -> u128 {
        self.block | (SPACES << (8 * self.len))
    }

    /// Appends the text as it is.
    #[inline]
    pub fn copy_to_vec(self, out: &mut Vec<u8>) {
        let end = out.len() + self.len;
        out.extend_from_slice(&self.block.to_le_bytes());
        out.truncate(end);
    }

    /// Appends the escaped text.
    #[inline]
    pub fn escape_to_vec(self, out: &mut Vec<u8>) {
        escape_block(self.block, self.len, out);
    }
}
