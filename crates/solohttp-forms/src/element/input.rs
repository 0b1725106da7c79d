//! All types of `<input>`.
//!
//! Browsers drop values that an input's type doesn't allow (see the value sanitization algorithms
//! in WHATWG HTML section 4.10.5.1). To keep the user's input, text that would be dropped is
//! rendered in a plain text control instead.

use std::borrow::Cow;

use solohttp_core::Fields;

use crate::element::entry::Entry;
use crate::element::reuse::Reuse;
use crate::element::textarea;
use crate::element::widget::{EntryParts, Widget};
use crate::lens::{
    Choice, ColorLens, DateLens, DateTimeLens, Email, FixedPoint, Lens, MonthLens, Number,
    NumberLens, Text, TimeLens, Trim, UrlLens, UrlValue, WeekLens,
};
use crate::markup::attributes::Attributes;
use crate::markup::writer::Writer;
use crate::view::field::FieldView;

/// A type of `<input>`.
#[derive(Debug)]
struct Kind {
    name: &'static str,
    /// Returns whether browsers keep this text as the value.
    keeps: fn(&str) -> bool,
}

static TEXT: Kind = Kind { name: "text", keeps: |_| true };
static SEARCH: Kind = Kind { name: "search", keeps: |_| true };
static TEL: Kind = Kind { name: "tel", keeps: |_| true };
static PASSWORD: Kind = Kind { name: "password", keeps: |_| true };
static EMAIL: Kind = Kind { name: "email", keeps: is_trimmed };
static URL: Kind = Kind { name: "url", keeps: is_trimmed };
/// This isn't `type="number"`, because that control drops commas while the user types, so `1,50` is
/// sent as `150`. It also changes the number when the user scrolls over it.
static NUMBER: Kind = Kind { name: "text", keeps: |_| true };
static RANGE: Kind = Kind { name: "range", keeps: is_number };
static COLOR: Kind = Kind { name: "color", keeps: |text| ColorLens.parse(text).is_ok() };
static DATE: Kind = Kind { name: "date", keeps: |text| is_civil(&DateLens, text) };
static TIME: Kind = Kind { name: "time", keeps: |text| is_civil(&TimeLens, text) };
static DATE_TIME: Kind =
    Kind { name: "datetime-local", keeps: |text| is_civil(&DateTimeLens, text) };
static MONTH: Kind = Kind { name: "month", keeps: |text| is_civil(&MonthLens, text) };
static WEEK: Kind = Kind { name: "week", keeps: |text| is_civil(&WeekLens, text) };

macro_rules! inputs {
    ($($(#[$doc:meta])* $name:ident, $Lens:ty, $kind:ident;)+) => {$(
        $(#[$doc])*
        pub fn $name(label: impl Into<Cow<'static, str>>) -> Entry<$Lens> {
            Entry::new(label, <$Lens>::default(), &$kind)
        }
    )+};
}

inputs! {
    /// One line of text, without surrounding whitespace. Optional unless you call `required()`.
    text, Trim, TEXT;
    /// A search term.
    search, Trim, SEARCH;
    /// A telephone number in any format.
    tel, Trim, TEL;
    /// An email address. Optional unless you call `required()`.
    email, Email, EMAIL;
    /// A calendar date.
    date, DateLens, DATE;
    /// A time of day.
    time, TimeLens, TIME;
    /// A date with a time of day, without a time zone.
    date_time, DateTimeLens, DATE_TIME;
    /// A month in a particular year.
    month, MonthLens, MONTH;
    /// A week in a particular year.
    week, WeekLens, WEEK;
    /// A color.
    color, ColorLens, COLOR;
}

/// One line of text, parsed and formatted by a custom [`Lens`].
pub fn entry<L: Lens>(label: impl Into<Cow<'static, str>>, lens: L) -> Entry<L> {
    Entry::new(label, lens, &TEXT)
}

/// A password, kept exactly as typed. It is never shown and never part of the page's source.
///
/// If the form has errors, it asks for the password again. When an existing record is edited,
/// leaving the field blank keeps its current password: see [`Formlet::load`](crate::Formlet::load).
pub fn password(label: impl Into<Cow<'static, str>>) -> Entry<Text> {
    Entry::new(label, Text, &PASSWORD)
}

/// An absolute URL: a `String`, which may be blank, or, with the feature `url`, a `url::Url`.
pub fn url<V: UrlValue>(label: impl Into<Cow<'static, str>>) -> Entry<UrlLens<V>> {
    Entry::new(label, UrlLens::default(), &URL)
}

/// A number of the same type as the record's field, formatted with the application's
/// [`Numerals`](solohttp_core::Numerals).
pub fn number<V: Number>(label: impl Into<Cow<'static, str>>) -> Entry<NumberLens<V>> {
    Entry::new(label, NumberLens::default(), &NUMBER)
}

/// A slider for a number. Set its `range(…)`.
pub fn range<V: Number>(label: impl Into<Cow<'static, str>>) -> Entry<NumberLens<V>> {
    Entry::new(label, NumberLens::plain(), &RANGE)
}

/// A number with this many decimals, stored as an integer in its smallest unit. With two decimals,
/// for example, an amount of money is stored in cents. The number is formatted with the
/// application's [`Numerals`](solohttp_core::Numerals).
pub fn fixed_point(label: impl Into<Cow<'static, str>>, decimals: u8) -> Entry<FixedPoint> {
    Entry::new(label, FixedPoint { decimals }, &NUMBER)
}

impl Widget for Kind {
    fn render(&self, entry: &EntryParts<'_>, field: &FieldView, out: &mut Writer) {
        let text = field.text();
        if self.is_secret() {
            return render_password(self, entry, field, out);
        }
        if !is_one_line(text.as_bytes()) {
            // A one-line control would join the lines.
            return textarea::render(entry, &["pattern", "title"], field, out);
        }
        // A slider or color control is never blank: if the user doesn't touch it, it sends a
        // default value.
        let untouched = text.is_empty() && entry.is_required;
        // A slider would move an invalid value to the nearest valid one.
        let moves = || self.name == "range" && !(entry.is_valid)();
        let is_kept = untouched || (self.keeps)(text) && !moves();
        let kind = if is_kept { self } else { &TEXT };
        let suggestions = entry.suggestions;
        let mut input = out.merging_tag("input", entry.merges).raw("type", kind.name);
        if !text.is_empty() {
            input = input.attr_with("value", |out| out.value(text));
        }
        input = entry.lens.write(input, kind.ignored_attributes());
        if let Some(step) = kind.step_of_seconds(entry, text) {
            input = input.raw("step", step);
        }
        let render_list_id = |out: &mut Writer| {
            field.render_id(out);
            out.raw("-list");
        };
        if !suggestions.is_empty() {
            input = input.attr_with("list", render_list_id);
        }
        field.control_attributes(input).end();
        if !suggestions.is_empty() {
            out.tag("datalist").attr_with("id", render_list_id).end();
            suggestions.iter().for_each(|text| out.tag("option").attr("value", text).end());
            out.raw("</datalist>");
        }
    }

    fn reuse(&self, _: &[Choice]) -> Option<Reuse> {
        let (sample, fits): (_, fn(&str) -> bool) = match self.name {
            // Whether a password is required depends on the record, and the control for a slider on
            // the lens.
            "password" | "range" => return None,
            "color" => ("#000000", self.keeps),
            "date" => ("2000-01-01", self.keeps),
            "month" => ("2000-01", self.keeps),
            "week" => ("2000-W01", self.keeps),
            "time" => ("00:00", |text| (TIME.keeps)(text) && !has_seconds(text)),
            "datetime-local" => {
                ("2000-01-01T00:00", |text| (DATE_TIME.keeps)(text) && !has_seconds(text))
            }
            "email" | "url" => ("x", |text| is_trimmed(text) && is_one_line(text.as_bytes())),
            _ => return Some(Reuse::Line),
        };
        Some(Reuse::Text { sample, fits })
    }

    fn is_secret(&self) -> bool {
        self.name == "password"
    }

    fn untouched(&self, lens: &Attributes) -> Option<String> {
        match self.name {
            "color" => Some("#000000".to_owned()),
            "range" => Some(middle(lens)),
            _ => None,
        }
    }

    fn counts_from_value(&self) -> bool {
        matches!(self.name, "date" | "datetime-local" | "month" | "week" | "time")
    }

    /// Cuts the seconds off a time.
    fn initial(&self, mut text: String) -> String {
        if matches!(self.name, "time" | "datetime-local")
            && let Some((second, _)) = text.match_indices(':').nth(1)
        {
            text.truncate(second);
        }
        text
    }
}

impl Kind {
    /// The attributes of a lens that don't apply to this control.
    fn ignored_attributes(&self) -> &'static [&'static str] {
        match self.name {
            // WHATWG HTML 4.10.5: `required` doesn't apply to controls that can't be blank.
            "range" | "color" => &["required", "aria-required", "inputmode"],
            // WHATWG HTML 4.10.5: these attributes don't apply to text controls.
            "text" => &["min", "max", "step"],
            _ => &[],
        }
    }

    /// The step for a time with seconds. Without a step, browsers only accept whole minutes.
    fn step_of_seconds(&self, entry: &EntryParts<'_>, text: &str) -> Option<&'static str> {
        let has_seconds = matches!(self.name, "time" | "datetime-local")
            && text.matches(':').count() == 2
            && !entry.lens.has("step");
        has_seconds.then_some(if text.contains('.') { "0.001" } else { "1" })
    }
}

fn render_password(kind: &Kind, entry: &EntryParts<'_>, field: &FieldView, out: &mut Writer) {
    // A blank field keeps the current password.
    let is_optional = field.is_editing() || !field.text().is_empty();
    let names: &[&str] = if is_optional { &["required", "aria-required"] } else { &[] };
    let input = out.merging_tag("input", entry.merges).raw("type", kind.name);
    field.control_attributes(entry.lens.write(input, names)).end();
    // Makes other pages that show submitted fields, such as the page for a busy database, leave out
    // this field.
    out.tag("input")
        .attr("type", "hidden")
        .attr("name", Fields::SECRET)
        .attr("value", field.name())
        .end();
}

/// The value of a slider that the user hasn't touched: the middle of its range, on a step (WHATWG
/// HTML 4.10.5.1.13).
fn middle(lens: &Attributes) -> String {
    let number = |name| lens.get(name).and_then(|text| text.parse::<f64>().ok());
    let (min, max) = (number("min").unwrap_or(0.0), number("max").unwrap_or(100.0));
    let middle = min + (max - min).max(0.0) / 2.0;
    let step = if lens.has("step") { number("step") } else { Some(1.0) };
    let Some(step) = step.filter(|step| *step > 0.0) else { return middle.to_string() };
    let nearest = min + ((middle - min) / step + 0.5).floor() * step;
    if nearest > max { (nearest - step).to_string() } else { nearest.to_string() }
}

/// Whether this time has seconds.
fn has_seconds(text: &str) -> bool {
    text.matches(':').count() > 1
}

pub(crate) fn is_one_line(text: &[u8]) -> bool {
    // The first comparison is enough for most characters.
    text.iter().all(|&byte| byte > b'\r' || !matches!(byte, b'\n' | b'\r'))
}

fn is_trimmed(text: &str) -> bool {
    text.trim() == text
}

/// Whether this is a valid floating-point number (WHATWG HTML section 2.3.4.3).
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && digits.ends_with(|c: char| c.is_ascii_digit())
        && digits.parse::<f64>().is_ok_and(f64::is_finite)
}

/// Whether browsers accept this date or time: years start at 1, and fractions of a second have at
/// most three digits.
fn is_civil<L: Lens>(lens: &L, text: &str) -> bool {
    let fraction = text.split_once('.').map_or("", |(_, fraction)| fraction);
    let in_range = is_trimmed(text) && !text.starts_with(['-', ' ']) && !text.starts_with("0000");
    text.is_empty() || in_range && fraction.len() <= 3 && lens.parse(text).is_ok()
}
