//! Converts numbers to text. Integers are optimized for speed, and fractions look the same as in
//! kali.

use std::fmt::Write as _;

use solohttp_core::{Locale, Numerals};

use super::Sink;

/// A number's digits, stored on the stack.
pub(crate) struct Digits {
    bytes: [u8; 48],
    len: usize,
}

impl Digits {
    pub(crate) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.len]).expect("only ASCII is written")
    }

    pub(crate) fn integer(number: i128) -> Self {
        let mut digits = Self { bytes: [0; 48], len: 0 };
        write!(digits, "{number}").expect("39 digits and a sign fit");
        digits
    }

    pub(crate) fn unsigned(number: u128) -> Self {
        let mut digits = Self { bytes: [0; 48], len: 0 };
        write!(digits, "{number}").expect("39 digits fit");
        digits
    }

    /// Returns the shortest digits that parse to the same number. Numbers below 1e-4 and from 1e16
    /// upwards have an exponent.
    pub(crate) fn float(number: f64) -> Self {
        let mut text = Self { bytes: [0; 48], len: 0 };
        if !number.is_finite() {
            let word = if number.is_nan() {
                "nan"
            } else if number > 0.0 {
                "inf"
            } else {
                "-inf"
            };
            text.push(word);
            return text;
        }
        let mut scientific = Self { bytes: [0; 48], len: 0 };
        write!(scientific, "{number:e}").expect("17 digits and an exponent fit");
        let (mantissa, exponent) =
            scientific.as_str().split_once('e').expect("`{:e}` writes an exponent");
        let exponent: i32 = exponent.parse().expect("`{:e}` writes a small whole exponent");
        let unsigned = mantissa.strip_prefix('-').unwrap_or(mantissa);
        if mantissa.len() > unsigned.len() {
            text.push("-");
        }
        let (first, more) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        text.lay_out(first, more, exponent);
        text
    }

    fn lay_out(&mut self, first: &str, more: &str, exponent: i32) {
        match exponent {
            0..16 => {
                let shift = usize::try_from(exponent).expect("not negative in this arm");
                self.push(first);
                self.push(&more[..shift.min(more.len())]);
                for _ in more.len()..shift {
                    self.push("0");
                }
                self.push(".");
                self.push(if more.len() > shift { &more[shift..] } else { "0" });
            }
            -4..0 => {
                self.push("0.");
                for _ in exponent..-1 {
                    self.push("0");
                }
                self.push(first);
                self.push(more);
            }
            _ => {
                self.push(first);
                if !more.is_empty() {
                    self.push(".");
                    self.push(more);
                }
                write!(self, "e{exponent:+03}").expect("a short exponent fits");
            }
        }
    }

    fn push(&mut self, text: &str) {
        self.bytes[self.len..self.len + text.len()].copy_from_slice(text.as_bytes());
        self.len += text.len();
    }
}

impl std::fmt::Write for Digits {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.push(text);
        Ok(())
    }
}

/// Writes a number using the application's `Numerals`.
pub(super) fn push_number(number: &str, out: &mut Sink<'_>) {
    let numerals = Locale::current::<Numerals>();
    push(&numerals, numerals.group_mark(), number, out);
}

/// Like `push_number`, but groups thousands with commas if the application sets no `Numerals`.
/// Existing templates expect that from `num` and `cents`.
pub(super) fn push_thousands(number: &str, out: &mut Sink<'_>) {
    let numerals = Locale::current::<Numerals>();
    push(&numerals, numerals.thousands_mark(), number, out);
}

fn push(numerals: &Numerals, group: Option<char>, number: &str, out: &mut Sink<'_>) {
    match (numerals.decimal_mark(), group) {
        ('.', None) => out.push_str(number),
        ('.', Some(',')) => push_grouped(number, out),
        // Writing to a sink never fails.
        (_, group) => {
            let _ = numerals.write(number, group, out);
        }
    }
}

/// Writes a number with commas between the thousands of its integer part.
fn push_grouped(number: &str, out: &mut Sink<'_>) {
    let unsigned = number.strip_prefix('-').unwrap_or(number);
    out.push_str(&number[..number.len() - unsigned.len()]);
    let whole = unsigned.find(|c: char| !c.is_ascii_digit()).unwrap_or(unsigned.len());
    let mut start = 0;
    let mut end = whole % 3;
    while end <= whole {
        out.push_str(&unsigned[start..end]);
        if start < end && end < whole {
            out.push_str(",");
        }
        start = end;
        end += 3;
    }
    out.push_str(&unsigned[whole..]);
}

const PAIRS: &[u8; 200] = b"\
    0001020304050607080910111213141516171819\
    2021222324252627282930313233343536373839\
    4041424344454647484950515253545556575859\
    6061626364656667686970717273747576777879\
    8081828384858687888990919293949596979899";

/// Returns the digits of an integer that has up to four, and their number.
#[inline(always)]
pub(crate) fn small_number(number: u64) -> Option<([u8; 4], usize)> {
    let small = usize::from(u16::try_from(number).ok()?);
    let (digits, len) = match small {
        0..100 => {
            let len = if small < 10 { 1 } else { 2 };
            let two = u16::from_le_bytes(*pair(small)) >> (8 * (2 - len));
            (u32::from(two), len)
        }
        100..10_000 => {
            let (high, low) = (*pair(small / 100), *pair(small % 100));
            let len = if small < 1000 { 3 } else { 4 };
            (u32::from_le_bytes([high[0], high[1], low[0], low[1]]) >> (8 * (4 - len)), len)
        }
        _ => return None,
    };
    Some((digits.to_le_bytes(), len))
}

/// Appends an integer, two digits at a time.
pub(crate) fn push_u64(mut number: u64, page: &mut Vec<u8>) {
    let mut digits = [0; 20];
    let mut at = digits.len();
    while number >= 10 {
        at -= 2;
        let two = usize::try_from(number % 100).expect("below 100");
        digits[at..at + 2].copy_from_slice(pair(two));
        number /= 100;
    }
    if number > 0 || at == digits.len() {
        at -= 1;
        digits[at] = b'0' + number.to_le_bytes()[0];
    }
    page.extend_from_slice(&digits[at..]);
}

#[inline]
fn pair(two_digits: usize) -> &'static [u8; 2] {
    PAIRS[two_digits * 2..].first_chunk().expect("the table has a hundred pairs")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_fractions_like_kali() {
        for (number, expected) in [
            (1.0, "1.0"),
            (0.1, "0.1"),
            (-0.0, "-0.0"),
            (0.0, "0.0"),
            (1e16, "1e+16"),
            (1e15, "1000000000000000.0"),
            (1e-4, "0.0001"),
            (1e-5, "1e-05"),
            (1.5e-7, "1.5e-07"),
            (1e100, "1e+100"),
            (0.00123, "0.00123"),
            (123_456_789_012_345_680.0, "1.2345678901234568e+17"),
            (9_007_199_254_740_993.0, "9007199254740992.0"),
            (f64::MAX, "1.7976931348623157e+308"),
            (5e-324, "5e-324"),
            (-2.5, "-2.5"),
            (100.0, "100.0"),
            (f64::NAN, "nan"),
            (f64::INFINITY, "inf"),
            (f64::NEG_INFINITY, "-inf"),
        ] {
            assert_eq!(Digits::float(number).as_str(), expected);
        }
    }

    #[test]
    fn prints_integers_of_every_length() {
        let check = |number: u64| {
            let mut page = Vec::new();
            push_u64(number, &mut page);
            assert_eq!(page, number.to_string().into_bytes());
            let small = small_number(number).map(|(digits, len)| digits[..len].to_vec());
            assert_eq!(small, (number < 10_000).then_some(page));
        };
        (0..20_000).for_each(check);
        let mut power: u64 = 1;
        while let Some(next) = power.checked_mul(10) {
            [power - 1, power, power + 1, power * 9].into_iter().for_each(check);
            power = next;
        }
        check(u64::MAX);
        assert_eq!(Digits::integer(i128::MIN).as_str(), i128::MIN.to_string());
    }
}
