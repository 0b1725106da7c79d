//! Whole numbers in decimal, without the machinery of `std::fmt`.
//! Knows nothing of lists.

/// Room for `u64::MAX` and a sign.
const LONGEST: usize = 21;

const PAIRS: &[u8; 200] = b"\
    0001020304050607080910111213141516171819\
    2021222324252627282930313233343536373839\
    4041424344454647484950515253545556575859\
    6061626364656667686970717273747576777879\
    8081828384858687888990919293949596979899";

/// The decimal digits of one number.
pub(crate) struct Decimal {
    buffer: [u8; LONGEST],
    start: usize,
}

impl Decimal {
    pub(crate) fn unsigned(number: u64) -> Self {
        Self::digits(number)
    }

    pub(crate) fn signed(number: i64) -> Self {
        let mut decimal = Self::digits(number.unsigned_abs());
        if number < 0 {
            decimal.start -= 1;
            decimal.buffer[decimal.start] = b'-';
        }
        decimal
    }

    fn digits(mut rest: u64) -> Self {
        let mut buffer = [0; LONGEST];
        let mut start = LONGEST;
        while rest >= 10 {
            let pair = 2 * usize::try_from(rest % 100).expect("below 100");
            rest /= 100;
            start -= 2;
            buffer[start..start + 2].copy_from_slice(&PAIRS[pair..pair + 2]);
        }
        if rest > 0 || start == LONGEST {
            start -= 1;
            buffer[start] = b'0' + u8::try_from(rest).expect("below 10");
        }
        Self { buffer, start }
    }

    pub(crate) fn as_slice(&self) -> &[u8] {
        &self.buffer[self.start..]
    }
}
