//! The laws of lenses, and the errors for invalid text.

use std::fmt::Debug;
use std::rc::Rc;

use jiff::civil::date;
use proptest::prelude::*;
use solohttp_forms::lens::{
    ColorLens, DateLens, DateTimeLens, Email, FixedPoint, Lens, MonthLens, NumberLens, Text,
    TimeLens, Trim, UrlLens, WeekLens, check_text, check_value,
};
use solohttp_forms::{
    Attributes, Choices, Element, Entry, FormData, ValidationError, choices, number, text,
};

use crate::values;

/// Uses an entry as a lens.
struct Of<L>(Entry<L>);

impl<L: Lens> Lens for Of<L> {
    type Value = L::Value;

    fn show(&self, value: &L::Value) -> String {
        let mut fields = solohttp_core::Fields::new();
        self.0.show("x", value, &mut fields);
        fields.get("x").unwrap_or_default().to_owned()
    }

    fn parse(&self, text: &str) -> Result<L::Value, ValidationError> {
        let mut errors = solohttp_forms::ValidationErrors::default();
        let sent = FormData::from(solohttp_core::Fields::from_iter([("x", text)]));
        let value = self.0.parse("x", &sent, &mut errors);
        value.ok_or_else(|| errors.iter().next().unwrap().1.clone())
    }
}

/// Strings that are almost valid.
fn near_misses() -> impl Strategy<Value = String> {
    prop_oneof![
        values::any_text(),
        "[-+]?[0-9]{0,22}([.,][0-9]{0,10})?(e[0-9]{1,3})?",
        "[0-9]{1,5}-[0-9]{1,2}(-[0-9]{1,2})?([T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{0,10})?)?)?",
        "[0-9]{4}-W[0-9]{1,2}",
        "#?[0-9a-fA-F]{5,7}",
        "[a-z.]{0,5}@[a-z.-]{0,5}",
        "(https?|ftp|mailto|1x)?:(//)?[a-z. ]{0,5}[/?#]?[a-z]{0,3}",
        "(Low|High|low|\\?| )?",
    ]
}

fn total(lens: &impl Lens<Value: PartialEq + Debug>, text: &str) {
    check_text(lens, text);
}

proptest! {
    #[test]
    fn list_2_each_value_shows_as_a_text_that_reads_back(
        text in values::any_text(),
        trimmed in values::any_trimmed(),
        whole in any::<(i8, i16, i32, i64, i128, isize)>(),
        natural in any::<(u8, u16, u32, u64, u128, usize)>(),
        float in any::<(f32, f64)>().prop_filter("finite", |(a, b)| a.is_finite() && b.is_finite()),
        day in values::any_date(),
        clock in values::any_time(),
        month in values::any_month(),
        week in values::any_week(),
        color in values::any_color(),
        decimals in 0_u8..18,
    ) {
        check_value(&Text, &text);
        check_value(&Trim, &trimmed);
        check_value(&NumberLens::default(), &whole.0);
        check_value(&NumberLens::default(), &whole.1);
        check_value(&NumberLens::default(), &whole.2);
        check_value(&NumberLens::default(), &whole.3);
        check_value(&NumberLens::default(), &whole.4);
        check_value(&NumberLens::default(), &whole.5);
        check_value(&NumberLens::default(), &natural.0);
        check_value(&NumberLens::default(), &natural.1);
        check_value(&NumberLens::default(), &natural.2);
        check_value(&NumberLens::default(), &natural.3);
        check_value(&NumberLens::default(), &natural.4);
        check_value(&NumberLens::default(), &natural.5);
        check_value(&NumberLens::default(), &float.0);
        check_value(&NumberLens::default(), &float.1);
        check_value(&Of(solohttp_forms::fixed_point("x", decimals)), &whole.3);
        check_value(&DateLens, &day);
        check_value(&TimeLens, &clock);
        check_value(&DateTimeLens, &day.to_datetime(clock));
        check_value(&MonthLens, &month);
        check_value(&WeekLens, &week);
        check_value(&ColorLens, &color);
    }

    #[test]
    fn list_2_what_is_read_shows_as_a_text_that_reads_the_same(near in near_misses()) {
        total(&Text, &near);
        total(&Trim, &near);
        total(&Email, &near);
        total(&UrlLens::<String>::default(), &near);
        total(&NumberLens::<i64>::default(), &near);
        total(&NumberLens::<u8>::default(), &near);
        total(&NumberLens::<f64>::default(), &near);
        total(&Of(solohttp_forms::fixed_point("x", 2)), &near);
        total(&DateLens, &near);
        total(&TimeLens, &near);
        total(&DateTimeLens, &near);
        total(&MonthLens, &near);
        total(&WeekLens, &near);
        total(&ColorLens, &near);
        total(&Choices::strings(["Low", "High"]), &near);
    }

    #[test]
    fn list_2_lenses_keep_the_law_when_they_are_composed(near in near_misses()) {
        total(&Of(text("x").required()), &near);
        total(&Of(text("x").optional()), &near);
        total(&Of(text("x").min_length(2).max_length(4)), &near);
        total(&Of(text("x").pattern("[a-z]+", "lower case")), &near);
        total(&Of(text("x").check(|text| text.len() % 2 == 0, "even")), &near);
        total(&Of(text("x").message("no")), &near);
        total(&Of(number::<i64>("x").range(-5..=5).optional()), &near);
        total(&Of(number::<i32>("x").min(1).step(3)), &near);
        total(&Of(solohttp_forms::date("x").min(date(2000, 1, 1)).max(date(2030, 1, 1))), &near);
        total(&Of(text("x").through(
            |text| Ok::<_, ValidationError>(text.split(',').map(str::to_owned).collect::<Vec<_>>()),
            |list| list.join(","),
        )), &near);
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Level {
    Low,
    High,
}

#[test]
fn choices_are_pairs_strings_numbers_or_an_enum() {
    let pairs = Choices::pairs([("de", "Germany"), ("fr", "France")]);
    assert_eq!((pairs.parse("fr"), pairs.label(&"de".into())), (Ok("fr".into()), Some("Germany")));
    assert_eq!(Choices::strings(["a", "b"]).parse("b"), Ok("b".to_owned()));
    let numbered = Choices::numbered(5, ["five", "six"]).reversed();
    assert_eq!(numbered.parse("6"), Ok(6));
    let order: Vec<&str> =
        numbered.choices().unwrap().iter().map(|choice| choice.label.as_str()).collect();
    assert_eq!(order, ["six", "five"]);
    let levels = choices!(Level { High: "high", Low: "low" });
    check_value(&levels, &Level::Low);
    check_value(&levels, &Level::High);
    assert_eq!(levels.parse("low"), Err(ValidationError::NoSuchChoice));
    assert_eq!(levels.parse(""), Err(ValidationError::Missing));
}

#[test]
fn an_unknown_value_never_becomes_a_choice() {
    let rows = Choices::new([(1, "one"), (2, "two")]);
    assert_eq!(rows.parse(&rows.show(&3)), Err(ValidationError::NoSuchChoice));
    let keyed = Choices::keyed([(1, "?", "one")]);
    assert_eq!(keyed.parse(&keyed.show(&2)), Err(ValidationError::NoSuchChoice));
}

#[test]
#[should_panic(expected = "two choices have the same key `a`")]
fn duplicate_keys_panic_when_the_form_is_declared() {
    let _ = Choices::strings(["a", "a"]);
}

#[test]
fn times_may_span_midnight_and_have_steps() {
    use solohttp_forms::lens::{YearMonth, YearWeek};
    use solohttp_forms::{date, month, time, week};
    use std::time::Duration;
    let check = |html: String, expect: &str| assert!(html.contains(expect), "{html}");
    let at = |hour, minute| jiff::civil::time(hour, minute, 0, 0);
    let night = || time("x").range(at(22, 0)..=at(6, 0));
    let lens = Of(night());
    for text in ["22:00", "23:59", "00:00", "06:00"] {
        check_text(&lens, text);
        assert!(lens.parse(text).is_ok(), "{text}");
    }
    refuses(&lens, "06:01", "Enter a time from 22:00 to 06:00.");
    refuses(&lens, "21:59", "Enter a time from 22:00 to 06:00.");
    check(Single(night()).html(), "type=\"time\" required min=\"22:00\" max=\"06:00\" id=");
    let quarters = || night().step(Duration::from_secs(900));
    refuses(&Of(quarters()), "22:20", "The nearest allowed values are 22:15 and 22:30.");
    refuses(&Of(quarters()), "05:59:30", "The nearest allowed values are 05:45 and 06:00.");
    assert!(Of(quarters()).parse("03:15").is_ok());
    check(Single(quarters()).html(), "max=\"06:00\" step=\"900\" id=");
    let mondays = date("x").range(date_of(2026, 1, 5)..=date_of(2026, 1, 18)).step(7);
    let lens = Of(mondays);
    assert!(lens.parse("2026-01-12").is_ok());
    refuses(&lens, "2026-01-14", "The nearest allowed value is 2026-01-12.");
    let quarter = month("x").min(YearMonth::new(2026, 1).unwrap()).step(3);
    refuses(&Of(quarter), "2026-02", "The nearest allowed values are 2026-01 and 2026-04.");
    let other = week("x").min(YearWeek::new(2026, 1).unwrap()).step(2);
    refuses(&Of(other), "2026-W02", "The nearest allowed values are 2026-W01 and 2026-W03.");
}

fn date_of(year: i16, month: i8, day: i8) -> jiff::civil::Date {
    jiff::civil::date(year, month, day)
}

#[test]
#[should_panic(expected = "call `min` or `range` before `step`")]
fn steps_of_dates_need_a_minimum() {
    let _ = solohttp_forms::date("x").step(7);
}

#[test]
#[should_panic(expected = "swap the ends of the range")]
fn an_empty_range_panics_when_the_form_is_declared() {
    let (least, most) = (5, 1);
    let _ = number::<i64>("x").range(least..=most);
}

#[test]
#[should_panic(expected = "the lens shows 1 as \"1!\", but parses that as Err(NotANumber)")]
fn a_broken_law_panics_with_value_text_and_result() {
    struct Broken;
    impl Lens for Broken {
        type Value = i64;
        fn show(&self, value: &i64) -> String {
            format!("{value}!")
        }
        fn parse(&self, text: &str) -> Result<i64, ValidationError> {
            text.parse().map_err(|_| ValidationError::NotANumber)
        }
    }
    check_value(&Broken, &1);
}

#[track_caller]
fn refuses(lens: &impl Lens<Value: PartialEq + Debug>, text: &str, expect: &str) {
    let error = lens.parse(text).expect_err(text);
    assert_eq!(error.to_string(), expect, "{text:?}");
}

#[test]
fn each_error_has_a_sentence() {
    let blank = "Fill in this field.";
    refuses(&Of(text("x").required()), " \n ", blank);
    refuses(&Of(text("x").max_length(3)), "👩👩", "Enter at most 3 characters (you entered 4).");
    refuses(&Of(text("x").min_length(3)), "ab", "Enter at least 3 characters (you entered 2).");
    refuses(&Of(text("x").pattern("a+", "Only a.")), "ab", "Only a.");
    refuses(&Of(number::<i64>("x").required().message("Well?")), "z", "Well?");
    refuses(&Text, "a\0", "Remove the unsupported character.");
    refuses(&Email, "a@-b", "Enter an email address such as name@example.org.");
    refuses(&Email, "a@xn--bcher-kva\u{e9}", "Enter an email address such as name@example.org.");
    refuses(
        &UrlLens::<String>::default(),
        "http://",
        "Enter a web address such as https://example.org/.",
    );
    refuses(&NumberLens::<u8>::default(), "", blank);
    refuses(&NumberLens::<u8>::default(), "256", "Enter 255 or less.");
    refuses(&NumberLens::<u8>::default(), "-1", "Enter 0 or more.");
    refuses(&NumberLens::<i8>::default(), "-129", "Enter -128 or more.");
    refuses(&NumberLens::<i8>::default(), "1.5", "Enter a whole number.");
    let comma = "Use a decimal point, not a comma.";
    refuses(&NumberLens::<f64>::default(), "1,5", comma);
    refuses(&fixed(2), "-3,50", comma);
    refuses(&fixed(2), "12,34.50", "Enter a number such as 1234.5.");
    refuses(&fixed(2), ",", "Enter a number.");
    refuses(&NumberLens::<f64>::default(), "inf", "Enter a number.");
    refuses(&Of(number::<i64>("x").range(1..=5)), "6", "Enter 5 or less.");
    refuses(&Of(number::<i64>("x").min(1).step(5)), "5", "Enter a value in steps of 5.");
    refuses(&fixed(2), "1.005", "Enter at most 2 decimal places.");
    refuses(&fixed(2), "1.500", "Enter at most 2 decimal places.");
}

fn fixed(decimals: u8) -> Of<FixedPoint> {
    Of(solohttp_forms::fixed_point("x", decimals))
}

/// Checks that the element accepts these texts and rejects the others, whether it became optional
/// before or after its rules.
#[track_caller]
fn bounds<V: PartialEq + Debug + 'static>(
    entries: [&dyn Lens<Value = Option<V>>; 2],
    valid: &[&str],
    invalid: &[&str],
) {
    for lens in entries {
        for text in ["", " ", "\u{200B}"] {
            assert_eq!(lens.parse(text), Ok(None), "{text:?}");
        }
        for text in valid {
            assert!(matches!(lens.parse(text), Ok(Some(_))), "{text}: {:?}", lens.parse(text));
        }
        for text in invalid {
            assert!(lens.parse(text).is_err(), "{text}: {:?}", lens.parse(text));
        }
    }
}

#[test]
fn rules_of_an_optional_field_apply_to_its_value_only() {
    let whole = || number::<i64>("x");
    bounds([&Of(whole().optional().min(0)), &Of(whole().min(0).optional())], &["0", "7"], &["-1"]);
    bounds([&Of(whole().optional().min(Some(0))), &Of(whole().min(0).optional())], &["0"], &["-1"]);
    bounds([&Of(whole().optional().max(5)), &Of(whole().max(5).optional())], &["-9", "5"], &["6"]);
    bounds([&Of(whole().optional().max(Some(5))), &Of(whole().max(5).optional())], &["5"], &["6"]);
    let (one, other) =
        (whole().optional().range(1..=5), whole().optional().range(Some(1)..=Some(5)));
    bounds([&Of(one), &Of(other)], &["1", "5"], &["0", "6"]);
    let (one, other) = (whole().optional().min(1).step(5), whole().min(1).step(5).optional());
    bounds([&Of(one), &Of(other)], &["1", "6"], &["0", "5"]);
    bounds(
        [&Of(whole().optional().max(None)), &Of(whole().optional().min(None))],
        &["-9", "9"],
        &[],
    );
    bounds(
        [
            &Of(text("x").optional().min_length(2).max_length(3)),
            &Of(text("x").min_length(2).max_length(3).optional()),
        ],
        &["ab", "abc"],
        &["a", "abcd"],
    );
    bounds(
        [
            &Of(text("x").optional().pattern("[a-z]+", "no")),
            &Of(text("x").pattern("[a-z]+", "no").optional()),
        ],
        &["ab"],
        &["AB"],
    );
    let at = |hour| jiff::civil::time(hour, 0, 0, 0);
    let time = || solohttp_forms::time("x");
    bounds(
        [
            &Of(time().optional().range(at(22)..=at(6))),
            &Of(time().range(at(22)..=at(6)).optional()),
        ],
        &["23:00", "05:00"],
        &["12:00"],
    );
    let hours = std::time::Duration::from_secs(3600);
    bounds(
        [
            &Of(time().optional().min(at(8)).step(hours)),
            &Of(time().min(at(8)).step(hours).optional()),
        ],
        &["09:00"],
        &["09:30", "07:00"],
    );
    // Further rules and messages don't change that.
    let entry = whole().optional().message("no").check(|_| true, "never").min(0);
    bounds([&Of(entry), &Of(whole().min(0).optional())], &["0"], &["-1"]);
    check_text(&Of(whole().optional().min(1).step(3)), "4");
}

#[test]
fn an_optional_field_tells_browsers_about_its_rules() {
    fn rules<L: Lens>(entry: Entry<L>) -> String {
        Single(entry).html().split_once(" id=").unwrap().0.to_owned()
    }
    let day = || solohttp_forms::date("x");
    let limited = day().optional().min(date(2025, 3, 1)).max(Some(date(2025, 3, 9))).step(2);
    let expect = "<input type=\"date\" min=\"2025-03-01\" max=\"2025-03-09\" step=\"2\"";
    let limited = rules(limited);
    assert!(limited.ends_with(expect), "{limited}");
    let open = rules(day().optional().min(None));
    assert!(open.ends_with("<input type=\"date\""), "{open}");
}

#[test]
fn steps_are_counted_from_the_minimum_as_in_html() {
    let lens = Of(number::<i64>("x").min(-2).step(5));
    let on_step: Vec<i64> = (-9..9).filter(|n| lens.parse(&n.to_string()).is_ok()).collect();
    assert_eq!(on_step, [-2, 3, 8]);
    let lens = Of(number::<f64>("x").step(0.1));
    assert!(lens.parse("0.3").is_ok() && lens.parse("0.35").is_err());
    check_value(&Of(number::<i8>("x").min(i8::MIN).step(5)), &127);
}

#[test]
fn an_invalid_date_is_an_error_and_never_none() {
    let optional = Of(solohttp_forms::date("x").optional());
    assert_eq!(optional.parse(" "), Ok(None));
    for text in ["2025-02-29", "31.3.2025", "2025-3-31", "20250331", "2025-03-31T00:00", "soon"] {
        assert_eq!(optional.parse(text), Err(ValidationError::NotADate), "{text}");
    }
    for text in
        ["1730", "24:00", "12:60", "12:00:60", "12", "12:00:00.", "+1:00", "12:00:00.1234567891"]
    {
        assert_eq!(TimeLens.parse(text), Err(ValidationError::NotATime), "{text}");
    }
    assert!(DateTimeLens.parse("2025-03-31 17:30").is_ok());
    assert!(WeekLens.parse("2020-W53").is_ok() && WeekLens.parse("2021-W53").is_err());
}

#[test]
fn each_lens_of_the_chain_adds_its_attributes() {
    fn check<L: Lens>(entry: Entry<L>, expect: &str) {
        let form = Single(entry).html();
        assert!(form.contains(expect), "{form}");
    }
    check(text("x").required().max_length(80), "type=\"text\" required maxlength=\"80\"");
    check(text("x").min_length(2).optional(), "type=\"text\" minlength=\"2\" id=");
    check(
        text("x").pattern("[0-9]{5}", "Five digits."),
        "pattern=\"[0-9]{5}\" title=\"Five digits.\"",
    );
    check(text("x").pattern("[A-Z-]+", "Code."), "pattern=\"[A-Z\\-]+\" title=\"Code.\" id=");
    // Browsers compare letters in another way if they ignore case.
    check(text("x").pattern("(?i)k", "K."), "type=\"text\" id=");
    check(number::<i64>("x").range(1..=9).step(2), "type=\"text\" required id=");
    check(number::<u32>("x"), "type=\"text\" inputmode=\"numeric\" required");
    check(number::<f64>("x").optional(), "type=\"text\" inputmode=\"decimal\" id=");
    check(solohttp_forms::fixed_point("x", 2), "type=\"text\" inputmode=\"decimal\" required");
    let slider = solohttp_forms::range::<i64>("x").range(1..=9).step(2);
    check(slider, "type=\"range\" min=\"1\" max=\"9\" step=\"2\" id=");
    check(solohttp_forms::date("x").min(date(2025, 3, 1)), "required min=\"2025-03-01\"");
    check(text("x").attr("autocomplete", "name"), "autocomplete=\"name\"");
}

#[test]
#[should_panic(expected = "the form sets the attribute `id` itself")]
fn reserved_attributes_cannot_be_set() {
    let _ = text("x").attr("id", "mine");
}

#[test]
#[should_panic(expected = "call `required()` instead")]
fn a_required_attribute_that_the_program_would_not_check_cannot_be_set() {
    let _ = text("x").attr("required", "");
}

#[test]
#[should_panic(expected = "invalid attribute name `a b`")]
fn an_attribute_name_cannot_end_the_tag() {
    Attributes::new().set("a b", 1);
}

/// Invisible characters are often pasted along with a word. If they didn't count as blank, a name
/// could be invisible.
#[test]
fn invisible_text_is_blank() {
    let name = Of(text("Name").required());
    let maybe = Of(text("Name").optional());
    for invisible in ["\u{200B}", "\u{2060}", "\u{AD}", "\u{180E}", "\u{3164}", " \u{FEFF}\t"] {
        assert_eq!(name.parse(invisible), Err(ValidationError::Missing), "{invisible:?}");
        assert_eq!(maybe.parse(invisible), Ok(None), "{invisible:?}");
        assert_eq!(
            name.parse(&format!("{invisible}Zo\u{eb}{invisible}")),
            Ok("Zo\u{eb}".to_owned())
        );
        let mail = format!("a{invisible}@b.de{invisible}");
        if !invisible.contains(' ') {
            assert_eq!(Email.parse(&mail), Ok("a@b.de".to_owned()), "{mail:?}");
        }
    }
    assert_eq!(name.parse("\u{2764}\u{FE0F}"), Ok("\u{2764}\u{FE0F}".to_owned()));
}

#[test]
fn an_initial_time_has_no_seconds() {
    let now = date(2026, 11, 27).at(17, 5, 12, 123_456_789);
    let shown = |entry: &dyn Fn(&mut solohttp_core::Fields)| {
        let mut fields = solohttp_core::Fields::new();
        entry(&mut fields);
        fields.get("x").unwrap().to_owned()
    };
    let when = solohttp_forms::date_time("When").initial(now);
    let at = solohttp_forms::time("At").initial(now.time());
    assert_eq!(shown(&|fields| when.blank("x", fields)), "2026-11-27T17:05");
    assert_eq!(shown(&|fields| at.blank("x", fields)), "17:05");
    assert_eq!(shown(&|fields| at.show("x", &now.time(), fields)), "17:05:12.123456789");
}

#[test]
fn integers_may_have_exponents_as_in_browsers() {
    for (text, expect) in [
        ("1e5", 100_000),
        ("1.0", 1),
        ("1e+2", 100),
        ("1.5e1", 15),
        ("10e-1", 1),
        ("-0", 0),
        ("+7", 7),
        ("\u{2212}7", -7),
    ] {
        assert_eq!(NumberLens::<i64>::default().parse(text), Ok(expect), "{text}");
    }
    assert_eq!(NumberLens::<i64>::default().parse("1.5"), Err(ValidationError::NotWhole));
    assert_eq!(fixed(2).parse("1e2"), Ok(10_000));
    assert_eq!(fixed(2).parse("15e-1"), Ok(150));
    assert_eq!(NumberLens::<i64>::default().parse("00e20025"), Ok(0));
    for text in ["1e999", "1e-999", "1e99999999999"] {
        assert!(NumberLens::<i64>::default().parse(text).is_err(), "{text}");
    }
}

#[test]
fn ambiguous_numbers_are_rejected() {
    let example = "Enter a number such as 1234.5.";
    for text in ["1,500", "1 234,50", "1'234", "1.234,50", "1,2,3"] {
        refuses(&fixed(2), text, example);
        refuses(&NumberLens::<f64>::default(), text, example);
        refuses(&NumberLens::<i64>::default(), text, example);
    }
    refuses(&fixed(2), "1.500", "Enter at most 2 decimal places.");
    refuses(&NumberLens::<i64>::default(), "1.000", "Enter a whole number.");
    assert_eq!(NumberLens::<i64>::default().parse("1.00"), Ok(1));
    // A comma before a point is a thousands separator.
    assert_eq!(fixed(2).parse("1,234.50"), Ok(123_450));
    assert_eq!(NumberLens::<i64>::default().parse("1,234,567"), Ok(1_234_567));
}

#[test]
fn tabs_in_a_url_are_dropped_as_by_browsers() {
    let lens = UrlLens::<String>::default();
    assert_eq!(lens.parse("https://a.de/b\tc\t"), Ok("https://a.de/bc".to_owned()));
    assert_eq!(lens.parse("https://a.de/b\u{1}c"), Err(ValidationError::NotAUrl));
}

/// The locale is thread-local, and each test runs in its own thread.
#[test]
fn numbers_use_the_numerals_of_the_application() {
    use solohttp_core::{Locale, Numerals};
    for (decimal, group) in [(',', '.'), (',', '\u{A0}'), (',', '\u{202F}'), ('.', '\u{2019}')] {
        Locale::new().with(Numerals::new(decimal).group(group)).install();
        for value in [0, 1, -1, 5, 99, 100, -12_345, 123_456_789, i64::MIN, i64::MAX] {
            check_value(&fixed(2), &value);
            check_value(&NumberLens::<i64>::default(), &value);
        }
        for value in [0.0, -0.25, 1.5, 1e-9, 1e300, f64::MIN] {
            check_value(&NumberLens::<f64>::default(), &value);
        }
        let written = format!("1{group}234{decimal}50");
        assert_eq!(fixed(2).parse(&written), Ok(123_450), "{written}");
        assert_eq!(fixed(2).show(&123_450), format!("1234{decimal}50"));
    }
    Locale::new().with(Numerals::new(',').group('.')).install();
    refuses(&fixed(2), "1.50", "Enter a number such as 1.234,5.");
    refuses(&fixed(2), "1,234.50", "Enter a number such as 1.234,5.");
    assert_eq!(fixed(2).parse("1.500"), Ok(150_000));
    Locale::new().with(Numerals::new(',')).install();
    refuses(&fixed(2), "1.50", "Use \u{201C},\u{201D} as the decimal mark.");
    let slider = Of(solohttp_forms::range::<f64>("x").step(0.5));
    assert_eq!(slider.parse("2.5"), Ok(2.5));
}

/// A form with one field.
struct Single<L>(Entry<L>);
struct Record<V> {
    x: V,
}
impl<L: Lens> Single<L> {
    fn html(self) -> String {
        let mut outline = solohttp_forms::declare::Outline::new();
        let slot = Rc::new(solohttp_forms::declare::Slot::new(&mut outline, "x", self.0));
        let show = slot.clone();
        let form = solohttp_forms::RecordForm::declare(
            outline,
            move |from| Some(Record { x: slot.parse(from)? }),
            move |record: &Record<L::Value>, to| show.show(&record.x, to),
        );
        form.blank().render().to_string()
    }
}
