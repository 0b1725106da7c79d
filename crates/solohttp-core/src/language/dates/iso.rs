//! Parses dates and times in ISO 8601 format, as serde, SQLite and browsers write them.

use super::DateError;

/// A date, a time, or both, as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Instant {
    pub(super) date: Option<Date>,
    pub(super) time: Option<Time>,
    pub(super) offset: Option<Offset>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Date {
    pub(super) year: i64,
    /// 1 to 12.
    pub(super) month: u8,
    /// 1 to 31, or 0 if there is only a year and a month.
    pub(super) day: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Time {
    pub(super) hour: u8,
    pub(super) minute: u8,
    /// Up to 60, because of leap seconds.
    pub(super) second: u8,
    pub(super) nanos: u32,
}

/// The offset from UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Offset {
    /// `Z`: the time is in UTC, and the local offset is unknown (RFC 9557, section 2.2).
    Utc,
    Minutes(i32),
}

impl Instant {
    pub(super) fn parse(text: &str) -> Result<Self, DateError> {
        let mut rest = Rest(text.as_bytes());
        let instant = rest.instant().filter(|_| rest.0.is_empty()).ok_or(DateError::NotIso)?;
        if instant.is_in_range() { Ok(instant) } else { Err(DateError::OutOfRange) }
    }

    fn is_in_range(&self) -> bool {
        let is_date = self.date.is_none_or(|date| {
            (1..=12).contains(&date.month) && date.day <= days_of_month(date.year, date.month)
        });
        let is_time =
            self.time.is_none_or(|time| time.hour < 24 && time.minute < 60 && time.second <= 60);
        is_date && is_time
    }
}

/// The rest of the string.
struct Rest<'t>(&'t [u8]);

impl Rest<'_> {
    fn instant(&mut self) -> Option<Instant> {
        if self.0.get(2) == Some(&b':') {
            return Some(Instant { date: None, time: Some(self.time()?), offset: None });
        }
        let date = self.date()?;
        let (mut time, mut offset) = (None, None);
        if date.day > 0 && self.takes(b"Tt ") {
            time = Some(self.time()?);
            offset = self.offset()?;
            self.zone()?;
        }
        Some(Instant { date: Some(date), time, offset })
    }

    /// `2026-03-31` or `2026-03`. Years outside 0 to 9999 have a sign and six digits.
    fn date(&mut self) -> Option<Date> {
        let year = match self.0.first() {
            Some(b'+' | b'-') => {
                let sign = if self.0[0] == b'-' { -1 } else { 1 };
                self.0 = &self.0[1..];
                sign * i64::from(self.digits(6)?)
            }
            _ => i64::from(self.digits(4)?),
        };
        self.takes(b"-").then_some(())?;
        let month = self.two_digits()?;
        let day = match self.takes(b"-") {
            // A day of 0 must not look like a missing one.
            true => self.two_digits().filter(|day| *day > 0)?,
            false => 0,
        };
        Some(Date { year, month, day })
    }

    /// `17:30`, `17:30:00` or `17:30:00.123`.
    fn time(&mut self) -> Option<Time> {
        let hour = self.two_digits()?;
        self.takes(b":").then_some(())?;
        let minute = self.two_digits()?;
        let (mut second, mut nanos) = (0, 0);
        if self.takes(b":") {
            second = self.two_digits()?;
            if self.takes(b".,") {
                let len = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
                let missing = u32::try_from(9_usize.checked_sub(len)?).ok()?;
                (len > 0).then_some(())?;
                nanos = self.digits(len)? * 10_u32.pow(missing);
            }
        }
        Some(Time { hour, minute, second, nanos })
    }

    /// `Z`, `+02`, `+0200` or `+02:00`, or nothing. Seconds are ignored.
    fn offset(&mut self) -> Option<Option<Offset>> {
        if self.takes(b"Zz") {
            return Some(Some(Offset::Utc));
        }
        let sign = match self.0.first() {
            Some(b'+') => 1,
            Some(b'-') => -1,
            _ => return Some(None),
        };
        self.0 = &self.0[1..];
        let mut minutes = i32::from(self.two_digits()?) * 60;
        let has_colon = self.takes(b":");
        if has_colon || self.0.first().is_some_and(u8::is_ascii_digit) {
            minutes += i32::from(self.two_digits().filter(|minutes| *minutes < 60)?);
            if has_colon && self.takes(b":") {
                self.two_digits()?;
            }
        }
        Some(Some(Offset::Minutes(sign * minutes)))
    }

    /// The names in brackets of RFC 9557, as in `[Europe/Berlin]`.
    fn zone(&mut self) -> Option<()> {
        while self.takes(b"[") {
            let end = self.0.iter().position(|byte| *byte == b']').filter(|end| *end > 0)?;
            self.0 = &self.0[end + 1..];
        }
        Some(())
    }

    /// Takes one of these bytes, if it is next.
    fn takes(&mut self, bytes: &[u8]) -> bool {
        match self.0.split_first() {
            Some((first, rest)) if bytes.contains(first) => {
                self.0 = rest;
                true
            }
            _ => false,
        }
    }

    fn two_digits(&mut self) -> Option<u8> {
        u8::try_from(self.digits(2)?).ok()
    }

    /// Takes exactly this many digits, at most 9.
    fn digits(&mut self, len: usize) -> Option<u32> {
        let (digits, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        let digit = |byte: &u8| byte.is_ascii_digit().then(|| u32::from(byte - b'0'));
        digits.iter().try_fold(0, |number, byte| Some(number * 10 + digit(byte)?))
    }
}

pub(super) fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Returns 0 if there is no such month.
pub(super) fn days_of_month(year: i64, month: u8) -> u8 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    }
}

impl Date {
    /// The day of the year, 1 to 366.
    pub(super) fn ordinal(self) -> i64 {
        let before: i64 =
            (1..self.month).map(|month| i64::from(days_of_month(self.year, month))).sum();
        before + i64::from(self.day)
    }

    /// The weekday from 1 (Monday) to 7.
    pub(super) fn weekday(self) -> i64 {
        let year = self.year - 1;
        let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
        // 1 January of the year 1 was a Monday.
        (year * 365 + leap_days + self.ordinal() - 1).rem_euclid(7) + 1
    }

    /// The year and the number of the ISO week, which belongs to the year of its Thursday.
    pub(super) fn iso_week(self) -> (i64, i64) {
        let thursday = self.ordinal() + 4 - self.weekday();
        let days = |year| if is_leap(year) { 366 } else { 365 };
        let (year, day) = if thursday < 1 {
            (self.year - 1, thursday + days(self.year - 1))
        } else if thursday > days(self.year) {
            (self.year + 1, thursday - days(self.year))
        } else {
            (self.year, thursday)
        };
        (year, (day - 1) / 7 + 1)
    }
}
