//! Repeating rows, such as the lines of an invoice. Submit buttons add, remove and move them.
//!
//! Each row has a hidden field `NAME:row` that holds its key. The order of these fields is the
//! order of the rows. Every request renumbers the keys from 0, so that row indexes in the record
//! match those on the page.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt;

use solohttp_core::{Fields, IoList, iolist};

use crate::element::Element;
use crate::element::info::{ElementInfo, Layout, info_methods};
use crate::form::RecordForm;
use crate::form::data::FormData;
use crate::form::names::{ROW, is_below, join};
use crate::form::plan::Plan;
use crate::form::row_change::RowChange;
use crate::lens::invisible;
use crate::markup::tag::tag;
use crate::outline::{Compound, Outline};
use crate::validation::ValidationError;
use crate::validation::errors::ValidationErrors;
use crate::view::field::FieldView;

/// A list of nested records.
pub struct Rows<R> {
    info: ElementInfo,
    plan: Plan<R>,
    min: usize,
    max: usize,
    extra: usize,
}

/// A list of nested records, with buttons to add, remove and move them.
pub fn rows<R: 'static>(label: impl Into<Cow<'static, str>>, form: RecordForm<R>) -> Rows<R> {
    Rows {
        info: ElementInfo::new(label),
        plan: form.into_plan(),
        min: 0,
        max: usize::MAX,
        extra: 0,
    }
}

impl<R> Rows<R> {
    info_methods!();

    /// Sets the minimum number of rows. A new record starts with this many.
    #[must_use]
    pub fn at_least(mut self, min: usize) -> Self {
        self.min = min;
        self
    }

    /// Sets the maximum number of rows.
    #[must_use]
    pub fn at_most(mut self, max: usize) -> Self {
        self.max = max;
        self
    }

    /// Always shows this many extra blank rows at the end.
    ///
    /// If this is more than 0, blank rows are left out of the record, even those that it had
    /// before.
    #[must_use]
    pub fn extra(mut self, rows: usize) -> Self {
        self.extra = rows;
        self
    }

    fn push_blank(&self, name: &str, index: usize, fields: &mut Fields) {
        let key = index.to_string();
        fields.push(ROW.of(name), &key);
        self.plan.outline.blank(&join(name, &key), fields);
    }

    /// A new row's fields.
    fn new_row(&self) -> Row {
        let mut fields = Fields::new();
        self.plan.outline.blank("row", &mut fields);
        let rest = |name: &str| name["row".len()..].to_owned();
        fields.iter().map(|(name, text)| (rest(name), text.to_owned())).collect()
    }
}

/// The fields of one row. Their names don't include the row's prefix.
type Row = Vec<(String, String)>;

/// Whether each field of a row is blank or still has its initial value.
fn is_blank<'a>(mut row: impl Iterator<Item = (&'a str, &'a str)>, new_row: &Row) -> bool {
    row.all(|(name, text)| {
        let is_initial =
            || new_row.iter().any(|field| (field.0.as_str(), field.1.as_str()) == (name, text));
        ROW.ends(name) || invisible::is_blank(text) || is_initial()
    })
}

/// Groups fields below `name` into rows by key.
fn by_key(name: &str, own: Fields) -> HashMap<String, Row> {
    let mut rows: HashMap<String, Row> = HashMap::new();
    for (mut field, text) in own {
        let start = name.len() + 1;
        let Some(end) = field[start..].find(['.', ':']).map(|end| start + end) else { continue };
        if field.as_bytes()[name.len()] == b'.' {
            let rest = field.split_off(end);
            rows.entry(field.split_off(start)).or_default().push((rest, text));
        }
    }
    rows
}

/// Puts the rows in this order and renumbers them. Drops other fields below `name`.
fn arrange(name: &str, order: &[String], fields: &mut Fields) {
    let (mut own, mut before, mut after) = (Fields::new(), Fields::new(), Fields::new());
    for (field, text) in std::mem::take(fields) {
        if is_below(name, &field) {
            own.push(field, text);
        } else if own.is_empty() {
            before.push(field, text);
        } else {
            after.push(field, text);
        }
    }
    let mut rows = by_key(name, own);
    for (index, key) in order.iter().enumerate() {
        before.push(ROW.of(name), index.to_string());
        let to = join(name, &index.to_string());
        let row = rows.remove(key).unwrap_or_default();
        before.extend(row.into_iter().map(|(rest, text)| (format!("{to}{rest}"), text)));
    }
    before.extend(after);
    *fields = before;
}

impl<R: 'static> Element for Rows<R> {
    type Value = Vec<R>;

    fn info(&self) -> &ElementInfo {
        &self.info
    }

    fn layout(&self) -> Layout {
        Layout::Frame
    }

    fn blank(&self, name: &str, fields: &mut Fields) {
        for index in 0..self.min + self.extra {
            self.push_blank(name, index, fields);
        }
    }

    fn show(&self, name: &str, rows: &Vec<R>, fields: &mut Fields) {
        for (index, row) in rows.iter().enumerate() {
            fields.push(ROW.of(name), index.to_string());
            self.plan.show(&join(name, &index.to_string()), row, fields);
        }
        for index in rows.len()..rows.len() + self.extra {
            self.push_blank(name, index, fields);
        }
    }

    fn parse(&self, name: &str, data: &FormData, errors: &mut ValidationErrors) -> Option<Vec<R>> {
        let new_row = self.new_row();
        let is_blank = |prefix: &str| {
            let below = [".", ":"].map(|sign| format!("{prefix}{sign}"));
            let fields = below.iter().flat_map(|start| data.starting_with(start));
            is_blank(fields.map(|(name, text)| (&name[prefix.len()..], text)), &new_row)
        };
        let prefixes = data.texts(&ROW.of(name)).map(|key| join(name, key));
        let filled = prefixes.filter(|prefix| self.extra == 0 || !is_blank(prefix));
        // Parses all rows before returning, to report the errors in every row.
        let rows: Vec<Option<R>> =
            filled.map(|prefix| self.plan.parse(&prefix, data, errors)).collect();
        let error = match rows.len() {
            count if count < self.min => ValidationError::TooFew { min: self.min },
            count if count > self.max => ValidationError::TooMany { max: self.max },
            _ => return rows.into_iter().collect(),
        };
        errors.add(name, error);
        None
    }

    fn control(&self, field: &FieldView) -> IoList {
        let rows = field.rows().iter().map(|row| {
            let fields: IoList = row.fields().iter().map(FieldView::render).collect();
            let legend = format!("{} {}", field.label_text(), row.number());
            let legend = tag("legend").text(&legend);
            let inner = iolist![legend, row.marker(), fields, row.buttons()];
            tag("fieldset").attr("class", "row").content(inner)
        });
        iolist![rows.collect::<IoList>(), field.add_button()]
    }

    fn compound(&self) -> Option<&dyn Compound> {
        Some(self)
    }
}

impl<R> Compound for Rows<R> {
    fn outline(&self) -> &Outline {
        &self.plan.outline
    }

    fn is_repeated(&self) -> bool {
        true
    }

    fn parts(&self, name: &str, data: &FormData) -> Vec<String> {
        data.texts(&ROW.of(name)).map(|key| join(name, key)).collect()
    }

    fn normalize(&self, name: &str, own: Fields) -> Fields {
        let keys: Vec<String> = own.get_all(&ROW.of(name)).map(str::to_owned).collect();
        let mut rows = by_key(name, own);
        let (mut seen, mut order) = (HashSet::new(), Vec::new());
        for key in keys {
            // A key with a dot would refer to a different row.
            let is_plain = key.bytes().all(|byte| byte.is_ascii_alphanumeric());
            if is_plain && !key.is_empty() && seen.insert(key.clone()) {
                order.push(rows.remove(&key).unwrap_or_default());
            }
        }
        let mut blank = 0;
        if self.extra > 0 {
            let new_row = self.new_row();
            let is_blank = |row: &Row| {
                is_blank(row.iter().map(|(name, text)| (name.as_str(), text.as_str())), &new_row)
            };
            // Moves blank rows to the end, so that row indexes in the record match those on the
            // page.
            let (empty, filled): (Vec<Row>, Vec<Row>) = order.into_iter().partition(is_blank);
            blank = empty.len();
            order = filled.into_iter().chain(empty).collect();
        }
        let mut normalized = Fields::new();
        for (index, row) in order.iter().enumerate() {
            normalized.push(ROW.of(name), index.to_string());
            let to = join(name, &index.to_string());
            let row = row.iter().map(|(rest, text)| (format!("{to}{rest}"), text));
            normalized.extend(self.plan.outline.normalize(&to, row.collect()));
        }
        for index in order.len()..order.len() + self.extra.saturating_sub(blank) {
            self.push_blank(name, index, &mut normalized);
        }
        normalized
    }

    fn rearrange(&self, name: &str, change: RowChange, fields: &mut Fields) -> bool {
        let mut order: Vec<String> = fields.get_all(&ROW.of(name)).map(str::to_owned).collect();
        let swap = match change {
            RowChange::Add => {
                self.push_blank(name, order.len(), fields);
                return true;
            }
            RowChange::Remove(row) if row < order.len() => {
                order.remove(row);
                arrange(name, &order, fields);
                return true;
            }
            RowChange::Up(row) => row.checked_sub(1).map(|above| (above, row)),
            RowChange::Down(row) => Some((row, row.saturating_add(1))),
            RowChange::Remove(_) => None,
        };
        match swap {
            Some((one, other)) if other < order.len() => {
                order.swap(one, other);
                arrange(name, &order, fields);
                true
            }
            _ => false,
        }
    }
}

impl<R> fmt::Debug for Rows<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rows").field("info", &self.info).finish_non_exhaustive()
    }
}
