//! What a browser has sent for a form: the fields, as text, and the files.
//!
//! Knows nothing of elements; they ask here for what has their names. Files are told by fields
//! too: `NAME:kept` holds a file's token, `NAME:refused` the place of a mistake. So they move with
//! their rows.

use std::cell::OnceCell;

use solohttp_core::{Fields, Upload};

use crate::form::by_name::ByName;
use crate::form::field::beside;
use crate::validation::ValidationError;

/// What was sent for a form. Names that the form does not have are kept, and harmless.
#[derive(Debug, Clone, Default)]
pub struct Sent {
    fields: Fields,
    /// Made when a name is first asked for, and anew when the fields have changed.
    by_name: OnceCell<ByName>,
    files: Vec<(String, Upload)>,
    refused: Vec<ValidationError>,
}

impl Sent {
    /// The last text of this name; blank if there is none.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.places(name).last().map(|&place| self.text_at(place)).unwrap_or_default()
    }

    /// All texts of this name, in order.
    pub fn texts<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        self.places(name).iter().map(|&place| self.text_at(place))
    }

    /// Was anything of this name sent?
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        !self.places(name).is_empty()
    }

    /// Every field that was sent.
    #[must_use]
    pub fn fields(&self) -> &Fields {
        &self.fields
    }

    /// The fields whose names start with this, in the order of their names.
    pub(crate) fn starting_with(&self, start: &str) -> impl Iterator<Item = (&str, &str)> {
        let places = self.by_name().starting_with(&self.fields, start);
        places.iter().filter_map(|&place| self.fields.nth(place))
    }

    /// The files of this field, each with its token, the latest last.
    pub fn files<'a>(
        &'a self,
        name: &str,
    ) -> impl Iterator<Item = (&'a str, &'a Upload)> + use<'a> {
        self.places(&beside(name, "kept")).iter().filter_map(|&place| {
            let token = self.text_at(place);
            let found = self.files.iter().find(|(known, _)| known == token)?;
            Some((found.0.as_str(), &found.1))
        })
    }

    /// Why files of this field were refused.
    pub fn refused<'a>(
        &'a self,
        name: &str,
    ) -> impl Iterator<Item = &'a ValidationError> + use<'a> {
        let places = self.places(&beside(name, "refused")).iter();
        places.filter_map(|&place| self.refused.get(self.text_at(place).parse::<usize>().ok()?))
    }

    pub(crate) fn all_files(&self) -> impl Iterator<Item = (&str, &Upload)> {
        self.files.iter().map(|(token, upload)| (token.as_str(), upload))
    }

    pub(crate) fn fields_mut(&mut self) -> &mut Fields {
        self.by_name.take();
        &mut self.fields
    }

    pub(crate) fn add_file(&mut self, token: &str, upload: Upload) {
        if self.files.iter().all(|(known, _)| known != token) {
            self.files.push((token.to_owned(), upload));
        }
    }

    pub(crate) fn push_refused(&mut self, mistake: ValidationError) -> usize {
        self.refused.push(mistake);
        self.refused.len() - 1
    }

    fn by_name(&self) -> &ByName {
        self.by_name.get_or_init(|| ByName::of(&self.fields))
    }

    fn places(&self, name: &str) -> &[usize] {
        self.by_name().places(&self.fields, name)
    }

    fn text_at(&self, place: usize) -> &str {
        self.fields.nth(place).map(|(_, text)| text).unwrap_or_default()
    }
}

impl From<Fields> for Sent {
    fn from(fields: Fields) -> Self {
        Self { fields, ..Self::default() }
    }
}
