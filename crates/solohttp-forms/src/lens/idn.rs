//! Internationalized domain names.
//!
//! If the user enters `a@bücher.de`, Firefox sends it unchanged, but Chromium sends
//! `a@xn--bcher-kva.de` (Punycode, RFC 3492). Decoding makes both browsers produce the same
//! address.

const BASE: u32 = 36;
const T_MIN: u32 = 1;
const T_MAX: u32 = 26;
const SKEW: u32 = 38;
const DAMP: u32 = 700;
const INITIAL_BIAS: u32 = 72;
const INITIAL_N: u32 = 128;

/// Decodes each label of a domain where possible.
pub(super) fn readable(domain: &str) -> String {
    let label = |label: &str| {
        let text = if is_encoded(label) { decode(&label[4..]) } else { None };
        text.filter(|text| is_readable(text)).unwrap_or_else(|| label.to_owned())
    };
    let readable = domain.split('.').map(label).collect::<Vec<_>>().join(".");
    // Punycode has no upper case, so Chromium converts the whole domain to lower case.
    if readable.is_ascii() { readable } else { readable.to_lowercase() }
}

/// Whether a label has the Punycode prefix.
pub(super) fn is_encoded(label: &str) -> bool {
    label.get(..4).is_some_and(|prefix| prefix.eq_ignore_ascii_case("xn--"))
}

/// Whether a domain label may contain this character.
pub(super) fn is_letter(character: char) -> bool {
    character == '-' || character.is_ascii_alphanumeric() || is_foreign(character)
}

/// Letters, combining marks and even emoji can be encoded. Whitespace and control characters can't.
fn is_foreign(character: char) -> bool {
    !character.is_ascii() && !character.is_whitespace() && !character.is_control()
}

/// Whether encoding this text again would reproduce the label.
fn is_readable(text: &str) -> bool {
    !text.is_ascii() && text.chars().all(is_letter) && text.to_lowercase() == text
}

/// Decodes Punycode (RFC 3492 section 6.2).
fn decode(encoded: &str) -> Option<String> {
    let (plain, extended) = encoded.rsplit_once('-').unwrap_or(("", encoded));
    let mut letters: Vec<char> = plain.chars().collect();
    let (mut letter, mut bias, mut at) = (INITIAL_N, INITIAL_BIAS, 0_u32);
    let mut digits = extended.chars();
    while !digits.as_str().is_empty() {
        let (before, mut weight, mut threshold_at) = (at, 1_u32, BASE);
        loop {
            let digit = match digits.next()? {
                digit @ '0'..='9' => u32::from(digit) - u32::from('0') + 26,
                digit if digit.is_ascii_alphabetic() => digit.to_digit(36)? - 10,
                _ => return None,
            };
            at = at.checked_add(digit.checked_mul(weight)?)?;
            let threshold = threshold_at.saturating_sub(bias).clamp(T_MIN, T_MAX);
            if digit < threshold {
                break;
            }
            weight = weight.checked_mul(BASE - threshold)?;
            threshold_at += BASE;
        }
        let count = u32::try_from(letters.len()).ok()? + 1;
        bias = adapted(at - before, count, before == 0);
        letter = letter.checked_add(at / count)?;
        at %= count;
        letters.insert(usize::try_from(at).ok()?, char::from_u32(letter)?);
        at += 1;
    }
    Some(letters.into_iter().collect())
}

/// Adapts the bias (RFC 3492 section 6.1).
fn adapted(delta: u32, count: u32, is_first: bool) -> u32 {
    let mut delta = if is_first { delta / DAMP } else { delta / 2 };
    delta += delta / count;
    let mut steps = 0;
    while delta > (BASE - T_MIN) * T_MAX / 2 {
        delta /= BASE - T_MIN;
        steps += BASE;
    }
    steps + (BASE - T_MIN + 1) * delta / (delta + SKEW)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_are_decoded() {
        for (domain, expect) in [
            ("xn--bcher-kva.de", "bücher.de"),
            ("bücher.de", "bücher.de"),
            ("Www.BÜCHER.DE", "www.bücher.de"),
            ("Example.ORG", "Example.ORG"),
            ("www.XN--bcher-kva.example", "www.bücher.example"),
            ("xn--fiqs8s", "中国"),
            ("xn--e1afmkfd.xn--p1ai", "пример.рф"),
            ("xn--strae-oqa.de", "straße.de"),
            ("example.org", "example.org"),
            // Invalid Punycode, or labels that decode to text that an encoder would encode
            // differently.
            ("xn--.de", "xn--.de"),
            ("xn--a.de", "xn--a.de"),
            ("xn--abc-.de", "xn--abc-.de"),
            ("xn--99999999999.de", "xn--99999999999.de"),
        ] {
            assert_eq!(readable(domain), expect);
        }
    }
}
