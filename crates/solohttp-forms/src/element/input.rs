//! `<input>` in all its types, and what a browser does to the value of each.
//!
//! A browser drops a value that its type does not allow (the value sanitization algorithms of
//! WHATWG HTML section 4.10.5.1), and what the user typed would be gone. So a text that would not
//! survive is rendered in a plain text control instead.

use std::borrow::Cow;

use solohttp_core::{Fields, IoList, iolist};

use crate::element::Entry;
use crate::element::entry::Widget;
use crate::element::textarea;
use crate::lens::{
    ColorLens, DateLens, DateTimeLens, Email, FixedPoint, Lens, MonthLens, Number, NumberLens,
    TimeLens, Trim, UrlLens, UrlValue, WeekLens,
};
use crate::markup::attributes::Attributes;
use crate::markup::tag::tag;
use crate::view::FieldView;

/// A type of `<input>`.
#[derive(Debug)]
pub(crate) struct Kind {
    name: &'static str,
    /// Would a browser keep this text as the value?
    keeps: fn(&str) -> bool,
}

impl Kind {
    /// Is what is typed hidden from those who widget on?
    pub(crate) fn is_secret(&self) -> bool {
        self.name == "password"
    }

    /// Does a browser count steps from the value that the page shows, unless there is a least one?
    pub(crate) fn counts_from_value(&self) -> bool {
        matches!(self.name, "date" | "datetime-local" | "month" | "week" | "time")
    }

    /// The text to begin with: a time without seconds.
    pub(crate) fn initial(&self, mut text: String) -> String {
        if matches!(self.name, "time" | "datetime-local")
            && let Some((second, _)) = text.match_indices(':').nth(1)
        {
            text.truncate(second);
        }
        text
    }
}

pub(crate) static TEXT: Kind = Kind { name: "text", keeps: |_| true };
static SEARCH: Kind = Kind { name: "search", keeps: |_| true };
static TEL: Kind = Kind { name: "tel", keeps: |_| true };
static PASSWORD: Kind = Kind { name: "password", keeps: |_| true };
static EMAIL: Kind = Kind { name: "email", keeps: is_trimmed };
static URL: Kind = Kind { name: "url", keeps: is_trimmed };
/// Not `type="number"`: that drops a comma as it is typed, so that `1,50` is sent as `150`, and a
/// turn of the mouse wheel over it changes the number.
static NUMBER: Kind = Kind { name: "text", keeps: |_| true };
static RANGE: Kind = Kind { name: "range", keeps: is_number };
static COLOR: Kind = Kind { name: "color", keeps: |text| ColorLens.parse(text).is_ok() };
static DATE: Kind = Kind { name: "date", keeps: |text| is_civil(&DateLens, text) };
static TIME: Kind = Kind { name: "time", keeps: |text| is_civil(&TimeLens, text) };
static DATE_TIME: Kind =
    Kind { name: "datetime-local", keeps: |text| is_civil(&DateTimeLens, text) };
static MONTH: Kind = Kind { name: "month", keeps: |text| is_civil(&MonthLens, text) };
static WEEK: Kind = Kind { name: "week", keeps: |text| is_civil(&WeekLens, text) };

fn make<L: Lens>(label: impl Into<Cow<'static, str>>, lens: L, kind: &'static Kind) -> Entry<L> {
    Entry::new(label, lens, Widget::Input { kind, suggestions: Vec::new() })
}

macro_rules! inputs {
    ($($(#[$doc:meta])* $name:ident, $Lens:ty, $kind:ident;)+) => {$(
        $(#[$doc])*
        pub fn $name(label: impl Into<Cow<'static, str>>) -> Entry<$Lens> {
            make(label, <$Lens>::default(), &$kind)
        }
    )+};
}

inputs! {
    /// One line of text, without blanks around it; may be blank unless `required()`.
    text, Trim, TEXT;
    /// One line to search for.
    search, Trim, SEARCH;
    /// A telephone number, of any form.
    tel, Trim, TEL;
    /// An e-mail address; may be blank unless `required()`.
    email, Email, EMAIL;
    /// A date of the calendar.
    date, DateLens, DATE;
    /// A time of day.
    time, TimeLens, TIME;
    /// A date with a time of day, of no particular time zone.
    date_time, DateTimeLens, DATE_TIME;
    /// A month of a year.
    month, MonthLens, MONTH;
    /// A week of a year.
    week, WeekLens, WEEK;
    /// A colour.
    color, ColorLens, COLOR;
}

/// One line of text that is never shown, also not in the page's source; kept exactly as typed.
///
/// A form that comes back with an error asks for it again. Where it is left blank while a record is
/// edited, the record keeps the one it has: see [`Formlet::load`](crate::Formlet::load).
pub fn password(label: impl Into<Cow<'static, str>>) -> Entry<crate::lens::Text> {
    make(label, crate::lens::Text, &PASSWORD)
}

/// An absolute URL, as a `String`, which may be blank, or with the feature `url` as a `url::Url`.
pub fn url<V: UrlValue>(label: impl Into<Cow<'static, str>>) -> Entry<UrlLens<V>> {
    make(label, UrlLens::default(), &URL)
}

/// A number, of the type that the record's field has, in the application's
/// [`Numerals`](solohttp_core::Numerals).
pub fn number<V: Number>(label: impl Into<Cow<'static, str>>) -> Entry<NumberLens<V>> {
    make(label, NumberLens::default(), &NUMBER)
}

/// A number to choose with a slider; give it a `range(…)`.
pub fn range<V: Number>(label: impl Into<Cow<'static, str>>) -> Entry<NumberLens<V>> {
    make(label, NumberLens::plain(), &RANGE)
}

/// A number with this many decimals, kept as an integer of the smallest unit: cents with two. It is
/// written in the application's [`Numerals`](solohttp_core::Numerals).
pub fn fixed_point(label: impl Into<Cow<'static, str>>, decimals: u8) -> Entry<FixedPoint> {
    make(label, FixedPoint { decimals }, &NUMBER)
}

pub(crate) fn control(
    kind: &Kind,
    suggestions: &[String],
    lens: &Attributes,
    is_right: bool,
    at: &FieldView,
) -> IoList {
    if kind.is_secret() {
        // Blank keeps the one there is.
        let keeps = at.is_editing() || !at.text().is_empty();
        let lens = if keeps { without(lens, &["required"]) } else { lens.clone() };
        let input =
            tag("input").attr("type", kind.name).attrs(&lens).attrs(&at.attributes()).void();
        // For whoever else may show what was sent, such as the page of a busy database.
        let named = tag("input").attr("type", "hidden").attr("name", Fields::SECRET);
        return iolist![input, named.attr("value", at.name()).void()];
    }
    let text = at.text();
    if text.contains(['\n', '\r']) {
        // A one-line control would join the lines.
        return textarea::control(&without(lens, &["pattern", "title"]), at);
    }
    // A slider or a colour has no blank: untouched, it sends its first value.
    let untouched = text.is_empty() && lens.has("required");
    // A slider moves a value that it does not have to one that it has.
    let moves = kind.name == "range" && !is_right;
    let (kind, lens) = if untouched || (kind.keeps)(text) && !moves {
        (kind, typed_attributes(kind, lens, text))
    } else {
        (&TEXT, without(lens, &["min", "max", "step"]))
    };
    let value = (!text.is_empty()).then_some(text);
    let list_id = (!suggestions.is_empty()).then(|| format!("{}-list", at.id()));
    let input = tag("input")
        .attr("type", kind.name)
        .attr_if("value", value)
        .attrs(&lens)
        .attr_if("list", list_id.as_ref())
        .attrs(&at.attributes())
        .void();
    match list_id {
        None => input,
        Some(id) => {
            let options = suggestions.iter().map(|text| tag("option").attr("value", text).void());
            iolist![input, tag("datalist").attr("id", id).content(options.collect::<IoList>())]
        }
    }
}

fn typed_attributes(kind: &Kind, lens: &Attributes, text: &str) -> Attributes {
    let mut attributes = match kind.name {
        // WHATWG HTML 4.10.5: `required` does not apply to what is never blank.
        "range" | "color" => without(lens, &["required", "inputmode"]),
        // WHATWG HTML 4.10.5: these do not apply to text.
        "text" => without(lens, &["min", "max", "step"]),
        _ => lens.clone(),
    };
    let has_step = attributes.has("step");
    if matches!(kind.name, "time" | "datetime-local") && text.matches(':').count() == 2 && !has_step
    {
        // Browsers take a time to be whole minutes, and would refuse to send this one.
        attributes.set("step", if text.contains('.') { "0.001" } else { "1" });
    }
    attributes
}

fn without(attributes: &Attributes, names: &[&str]) -> Attributes {
    let mut rest = attributes.clone();
    names.iter().for_each(|name| rest.remove(name));
    rest
}

fn is_trimmed(text: &str) -> bool {
    text.trim() == text
}

/// A valid floating-point number, WHATWG HTML section 2.3.4.3.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && digits.ends_with(|c: char| c.is_ascii_digit())
        && digits.parse::<f64>().is_ok_and(f64::is_finite)
}

/// Browsers know years from 1 on, and milliseconds.
fn is_civil<L: Lens>(lens: &L, text: &str) -> bool {
    let fraction = text.split_once('.').map_or("", |(_, fraction)| fraction);
    let in_range = is_trimmed(text) && !text.starts_with(['-', ' ']) && !text.starts_with("0000");
    text.is_empty() || in_range && fraction.len() <= 3 && lens.parse(text).is_ok()
}
