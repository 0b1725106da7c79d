//! The data that a browser sent for a form: text fields and files.
//!
//! Each file is represented by a field, so that it moves along with its row. `NAME:kept` holds the
//! token of an accepted file, and `NAME:refused` holds the index of the error for a rejected one.

use std::any::Any;
use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use solohttp_core::{Fields, Upload};

use crate::form::by_name::ByName;
use crate::form::names::{KEPT, REFUSED};
use crate::validation::ValidationError;
use crate::view::prerendered::record_page::ShownRecord;

/// Up to this many fields are scanned for each lookup.
const FEW: usize = 32;

type Given = Vec<(String, Box<dyn Any>)>;

/// The fields and files that were sent for a form, including those that the form doesn't define.
#[derive(Debug, Clone, Default)]
pub struct FormData {
    /// Read from the shown record if they are needed.
    fields: OnceCell<Fields>,
    /// The page that already has all of the data.
    shown: Option<ShownRecord>,
    /// Built on the first lookup, and rebuilt after the fields have changed.
    by_name: OnceCell<ByName>,
    files: Vec<(String, Upload)>,
    refused: Vec<ValidationError>,
    /// Values that the program has found by itself, with the names of their fields. Each is taken
    /// once. Clones made after the first value share them, because values can't be cloned.
    given: OnceCell<Rc<RefCell<Given>>>,
}

impl FormData {
    /// The value of the last field with this name, or an empty string if there is none.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        if self.is_short() {
            return self.fields().get(name).unwrap_or_default();
        }
        self.indexes(name).last().map(|&index| self.text_at(index)).unwrap_or_default()
    }

    /// The values of all fields with this name, in order.
    pub fn texts<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        let is_short = self.is_short();
        let indexes = if is_short { &[] } else { self.indexes(name) };
        // The field's own copy of the name outlives the argument.
        let scanned = is_short.then(|| self.fields().iter().find(|&(known, _)| known == name));
        let scanned = scanned.flatten().into_iter();
        let scanned = scanned.flat_map(|(name, _)| self.fields().get_all(name));
        indexes.iter().map(|&index| self.text_at(index)).chain(scanned)
    }

    /// Whether a field with this name was sent.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        if self.is_short() { self.fields().contains(name) } else { !self.indexes(name).is_empty() }
    }

    /// All fields.
    #[must_use]
    #[inline]
    pub fn fields(&self) -> &Fields {
        let read = || self.shown.as_ref().map(ShownRecord::fields).unwrap_or_default();
        self.fields.get_or_init(read)
    }

    /// The record's page, if it is finished.
    pub(crate) fn shown(&self) -> Option<&ShownRecord> {
        self.shown.as_ref()
    }

    /// The fields whose names start with `start`, sorted by name.
    pub(crate) fn starting_with(&self, start: &str) -> impl Iterator<Item = (&str, &str)> {
        let indexes = self.by_name().starting_with(self.fields(), start);
        indexes.iter().filter_map(|&index| self.fields().nth(index))
    }

    /// This field's files with their tokens, latest last.
    pub(crate) fn files<'a>(
        &'a self,
        name: &str,
    ) -> impl Iterator<Item = (&'a str, &'a Upload)> + use<'a> {
        self.texts(&KEPT.of(name)).filter_map(|token| {
            let found = self.files.iter().find(|(known, _)| known == token)?;
            Some((found.0.as_str(), &found.1))
        })
    }

    /// The errors for this field's rejected files.
    pub(crate) fn refused<'a>(
        &'a self,
        name: &str,
    ) -> impl Iterator<Item = &'a ValidationError> + use<'a> {
        let indexes = self.texts(&REFUSED.of(name));
        indexes.filter_map(|index| self.refused.get(index.parse::<usize>().ok()?))
    }

    /// The tokens of all files.
    pub(crate) fn tokens(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|(token, _)| token.as_str())
    }

    /// Sets the value of a field, which is then not parsed.
    pub(crate) fn give(&self, name: &str, value: Box<dyn Any>) {
        self.given.get_or_init(Rc::default).borrow_mut().push((name.to_owned(), value));
    }

    /// Takes the value that was set for this field.
    pub(crate) fn take_given(&self, name: &str) -> Option<Box<dyn Any>> {
        let mut given = self.given.get()?.borrow_mut();
        let index = given.iter().position(|(known, _)| known == name)?;
        Some(given.swap_remove(index).1)
    }

    pub(crate) fn fields_mut(&mut self) -> &mut Fields {
        self.by_name.take();
        if let Some(shown) = self.shown.take() {
            self.fields.get_or_init(|| shown.fields());
        }
        self.fields.get_or_init(Fields::new);
        self.fields.get_mut().expect("the fields were just read")
    }

    /// Adds a file, which fields refer to by its token.
    pub(crate) fn add_file(&mut self, token: &str, upload: Upload) {
        if self.files.iter().all(|(known, _)| known != token) {
            self.files.push((token.to_owned(), upload));
        }
    }

    /// Records the error for a file that was rejected in this field.
    pub(crate) fn refuse(&mut self, name: &str, error: ValidationError) {
        let index = self.refused.len().to_string();
        self.refused.push(error);
        self.fields_mut().push(REFUSED.of(name), index);
    }

    fn by_name(&self) -> &ByName {
        self.by_name.get_or_init(|| ByName::of(self.fields()))
    }

    /// Whether scanning all fields is faster than building an index.
    fn is_short(&self) -> bool {
        self.fields().len() <= FEW
    }

    fn indexes(&self, name: &str) -> &[usize] {
        self.by_name().indexes(self.fields(), name)
    }

    fn text_at(&self, index: usize) -> &str {
        self.fields().nth(index).map(|(_, text)| text).unwrap_or_default()
    }
}

impl From<Fields> for FormData {
    fn from(fields: Fields) -> Self {
        Self { fields: fields.into(), ..Self::default() }
    }
}

impl From<ShownRecord> for FormData {
    fn from(shown: ShownRecord) -> Self {
        Self { shown: Some(shown), ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lookups_agree_for_few_and_many_fields() {
        for count in [0, 1, FEW, FEW + 1, 3 * FEW] {
            let fields = (0..count).map(|index| (format!("n{}", index % 3), index.to_string()));
            let data = FormData::from(fields.collect::<Fields>());
            for field in 0..4 {
                let expect: Vec<String> = (0..count)
                    .filter(|index| index % 3 == field)
                    .map(|index| index.to_string())
                    .collect();
                let name = format!("n{field}");
                assert_eq!(data.texts(&name).collect::<Vec<_>>(), expect, "{name} of {count}");
                assert_eq!(data.text(&name), expect.last().map_or("", String::as_str));
                assert_eq!(data.has(&name), !expect.is_empty());
            }
        }
    }
}
