//! Patterns: a subset of strftime, parsed once.

use std::fmt;
use std::ops::Range;

use super::OffsetStyle;
use super::iso::Instant;

/// A pattern for dates and times, such as `%-d %B %Y`.
///
/// | directive | shows | |
/// |---|---|---|
/// | `%Y` `%y` | the year | `2026`, `26` |
/// | `%m` `%-m` | the month as a number | `03`, `3` |
/// | `%B` `%b` | its name, and the short name | `March`, `Mar` |
/// | `%OB` | its name in a pattern without a day | `March` |
/// | `%d` `%-d` | the day | `05`, `5` |
/// | `%A` `%a` | the weekday, and its short name | `Tuesday`, `Tue` |
/// | `%u` | the weekday from 1 (Monday) to 7 | `2` |
/// | `%j` `%-j` | the day of the year | `090`, `90` |
/// | `%V` `%-V` `%G` | the ISO week, and the year that it belongs to | `14`, `2026` |
/// | `%H` `%-H` | the hour | `07`, `7` |
/// | `%I` `%-I` `%p` `%P` | the same in a 12-hour clock | `07`, `7`, `AM`, `am` |
/// | `%M` `%S` | the minute and the second | `30`, `00` |
/// | `%.3f` | 1 to 9 digits of the second's fraction, after a decimal mark | `.250` |
/// | `%z` `%:z` `%Z` | the offset from UTC | `+0200`, `+02:00`, `UTC+02:00` |
/// | `%F` `%T` `%R` | `%Y-%m-%d`, `%H:%M:%S`, `%H:%M` | |
/// | `%%` | a percent sign | `%` |
///
/// Names come from the application's [`Dates`](crate::Dates), and the decimal mark from its
/// [`Numerals`](crate::Numerals).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatePattern {
    pub(super) items: Vec<Item>,
    pub(super) needs: Needs,
}

/// The error for an invalid [`DatePattern`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatePatternError {
    directive: String,
    range: Range<usize>,
}

impl DatePatternError {
    /// The unknown directive's position in the pattern, in bytes.
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        self.range.clone()
    }
}

impl fmt::Display for DatePatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.directive.as_str() {
            "%" => f.write_str("`%` at the end of a date pattern: for a percent sign, write `%%`"),
            directive => write!(f, "unknown directive `{directive}` in a date pattern"),
        }
    }
}

impl std::error::Error for DatePatternError {}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Item {
    Text(String),
    /// A number, and whether it is padded with zeros.
    Number(Field, bool),
    Name(Field),
    /// The day period in lower case.
    Lower,
    /// The first digits of the second's fraction.
    Fraction(u8),
    Offset(OffsetStyle),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Year,
    YearOfCentury,
    Month,
    StandaloneMonth,
    ShortMonth,
    Day,
    Weekday,
    ShortWeekday,
    DayOfYear,
    Week,
    WeekYear,
    Hour,
    Hour12,
    DayPeriod,
    Minute,
    Second,
}

/// The parts of a date that a pattern shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Needs {
    pub(super) date: bool,
    pub(super) day: bool,
    pub(super) time: bool,
    pub(super) offset: bool,
}

impl Field {
    /// Returns the field's value, and the width to pad it to. For names, the value is an index.
    pub(super) fn of(self, instant: &Instant) -> (i64, usize) {
        // `check` has made sure that the parts exist.
        let date = || instant.date.unwrap_or(super::iso::Date { year: 1, month: 1, day: 1 });
        let time = |part: fn(super::iso::Time) -> u8| i64::from(instant.time.map_or(0, part));
        match self {
            Self::Year => (date().year, 4),
            Self::YearOfCentury => (date().year.rem_euclid(100), 2),
            Self::Month | Self::StandaloneMonth | Self::ShortMonth => (date().month.into(), 2),
            Self::Day => (date().day.into(), 2),
            Self::Weekday | Self::ShortWeekday => (date().weekday(), 1),
            Self::DayOfYear => (date().ordinal(), 3),
            Self::Week => (date().iso_week().1, 2),
            Self::WeekYear => (date().iso_week().0, 4),
            Self::Hour => (time(|time| time.hour), 2),
            Self::Hour12 => (time(|time| (time.hour + 11) % 12 + 1), 2),
            Self::DayPeriod => (time(|time| time.hour / 12), 1),
            Self::Minute => (time(|time| time.minute), 2),
            Self::Second => (time(|time| time.second), 2),
        }
    }

    fn add_to(self, needs: &mut Needs) {
        match self {
            Self::Year
            | Self::YearOfCentury
            | Self::Month
            | Self::StandaloneMonth
            | Self::ShortMonth => needs.date = true,
            Self::Day
            | Self::Weekday
            | Self::ShortWeekday
            | Self::DayOfYear
            | Self::Week
            | Self::WeekYear => (needs.date, needs.day) = (true, true),
            Self::Hour | Self::Hour12 | Self::DayPeriod | Self::Minute | Self::Second => {
                needs.time = true;
            }
        }
    }
}

impl DatePattern {
    /// Parses a pattern from a literal.
    ///
    /// # Panics
    /// If the pattern has an unknown directive.
    #[must_use]
    #[track_caller]
    pub fn new(pattern: &str) -> Self {
        match Self::parse(pattern) {
            Ok(pattern) => pattern,
            Err(error) => panic!("{error}: {pattern:?}"),
        }
    }

    /// Parses a pattern.
    ///
    /// # Errors
    /// If the pattern has an unknown directive.
    pub fn parse(pattern: &str) -> Result<Self, DatePatternError> {
        let mut parsed = Self { items: Vec::new(), needs: Needs::default() };
        let mut at = 0;
        while at < pattern.len() {
            let rest = &pattern[at..];
            let text = &rest[..rest.find('%').unwrap_or(rest.len())];
            parsed.text(text);
            at += text.len();
            let Some(after) = pattern[at..].strip_prefix('%') else { continue };
            let len = parsed.directive(after).ok_or_else(|| {
                let directive = &pattern[at..at + 1 + directive_len(after)];
                let range = at..at + directive.len();
                DatePatternError { directive: directive.to_owned(), range }
            })?;
            at += 1 + len;
        }
        for item in &parsed.items {
            match item {
                Item::Text(_) => {}
                Item::Number(field, _) | Item::Name(field) => field.add_to(&mut parsed.needs),
                Item::Lower | Item::Fraction(_) => parsed.needs.time = true,
                Item::Offset(_) => parsed.needs.offset = true,
            }
        }
        Ok(parsed)
    }

    fn text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        match self.items.last_mut() {
            Some(Item::Text(before)) => before.push_str(text),
            _ => self.items.push(Item::Text(text.to_owned())),
        }
    }

    /// Adds the directive at the start of `after`, which follows a `%`. Returns its length, or
    /// `None` if it is unknown.
    fn directive(&mut self, after: &str) -> Option<usize> {
        let (is_padded, word) = match after.strip_prefix('-') {
            Some(word) => (false, word),
            None => (true, after),
        };
        if let Some(field) = word.chars().next().and_then(numeric) {
            self.items.push(Item::Number(field, is_padded));
            return Some(after.len() - word.len() + 1);
        }
        if let Some(fraction) = after.strip_prefix('.') {
            let digits = fraction.chars().next()?.to_digit(10).filter(|digits| *digits > 0)?;
            fraction[1..].starts_with('f').then_some(())?;
            self.items.push(Item::Fraction(u8::try_from(digits).ok()?));
            return Some(3);
        }
        let compound = ["F", "T", "R"].into_iter().zip(["%Y-%m-%d", "%H:%M:%S", "%H:%M"]);
        for (name, meaning) in compound {
            if after.starts_with(name) {
                self.items.extend(Self::parse(meaning).ok()?.items);
                return Some(1);
            }
        }
        let (len, item) = named(after)?;
        match item {
            Some(item) => self.items.push(item),
            None => self.text("%"),
        }
        Some(len)
    }
}

/// The length of an unknown directive in an error message.
fn directive_len(after: &str) -> usize {
    let flags = after.len() - after.trim_start_matches(['-', '_', '0', '^', '#', ':', '.']).len();
    flags + after[flags..].chars().next().map_or(0, char::len_utf8)
}

fn numeric(letter: char) -> Option<Field> {
    Some(match letter {
        'Y' => Field::Year,
        'y' => Field::YearOfCentury,
        'm' => Field::Month,
        'd' => Field::Day,
        'u' => Field::Weekday,
        'j' => Field::DayOfYear,
        'V' => Field::Week,
        'G' => Field::WeekYear,
        'H' => Field::Hour,
        'I' => Field::Hour12,
        'M' => Field::Minute,
        'S' => Field::Second,
        _ => return None,
    })
}

/// Returns the length and meaning of a directive that isn't a number; `None` as the meaning is a
/// percent sign.
fn named(after: &str) -> Option<(usize, Option<Item>)> {
    let known = [
        ("%", None),
        ("OB", Some(Item::Name(Field::StandaloneMonth))),
        ("B", Some(Item::Name(Field::Month))),
        ("b", Some(Item::Name(Field::ShortMonth))),
        ("A", Some(Item::Name(Field::Weekday))),
        ("a", Some(Item::Name(Field::ShortWeekday))),
        ("p", Some(Item::Name(Field::DayPeriod))),
        ("P", Some(Item::Lower)),
        ("z", Some(Item::Offset(OffsetStyle::Plain))),
        (":z", Some(Item::Offset(OffsetStyle::Colon))),
        ("Z", Some(Item::Offset(OffsetStyle::Name))),
    ];
    known.into_iter().find_map(|(name, item)| after.starts_with(name).then_some((name.len(), item)))
}
