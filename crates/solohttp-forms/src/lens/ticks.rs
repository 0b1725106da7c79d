//! Steps for dates and times (WHATWG HTML section 4.10.5.3.8).

use std::time::Duration;

use jiff::civil::{Date, DateTime, ISOWeekDate, Time};
use jiff::{SignedDuration, ToSpan as _};

use crate::lens::{Steps, YearMonth, YearWeek};

/// A date or time as a number of ticks.
trait Ticks: Sized {
    fn ticks(&self) -> i128;
    fn from_ticks(ticks: i128) -> Option<Self>;
}

/// The distance between two allowed values.
trait Step {
    /// The step in ticks, at least 1.
    fn ticks(&self) -> i128;
    /// The value of the HTML attribute `step`.
    fn text(&self) -> String;
}

/// A number of days, months or weeks.
impl Step for u32 {
    fn ticks(&self) -> i128 {
        i128::from(*self).max(1)
    }

    fn text(&self) -> String {
        self.to_string()
    }
}

/// A tick is a nanosecond, but the HTML attribute is in seconds.
impl Step for Duration {
    fn ticks(&self) -> i128 {
        i128::try_from(self.as_nanos()).unwrap_or(i128::MAX).max(1)
    }

    fn text(&self) -> String {
        self.as_secs_f64().to_string()
    }
}

/// The distance from the nearest step at or below the value, in ticks.
fn rest<T: Ticks>(value: &T, base: Option<&T>, step: &impl Step) -> i128 {
    (value.ticks() - base.map_or(0, T::ticks)).rem_euclid(step.ticks())
}

macro_rules! steps_by_ticks {
    ($($Value:ty, $Step:ty;)*) => {$(
        impl Steps for $Value {
            type Step = $Step;

            fn is_on_step(&self, base: Option<&Self>, step: &$Step) -> bool {
                rest(self, base, step) == 0
            }

            fn nearest(&self, base: Option<&Self>, step: &$Step) -> [Option<Self>; 2] {
                let below = self.ticks() - rest(self, base, step);
                [Self::from_ticks(below), Self::from_ticks(below + Step::ticks(step))]
            }

            fn attribute(step: &$Step, _: impl Fn(&Self) -> String) -> String {
                step.text()
            }
        }
    )*};
}

steps_by_ticks! {
    Date, u32;
    Time, Duration;
    DateTime, Duration;
    YearMonth, u32;
    YearWeek, u32;
}

const EPOCH: Date = jiff::civil::date(1970, 1, 1);

fn days(date: Date) -> i128 {
    date.duration_since(EPOCH).as_hours().div_euclid(24).into()
}

impl Ticks for Date {
    fn ticks(&self) -> i128 {
        days(*self)
    }

    fn from_ticks(ticks: i128) -> Option<Self> {
        let days = i64::try_from(ticks).ok()?;
        EPOCH.checked_add(SignedDuration::from_hours(days.checked_mul(24)?)).ok()
    }
}

impl Ticks for Time {
    fn ticks(&self) -> i128 {
        self.duration_since(Self::midnight()).as_nanos()
    }

    fn from_ticks(ticks: i128) -> Option<Self> {
        let nanoseconds = i64::try_from(ticks).ok()?;
        Self::midnight().checked_add(SignedDuration::from_nanos(nanoseconds)).ok()
    }
}

impl Ticks for DateTime {
    fn ticks(&self) -> i128 {
        self.duration_since(EPOCH.to_datetime(Time::midnight())).as_nanos()
    }

    fn from_ticks(ticks: i128) -> Option<Self> {
        let seconds = i64::try_from(ticks.div_euclid(1_000_000_000)).ok()?;
        let nanoseconds = i32::try_from(ticks.rem_euclid(1_000_000_000)).ok()?;
        let since = SignedDuration::new(seconds, nanoseconds);
        EPOCH.to_datetime(Time::midnight()).checked_add(since).ok()
    }
}

impl Ticks for YearMonth {
    fn ticks(&self) -> i128 {
        i128::from(self.year()) * 12 + i128::from(self.month()) - 1
    }

    fn from_ticks(ticks: i128) -> Option<Self> {
        let month = i8::try_from(ticks.rem_euclid(12) + 1).ok()?;
        Self::new(i16::try_from(ticks.div_euclid(12)).ok()?, month)
    }
}

impl Ticks for YearWeek {
    fn ticks(&self) -> i128 {
        days(self.monday()).div_euclid(7)
    }

    fn from_ticks(ticks: i128) -> Option<Self> {
        // 1970-01-01 was a Thursday, so its week is tick -1.
        let monday = EPOCH.checked_sub(3.days()).ok()?;
        let weeks = i64::try_from(ticks + 1).ok()?;
        let date = monday.checked_add(SignedDuration::from_hours(weeks.checked_mul(168)?)).ok()?;
        let week: ISOWeekDate = date.iso_week_date();
        Self::new(week.year(), week.week())
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};

    use super::*;

    fn check_round_trip<T: Ticks + PartialEq + std::fmt::Debug>(value: &T) {
        let back = T::from_ticks(value.ticks()).expect("it is a value");
        assert_eq!(back.ticks(), value.ticks(), "{value:?}");
        assert!(back == *value, "{value:?} {back:?}");
    }

    #[test]
    fn ticks_round_trip() {
        for day in [date(1, 1, 1), date(1969, 12, 31), date(1970, 1, 1), date(2024, 2, 29)] {
            check_round_trip(&day);
            check_round_trip(&day.to_datetime(time(23, 59, 59, 999)));
            let week = day.iso_week_date();
            check_round_trip(&YearWeek::new(week.year(), week.week()).unwrap());
            check_round_trip(&YearMonth::new(day.year(), day.month()).unwrap());
        }
        check_round_trip(&time(0, 0, 0, 0));
        check_round_trip(&time(23, 59, 59, 999_999_999));
    }

    #[test]
    fn times_are_counted_from_midnight_or_the_minimum() {
        let quarter = Duration::from_secs(900);
        let at = |hour, minute| time(hour, minute, 0, 0);
        assert!(at(17, 45).is_on_step(None, &quarter));
        assert!(!at(17, 46).is_on_step(None, &quarter));
        assert!(at(3, 20).is_on_step(Some(&at(22, 5)), &quarter), "over midnight");
        assert_eq!(at(17, 46).nearest(None, &quarter), [Some(at(17, 45)), Some(at(18, 0))]);
        assert_eq!(at(23, 59).nearest(None, &quarter), [Some(at(23, 45)), None]);
        assert_eq!(Duration::from_millis(500).text(), "0.5");
    }
}
