//! Random secrets, which are compared in constant time and not revealed by `Debug`.

use std::fmt;
use std::hint::black_box;
use std::io;

/// Random bytes from the operating system, as hexadecimal digits.
pub(super) struct Secret(String);

impl Secret {
    pub(super) fn random(bytes: usize) -> io::Result<Self> {
        let mut bits = vec![0; bytes];
        getrandom::fill(&mut bits).map_err(io::Error::other)?;
        let mut digits = String::with_capacity(2 * bytes);
        for byte in bits {
            for half in [byte >> 4, byte & 15] {
                digits.push(char::from(b"0123456789abcdef"[usize::from(half)]));
            }
        }
        Ok(Self(digits))
    }

    /// Parses the output of [`text`](Self::text). Returns `None` unless it encodes exactly this
    /// many bytes.
    pub(super) fn read(digits: &str, bytes: usize) -> Option<Self> {
        let digits = digits.trim_ascii();
        let is_valid = digits.len() == 2 * bytes
            && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        is_valid.then(|| Self(digits.to_owned()))
    }

    pub(super) fn text(&self) -> &str {
        &self.0
    }

    /// Compares in constant time, so the time taken reveals nothing about the secret. The length
    /// isn't secret.
    pub(super) fn matches(&self, guess: &[u8]) -> bool {
        let own = self.0.as_bytes();
        let pairs = own.iter().zip(guess);
        let difference = pairs.fold(0, |difference, (a, b)| black_box(difference | (a ^ b)));
        own.len() == guess.len() && difference == 0
    }
}

/// Omits the digits to keep them out of logs.
impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_secret_matches() {
        let secret = Secret::random(16).unwrap();
        let text = secret.text().to_owned();
        assert_eq!(text.len(), 32);
        assert!(secret.matches(text.as_bytes()));
        let other = Secret::random(16).unwrap();
        for wrong in ["", &text[1..], &format!("{text}0"), &text.to_uppercase().replace('0', "O")] {
            assert!(!secret.matches(wrong.as_bytes()), "{wrong}");
        }
        assert!(!secret.matches(other.text().as_bytes()));
        assert!(!format!("{secret:?}").contains(&text));
    }

    #[test]
    fn rejects_anything_but_the_right_number_of_digits() {
        let check = |digits: &str, is_valid: bool| {
            assert_eq!(Secret::read(digits, 2).is_some(), is_valid, "{digits:?}");
        };
        check("00af", true);
        check("00af\n", true);
        check("", false);
        check("00a", false);
        check("00af0", false);
        check("00AF", false);
        check("00a ", false);
        check("00ä", false);
    }
}
