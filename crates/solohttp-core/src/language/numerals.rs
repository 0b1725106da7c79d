//! The number format: the decimal mark and the thousands separator.
//!
//! Converts between the plain form of a number (`-1234.5`) and its local form. Forms and templates
//! share it, so that a displayed number can be entered again.

use std::fmt;

use crate::language::LocalePart;

/// The minus sign U+2212, accepted in addition to the hyphen.
const MINUS: char = '\u{2212}';

/// An application's number format for pages and forms, which is a part of its
/// [`Locale`](crate::Locale).
///
/// The default format has a decimal point and no thousands separator. The template formatters `num`
/// and `cents` are an exception: by default, they separate thousands with commas, because older
/// template files rely on that (see [`thousands_mark`](Self::thousands_mark)). Forms therefore
/// accept commas where they are unambiguous, as in `1,234.50` and `1,234,567`, but not in `1,234`
/// or `1,50`. To avoid commas entirely, call [`new`](Self::new) with a point.
///
/// ```
/// use solohttp_core::{Locale, Numerals};
///
/// Locale::new().with(Numerals::new(',').group('.')).install(); // 1.234,50
/// let numerals = Locale::current::<Numerals>();
/// assert_eq!(numerals.show("-1234.50"), "-1.234,50");
/// assert_eq!(numerals.read("-1.234,50").unwrap(), "-1234.50");
/// assert!(numerals.read("1.50").is_err()); // ambiguous input is an error
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numerals {
    decimal: char,
    group: Option<char>,
    is_default: bool,
}

/// The error for input that isn't a number in this format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NumeralError {
    /// Not a number.
    NotANumber,
    /// The number has a wrong decimal mark, such as `1,50` in a format with a decimal point.
    WrongMark {
        /// The decimal mark of the format.
        expected: char,
    },
    /// The number is ambiguous because of its separators, such as `1,500` or `1 234,50` in a format
    /// with a decimal point.
    WrongGroups {
        /// The thousands separator of the format, if there is one.
        group: Option<char>,
        /// The decimal mark of the format.
        decimal: char,
    },
}

impl Default for Numerals {
    fn default() -> Self {
        Self { decimal: '.', group: None, is_default: true }
    }
}

impl LocalePart for Numerals {}

impl Numerals {
    /// Creates a format with this decimal mark and no thousands separator.
    ///
    /// # Panics
    /// If the decimal mark is a digit, sign, letter or space.
    #[must_use]
    #[track_caller]
    pub fn new(decimal: char) -> Self {
        assert!(
            !decimal.is_alphanumeric() && !decimal.is_whitespace() && !is_sign(decimal),
            "{decimal:?} can't be a decimal mark: use a point or a comma"
        );
        Self { decimal, group: None, is_default: false }
    }

    /// Sets the thousands separator, such as `.`, `’` or a narrow no-break space (U+202F). If it is
    /// a space, users may enter any kind of space. If it is `’`, they may also enter `'`.
    ///
    /// # Panics
    /// If the separator is a digit, sign or letter, or the same as the decimal mark.
    #[must_use]
    #[track_caller]
    pub fn group(self, group: char) -> Self {
        assert!(
            !group.is_alphanumeric() && !is_sign(group) && group != self.decimal,
            "{group:?} can't be the thousands separator if the decimal mark is {:?}",
            self.decimal
        );
        Self { group: Some(group), ..self }
    }

    /// The decimal mark.
    #[must_use]
    pub fn decimal_mark(&self) -> char {
        self.decimal
    }

    /// The character that spreadsheets expect between the cells of a CSV file: a semicolon where the
    /// decimal mark is a comma, and a comma elsewhere.
    ///
    /// ```
    /// # use solohttp_core::Numerals;
    /// assert_eq!(Numerals::default().csv_separator(), ',');
    /// assert_eq!(Numerals::new(',').csv_separator(), ';');
    /// ```
    #[must_use]
    pub fn csv_separator(&self) -> char {
        if self.decimal == ',' { ';' } else { ',' }
    }

    /// The thousands separator, if there is one.
    #[must_use]
    pub fn group_mark(&self) -> Option<char> {
        self.group
    }

    /// The thousands separator for the template formatters `num` and `cents`. It is a comma if the
    /// application hasn't set a format.
    #[must_use]
    pub fn thousands_mark(&self) -> Option<char> {
        if self.is_default { Some(',') } else { self.group }
    }

    /// Formats a plain number (`-1234.5`) without thousands separators, for an input field.
    #[must_use]
    pub fn edit(&self, plain: &str) -> String {
        plain.replace('.', self.decimal.encode_utf8(&mut [0; 4]))
    }

    /// Formats a plain number with thousands separators.
    #[must_use]
    pub fn show(&self, plain: &str) -> String {
        let mut shown = String::with_capacity(plain.len() * 2);
        // Writing to a String doesn't fail.
        let _ = self.write(plain, self.group, &mut shown);
        shown
    }

    /// Writes a plain number with the format's decimal mark and the given thousands separator.
    /// Leaves an exponent or other suffix unchanged.
    ///
    /// # Errors
    /// If writing to `out` fails.
    pub fn write(&self, plain: &str, group: Option<char>, out: &mut dyn fmt::Write) -> fmt::Result {
        let unsigned = plain.strip_prefix('-').unwrap_or(plain);
        out.write_str(&plain[..plain.len() - unsigned.len()])?;
        let end = unsigned.find(|c: char| !c.is_ascii_digit()).unwrap_or(unsigned.len());
        let (whole, rest) = unsigned.split_at(end);
        match group {
            None => out.write_str(whole)?,
            Some(group) => {
                for (index, digit) in whole.char_indices() {
                    if index > 0 && (whole.len() - index) % 3 == 0 {
                        out.write_char(group)?;
                    }
                    out.write_char(digit)?;
                }
            }
        }
        match rest.strip_prefix('.') {
            Some(fraction) => {
                out.write_char(self.decimal)?;
                out.write_str(fraction)
            }
            None => out.write_str(rest),
        }
    }

    /// Parses user input into a plain number, which has an optional minus, digits, an optional
    /// fraction (a point and digits), and an optional exponent such as `e5`. Browsers allow
    /// exponents too.
    ///
    /// # Errors
    /// If the input isn't a number or is ambiguous.
    pub fn read(&self, text: &str) -> Result<String, NumeralError> {
        let text = text.trim();
        let (sign, rest) = match text.strip_prefix(['-', MINUS]) {
            Some(rest) => ("-", rest.trim_start()),
            None => ("", text.strip_prefix('+').unwrap_or(text)),
        };
        let (digits, exponent) = split_exponent(rest)?;
        let (whole, fraction) = match digits.split_once(self.decimal) {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (digits, None),
        };
        let is_fraction_valid = fraction.is_none_or(all_digits);
        if !is_fraction_valid || fraction.is_some_and(str::is_empty) && whole.is_empty() {
            return Err(self.error(digits));
        }
        let whole = match all_digits(whole) {
            true => whole.to_owned(),
            false => self.ungroup(whole, fraction.is_some(), digits)?,
        };
        if whole.is_empty() && fraction.is_none_or(str::is_empty) {
            return Err(NumeralError::NotANumber);
        }
        let whole = if whole.is_empty() { "0" } else { &whole };
        let fraction = fraction.filter(|fraction| !fraction.is_empty());
        let point = if fraction.is_some() { "." } else { "" };
        Ok(format!("{sign}{whole}{point}{}{exponent}", fraction.unwrap_or_default()))
    }

    /// Removes thousands separators, which must all be in the right places.
    fn ungroup(&self, whole: &str, has_fraction: bool, all: &str) -> Result<String, NumeralError> {
        // A comma before a point, or one of several commas, can't be a decimal mark.
        let is_unambiguous = has_fraction || whole.matches(',').count() > 1;
        let group = if is_unambiguous { self.thousands_mark() } else { self.group };
        let Some(group) = group else { return Err(self.error(all)) };
        let groups: Vec<&str> = whole.split(|typed| stands_for(typed, group)).collect();
        if !groups.iter().all(|part| all_digits(part)) {
            return Err(self.error(all));
        }
        let [first, others @ ..] = groups.as_slice() else { return Err(self.error(all)) };
        let is_valid = (1..=3).contains(&first.len()) && others.iter().all(|part| part.len() == 3);
        if is_valid {
            return Ok(groups.concat());
        }
        Err(self.wrong_groups())
    }

    /// Determines why the digits are invalid.
    fn error(&self, digits: &str) -> NumeralError {
        let is_mark = |c: char| c == self.decimal || ".,'\u{2019}".contains(c) || c.is_whitespace();
        let has_digits = digits.contains(|c: char| c.is_ascii_digit());
        if !has_digits || !digits.chars().all(|c| c.is_ascii_digit() || is_mark(c)) {
            return NumeralError::NotANumber;
        }
        // A single point or comma can only be a decimal mark, as in `1,50`. But if three digits
        // follow, it may also separate thousands.
        let mut parts = digits.split(['.', ',']);
        let (Some(_), Some(fraction), None) = (parts.next(), parts.next(), parts.next()) else {
            return self.wrong_groups();
        };
        let is_ours =
            digits.contains(self.decimal) || self.group.is_some_and(|c| digits.contains(c));
        if is_ours
            || fraction.len() == 3
            || digits.contains(|c: char| is_mark(c) && !".,".contains(c))
        {
            return self.wrong_groups();
        }
        NumeralError::WrongMark { expected: self.decimal }
    }

    fn wrong_groups(&self) -> NumeralError {
        NumeralError::WrongGroups { group: self.group, decimal: self.decimal }
    }
}

fn is_sign(c: char) -> bool {
    matches!(c, '-' | '+' | MINUS)
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether users may type this character as the thousands separator.
fn stands_for(typed: char, group: char) -> bool {
    typed == group
        || (group.is_whitespace() && matches!(typed, ' ' | '\u{A0}' | '\u{202F}' | '\u{2009}'))
        || (matches!(group, '\'' | '\u{2019}') && matches!(typed, '\'' | '\u{2019}'))
}

fn split_exponent(text: &str) -> Result<(&str, &str), NumeralError> {
    let Some(at) = text.find(['e', 'E']) else { return Ok((text, "")) };
    let digits = text[at + 1..].strip_prefix(['-', '+']).unwrap_or(&text[at + 1..]);
    if at == 0 || digits.is_empty() || !all_digits(digits) {
        return Err(NumeralError::NotANumber);
    }
    Ok((&text[..at], &text[at..]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all() -> Vec<Numerals> {
        let mut all = vec![Numerals::default()];
        for decimal in ['.', ',', '\u{66B}'] {
            all.push(Numerals::new(decimal));
            for group in ['.', ',', ' ', '\u{A0}', '\u{202F}', '\'', '\u{2019}'] {
                if group != decimal {
                    all.push(Numerals::new(decimal).group(group));
                }
            }
        }
        all
    }

    fn check(numerals: &Numerals, read: &[(&str, &str)], rejected: &[(&str, NumeralError)]) {
        for (text, expect) in read {
            assert_eq!(numerals.read(text).as_deref(), Ok(*expect), "{text:?} in {numerals:?}");
        }
        for (text, expect) in rejected {
            assert_eq!(numerals.read(text), Err(*expect), "{text:?} in {numerals:?}");
        }
    }

    #[test]
    fn a_point_without_groups() {
        use NumeralError::{NotANumber, WrongGroups, WrongMark};
        let point = WrongMark { expected: '.' };
        let groups = WrongGroups { group: None, decimal: '.' };
        check(
            &Numerals::default(),
            &[
                ("1.50", "1.50"),
                (" 0.25 ", "0.25"),
                (".5", "0.5"),
                ("5.", "5"),
                ("1.500", "1.500"),
                ("\u{2212}3", "-3"),
                ("- 3", "-3"),
                ("+3", "3"),
                ("1e5", "1e5"),
                ("1.5E+2", "1.5E+2"),
                ("1,234.50", "1234.50"),
                ("-1,234,567", "-1234567"),
            ],
            &[
                ("1,50", point),
                ("3,2", point),
                ("1,5000", point),
                ("1,500", groups),
                ("1 234", groups),
                ("1 234,50", groups),
                ("1'234", groups),
                ("12,34.50", groups),
                ("1,234 567", groups),
                ("1.234,567", groups),
                ("1,2,3", groups),
                ("", NotANumber),
                (".", NotANumber),
                ("-", NotANumber),
                ("x", NotANumber),
                ("1e", NotANumber),
                ("e5", NotANumber),
                ("0x10", NotANumber),
                ("1e5e5", NotANumber),
                ("\u{661}", NotANumber),
            ],
        );
    }

    #[test]
    fn a_comma_with_groups() {
        use NumeralError::WrongGroups;
        let groups = |group| WrongGroups { group: Some(group), decimal: ',' };
        check(
            &Numerals::new(',').group('.'),
            &[
                ("1,50", "1.50"),
                ("1.234,50", "1234.50"),
                ("1.500", "1500"),
                ("12.345.678", "12345678"),
                ("1234,5", "1234.5"),
            ],
            &[
                ("1.50", groups('.')),
                ("1.5", groups('.')),
                ("1234.567", groups('.')),
                ("1.2345", groups('.')),
                (".500", groups('.')),
                ("1,234.50", groups('.')),
                ("1 234", groups('.')),
            ],
        );
        check(
            &Numerals::new(',').group('\u{202F}'),
            &[
                ("1\u{202F}234,50", "1234.50"),
                ("1\u{A0}234,50", "1234.50"),
                ("1 234,50", "1234.50"),
            ],
            &[("1 23", groups('\u{202F}')), ("1.50", NumeralError::WrongMark { expected: ',' })],
        );
        check(&Numerals::new('.').group('\u{2019}'), &[("1'234.50", "1234.50")], &[]);
        check(
            &Numerals::new(','),
            &[("1,5", "1.5")],
            &[
                ("1.5", NumeralError::WrongMark { expected: ',' }),
                ("1.500", WrongGroups { group: None, decimal: ',' }),
            ],
        );
    }

    #[test]
    fn a_number_is_shown_in_groups_of_three() {
        let german = Numerals::new(',').group('.');
        for (plain, expect) in [
            ("0", "0"),
            ("999", "999"),
            ("1000", "1.000"),
            ("-123456.7", "-123.456,7"),
            ("1234567890.00", "1.234.567.890,00"),
            ("1e21", "1e21"),
        ] {
            assert_eq!(german.show(plain), expect);
        }
        assert_eq!(Numerals::default().show("1234.5"), "1234.5");
        assert_eq!(Numerals::default().thousands_mark(), Some(','));
        assert_eq!(Numerals::new('.').thousands_mark(), None);
        check(
            &Numerals::new('.'),
            &[],
            &[("1,234.50", NumeralError::WrongGroups { group: None, decimal: '.' })],
        );
    }

    proptest! {
        #[test]
        fn a_shown_number_can_be_read(number in any::<i128>(), decimals in "[0-9]{0,9}") {
            let plain = match decimals.as_str() {
                "" => number.to_string(),
                decimals => format!("{number}.{decimals}"),
            };
            for numerals in all() {
                prop_assert_eq!(numerals.read(&numerals.show(&plain)), Ok(plain.clone()));
                prop_assert_eq!(numerals.read(&numerals.edit(&plain)), Ok(plain.clone()));
            }
        }

        #[test]
        fn every_result_is_a_plain_number(text in "[-+0-9., '\u{A0}e]{0,12}|.{0,8}") {
            for numerals in all() {
                if let Ok(plain) = numerals.read(&text) {
                    prop_assert!(plain.parse::<f64>().is_ok(), "{text:?} became {plain:?}");
                }
            }
        }
    }
}
