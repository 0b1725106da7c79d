//! Tests for dates and times, also against jiff.

use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset as ZoneOffset, TimeZone};
use proptest::prelude::*;

use super::*;

fn show(iso: &str, pattern: &str) -> Result<String, DateError> {
    Dates::new().show(iso, &DatePattern::parse(pattern).unwrap())
}

#[track_caller]
fn check(iso: &str, pattern: &str, expected: &str) {
    assert_eq!(show(iso, pattern).as_deref(), Ok(expected), "{iso} as {pattern}");
}

#[test]
fn reads_every_form() {
    check("2026-03-31", "%-d %B %Y", "31 March 2026");
    check("2026-03", "%OB %Y", "March 2026");
    check("17:30", "%H:%M:%S", "17:30:00");
    check("17:30:05", "%T", "17:30:05");
    for iso in [
        "2026-03-31T07:05",
        "2026-03-31t07:05:00",
        "2026-03-31 07:05:00.000000000",
        "2026-03-31T07:05:00+02",
        "2026-03-31T07:05:00+0200",
        "2026-03-31T07:05:00+02:00",
        "2026-03-31T07:05:00-00:53:28",
        "2026-03-31T07:05:00+02:00[Europe/Berlin]",
        "2026-03-31T07:05:00+02:00[Europe/Berlin][u-ca=gregory]",
    ] {
        check(iso, "%a %-d %b %y %-I:%M %P", "Tue 31 Mar 26 7:05 am");
    }
    check("-000044-03-15", "%Y", "-0044");
    check("+012026-03-15", "%F", "12026-03-15");
}

#[test]
fn rejects_everything_else() {
    for iso in [
        "",
        " ",
        "tomorrow",
        "2026",
        "31.3.2026",
        "2026-3-31",
        "2026-03-31 ",
        " 2026-03-31",
        "2026-03-31T",
        "2026-03-31T17",
        "2026-03-31T17:30:",
        "2026-03-31T17:30:00.",
        "2026-03-31T17:30:00.1234567890",
        "2026-03-31T17:30+",
        "2026-03-31T17:30+2",
        "2026-03-31T17:30+02:60",
        "2026-03-31T17:30[]",
        "2026-03-31T17:30[Berlin",
        "2026-03-31Z",
        "2026-03T17:30",
        "2026-03-00",
        "17:30Z",
        "+2026-03-31",
        "２０２６-03-31",
        "20260331",
    ] {
        assert_eq!(Instant::parse(iso), Err(DateError::NotIso), "{iso:?}");
    }
    for iso in
        ["2026-02-29", "2026-13-01", "2026-00-01", "2026-04-31", "24:00", "23:60", "23:59:61"]
    {
        assert_eq!(Instant::parse(iso), Err(DateError::OutOfRange), "{iso:?}");
    }
}

#[test]
fn a_pattern_needs_the_parts_that_it_shows() {
    for (iso, pattern, error) in [
        ("17:30", "%Y", DateError::NoDate),
        ("17:30", "%A", DateError::NoDate),
        ("2026-03", "%-d", DateError::NoDay),
        ("2026-03", "%V", DateError::NoDay),
        ("2026-03-31", "%H", DateError::NoTime),
        ("2026-03-31", "%.3f", DateError::NoTime),
        ("2026-03-31", "%P", DateError::NoTime),
        ("2026-03-31T17:30", "%z", DateError::NoOffset),
        ("2026-03-31T17:30Z", "%H:%M", DateError::Utc),
        ("2026-03-31T17:30Z", "%F", DateError::Utc),
    ] {
        assert_eq!(show(iso, pattern), Err(error), "{iso} as {pattern}");
    }
    check("2026-03-31T17:30Z", "%R %Z", "17:30 UTC");
    check("2026-03-31T17:30-03:30", "%R %Z %z %:z", "17:30 UTC-03:30 -0330 -03:30");
    check("2026-03-31T17:30", "%%", "%");
}

#[test]
fn an_unknown_directive_has_a_position() {
    for (pattern, range, message) in [
        ("%d %Q", 3..5, "unknown directive `%Q`"),
        ("%-B", 0..3, "unknown directive `%-B`"),
        ("x%", 1..2, "`%` at the end"),
        ("%.0f", 0..4, "unknown directive `%.0f`"),
        ("%.f", 0..3, "unknown directive `%.f`"),
        ("%ä", 0..3, "unknown directive `%ä`"),
        ("%Om", 0..2, "unknown directive `%O`"),
    ] {
        let error = DatePattern::parse(pattern).unwrap_err();
        assert_eq!(error.range(), range, "{pattern}");
        assert!(error.to_string().starts_with(message), "{error}");
    }
}

#[test]
#[should_panic(expected = "unknown directive `%q` in a date pattern: \"%q\"")]
fn an_invalid_pattern_of_a_locale_panics() {
    let _ = Dates::new().date("%q");
}

#[test]
fn names_and_marks_are_the_applications() {
    let names = ["1.", "2.", "3.", "4.", "5.", "6.", "7.", "8.", "9.", "10.", "11.", "12."];
    let mut cases = names;
    cases[2] = "marca";
    let weekdays = ["Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"];
    let dates = Dates::new()
        .months(cases)
        .standalone_months(names)
        .weekdays(weekdays)
        .day_periods("v", "N");
    crate::Locale::new().with(crate::Numerals::new(',')).install();
    let pattern = DatePattern::new("%A %a %B %b %OB %p%P %S%.2f");
    let shown = dates.show("2026-03-31T17:30:05.125", &pattern).unwrap();
    assert_eq!(shown, "Di Di marca marca 3. Nn 05,12");
}

/// Directives that mean the same in jiff.
const SHARED: &str = "%Y %m %-m %B %b %d %-d %A %a %u %j %-j %V %-V %G %H %-H %I %-I %p %P %M %S \
                      %.3f %.9f %F %T %R %%";

fn any_date_time() -> impl Strategy<Value = DateTime> {
    // Jiff pads years below 0 differently.
    let first = Date::constant(1, 1, 3).to_datetime(jiff::civil::Time::midnight());
    (0..9990_i64 * 365, 0..86_400_i64, 0..1_000_000_000_i64).prop_map(
        move |(days, second, nano)| {
            let span = jiff::Span::new().days(days).seconds(second).nanoseconds(nano);
            first.checked_add(span).unwrap()
        },
    )
}

proptest! {
    #[test]
    fn shows_what_jiff_shows(at in any_date_time(), minutes in -720..=840_i32) {
        crate::Locale::new().install();
        prop_assert_eq!(show(&at.to_string(), SHARED).unwrap(), at.strftime(SHARED).to_string());
        let zone = TimeZone::fixed(ZoneOffset::from_seconds(minutes * 60).unwrap());
        let zoned = at.to_zoned(zone).unwrap();
        let pattern = "%F %T %z %:z";
        let expected = zoned.strftime(pattern).to_string();
        prop_assert_eq!(show(&zoned.to_string(), pattern).unwrap(), expected);
        let date = at.date();
        prop_assert_eq!(show(&date.to_string(), "%F %V").unwrap(), date.strftime("%F %V").to_string());
        let time = at.time();
        prop_assert_eq!(show(&time.to_string(), "%T").unwrap(), time.strftime("%T").to_string());
    }

    #[test]
    fn reads_the_days_that_jiff_reads(year in 0..9999_i32, month in 0..14_i32, day in 0..33_i32) {
        let iso = format!("{year:04}-{month:02}-{day:02}");
        prop_assert_eq!(Instant::parse(&iso).is_ok(), iso.parse::<Date>().is_ok(), "{}", iso);
    }

    #[test]
    fn never_panics(iso in "[0-9TZ:+.,\\[\\]a -]{0,40}", pattern in "[%a-zA-Z.:0-9-]{0,12}") {
        if let Ok(pattern) = DatePattern::parse(&pattern) {
            let _ = Dates::new().show(&iso, &pattern);
        }
    }
}
