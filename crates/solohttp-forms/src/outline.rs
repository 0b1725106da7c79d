//! A form's elements by name, as a tree: rows and groups have their own outlines.
//!
//! [`AnyElement`], [`Compound`] and [`Outline`] refer to each other, so they share this file.

use std::any::Any;
use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::rc::Rc;

use solohttp_core::{Fields, Sentence};

use crate::element::cell::CellKind;
use crate::element::file_rules::FileRules;
use crate::form::data::FormData;
use crate::form::names::{ROW, is_below, join};
use crate::form::row_change::RowChange;
use crate::view::field::Render;

/// An element whose value type has been erased.
pub(crate) trait AnyElement: Render {
    fn blank(&self, name: &str, fields: &mut Fields);
    fn show_any(&self, name: &str, value: &dyn Any, fields: &mut Fields);
    /// Parses the value in `data`.
    fn parse_any(&self, name: &str, data: &FormData) -> Option<Box<dyn Any>>;
    /// Parses the value in `data` and returns the element's fields for it, or `None` if it is
    /// invalid.
    fn canonical(&self, name: &str, data: &FormData) -> Option<Fields>;
    fn is_secret(&self) -> bool;
    fn untouched(&self, name: &str, fields: &mut Fields);
    fn describe(&self, name: &str, data: &FormData) -> String;
    fn file_rules(&self) -> Option<&FileRules>;
    fn compound(&self) -> Option<&dyn Compound>;
    fn cell(&self) -> Option<CellKind<'_>>;
}

/// An element that consists of other elements.
#[doc(hidden)]
pub trait Compound {
    /// The elements of each part.
    fn outline(&self) -> &Outline;

    /// The name prefix of each part.
    fn parts(&self, name: &str, data: &FormData) -> Vec<String>;

    /// Whether the parts are rows, so that there can be any number of them.
    fn is_repeated(&self) -> bool {
        false
    }

    /// The number of rows, if users can't change it.
    fn fixed_count(&self) -> Option<usize> {
        None
    }

    /// Whether blank parts are left out of the record.
    fn leaves_out_blank(&self) -> bool {
        false
    }

    /// The legend of each row, if it has one of its own.
    fn legend(&self) -> Option<&Sentence> {
        None
    }

    /// Whether the rows are rendered as a table.
    fn is_table(&self) -> bool {
        false
    }

    /// Numbers the parts from 0 in the order in which they were sent. `own` contains all fields
    /// below `name`.
    fn normalize(&self, name: &str, own: Fields, blank: BlankRows) -> Fields {
        self.outline().normalize(name, own, blank)
    }

    /// Adds, removes or moves a row. Returns the index of the row to focus, or `None` if the row
    /// doesn't exist.
    fn rearrange(&self, name: &str, change: RowChange, fields: &mut Fields) -> Option<usize> {
        let _ = (name, change, fields);
        None
    }
}

/// What happens to blank rows that are left out of the record.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlankRows {
    /// They become the last rows, so that row indexes in the record match those on the page.
    Last,
    /// They stay where they are, because the commands of row buttons refer to their indexes.
    InPlace,
}

/// Elements by name, in order.
#[derive(Clone, Default)]
#[doc(hidden)]
pub struct Outline {
    elements: Vec<(&'static str, Rc<dyn AnyElement>)>,
    // What any element has, even if it is within a row or group.
    pub(crate) has_secrets: bool,
    has_files: bool,
    pub(crate) has_fixed_fields: bool,
    has_compounds: bool,
    pub(crate) has_rows: bool,
    pub(crate) has_autofocus: bool,
}

impl Outline {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    pub(crate) fn push(&mut self, name: &'static str, element: Rc<dyn AnyElement>) {
        match element.compound().map(Compound::outline) {
            Some(within) => {
                self.has_secrets |= within.has_secrets;
                self.has_files |= within.has_files;
                self.has_fixed_fields |= within.has_fixed_fields;
                self.has_rows |= within.has_rows;
                self.has_autofocus |= within.has_autofocus;
                self.has_compounds = true;
            }
            None => self.has_fixed_fields |= is_fixed(element.as_ref()),
        }
        self.has_rows |= element.has_rows();
        self.has_autofocus |= element.info().autofocus;
        self.has_secrets |= element.is_secret();
        self.has_files |= element.file_rules().is_some();
        self.elements.push((name, element));
    }

    pub(crate) fn iter(
        &self,
    ) -> impl ExactSizeIterator<Item = (&'static str, &Rc<dyn AnyElement>)> {
        self.elements.iter().map(|(name, element)| (*name, element))
    }

    /// The element at this index.
    pub(crate) fn nth(&self, index: usize) -> (&'static str, &Rc<dyn AnyElement>) {
        let (name, element) = &self.elements[index];
        (name, element)
    }

    pub(crate) fn len(&self) -> usize {
        self.elements.len()
    }

    /// The full names of the secret fields. Includes those in rows only if `in_rows` is true.
    pub(crate) fn secrets(&self, prefix: &str, data: &FormData, in_rows: bool) -> Vec<String> {
        let mut secrets = Vec::new();
        // Most forms have no secrets. Returning early avoids walking through tables with thousands
        // of rows.
        if !self.has_secrets {
            return secrets;
        }
        for (name, element) in self.iter() {
            let name = join(prefix, name);
            match element.compound() {
                Some(compound) if in_rows || !compound.is_repeated() => {
                    for part in compound.parts(&name, data) {
                        secrets.extend(compound.outline().secrets(&part, data, in_rows));
                    }
                }
                None if element.is_secret() => secrets.push(name.into_owned()),
                _ => {}
            }
        }
        secrets
    }

    pub(crate) fn blank(&self, prefix: &str, fields: &mut Fields) {
        for (name, element) in self.iter() {
            element.blank(&join(prefix, name), fields);
        }
    }

    /// Writes the values that browsers send for controls that are never blank, even if the user
    /// hasn't touched them.
    pub(crate) fn untouched(&self, prefix: &str, fields: &mut Fields) {
        for (name, element) in self.iter() {
            let name = join(prefix, name);
            let Some(compound) = element.compound() else {
                element.untouched(&name, fields);
                continue;
            };
            for part in compound.parts(&name, &FormData::from(fields.clone())) {
                compound.outline().untouched(&part, fields);
            }
        }
    }

    /// The full name of a field that is blank although its element rejects that, and that the user
    /// can't fill in, because it is hidden or read-only.
    pub(crate) fn unsendable(&self, prefix: &str, data: &FormData) -> Option<String> {
        if !self.has_fixed_fields {
            return None;
        }
        self.iter().find_map(|(name, element)| {
            let name = join(prefix, name);
            if let Some(compound) = element.compound() {
                let mut parts = compound.parts(&name, data).into_iter();
                return parts.find_map(|part| compound.outline().unsendable(&part, data));
            }
            let is_blank = is_fixed(element.as_ref()) && data.text(&name).is_empty();
            (is_blank && element.canonical(&name, data).is_none()).then(|| name.into_owned())
        })
    }

    /// Sorts the fields below `prefix` into the order in which they are rendered and parsed, and
    /// numbers rows from 0.
    pub(crate) fn normalize(&self, prefix: &str, fields: Fields, blank: BlankRows) -> Fields {
        if !self.has_compounds {
            return fields;
        }
        let compounds = self.iter().filter_map(|(name, element)| {
            Some((join(prefix, name), element.compound()?, Fields::new()))
        });
        let mut compounds: Vec<(Cow<'_, str>, &dyn Compound, Fields)> = compounds.collect();
        // Moves each field once per nesting level, so the time is linear in the number of fields.
        let mut normalized = Fields::new();
        for (name, text) in fields.iter() {
            match compounds.iter_mut().find(|(compound, ..)| is_below(compound, name)) {
                Some((_, _, own)) => own.push(name, text),
                None => normalized.push(name, text),
            }
        }
        for (name, compound, own) in compounds {
            normalized.extend(compound.normalize(&name, own, blank));
        }
        normalized
    }

    pub(crate) fn has_files(&self) -> bool {
        self.has_files
    }

    /// The element with this full name, such as `lines.2.item`, if its row exists.
    pub(crate) fn find(&self, name: &str, rows: &RowKeys<'_>) -> Option<&Rc<dyn AnyElement>> {
        self.find_below("", name, rows)
    }

    fn find_below(
        &self,
        prefix: &str,
        wanted: &str,
        rows: &RowKeys<'_>,
    ) -> Option<&Rc<dyn AnyElement>> {
        self.iter().find_map(|(name, element)| {
            let name = join(prefix, name);
            if name == wanted {
                return Some(element);
            }
            let below = wanted.strip_prefix(&*name)?.strip_prefix('.')?;
            let compound = element.compound()?;
            if !compound.is_repeated() {
                return compound.outline().find_below(&name, wanted, rows);
            }
            let key = below.split('.').next().unwrap_or_default();
            let exists = rows.0.contains(&(&*name, key));
            exists.then(|| compound.outline().find_below(&join(&name, key), wanted, rows))?
        })
    }
}

/// Whether the user can't change the element's value. A secret's value isn't on the page.
fn is_fixed(element: &dyn AnyElement) -> bool {
    !element.is_editable() && !element.is_secret()
}

/// The keys of all rows that were sent, each paired with the name of its element.
pub(crate) struct RowKeys<'a>(HashSet<(&'a str, &'a str)>);

impl<'a> RowKeys<'a> {
    pub(crate) fn of(fields: &'a Fields) -> Self {
        let rows = fields.iter().filter_map(|(name, key)| Some((ROW.strip(name)?, key)));
        Self(rows.collect())
    }
}

impl fmt::Debug for Outline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter().map(|(name, _)| name)).finish()
    }
}
