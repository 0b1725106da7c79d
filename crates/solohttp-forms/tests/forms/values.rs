//! A form with an element of every kind, a record for this form, and invalid text for each element.

use std::collections::BTreeSet;

use jiff::civil::{Date, DateTime, Time, date, time};
use proptest::prelude::{Just, Strategy, any};
use solohttp_core::Fields;
use solohttp_forms::lens::{Color, Lens as _, Text, Trim, YearMonth, YearWeek};
use solohttp_forms::{
    Choices, RecordForm, checkbox, checkboxes, color, date_time, email, fixed_point, form, group,
    hidden, month, multi_select, number, password, radio, range, rows, search, select, switch, tel,
    text, textarea, url, week,
};

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Everything {
    pub(crate) text: String,
    pub(crate) search: String,
    pub(crate) email: String,
    pub(crate) tel: String,
    pub(crate) url: String,
    pub(crate) password: String,
    pub(crate) count: u8,
    pub(crate) ratio: f64,
    pub(crate) price: i64,
    pub(crate) volume: i32,
    pub(crate) date: Date,
    pub(crate) time: Time,
    pub(crate) date_time: DateTime,
    pub(crate) month: YearMonth,
    pub(crate) week: YearWeek,
    pub(crate) color: Color,
    pub(crate) maybe: Option<i64>,
    pub(crate) checkbox: bool,
    pub(crate) switch: bool,
    pub(crate) radio: Option<i64>,
    pub(crate) boxes: BTreeSet<String>,
    pub(crate) select: i64,
    pub(crate) multi: Vec<String>,
    pub(crate) city: String,
    pub(crate) lines: String,
    pub(crate) hidden: String,
    pub(crate) shown: String,
    pub(crate) home: Place,
    pub(crate) stops: Vec<Place>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Place {
    pub(crate) street: String,
    pub(crate) ring: bool,
}

fn place_form() -> RecordForm<Place> {
    form!(Place { street: text("Street").untrimmed().required(), ring: checkbox("Ring") })
}

fn sizes() -> Choices<i64> {
    Choices::numbered(1, ["Small", "Large"]).group("Rare", Choices::numbered(9, ["Huge"]))
}

pub(crate) fn words() -> [&'static str; 4] {
    ["red", "green & blue", "<\"it's\">", "🦀 é"]
}

pub(crate) fn form() -> RecordForm<Everything> {
    form!(Everything {
        text: text("Text").untrimmed(),
        search: search("Search"),
        email: email("E-mail").required().help("We never write."),
        tel: tel("Telephone"),
        url: url("Home page"),
        password: password("Password").attr("autocomplete", "off"),
        count: number("Count").range(1..=200),
        ratio: number("Ratio"),
        price: fixed_point("Price", 2),
        volume: range("Volume").range(-100..=100).step(5),
        date: solohttp_forms::date("Date"),
        time: solohttp_forms::time("Time"),
        date_time: date_time("Date and time"),
        month: month("Month"),
        week: week("Week"),
        color: color("Colour"),
        maybe: number("Maybe").optional(),
        checkbox: checkbox("Checkbox"),
        switch: switch("Switch"),
        radio: radio("Radio", sizes()).optional(),
        boxes: checkboxes("Boxes", Choices::strings(words())).help("As many as you like."),
        select: select("Select", sizes()),
        multi: multi_select("Multi", Choices::strings(words())),
        city: text("City").suggestions(["Aix", "Ulm"]),
        lines: textarea("Lines").attr("rows", 4),
        hidden: hidden(Text),
        shown: text("Shown").read_only(),
        home: group("Home", place_form()),
        stops: rows("Stops", place_form()),
    })
}

pub(crate) fn sample() -> Everything {
    let nasty = "  \"O'Neill\" <b>&amp;</b> 😀 é ";
    Everything {
        text: nasty.to_owned(),
        search: "a b".to_owned(),
        email: "a@example.org".to_owned(),
        tel: "+49 30 1".to_owned(),
        url: "https://example.org/?a=1&b=\"".to_owned(),
        password: " secret ".to_owned(),
        count: 200,
        ratio: -0.1,
        price: -1205,
        volume: -5,
        date: date(2024, 2, 29),
        time: time(23, 59, 58, 120_000_000),
        date_time: date(2025, 1, 1).at(0, 0, 0, 0),
        month: YearMonth::new(2025, 12).unwrap(),
        week: YearWeek::new(2020, 53).unwrap(),
        color: Color { red: 255, green: 128, blue: 0 },
        maybe: None,
        checkbox: true,
        switch: false,
        radio: Some(9),
        boxes: words()[1..3].iter().map(|&word| word.to_owned()).collect(),
        select: 2,
        multi: vec![words()[0].to_owned(), words()[3].to_owned()],
        city: "Ulm".to_owned(),
        lines: "\n  first\r\n\n</textarea>\n ".replace("\r\n", "\n"),
        hidden: "a\nb".to_owned(),
        shown: "as it is".to_owned(),
        home: Place { street: "Kō 1".to_owned(), ring: true },
        stops: vec![
            Place { street: " a ".to_owned(), ring: false },
            Place { street: "b".to_owned(), ring: true },
        ],
    }
}

/// Invalid text for every field that can be invalid.
pub(crate) fn wrong() -> Fields {
    Fields::from_iter([
        ("text", "fine"),
        ("email", "a@"),
        ("url", "example.org"),
        ("count", "201"),
        ("ratio", "1,5"),
        ("price", "1.005"),
        ("volume", "3"),
        ("date", "2025-02-29"),
        ("time", "1730"),
        ("date_time", "2025-01-01"),
        ("month", "2025-13"),
        ("week", "2025-W53"),
        ("color", "red"),
        ("maybe", "1.5"),
        ("checkbox", "true"),
        ("radio", "3"),
        ("boxes", "red"),
        ("boxes", "black"),
        ("select", ""),
        ("multi", "?"),
        ("hidden", "a\0"),
        ("home.street", "  "),
        ("stops:row", "0"),
        ("stops:row", "1"),
        ("stops.0.street", "fine"),
        ("stops.1.ring", "on"),
    ])
}

/// Any text that a page can contain: without NUL, and with `\n` as the line break.
pub(crate) fn any_text() -> impl Strategy<Value = String> {
    proptest::collection::vec(
        proptest::prop_oneof![
            any::<char>(),
            proptest::sample::select(vec!['\n', ' ', '"', '\'', '<', '>', '&', '😀', 'é', ';'])
        ],
        0..12,
    )
    .prop_map(|letters| {
        letters.into_iter().filter(|letter| !matches!(letter, '\0' | '\r')).collect()
    })
}

pub(crate) fn any_trimmed() -> impl Strategy<Value = String> {
    any_text().prop_map(|text| Trim.parse(&text).unwrap_or_default())
}

pub(crate) fn any_date() -> impl Strategy<Value = Date> {
    (-9999_i16..=9999, 1_i8..=12, 1_i8..=31)
        .prop_filter_map("a valid date", |(y, m, d)| Date::new(y, m, d).ok())
}

pub(crate) fn any_time() -> impl Strategy<Value = Time> {
    let nanosecond = proptest::prop_oneof![Just(0), Just(120_000_000), 0..1_000_000_000_i32];
    (0_i8..24, 0_i8..60, proptest::prop_oneof![Just(0_i8), 0_i8..60], nanosecond)
        .prop_map(|(h, m, s, n)| time(h, m, s, n))
}

pub(crate) fn any_month() -> impl Strategy<Value = YearMonth> {
    (0_i16..=9999, 1_i8..=12).prop_map(|(year, month)| YearMonth::new(year, month).unwrap())
}

pub(crate) fn any_week() -> impl Strategy<Value = YearWeek> {
    (0_i16..=9998, 1_i8..=53)
        .prop_filter_map("a valid week", |(year, week)| YearWeek::new(year, week))
}

pub(crate) fn any_color() -> impl Strategy<Value = Color> {
    any::<(u8, u8, u8)>().prop_map(|(red, green, blue)| Color { red, green, blue })
}
