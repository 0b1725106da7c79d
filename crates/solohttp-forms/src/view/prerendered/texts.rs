//! The texts that were sent for the fields of a form.

use solohttp_core::Fields;

use crate::form::data::FormData;

/// The texts of fields, taken in the order of the form.
pub(super) enum Texts<'a> {
    /// Records and browsers have the fields in the form's order, so each is found at once.
    InOrder {
        fields: &'a Fields,
        next: usize,
    },
    ByName(&'a FormData),
}

/// What was sent for a field.
#[derive(Clone, Copy)]
pub(super) struct Sent<'a> {
    /// The last text, which is the one that counts for most elements.
    pub(super) text: &'a str,
    pub(super) is_repeated: bool,
}

impl<'a> Texts<'a> {
    /// Takes the texts in order. They are wrong unless [`are_taken`](Self::are_taken) in the end.
    pub(super) fn in_order(data: &'a FormData) -> Self {
        Self::InOrder { fields: data.fields(), next: 0 }
    }

    pub(super) fn take(&mut self, name: &str) -> Sent<'a> {
        match self {
            Self::ByName(data) => {
                Sent { text: data.text(name), is_repeated: data.texts(name).nth(1).is_some() }
            }
            Self::InOrder { fields, next } => {
                let is_skipped = |index| fields.nth(index).is_some_and(|(name, _)| is_within(name));
                let mut first = fields.value_at(*next, name);
                while first.is_none() && is_skipped(*next) {
                    *next += 1;
                    first = fields.value_at(*next, name);
                }
                let Some(mut text) = first else { return Sent { text: "", is_repeated: false } };
                *next += 1;
                let mut is_repeated = false;
                while let Some(last) = fields.value_at(*next, name) {
                    (text, is_repeated) = (last, true);
                    *next += 1;
                }
                Sent { text, is_repeated }
            }
        }
    }

    /// Whether each field was taken.
    pub(super) fn are_taken(&self) -> bool {
        match self {
            Self::ByName(_) => true,
            Self::InOrder { fields, next } => {
                let mut rest = *next..fields.len();
                rest.all(|index| fields.nth(index).is_some_and(|(name, _)| is_within(name)))
            }
        }
    }
}

/// Whether this field isn't one of the form itself, but within a row or a group, or accompanies
/// another field.
fn is_within(name: &str) -> bool {
    name.bytes().any(|byte| matches!(byte, b'.' | b':'))
}
