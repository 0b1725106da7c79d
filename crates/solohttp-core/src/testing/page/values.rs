//! The values that each type of `<input>` can hold, as strings and as numbers (WHATWG HTML section
//! 4.10.5.1).

use super::document::{Document, NodeId};

/// The rules that an input's attributes set for its value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules<'a> {
    pub(super) kind: &'a str,
    min: Option<&'a str>,
    max: Option<&'a str>,
    step: Option<&'a str>,
    default: Option<&'a str>,
    is_multiple: bool,
}

impl<'a> Rules<'a> {
    /// `kind` is the type of the control: see `Control::kind`.
    pub(super) fn of(document: &'a Document, id: NodeId, kind: &'a str) -> Self {
        let attribute = |name| document.attribute(id, name);
        Self {
            kind,
            min: attribute("min"),
            max: attribute("max"),
            step: attribute("step"),
            default: attribute("value"),
            is_multiple: document.has(id, "multiple"),
        }
    }

    /// The value that a control holds if it is set to `value` (the “value sanitization algorithm”).
    pub(super) fn sanitize(&self, value: &str) -> String {
        let one_line = || value.replace(['\n', '\r'], "");
        match self.kind {
            "text" | "search" | "tel" | "password" => one_line(),
            "email" if self.is_multiple => {
                value.split(',').map(|one| one.trim_matches(is_space)).collect::<Vec<_>>().join(",")
            }
            "email" | "url" => one_line().trim_matches(is_space).to_owned(),
            "range" => self.slide(value),
            "color" if is_color(value) => value.to_ascii_lowercase(),
            "color" => "#000000".to_owned(),
            "datetime-local" if self.number(value).is_some() => shortest(value),
            "number" | "date" | "month" | "week" | "time" | "datetime-local" => {
                if self.number(value).is_some() { value.to_owned() } else { String::new() }
            }
            _ => value.to_owned(),
        }
    }

    /// Moves a slider's value into its range and onto a step.
    fn slide(&self, value: &str) -> String {
        let least = self.least().unwrap_or_default();
        let most = self.most().unwrap_or_default().max(least);
        let middle = f64::midpoint(least, most);
        let wanted = self.number(value);
        let mut number = wanted.unwrap_or(middle).clamp(least, most);
        if let Some(step) = self.step() {
            let base = self.base();
            let steps = ((number - base) / step + 0.5).floor();
            let place = |steps: f64| rounded(base + steps * step);
            if !is_whole((number - base) / step) {
                number = if place(steps) > most { place(steps - 1.0) } else { place(steps) };
            }
        }
        if wanted == Some(number) { value.to_owned() } else { number.to_string() }
    }

    /// The value as a number: of days, months, weeks or milliseconds for dates and times. `None` if
    /// the value isn't valid.
    pub(super) fn number(&self, value: &str) -> Option<f64> {
        match self.kind {
            "number" | "range" => float(value),
            "date" => days(value),
            "month" => {
                let (year, month) = year_and_month(value)?;
                Some((year - 1970.0) * 12.0 + month - 1.0)
            }
            "week" => week(value),
            "time" => milliseconds(value),
            "datetime-local" => {
                let (date, time) = value.split_once(['T', ' '])?;
                Some(days(date)? * DAY + milliseconds(time)?)
            }
            _ => None,
        }
    }

    pub(super) fn least(&self) -> Option<f64> {
        let least = self.min.and_then(|min| self.number(min));
        least.or((self.kind == "range").then_some(0.0))
    }

    pub(super) fn most(&self) -> Option<f64> {
        let most = self.max.and_then(|max| self.number(max));
        most.or((self.kind == "range").then_some(100.0))
    }

    /// Whether the range includes midnight, as from 22:00 to 6:00.
    pub(super) fn is_reversed(&self) -> bool {
        self.kind == "time" && self.least() > self.most() && self.most().is_some()
    }

    /// The distance between valid values, or `None` if all values are valid.
    pub(super) fn step(&self) -> Option<f64> {
        let (default, scale) = match self.kind {
            "number" | "range" | "date" | "month" | "week" => (1.0, 1.0),
            "time" | "datetime-local" => (60.0, 1_000.0),
            _ => return None,
        };
        match self.step {
            Some(any) if any.trim().eq_ignore_ascii_case("any") => None,
            step => {
                let step = step.and_then(float).filter(|step| *step > 0.0).unwrap_or(default);
                Some(step * scale)
            }
        }
    }

    /// The value from which steps are counted.
    fn base(&self) -> f64 {
        let number = |text: Option<&str>| text.and_then(|text| self.number(text));
        number(self.min).or_else(|| number(self.default)).unwrap_or_default()
    }

    pub(super) fn is_on_step(&self, number: f64) -> bool {
        self.step().is_none_or(|step| is_whole((number - self.base()) / step))
    }
}

const DAY: f64 = 86_400_000.0;

pub(super) fn is_space(letter: char) -> bool {
    matches!(letter, ' ' | '\t' | '\n' | '\r' | '\x0c')
}

/// Whether a number is whole, but for a rounding error.
fn is_whole(number: f64) -> bool {
    (number - number.round()).abs() < 1e-6
}

/// Removes the error of a sum such as 0.1 + 0.2.
fn rounded(number: f64) -> f64 {
    (number * 1e9).round() / 1e9
}

/// Parses a valid floating-point number (section 2.3.4.3).
fn float(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (digits, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((digits, exponent)) => (digits, exponent.strip_prefix(['-', '+']).unwrap_or(exponent)),
        None => (unsigned, "0"),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_valid = (whole.is_empty() || is_digits(whole))
        && is_digits(fraction)
        && is_digits(exponent)
        && !digits.is_empty();
    let number: f64 = text.parse().ok().filter(|_| is_valid)?;
    number.is_finite().then_some(number)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Parses exactly this many digits.
fn digits(text: &str, count: usize) -> Option<f64> {
    text.parse().ok().filter(|_| is_digits(text) && text.len() == count)
}

fn year_and_month(text: &str) -> Option<(f64, f64)> {
    let (year, month) = text.split_once('-')?;
    let year: f64 = year.parse().ok().filter(|_| is_digits(year) && year.len() >= 4)?;
    let month = digits(month, 2)?;
    ((1.0..=275_760.0).contains(&year) && (1.0..=12.0).contains(&month)).then_some((year, month))
}

/// The number of days from 1 January 1970 to a date.
fn days(text: &str) -> Option<f64> {
    let (month, day) = text.rsplit_once('-')?;
    let (year, month) = year_and_month(month)?;
    let day = digits(day, 2)?;
    let first = days_before(year, month);
    let next =
        if month == 12.0 { days_before(year + 1.0, 1.0) } else { days_before(year, month + 1.0) };
    (1.0..=next - first).contains(&day).then_some(first + day - 1.0)
}

/// The number of days from 1 January 1970 to the first day of a month. Years begin in March, so
/// that a leap day is the last one.
fn days_before(year: f64, month: f64) -> f64 {
    let (year, month) = if month > 2.0 { (year, month - 3.0) } else { (year - 1.0, month + 9.0) };
    let leap_days = (year / 4.0).floor() - (year / 100.0).floor() + (year / 400.0).floor();
    365.0 * year + leap_days + ((153.0 * month + 2.0) / 5.0).floor() - 719_468.0
}

/// The number of weeks from the week of 1 January 1970, a Thursday.
fn week(text: &str) -> Option<f64> {
    let (year, week) = text.split_once("-W")?;
    let year: f64 = year.parse().ok().filter(|_| is_digits(year) && year.len() >= 4)?;
    let week = digits(week, 2)?;
    // The first week of a year is the one with its first Thursday, and so with 4 January.
    let first = |year| ((days_before(year, 1.0) + 3.0 + 3.0) / 7.0).floor();
    let is_valid = year >= 1.0 && week >= 1.0 && first(year) + week <= first(year + 1.0);
    is_valid.then_some(first(year) + week - 1.0)
}

/// A date and time in its normalized form, without zeros that may be omitted (section 2.3.5.5).
fn shortest(date_and_time: &str) -> String {
    let text = date_and_time.replacen(' ', "T", 1);
    let short =
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    let has_seconds = short.matches(':').count() == 2;
    short.strip_suffix(":00").filter(|_| has_seconds).unwrap_or(short).to_owned()
}

/// The milliseconds from midnight.
fn milliseconds(text: &str) -> Option<f64> {
    let mut parts = text.splitn(3, ':');
    let (hour, minute) = (digits(parts.next()?, 2)?, digits(parts.next()?, 2)?);
    let seconds = match parts.next() {
        None => 0.0,
        Some(seconds) => {
            let (whole, fraction) = seconds.split_once('.').unwrap_or((seconds, "0"));
            let is_valid = is_digits(fraction) && fraction.len() <= 3;
            digits(whole, 2).filter(|_| is_valid)? * 1_000.0
                + format!("{fraction:0<3}").parse::<f64>().ok()?
        }
    };
    let is_valid = hour < 24.0 && minute < 60.0 && seconds < 60_000.0;
    is_valid.then_some((hour * 60.0 + minute) * 60_000.0 + seconds)
}

fn is_color(text: &str) -> bool {
    let hex = text.strip_prefix('#').unwrap_or_default();
    hex.len() == 6 && hex.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: Rules<'_> = Rules {
        kind: "number",
        min: None,
        max: None,
        step: None,
        default: None,
        is_multiple: false,
    };

    #[track_caller]
    fn check(kind: &str, value: &str, expect: &str) {
        assert_eq!(Rules { kind, ..RULES }.sanitize(value), expect, "{kind} {value:?}");
    }

    #[test]
    fn a_control_holds_only_valid_values() {
        check("text", " a\r\nb ", " ab ");
        check("hidden", "a\nb", "a\nb");
        check("url", " https://a\n ", "https://a");
        for number in ["0", "-0.5", ".5", "1e3", "1E-3", "-12.050"] {
            check("number", number, number);
        }
        for text in ["", "+1", "1.", "1,5", "e3", "-", ".", "1e", "1e999", "0x1", "inf", " 1"] {
            check("number", text, "");
        }
        check("color", "#FF8000", "#ff8000");
        check("color", "red", "#000000");
    }

    #[test]
    fn dates_and_times_are_checked() {
        for (kind, value) in [
            ("date", "2024-02-29"),
            ("date", "0001-01-01"),
            ("month", "2026-12"),
            ("week", "2020-W53"),
            ("week", "2026-W01"),
            ("time", "23:59"),
            ("time", "23:59:59.999"),
            ("datetime-local", "2026-03-31T08:00"),
        ] {
            check(kind, value, value);
        }
        check("datetime-local", "2026-03-31 08:00:01", "2026-03-31T08:00:01");
        check("datetime-local", "2026-03-31T08:00:00", "2026-03-31T08:00");
        check("datetime-local", "2026-03-31T08:00:00.000", "2026-03-31T08:00");
        check("datetime-local", "2026-03-31T08:00:10.500", "2026-03-31T08:00:10.5");
        for (kind, value) in [
            ("date", "2025-02-29"),
            ("date", "2100-02-29"),
            ("date", "2025-04-31"),
            ("date", "25-01-01"),
            ("date", "2025-1-01"),
            ("month", "2026-13"),
            ("week", "2021-W53"),
            ("week", "2026-W00"),
            ("time", "24:00"),
            ("time", "8:00"),
            ("time", "08:00:60"),
            ("time", "08:00:00.1234"),
            ("datetime-local", "2026-03-31"),
        ] {
            check(kind, value, "");
        }
    }

    #[test]
    fn dates_are_numbers() {
        let number = |kind, value| Rules { kind, ..RULES }.number(value).unwrap();
        assert_eq!(number("date", "1970-01-01"), 0.0);
        assert_eq!(number("date", "2000-03-01"), 11_017.0);
        assert_eq!(number("date", "1969-12-31"), -1.0);
        assert_eq!(number("month", "1971-02"), 13.0);
        assert_eq!(number("week", "1970-W01"), 0.0);
        assert_eq!(number("week", "2020-W53") + 1.0, number("week", "2021-W01"));
        assert_eq!(number("time", "01:00:00.5"), 3_600_500.0);
        assert_eq!(number("datetime-local", "1970-01-02T00:01"), 86_460_000.0);
    }

    #[test]
    fn a_slider_moves_to_the_nearest_step() {
        let slide = |value, step| {
            let rules = Rules { kind: "range", min: Some("-20"), max: Some("20"), step, ..RULES };
            rules.sanitize(value)
        };
        assert_eq!(slide("7", None), "7");
        assert_eq!(slide("", None), "0");
        assert_eq!(slide("99", None), "20");
        assert_eq!(slide("7", Some("5")), "5");
        assert_eq!(slide("8", Some("5")), "10");
        assert_eq!(slide("19", Some("12")), "16");
        assert_eq!(slide("0.25", Some("any")), "0.25");
        check("range", "", "50");
        check("range", "0.5", "1");
    }

    #[test]
    fn steps_are_counted_from_the_minimum() {
        let is_on_step = |kind, min, step, value| {
            let rules = Rules { kind, min, step, ..RULES };
            rules.is_on_step(rules.number(value).unwrap())
        };
        assert!(is_on_step("number", None, Some("0.01"), "12.05"));
        assert!(!is_on_step("number", None, None, "0.5"));
        assert!(is_on_step("number", Some("0.5"), None, "2.5"));
        assert!(is_on_step("time", None, None, "08:01"));
        assert!(!is_on_step("time", None, None, "08:00:30"));
        assert!(is_on_step("time", None, Some("0.001"), "08:00:00.125"));
        assert!(!is_on_step("date", Some("2026-01-01"), Some("7"), "2026-01-07"));
        assert!(is_on_step("date", Some("2026-01-01"), Some("7"), "2026-01-08"));
    }
}
