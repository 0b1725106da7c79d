//! Classifies input without using the library. A bug in the library goes unnoticed only if this
//! module has the same bug.

/// Whether the library trims this character because it is invisible. Covers only the characters
/// that occur in these tests.
pub(super) fn is_unseen(c: char) -> bool {
    c.is_whitespace() || "\u{AD}\u{180E}\u{200B}\u{2060}\u{2800}\u{3164}\u{FEFF}".contains(c)
}

pub(super) fn bare(text: &str) -> &str {
    text.trim_matches(is_unseen)
}

pub(super) fn is_blank(text: &str) -> bool {
    bare(text).is_empty()
}

pub(super) fn has_unseen_edges(text: &str) -> bool {
    bare(text) != text
}

pub(super) fn has_unseen(text: &str) -> bool {
    text.contains(is_unseen)
}

/// The length of submitted text, as browsers count it.
pub(super) fn units(text: &str) -> usize {
    text.replace("\r\n", "\n").encode_utf16().count()
}

/// Returns the decimals and the exponent of a valid floating-point number (WHATWG HTML section
/// 2.3.4.3), which may have a plus or minus sign.
fn parts(text: &str) -> Option<(&str, i64)> {
    let text = bare(text).trim_start_matches(['-', '+']);
    let (digits, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = match digits.split_once('.') {
        Some((_, "")) => return None,
        Some((whole, fraction)) => (whole, fraction),
        None if digits.is_empty() => return None,
        None => (digits, ""),
    };
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let exponent = exponent.parse().ok()?;
    (all_digits(whole) && all_digits(fraction)).then_some((fraction, exponent))
}

fn value(text: &str) -> f64 {
    bare(text).parse().unwrap_or(f64::NAN)
}

/// Removes commas between groups of three digits if they can't be decimal marks.
pub(super) fn without_thousands(text: &str) -> String {
    let (whole, rest) = text.split_at(text.find(['.', 'e', 'E']).unwrap_or(text.len()));
    let groups: Vec<&str> = whole.trim_start_matches(['-', '+']).split(',').collect();
    let is_certain = rest.starts_with('.') || groups.len() > 2;
    let is_grouped = (1..=3).contains(&groups[0].len())
        && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_digit()))
        && groups[1..].iter().all(|group| group.len() == 3);
    if is_certain && is_grouped { text.replace(',', "") } else { text.to_owned() }
}

pub(super) fn is_no_number(text: &str) -> bool {
    parts(text).is_none()
}

/// Returns how many decimals the number has when written without an exponent.
pub(super) fn decimals(text: &str) -> i64 {
    parts(text).map_or(0, |(fraction, exponent)| {
        i64::try_from(fraction.len()).unwrap_or(i64::MAX) - exponent
    })
}

pub(super) fn is_whole(text: &str) -> bool {
    value(text).fract() == 0.0 && !is_tiny(text)
}

pub(super) fn is_multiple_of_5(text: &str) -> bool {
    value(text) % 5.0 == 0.0
}

pub(super) fn in_range(text: &str, least: f64, most: f64) -> bool {
    (least..=most).contains(&value(text))
}

/// Whether this is a number like `1.000`, which could mean one or a thousand.
pub(super) fn writes_thousand(text: &str) -> bool {
    parts(text).is_some_and(|(fraction, exponent)| fraction == "000" && exponent == 0)
}

/// Whether the number is smaller than any step, but not 0.
pub(super) fn is_tiny(text: &str) -> bool {
    let is_zero = bare(text).split(['e', 'E']).next().unwrap_or_default();
    let is_zero = !is_zero.contains(|c: char| ('1'..='9').contains(&c));
    value(text).abs() < 1e-9 && !is_zero
}

pub(super) fn year(text: &str) -> u32 {
    text.split('-').next().and_then(|year| year.parse().ok()).unwrap_or(0)
}

fn year_and(text: &str, mark: &str) -> Option<(u32, u32)> {
    let number = |text: &str, count| {
        let is_fine = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
        if is_fine { text.parse().ok() } else { None }
    };
    let (year, rest) = bare(text).split_once(mark)?;
    Some((number(year, 4).filter(|year| *year > 0)?, number(rest, 2)?))
}

pub(super) fn is_month(text: &str) -> bool {
    year_and(text, "-").is_some_and(|(_, month)| (1..=12).contains(&month))
}

/// Whether the week exists in ISO 8601: a year has 53 weeks if it ends on a Thursday, or if the
/// previous year ended on a Wednesday.
pub(super) fn is_week(text: &str) -> bool {
    let last_day = |year: u32| (year + year / 4 - year / 100 + year / 400) % 7;
    year_and(text, "-W").is_some_and(|(year, week)| {
        let is_long = last_day(year) == 4 || last_day(year - 1) == 3;
        (1..=if is_long { 53 } else { 52 }).contains(&week)
    })
}

/// Returns whether the scheme is `http`, `https` or `ftp`, and the rest of the URL.
fn address(text: &str) -> (bool, &str) {
    let (scheme, rest) = bare(text).split_once(':').unwrap_or(("", ""));
    (["http", "https", "ftp"].contains(&scheme.to_lowercase().as_str()), rest)
}

/// For example `http:a.de`, `http:///a` and `mailto:`.
pub(super) fn lacks_a_host(text: &str) -> bool {
    let (is_web, rest) = address(text);
    match rest.strip_prefix("//") {
        Some(host) if is_web => host.is_empty() || host.starts_with(['/', '?', '#']),
        _ => is_web || rest.is_empty(),
    }
}

/// The host and port after the two slashes, if there are any.
fn host(text: &str) -> Option<&str> {
    let host = address(text).1.strip_prefix("//")?.split(['/', '?', '#', '\\']).next()?;
    host.rsplit('@').next()
}

pub(super) fn has_a_blank_in_its_host(text: &str) -> bool {
    host(text).is_some_and(has_unseen)
}

/// For example `https://%`, `http://a@` and `http://a:b`, whose host or port is invalid.
pub(super) fn wants_another_host(text: &str) -> bool {
    let Some(host) = host(text) else { return false };
    let (host, port) = host.split_once(':').unwrap_or((host, ""));
    host.is_empty()
        || host.contains(|c: char| "%[]<>^|".contains(c))
        || port.parse::<u16>().is_err() && !port.is_empty()
}

/// For example `file://a.de/b`.
pub(super) fn is_file_of_a_host(text: &str) -> bool {
    bare(text).starts_with("file:") && host(text).is_some_and(|host| !host.is_empty())
}

/// For example `a@xn--bcher-kva.de`.
pub(super) fn has_punycode(mail: &str) -> bool {
    let domain = bare(mail).rsplit('@').next().unwrap_or_default();
    domain.split('.').any(|label| label.starts_with("xn--"))
}

/// For example `a@-é.de`.
pub(super) fn has_hyphen_at_an_end(mail: &str) -> bool {
    let domain = bare(mail).rsplit('@').next().unwrap_or_default();
    domain.split('.').any(|label| label.starts_with('-') || label.ends_with('-'))
}
