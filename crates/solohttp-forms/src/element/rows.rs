//! Repeating rows, such as the lines of an invoice, changed by plain buttons.
//!
//! Each row carries a hidden field `NAME:row` with its key; their order is the order of the rows.
//! After every request the keys are numbered from 0 again, so that an index in the record is the
//! index in the page.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt;

use solohttp_core::{Fields, IoList, iolist};

use crate::element::{Compound, Element, Face, RowChange, Shape, face_methods};
use crate::form::RecordForm;
use crate::form::field::{beside, is_below, join};
use crate::form::outline::{Outline, Plan};
use crate::form::sent::Sent;
use crate::lens::invisible;
use crate::validation::ValidationError;
use crate::validation::errors::ValidationErrors;
use crate::view::FieldView;

/// Any number of records in a record.
pub struct Rows<R> {
    face: Face,
    plan: Plan<R>,
    least: usize,
    most: usize,
    spare: usize,
}

/// Any number of records of one kind, with buttons to add, remove and move them.
pub fn rows<R: 'static>(label: impl Into<Cow<'static, str>>, form: RecordForm<R>) -> Rows<R> {
    Rows { face: Face::new(label), plan: form.into_plan(), least: 0, most: usize::MAX, spare: 0 }
}

impl<R> Rows<R> {
    face_methods!();

    /// At least so many rows; a new record begins with them.
    #[must_use]
    pub fn at_least(mut self, least: usize) -> Self {
        self.least = least;
        self
    }

    /// At most so many rows.
    #[must_use]
    pub fn at_most(mut self, most: usize) -> Self {
        self.most = most;
        self
    }

    /// So many blank rows are always at the end. Rows that are left blank are no part of the
    /// record then, not even those a record has had.
    #[must_use]
    pub fn spare(mut self, rows: usize) -> Self {
        self.spare = rows;
        self
    }

    fn push_blank(&self, name: &str, index: usize, fields: &mut Fields) {
        let key = index.to_string();
        fields.push(marker(name), &key);
        self.plan.outline.blank(&join(name, &key), fields);
    }

    /// What a new row holds.
    fn fresh(&self) -> Row {
        let mut fields = Fields::new();
        self.plan.outline.blank("row", &mut fields);
        let rest = |name: &str| name["row".len()..].to_owned();
        fields.iter().map(|(name, text)| (rest(name), text.to_owned())).collect()
    }
}

/// The fields of one row; their names without the name of the row.
type Row = Vec<(String, String)>;

/// Does a row hold nothing but what a new one holds? Each field with its name within the row.
fn is_blank<'a>(mut row: impl Iterator<Item = (&'a str, &'a str)>, fresh: &Row) -> bool {
    row.all(|(name, text)| {
        let is_fresh =
            || fresh.iter().any(|field| (field.0.as_str(), field.1.as_str()) == (name, text));
        name.ends_with(":row") || invisible::is_blank(text) || is_fresh()
    })
}

fn marker(name: &str) -> String {
    beside(name, "row")
}

/// The rows of these fields, which are below the name, by their keys.
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

/// Puts the rows in this order and numbers them; other fields below the name are dropped.
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
        before.push(marker(name), index.to_string());
        let to = join(name, &index.to_string());
        let row = rows.remove(key).unwrap_or_default();
        before.extend(row.into_iter().map(|(rest, text)| (format!("{to}{rest}"), text)));
    }
    before.extend(after);
    *fields = before;
}

impl<R: 'static> Element for Rows<R> {
    type Value = Vec<R>;

    fn face(&self) -> &Face {
        &self.face
    }

    fn shape(&self) -> Shape {
        Shape::Frame
    }

    fn blank(&self, name: &str, fields: &mut Fields) {
        for index in 0..self.least + self.spare {
            self.push_blank(name, index, fields);
        }
    }

    fn show(&self, name: &str, rows: &Vec<R>, fields: &mut Fields) {
        for (index, row) in rows.iter().enumerate() {
            fields.push(marker(name), index.to_string());
            self.plan.show(&join(name, &index.to_string()), row, fields);
        }
        for index in rows.len()..rows.len() + self.spare {
            self.push_blank(name, index, fields);
        }
    }

    fn parse(&self, name: &str, sent: &Sent, mistakes: &mut ValidationErrors) -> Option<Vec<R>> {
        let fresh = self.fresh();
        let is_blank = |prefix: &str| {
            let below = [".", ":"].map(|sign| format!("{prefix}{sign}"));
            let fields = below.iter().flat_map(|start| sent.starting_with(start));
            is_blank(fields.map(|(name, text)| (&name[prefix.len()..], text)), &fresh)
        };
        let prefixes = sent.texts(&marker(name)).map(|key| join(name, key));
        let filled = prefixes.filter(|prefix| self.spare == 0 || !is_blank(prefix));
        // All rows are read, so that the errors of all are found.
        let rows: Vec<Option<R>> =
            filled.map(|prefix| self.plan.parse(&prefix, sent, mistakes)).collect();
        let mistake = match rows.len() {
            count if count < self.least => ValidationError::TooFew { least: self.least },
            count if count > self.most => ValidationError::TooMany { most: self.most },
            _ => return rows.into_iter().collect(),
        };
        mistakes.add(name, mistake);
        None
    }

    fn control(&self, at: &FieldView) -> IoList {
        let rows = at.rows().iter().map(|row| {
            let fields: IoList = row.fields().iter().map(FieldView::render).collect();
            let legend = crate::markup::tag::tag("legend").text(&format!(
                "{} {}",
                at.label_text(),
                row.number()
            ));
            let inner = iolist![legend, row.marker(), fields, row.buttons()];
            crate::markup::tag::tag("fieldset").attr("class", "row").content(inner)
        });
        iolist![rows.collect::<IoList>(), at.add_button()]
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

    fn parts(&self, name: &str, sent: &Sent) -> Vec<String> {
        sent.texts(&marker(name)).map(|key| join(name, key)).collect()
    }

    fn settle(&self, name: &str, own: Fields) -> Fields {
        let keys: Vec<String> = own.get_all(&marker(name)).map(str::to_owned).collect();
        let mut rows = by_key(name, own);
        let (mut seen, mut order) = (HashSet::new(), Vec::new());
        for key in keys {
            // A key with a point in it would reach into another row.
            let is_plain = key.bytes().all(|byte| byte.is_ascii_alphanumeric());
            if is_plain && !key.is_empty() && seen.insert(key.clone()) {
                order.push(rows.remove(&key).unwrap_or_default());
            }
        }
        let mut blank = 0;
        if self.spare > 0 {
            let fresh = self.fresh();
            let is_blank = |row: &Row| {
                is_blank(row.iter().map(|(name, text)| (name.as_str(), text.as_str())), &fresh)
            };
            // Blank rows go to the end, so that an index in the record is one in the page.
            let (empty, filled): (Vec<Row>, Vec<Row>) = order.into_iter().partition(is_blank);
            blank = empty.len();
            order = filled.into_iter().chain(empty).collect();
        }
        let mut settled = Fields::new();
        for (index, row) in order.iter().enumerate() {
            settled.push(marker(name), index.to_string());
            let to = join(name, &index.to_string());
            let row = row.iter().map(|(rest, text)| (format!("{to}{rest}"), text));
            settled.extend(self.plan.outline.settle(&to, row.collect()));
        }
        for index in order.len()..order.len() + self.spare.saturating_sub(blank) {
            self.push_blank(name, index, &mut settled);
        }
        settled
    }

    fn rearrange(&self, name: &str, change: RowChange, fields: &mut Fields) -> bool {
        let mut order: Vec<String> = fields.get_all(&marker(name)).map(str::to_owned).collect();
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
        f.debug_struct("Rows").field("face", &self.face).finish_non_exhaustive()
    }
}
