//! The formatters for dates and times.

use std::sync::Arc;

use solohttp_core::{DateError, DatePattern, Dates, Locale};

use super::{FormatError, Function, Sink, Value};
use crate::error::{Error, ErrorKind};
use crate::source::Place;

/// A formatter, which determines the pattern if the template has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DateStyle {
    Date,
    Time,
    DateTime,
    Month,
    Weekday,
}

impl DateStyle {
    pub(super) const ALL: [Self; 5] =
        [Self::Date, Self::Time, Self::DateTime, Self::Month, Self::Weekday];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Date => "date",
            Self::Time => "time",
            Self::DateTime => "datetime",
            Self::Month => "month",
            Self::Weekday => "weekday",
        }
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|style| style.name() == name)
    }

    fn expected(self) -> &'static str {
        match self {
            Self::Date | Self::Weekday => "a date such as `2026-03-31`",
            Self::Time => "a time such as `17:30`",
            Self::DateTime => "a date with a time, such as `2026-03-31T17:30:00`",
            Self::Month => "a month or date, such as `2026-03`",
        }
    }

    /// Returns the formatting function. The pattern, if there is one, is the slot's argument.
    pub(super) fn function(self, pattern: Option<&Place>) -> Result<Arc<Function>, Error> {
        let pattern = match (pattern, self) {
            (Some(place), _) => Some(parse(place)?),
            (None, Self::Weekday) => Some(DatePattern::new("%A")),
            (None, _) => None,
        };
        let function: Arc<Function> =
            Arc::new(move |value, _, out| self.write(value, pattern.as_ref(), out));
        Ok(function)
    }

    fn write(
        self,
        value: Value<'_>,
        pattern: Option<&DatePattern>,
        out: &mut Sink<'_>,
    ) -> Result<(), FormatError> {
        let Value::Text(iso) = value else {
            return Err(FormatError::expected(self.expected()));
        };
        let dates = Locale::current::<Dates>();
        let pattern = pattern.unwrap_or_else(|| match self {
            Self::Date | Self::Weekday => dates.date_pattern(),
            Self::Time => dates.time_pattern(),
            Self::DateTime => dates.date_time_pattern(),
            Self::Month => dates.month_pattern(),
        });
        dates.write(iso, pattern, out).map_err(|error| self.error(iso, error))
    }

    fn error(self, iso: &str, error: DateError) -> FormatError {
        let reason = match error {
            DateError::NotIso => String::new(),
            error => format!(": {error}"),
        };
        let expected = match error {
            DateError::NotIso | DateError::OutOfRange => self.expected(),
            DateError::Utc => "a local time",
            _ => "a value with all parts of the pattern",
        };
        FormatError::expected(format!("{expected}, found `{}`{reason}", shortened(iso)))
    }
}

/// Parses the pattern in a template.
fn parse(place: &Place) -> Result<DatePattern, Error> {
    DatePattern::parse(place.text()).map_err(|error| {
        let range = error.range();
        let wrong = Place::new(&place.source, place.start + range.start, place.start + range.end);
        Error::new(ErrorKind::Formatter, error.to_string())
            .at(&wrong, "not a directive")
            .help("for example `{day:date|%A %-d %B %Y}`; `DatePattern` lists all directives")
    })
}

/// The start of a value, for an error message of one line.
fn shortened(text: &str) -> String {
    const SHOWN: usize = 40;
    let mut start: String = text.chars().take(SHOWN).flat_map(char::escape_debug).collect();
    if text.chars().nth(SHOWN).is_some() {
        start.push('…');
    }
    start
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(style: DateStyle, value: Value<'_>) -> Result<String, String> {
        let mut page = Vec::new();
        style
            .write(value, None, &mut Sink::new(&mut page))
            .map_err(|error| error.to_string())
            .map(|()| String::from_utf8(page).expect("formatters write text"))
    }

    #[test]
    fn every_style_has_a_pattern_and_an_example() {
        for (style, iso, expected) in [
            (DateStyle::Date, "2026-03-31T17:30", "31 March 2026"),
            (DateStyle::Time, "17:30:59", "17:30"),
            (DateStyle::DateTime, "2026-03-31 17:30", "31 March 2026, 17:30"),
            (DateStyle::Month, "2026-03", "March 2026"),
        ] {
            assert_eq!(format(style, Value::Text(iso)).as_deref(), Ok(expected));
            assert!(format(style, Value::Int(2026)).is_err());
            assert!(format(style, Value::Text("")).is_err());
            let example = style.expected().split('`').nth(1).expect("quoted");
            assert!(format(style, Value::Text(example)).is_ok(), "{example}");
        }
    }

    #[test]
    fn an_error_shows_the_start_of_the_value_in_one_line() {
        let error = format(DateStyle::Date, Value::Text(&"a\n".repeat(30))).expect_err("no date");
        let shown = "a\\n".repeat(20);
        assert_eq!(error, format!("expected a date such as `2026-03-31`, found `{shown}…`"));
    }
}
