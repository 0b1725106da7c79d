//! Writes integers in decimal.
//!
//! For a number below 10⁸, `std::fmt` takes 16–20 ns and this module takes 6 ns, of which copying
//! takes 4 ns (rustc 1.95, x86-64). The usual algorithm, which copies two digits at a time from a
//! table, takes 10–17 ns: it branches on the number of digits and immediately reads back what it
//! has just written byte by byte.

use crate::iolist::IoList;

const EIGHT_DIGITS: u64 = 100_000_000;

pub(crate) fn append_signed(list: &mut IoList, number: i64) {
    if number < 0 {
        list.push_bytes(b"-");
    }
    append_unsigned(list, number.unsigned_abs());
}

/// Recurses at most twice, because a `u64` has at most 20 digits.
pub(crate) fn append_unsigned(list: &mut IoList, number: u64) {
    if number < EIGHT_DIGITS {
        let digits = eight_digits(number);
        // The first digit is in the lowest byte, so leading zeros are trailing zero bits.
        let leading_zeros = (digits.trailing_zeros() / 8).min(7) as usize;
        list.push_bytes(&ascii(digits)[leading_zeros..]);
    } else {
        append_unsigned(list, number / EIGHT_DIGITS);
        list.push_bytes(&ascii(eight_digits(number % EIGHT_DIGITS)));
    }
}

/// Splits a number below 10⁸ into its digits, one per byte, with the first one in the lowest byte.
///
/// Divides all parts of the word at once: by 10⁴, then by 10², then by 10. The divisions are
/// multiplications that are exact in their range: `x * 10486 >> 20` is `x / 100` for `x` below 10⁴,
/// and `x * 103 >> 10` is `x / 10` for `x` below 100. The masks drop bits shifted in from the next
/// part.
fn eight_digits(number: u64) -> u64 {
    let fours = (number / 10_000) | ((number % 10_000) << 32);
    let hundreds = ((fours * 10_486) >> 20) & 0x0000_007f_0000_007f;
    let twos = hundreds | ((fours - 100 * hundreds) << 16);
    let tens = ((twos * 103) >> 10) & 0x000f_000f_000f_000f;
    tens | ((twos - 10 * tens) << 8)
}

fn ascii(digits: u64) -> [u8; 8] {
    (digits | u64::from_le_bytes(*b"00000000")).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(number: i64) {
        let mut list = IoList::new();
        append_signed(&mut list, number);
        assert_eq!(list, number.to_string());
    }

    #[test]
    fn divides_exactly_in_every_part() {
        for four in 0..10_000 {
            check(four);
            check(four * 10_000);
            check(four * 100_000_000 + four);
        }
    }

    #[test]
    fn writes_each_count_of_digits() {
        for exponent in 0..19 {
            let power = 10_i64.pow(exponent);
            [power - 1, power, power + 1, -power, 1 - power].into_iter().for_each(check);
        }
        [i64::MIN, i64::MAX].into_iter().for_each(check);
    }

    #[test]
    fn writes_the_largest() {
        let mut list = IoList::new();
        append_unsigned(&mut list, u64::MAX);
        assert_eq!(list, u64::MAX.to_string());
    }
}
