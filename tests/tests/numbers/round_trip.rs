//! In every numeral setting, if a template or a form shows a number, a form reads it back as the
//! same number.

use proptest::prelude::*;
use serde::Serialize;
use solohttp::forms::{RecordForm, ValidationError, fixed_point, form, number};
use solohttp::{Fields, Locale, Numerals, Template};

/// Returns the default, and every decimal mark combined with each thousands separator and with
/// none.
fn settings() -> Vec<Numerals> {
    let mut settings = vec![Numerals::default()];
    for decimal in ['.', ',', '\u{66B}'] {
        settings.push(Numerals::new(decimal));
        let groups = ['.', ',', ' ', '\u{A0}', '\u{202F}', '\u{2009}', '\'', '\u{2019}', '_'];
        let groups = groups.into_iter().filter(|group| *group != decimal);
        settings.extend(groups.map(|group| Numerals::new(decimal).group(group)));
    }
    settings
}

#[derive(Serialize)]
struct Shown<V> {
    v: V,
}

/// Returns the output of a template for `{v:format}`.
fn shown(format: &str, v: impl Serialize) -> String {
    let page = Template::new(&format!("{{v:{format}}}")).render(&Shown { v }).unwrap();
    page.to_string().replace("&#x27;", "'")
}

struct Whole {
    x: i64,
}

struct Float {
    x: f64,
}

fn whole() -> RecordForm<Whole> {
    form!(Whole { x: number("X") })
}

fn float() -> RecordForm<Float> {
    form!(Float { x: number("X") })
}

fn cents(decimals: u8) -> RecordForm<Whole> {
    form!(Whole { x: fixed_point("X", decimals) })
}

/// Parses the record, or returns its only error.
fn read<R: 'static>(form: &RecordForm<R>, text: &str) -> Result<R, ValidationError> {
    form.submit(&Fields::from_iter([("x", text)]))
        .map_err(|view| view.errors().next().expect("there is one").1.clone())
}

fn check_whole(numerals: &Numerals, value: i64) {
    let text = shown("num", value);
    match read(&whole(), &text) {
        Ok(record) => assert_eq!(record.x, value, "{text} in {numerals:?}"),
        // Only this kind of input is rejected, because it could mean 1234 or 1.234.
        Err(mistake) => assert!(
            *numerals == Numerals::default()
                && text.matches(',').count() == 1
                && matches!(mistake, ValidationError::WrongGroups { .. }),
            "{text} in {numerals:?}: {mistake:?}"
        ),
    }
    let text = whole().fields_of(&Whole { x: value }).get("x").unwrap().to_owned();
    assert_eq!(read(&whole(), &text).map(|record| record.x), Ok(value), "{text} in {numerals:?}");
}

fn check_float(numerals: &Numerals, value: f64) {
    let field = float().fields_of(&Float { x: value }).get("x").unwrap().to_owned();
    let mut texts = vec![shown("num", value), field];
    // Thirty decimal places aren't enough to tell smaller numbers apart.
    if value.abs() > 1e-12 || value == 0.0 {
        texts.push(shown("fixed|30", value));
    }
    for text in texts {
        let back = read(&float(), &text).map(|record| record.x);
        assert_eq!(back, Ok(value), "{text} in {numerals:?}");
    }
}

fn check_cents(numerals: &Numerals, value: i64, decimals: u8) {
    let field = cents(decimals).fields_of(&Whole { x: value }).get("x").unwrap().to_owned();
    for text in [shown(&format!("fixed_point|{decimals}"), value), field] {
        let back = read(&cents(decimals), &text).map(|record| record.x);
        assert_eq!(back, Ok(value), "{text} in {numerals:?}");
    }
}

/// Checks amounts that are stored as floats, in units instead of cents. They are exact up to
/// several trillion.
fn check_units(numerals: &Numerals, value: i64) {
    #[expect(
        clippy::cast_precision_loss,
        reason = "the property holds within the precision of a float"
    )]
    let units = value as f64 / 100.0;
    for text in [shown("cents", units), shown("fixed|2", units)] {
        let back = read(&cents(2), &text).map(|record| record.x);
        assert_eq!(back, Ok(value), "{text} in {numerals:?}");
    }
}

fn in_each_setting(check: impl Fn(&Numerals)) {
    for numerals in settings() {
        Locale::new().with(numerals.clone()).install();
        check(&numerals);
    }
}

#[test]
fn numbers_at_the_edges_are_read_as_they_are_shown() {
    in_each_setting(|numerals| {
        for value in [0, 1, -1, 999, 1_000, -1_000, 1_234, 999_999, 1_000_000, i64::MIN, i64::MAX] {
            check_whole(numerals, value);
            for decimals in [0, 1, 2, 3, 18] {
                check_cents(numerals, value, decimals);
            }
        }
        for value in [0.0, 0.5, 1.5, 999.9, 1_000.0, 1_234.0, 1_234.567, -1e15, 1e16, 1e300] {
            check_float(numerals, value);
        }
        for value in [0, 5, -5, 99_999, 100_000, 123_450, -123_456_789] {
            check_units(numerals, value);
        }
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_a_page_shows_is_what_a_form_reads(
        whole in any::<i64>(),
        digits in 0_u32..63,
        float in any::<f64>().prop_filter("finite", |float| float.is_finite()),
        small in -1e9..1e9,
        decimals in 0_u8..=18,
        cents in -1_000_000_000_000_i64..1_000_000_000_000,
    ) {
        in_each_setting(|numerals| {
            for value in [whole, whole >> digits] {
                check_whole(numerals, value);
                check_cents(numerals, value, decimals);
            }
            check_float(numerals, float);
            check_float(numerals, small);
            check_units(numerals, cents);
        });
    }
}
