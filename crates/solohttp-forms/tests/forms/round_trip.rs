//! Round trips: a record survives the trip through a page and a browser.

use proptest::prelude::*;
use solohttp_core::Fields;
use solohttp_forms::lens::Color;
use solohttp_forms::{
    Choices, RecordForm, ValidationError, checkbox, checkboxes, color, field, form, multi_select,
    radio, select, text, textarea,
};

use crate::datebook::{self, Appointment, Task};
use crate::values::{self, Everything, Place};
use crate::{accessible, browser};

/// Removes the password, which a page doesn't contain.
fn without_password(record: Everything) -> Everything {
    Everything { password: String::new(), ..record }
}

/// Asserts that a browser sends this record back unchanged if the user edits nothing.
fn there_and_back<T: PartialEq + std::fmt::Debug>(form: &RecordForm<T>, record: &T) {
    let html = form.show(record).render().to_string();
    accessible::check(&html);
    let sent = browser::submit(&html);
    let back = form.submit(&sent).unwrap_or_else(|again| panic!("{again:?}"));
    assert_eq!(back, *record, "{html}");
}

fn any_place() -> impl Strategy<Value = Place> {
    (values::any_text(), any::<bool>())
        .prop_map(|(text, ring)| Place { street: format!("x{text}"), ring })
}

pub(crate) fn any_record() -> impl Strategy<Value = Everything> {
    let texts = (
        values::any_text(),
        values::any_trimmed(),
        values::any_text(),
        values::any_text(),
        values::any_text(),
        values::any_trimmed(),
    );
    let numbers = (1_u8..=200, any::<f64>(), any::<i64>(), -20_i32..=20, any::<Option<i64>>());
    let times = (
        values::any_date(),
        values::any_time(),
        values::any_month(),
        values::any_week(),
        values::any_color(),
    );
    let picks = (any::<(bool, bool)>(), any::<u8>(), any::<u8>(), 1_i64..3, any::<Option<bool>>());
    let places = (any_place(), proptest::collection::vec(any_place(), 0..4));
    (texts, numbers, times, picks, places)
        .prop_filter("finite", |(_, (_, ratio, ..), ..)| ratio.is_finite())
        .prop_map(|(texts, numbers, times, picks, (home, stops))| {
            let subset = |bits: u8| {
                let words = values::words().into_iter().enumerate();
                words
                    .filter(move |(bit, _)| bits & (1 << bit) != 0)
                    .map(|(_, word)| word.to_owned())
            };
            let ((checkbox, switch), boxes, multi, select, radio) = picks;
            Everything {
                text: texts.0,
                search: texts.1,
                password: texts.2,
                lines: texts.3,
                hidden: texts.4,
                city: texts.5.clone(),
                tel: texts.5,
                shown: "s".to_owned(),
                count: numbers.0,
                ratio: numbers.1,
                price: numbers.2,
                volume: numbers.3 * 5,
                maybe: numbers.4,
                date: times.0,
                time: times.1,
                date_time: times.0.to_datetime(times.1),
                month: times.2,
                week: times.3,
                color: times.4,
                checkbox,
                switch,
                radio: radio.map(|rare| if rare { 9 } else { 1 }),
                boxes: subset(boxes).collect(),
                multi: subset(multi).collect(),
                select,
                home,
                stops,
                ..values::sample()
            }
        })
}

proptest! {
    #[test]
    fn list_4_any_record_comes_back_from_a_browser_as_it_was(record in any_record()) {
        there_and_back(&values::form(), &without_password(record));
    }

    #[test]
    fn list_4_whatever_was_typed_is_shown_again_and_sent_again(text in values::any_text()) {
        // Every field gets the same text, valid or not.
        let names: Vec<String> =
            values::form().fields_of(&values::sample()).iter().map(|(name, _)| name.into()).collect();
        let kept = |name: &str| name != "password" && !name.ends_with(":row") && name != "checkbox" && !name.ends_with("ring");
        let typed = names.iter().filter(|name| kept(name)).map(|name| (name.as_str(), text.as_str()));
        let rows = [("stops:row", "0"), ("stops:row", "1")];
        let typed = Fields::from_iter(typed.chain(rows));
        if let Err(again) = values::form().submit(&typed) {
            let sent = browser::submit(&again.render().to_string());
            for (name, _) in typed.iter() {
                // Browsers send a default for a blank color or slider, and nothing for an unchecked
                // box.
                if !text.is_empty() || !["color", "volume", "boxes", "multi", "radio"].contains(&name) {
                    let sent = sent.get(name).unwrap_or_default().replace("\r\n", "\n");
                    prop_assert_eq!(sent, typed.get(name).unwrap(), "{}", name);
                }
            }
        }
    }
}

#[test]
fn extreme_records_survive() {
    there_and_back(&values::form(), &without_password(values::sample()));
    there_and_back(&datebook::task_form(), &datebook::task());
    there_and_back(&datebook::appointment_form(datebook::contacts()), &datebook::appointment());
}

#[test]
fn a_textarea_keeps_leading_whitespace() {
    for notes in ["\n", "\n\n a", "  a", "a\n", " \n ", "\ta", "</textarea><script>", "&lt;"] {
        there_and_back(&datebook::task_form(), &Task { notes: notes.into(), ..datebook::task() });
    }
}

#[test]
fn too_long_text_is_an_error_and_not_truncated() {
    let long = "é😀".repeat(50);
    let sent = Fields::from_iter([("title", long.as_str()), ("priority", "Low")]);
    let again = datebook::task_form().submit(&sent).unwrap_err();
    assert_eq!(again[field!(Task.title)].text(), long);
    assert!(again.render().to_string().contains(&long));
    let errors: Vec<&ValidationError> = again.errors().map(|(_, error)| error).collect();
    assert_eq!(errors, [&ValidationError::TooLong { max: 80, len: 150 }]);
}

#[test]
fn line_breaks_in_a_one_line_text_survive() {
    let record = Appointment { title: "first\nsecond".into(), ..datebook::appointment() };
    there_and_back(&datebook::appointment_form(datebook::contacts()), &record);
}

#[test]
fn a_slider_does_not_move_an_invalid_value() {
    for volume in [500, 3] {
        let html = values::form().show(&Everything { volume, ..values::sample() }).render();
        let again = values::form().submit(&browser::submit(&html.to_string())).unwrap_err();
        assert_eq!(again["volume"].text(), volume.to_string());
    }
}

#[test]
fn an_optional_color_may_stay_blank() {
    #[derive(Debug, PartialEq)]
    struct Paint {
        wall: Color,
        door: Option<Color>,
    }
    let form = form!(Paint { wall: color("Wall"), door: color("Door").optional() });
    let blank = form.blank();
    assert!(blank["wall"].control().to_string().starts_with("<input type=\"color\" id="));
    // A color control can't be blank: it would send black.
    assert!(blank["door"].control().to_string().starts_with("<input type=\"text\" id="));
    there_and_back(&form, &Paint { wall: Color::default(), door: None });
    there_and_back(&form, &Paint { wall: Color::default(), door: Some(Color::default()) });
}

#[derive(Debug, Clone, PartialEq)]
struct Picks {
    one: i64,
    radio: i64,
    perhaps: Option<i64>,
    some: Vec<i64>,
    several: Vec<i64>,
    yes: bool,
    agreed: bool,
    note: String,
    lines: String,
}

fn picks() -> RecordForm<Picks> {
    let numbers = || Choices::numbered(1, ["one", "two", "three"]);
    form!(Picks {
        one: select("One", numbers()).message("Please pick one."),
        radio: radio("Radio", numbers()),
        perhaps: select("Perhaps", numbers()).optional().blank_label("Nobody"),
        some: checkboxes("Some", numbers()).at_most(2),
        several: multi_select("Several", numbers()).at_least(2),
        yes: checkbox("Yes"),
        agreed: checkbox("Agreed").required(),
        note: text("Note"),
        lines: textarea("Lines"),
    })
}

#[test]
fn a_missing_or_unknown_choice_is_an_error() {
    let told = |fields: &[(&str, &str)]| {
        let again = picks().submit(&fields.iter().copied().collect()).unwrap_err();
        accessible::check(&again.render().to_string());
        again.errors().map(|(name, error)| format!("{name}: {error}")).collect::<Vec<_>>()
    };
    let (blank, gone) =
        ("Fill in this field.", "This choice is no longer available. Choose another one.");
    assert_eq!(
        told(&[]),
        [
            "one: Please pick one.".to_owned(),
            format!("radio: {blank}"),
            "several: At least 2 required.".to_owned(),
            format!("agreed: {blank}"),
        ]
    );
    let sent = [
        ("one", "x"),
        ("radio", "4"),
        ("perhaps", "-1"),
        ("some", "1"),
        ("some", "2"),
        ("some", "3"),
        ("several", "1"),
        ("several", "1"),
        ("yes", "false"),
        ("agreed", "on"),
    ];
    assert_eq!(
        told(&sent),
        [
            "one: Please pick one.".to_owned(),
            format!("radio: {gone}"),
            format!("perhaps: {gone}"),
            "some: At most 2 allowed.".to_owned(),
            "several: At least 2 required.".to_owned(),
            format!("yes: {gone}"),
        ]
    );
}

#[test]
fn a_missing_box_is_false_and_a_blank_choice_is_none() {
    let sent = [("one", "1"), ("radio", "3"), ("several", "3"), ("several", "1"), ("agreed", "on")];
    let expect = Picks {
        one: 1,
        radio: 3,
        perhaps: None,
        some: vec![],
        several: vec![3, 1],
        yes: false,
        agreed: true,
        note: String::new(),
        lines: String::new(),
    };
    assert_eq!(picks().submit(&Fields::from_iter(sent)).unwrap(), expect);
}

#[test]
fn the_blank_option_comes_first_unless_a_required_choice_is_made() {
    let blank = picks().blank();
    let one = |view: &solohttp_forms::FormView<Picks>| view["one"].control().to_string();
    assert!(one(&blank).contains("<option value=\"\" selected></option>"));
    let chosen = Fields::from_iter([("one", "2"), ("perhaps", "2")]);
    let chosen = picks().filled(chosen, solohttp_forms::Errors::new());
    assert!(!one(&chosen).contains("<option value=\"\">"));
    let perhaps = chosen["perhaps"].control().to_string();
    assert!(perhaps.contains("<option value=\"\">Nobody</option>"), "{perhaps}");
}

#[test]
fn an_unavailable_choice_is_shown_and_not_replaced() {
    let record = Appointment { contact: Some(8), ..datebook::appointment() };
    let form = datebook::appointment_form(datebook::contacts());
    let html = form.show(&record).render().to_string();
    assert!(html.contains("<option value=\"8\" selected>8 (not available)</option>"), "{html}");
    let again = form.submit(&browser::submit(&html)).unwrap_err();
    assert!(again["contact"].has_errors());
}
