//! Repeating rows, such as the lines of an invoice, changed by plain buttons.
//!
//! Each row carries a hidden field `NAME:row` with its key; their order is the order of the rows.
//! After every request the keys are numbered from 0 again, so that an index in the record is the
//! index in the page.

use std::borrow::Cow;
use std::fmt;

use solohttp_core::{Fields, IoList, iolist};

use crate::element::{Compound, Element, Face, RowChange, Shape, face_methods};
use crate::errors::Mistakes;
use crate::field::{beside, join};
use crate::form::RecordForm;
use crate::lens::invisible;
use crate::mistake::Mistake;
use crate::outline::{Outline, Plan};
use crate::sent::Sent;
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

    fn push_blank(&self, name: &str, fields: &mut Fields) {
        let key = keys(name, fields).len().to_string();
        fields.push(marker(name), &key);
        self.plan.outline.blank(&join(name, &key), fields);
    }

    /// Does the row hold nothing but what a new one holds?
    fn is_blank(&self, prefix: &str, fields: &Fields) -> bool {
        let mut fresh = Fields::new();
        self.plan.outline.blank(prefix, &mut fresh);
        let is_marker = |name: &str| name.ends_with(":row");
        fields.iter().filter(|(name, _)| is_below(prefix, name) && !is_marker(name)).all(
            |(name, text)| {
                invisible::is_blank(text) || fresh.get_all(name).any(|known| known == text)
            },
        )
    }

    fn filled(&self, name: &str, fields: &Fields) -> usize {
        let keys = keys(name, fields);
        keys.iter().filter(|key| !self.is_blank(&join(name, key), fields)).count()
    }
}

fn marker(name: &str) -> String {
    beside(name, "row")
}

fn keys(name: &str, fields: &Fields) -> Vec<String> {
    fields.get_all(&marker(name)).map(str::to_owned).collect()
}

fn is_below(prefix: &str, name: &str) -> bool {
    name.strip_prefix(prefix).is_some_and(|rest| rest.starts_with(['.', ':']))
}

/// Puts the rows in this order and numbers them; the fields of others are dropped.
fn arrange(name: &str, order: &[String], fields: &mut Fields) {
    let old = std::mem::take(fields);
    let is_ours = |field: &str| is_below(name, field);
    let first = old.iter().position(|(field, _)| is_ours(field)).unwrap_or(old.len());
    fields.extend(old.iter().take(first).filter(|(field, _)| !is_ours(field)));
    for (index, key) in order.iter().enumerate() {
        fields.push(marker(name), index.to_string());
        let (from, to) = (join(name, key), join(name, &index.to_string()));
        for (field, text) in old.iter().filter(|(field, _)| is_below(&from, field)) {
            fields.push(format!("{to}{}", &field[from.len()..]), text);
        }
    }
    fields.extend(old.iter().skip(first).filter(|(field, _)| !is_ours(field)));
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
        for _ in 0..self.least + self.spare {
            self.push_blank(name, fields);
        }
    }

    fn show(&self, name: &str, rows: &Vec<R>, fields: &mut Fields) {
        for (index, row) in rows.iter().enumerate() {
            fields.push(marker(name), index.to_string());
            self.plan.show(&join(name, &index.to_string()), row, fields);
        }
        for _ in 0..self.spare {
            self.push_blank(name, fields);
        }
    }

    fn parse(&self, name: &str, sent: &Sent, mistakes: &mut Mistakes) -> Option<Vec<R>> {
        let prefixes = keys(name, sent.fields()).into_iter().map(|key| join(name, &key));
        let filled =
            prefixes.filter(|prefix| self.spare == 0 || !self.is_blank(prefix, sent.fields()));
        // All rows are read, so that the errors of all are found.
        let rows: Vec<Option<R>> =
            filled.map(|prefix| self.plan.parse(&prefix, sent, mistakes)).collect();
        let mistake = match rows.len() {
            count if count < self.least => Mistake::TooFew { least: self.least },
            count if count > self.most => Mistake::TooMany { most: self.most },
            _ => return rows.into_iter().collect(),
        };
        mistakes.add(name, mistake);
        None
    }

    fn control(&self, at: &FieldView) -> IoList {
        let rows = at.rows().iter().map(|row| {
            let fields: IoList = row.fields().iter().map(FieldView::render).collect();
            let legend =
                crate::tag::tag("legend").text(&format!("{} {}", at.label_text(), row.number()));
            let inner = iolist![legend, row.marker(), fields, row.buttons()];
            crate::tag::tag("fieldset").attr("class", "row").content(inner)
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

    fn parts(&self, name: &str, fields: &Fields) -> Vec<(String, &Outline)> {
        let prefixes = keys(name, fields).into_iter().map(|key| join(name, &key));
        prefixes.map(|prefix| (prefix, &self.plan.outline)).collect()
    }

    fn settle(&self, name: &str, fields: &mut Fields) {
        let mut order: Vec<String> = Vec::new();
        for key in keys(name, fields) {
            // A key with a point in it would reach into another row.
            let is_plain = key.bytes().all(|byte| byte.is_ascii_alphanumeric());
            if is_plain && !key.is_empty() && !order.contains(&key) {
                order.push(key);
            }
        }
        if self.spare > 0 {
            // Blank rows go to the end, so that an index in the record is one in the page.
            order.sort_by_key(|key| self.is_blank(&join(name, key), fields));
        }
        arrange(name, &order, fields);
        let blank = order.len() - self.filled(name, fields);
        for _ in blank..self.spare {
            self.push_blank(name, fields);
        }
    }

    fn rearrange(&self, name: &str, change: RowChange, fields: &mut Fields) -> bool {
        let mut order = keys(name, fields);
        let swap = match change {
            RowChange::Add => {
                self.push_blank(name, fields);
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
