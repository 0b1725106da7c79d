//! What a browser has sent for a form: the fields, as text, and the files.
//!
//! Knows nothing of elements; they ask here for what has their names. Files are told by fields
//! too: `NAME:kept` holds a file's token, `NAME:refused` the place of a mistake. So they move with
//! their rows.

use solohttp_core::{Fields, Upload};

use crate::field::beside;
use crate::mistake::Mistake;

/// What was sent for a form. Names that the form does not have are kept, and harmless.
#[derive(Debug, Clone, Default)]
pub struct Sent {
    fields: Fields,
    files: Vec<(String, Upload)>,
    refused: Vec<Mistake>,
}

impl Sent {
    /// The last text of this name; blank if there is none.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.fields.get(name).unwrap_or_default()
    }

    /// All texts of this name, in order.
    pub fn texts(&self, name: &str) -> impl Iterator<Item = &str> {
        self.fields.get_all(name)
    }

    /// Was anything of this name sent?
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.fields.contains(name)
    }

    /// Every field that was sent.
    #[must_use]
    pub fn fields(&self) -> &Fields {
        &self.fields
    }

    /// The files of this field, each with its token, the latest last.
    pub fn files(&self, name: &str) -> impl Iterator<Item = (&str, &Upload)> {
        self.fields.get_all(&beside(name, "kept")).collect::<Vec<_>>().into_iter().filter_map(
            |token| {
                let found = self.files.iter().find(|(known, _)| known == token)?;
                Some((found.0.as_str(), &found.1))
            },
        )
    }

    /// Why files of this field were refused.
    pub fn refused(&self, name: &str) -> impl Iterator<Item = &Mistake> {
        let places: Vec<usize> = self
            .fields
            .get_all(&beside(name, "refused"))
            .filter_map(|place| place.parse().ok())
            .collect();
        places.into_iter().filter_map(|place| self.refused.get(place))
    }

    pub(crate) fn all_files(&self) -> impl Iterator<Item = (&str, &Upload)> {
        self.files.iter().map(|(token, upload)| (token.as_str(), upload))
    }

    pub(crate) fn fields_mut(&mut self) -> &mut Fields {
        &mut self.fields
    }

    pub(crate) fn add_file(&mut self, token: &str, upload: Upload) {
        self.files.push((token.to_owned(), upload));
    }

    pub(crate) fn push_refused(&mut self, mistake: Mistake) -> usize {
        self.refused.push(mistake);
        self.refused.len() - 1
    }
}

impl From<Fields> for Sent {
    fn from(fields: Fields) -> Self {
        Self { fields, ..Self::default() }
    }
}
