//! The built-in formatters.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::number::{Digits, push_number, push_thousands};
use super::{FormatError, Sink, Value};

/// Groups thousands and keeps the fraction.
pub(super) fn num(value: Value<'_>, out: &mut Sink<'_>) -> Result<(), FormatError> {
    match value {
        Value::Bool(value) => out.push_str(if value { "1" } else { "0" }),
        Value::Int(value) => push_thousands(Digits::integer(value).as_str(), out),
        Value::Float(value) => push_thousands(Digits::float(value).as_str(), out),
        Value::Text(_) => return Err(FormatError::expected("a number")),
    }
    Ok(())
}

/// Rounds to two decimals and groups thousands.
pub(super) fn cents(value: Value<'_>, out: &mut Sink<'_>) -> Result<(), FormatError> {
    push_thousands(&rounded(value, 2)?, out);
    Ok(())
}

/// Rounds the binary value to a fixed number of decimals.
fn rounded(value: Value<'_>, decimals: usize) -> Result<String, FormatError> {
    #[expect(clippy::cast_precision_loss, reason = "kali rounds huge integers here too")]
    let number = match value {
        Value::Bool(value) => f64::from(u8::from(value)),
        Value::Int(value) => value as f64,
        Value::Float(value) => value,
        Value::Text(_) => return Err(FormatError::expected("a number")),
    };
    Ok(match number.is_finite() {
        true => format!("{number:.decimals$}"),
        false => Digits::float(number).as_str().to_owned(),
    })
}

pub(super) fn fixed(
    value: Value<'_>,
    decimals: &str,
    out: &mut Sink<'_>,
) -> Result<(), FormatError> {
    match decimals.trim().parse() {
        Ok(count @ 0..=30) => {
            push_number(&rounded(value, count)?, out);
            Ok(())
        }
        _ => Err(FormatError::expected("0 to 30 decimals as the argument")),
    }
}

/// Formats an integer that counts the smallest unit, such as cents. Unlike a float, the result is
/// exact.
pub(super) fn fixed_point(
    value: Value<'_>,
    decimals: &str,
    out: &mut Sink<'_>,
) -> Result<(), FormatError> {
    let Value::Int(value) = value else {
        return Err(FormatError::expected("an integer, such as a number of cents"));
    };
    let Ok(decimals @ 0..=18) = decimals.trim().parse::<usize>() else {
        return Err(FormatError::expected("0 to 18 decimals as the argument"));
    };
    let sign = if value < 0 { "-" } else { "" };
    let digits = format!("{:0>1$}", value.unsigned_abs(), decimals + 1);
    let (whole, fraction) = digits.split_at(digits.len() - decimals);
    let point = if decimals > 0 { "." } else { "" };
    push_number(&format!("{sign}{whole}{point}{fraction}"), out);
    Ok(())
}

/// Shown in place of a URL that could execute a script.
const UNSAFE_URL: &str = "#rejected-url";

/// Accepts relative URLs and safe schemes. Rejects `javascript:` and unknown schemes.
pub(super) fn url(value: Value<'_>, out: &mut Sink<'_>) -> Result<(), FormatError> {
    let Value::Text(address) = value else {
        return Err(FormatError::expected("a URL as text"));
    };
    out.push_str(if is_safe(address) { address } else { UNSAFE_URL });
    Ok(())
}

fn is_safe(address: &str) -> bool {
    // Browsers ignore these characters in the scheme.
    let start: String = address.chars().filter(|c| !c.is_control() && *c != ' ').take(40).collect();
    let Some((scheme, _)) = start.split_once(':') else { return true };
    // After one of these, a colon doesn't end a scheme.
    scheme.contains(['/', '?', '#'])
        || ["http", "https", "mailto", "tel", "ftp", "sms"]
            .iter()
            .any(|known| scheme.eq_ignore_ascii_case(known))
}

/// The characters to encode: everything except the unreserved characters of RFC 3986 section 2.3.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Percent-encodes a value within a URL, such as a query field or path segment.
pub(super) fn urlencode(value: Value<'_>, out: &mut Sink<'_>) -> Result<(), FormatError> {
    match value {
        Value::Text(text) => {
            for part in utf8_percent_encode(text, RESERVED) {
                out.push_str(part);
            }
        }
        Value::Bool(value) => out.push_str(if value { "true" } else { "false" }),
        Value::Int(value) => out.push_str(Digits::integer(value).as_str()),
        Value::Float(value) => {
            utf8_percent_encode(Digits::float(value).as_str(), RESERVED)
                .for_each(|part| out.push_str(part));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(format: impl Fn(&mut Sink<'_>) -> Result<(), FormatError>, expected: &str) {
        let mut page = Vec::new();
        format(&mut Sink::new(&mut page)).expect("the value is acceptable");
        assert_eq!(String::from_utf8(page).expect("formatters write text"), expected);
    }

    #[test]
    fn num_groups_thousands() {
        for (value, expected) in [(0, "0"), (-999, "-999"), (1000, "1,000"), (-123_456, "-123,456")]
        {
            check(|out| num(Value::Int(value), out), expected);
        }
        check(|out| num(Value::Float(1_234_567.891), out), "1,234,567.891");
        check(|out| num(Value::Float(-1000.0), out), "-1,000.0");
        check(|out| num(Value::Float(1e21), out), "1e+21");
        check(|out| num(Value::Float(f64::NAN), out), "nan");
    }

    #[test]
    fn numbers_use_the_numerals_of_the_application() {
        let german = solohttp_core::Numerals::new(',').group('.');
        solohttp_core::Locale::new().with(german).install();
        check(|out| num(Value::Float(-1_234_567.5), out), "-1.234.567,5");
        check(|out| cents(Value::Float(1_234.5), out), "1.234,50");
        check(|out| fixed(Value::Float(1_234.5), "1", out), "1.234,5");
        check(|out| fixed_point(Value::Int(123_450), "2", out), "1.234,50");
        solohttp_core::Locale::new().with(solohttp_core::Numerals::new('.')).install();
        check(|out| num(Value::Int(1_234_567), out), "1234567");
        check(|out| cents(Value::Int(1_234_567), out), "1234567.00");
    }

    #[test]
    fn only_num_and_cents_have_commas_without_a_setting() {
        check(|out| num(Value::Int(1_234_567), out), "1,234,567");
        check(|out| cents(Value::Float(1_234.5), out), "1,234.50");
        check(|out| fixed(Value::Float(1_234.5), "1", out), "1234.5");
        check(|out| fixed_point(Value::Int(123_450), "2", out), "1234.50");
    }

    #[test]
    fn fixed_rounds_the_binary_value() {
        for (value, expected) in
            [(0.005, "0.01"), (0.015, "0.01"), (2.675, "2.67"), (-0.0, "-0.00")]
        {
            check(|out| fixed(Value::Float(value), "2", out), expected);
            check(|out| cents(Value::Float(value), out), expected);
        }
        check(|out| cents(Value::Float(f64::NEG_INFINITY), out), "-inf");
        check(|out| fixed(Value::Int(1234), " 0 ", out), "1234");
        assert!(fixed(Value::Int(1), "31", &mut Sink::new(&mut Vec::new())).is_err());
    }

    #[test]
    fn urlencode_encodes_all_reserved_characters() {
        for (text, expected) in [
            ("R&D #1", "R%26D%20%231"),
            ("50%+1", "50%25%2B1"),
            ("a/b?c=d", "a%2Fb%3Fc%3Dd"),
            ("Zo\u{eb}", "Zo%C3%AB"),
            ("a-b.c_d~e", "a-b.c_d~e"),
            ("", ""),
        ] {
            check(|out| urlencode(Value::Text(text), out), expected);
        }
        check(|out| urlencode(Value::Int(-7), out), "-7");
        check(|out| urlencode(Value::Float(1e21), out), "1e%2B21");
        check(|out| urlencode(Value::Bool(true), out), "true");
    }

    #[test]
    fn url_rejects_script_schemes() {
        for good in ["/a:b", "x", "", "?q=a:b", "#a:b", "HTTPS://example.org/", "mailto:a@b"] {
            check(|out| url(Value::Text(good), out), good);
        }
        for bad in
            ["javascript:alert(1)", " JavaScript:x", "java\nscript:x", "\u{1}data:x", "vbscript:"]
        {
            check(|out| url(Value::Text(bad), out), UNSAFE_URL);
        }
    }
}
