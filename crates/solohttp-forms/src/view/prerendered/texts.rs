//! The texts that were sent for the fields of a form.

use solohttp_core::Fields;

use crate::form::data::FormData;
use crate::view::prerendered::field::KeptField;

/// Takes the texts of a form's own fields, skipping those within rows and groups.
///
/// Records and browsers have the fields in the form's order, so each is found without a search.
pub(super) struct Texts<'a> {
    form: &'a [KeptField],
    fields: &'a Fields,
    next: usize,
    /// Whether other fields were skipped.
    has_skipped: bool,
}

impl<'a> Texts<'a> {
    pub(super) fn new(form: &'a [KeptField], fields: &'a Fields) -> Self {
        Self { form, fields, next: 0, has_skipped: false }
    }

    /// The first text of the next field of the form, if it was sent. This is right only if
    /// [all fields are taken](Self::are_taken) in the end.
    #[inline(always)]
    pub(super) fn find(&mut self, name: &str) -> Option<&'a str> {
        self.fields.value_at(self.next, name).or_else(|| self.skip_to(name))
    }

    /// Takes the text that was found.
    #[inline(always)]
    pub(super) fn take(&mut self) {
        self.next += 1;
    }

    #[inline(never)]
    fn skip_to(&mut self, name: &str) -> Option<&'a str> {
        while self.fields.nth(self.next).is_some_and(|(known, _)| !self.is_own(known)) {
            self.next += 1;
            self.has_skipped = true;
        }
        self.fields.value_at(self.next, name)
    }

    /// Whether all of the fields were taken, and none was skipped.
    pub(super) fn are_all(&self) -> bool {
        !self.has_skipped && self.next == self.fields.len()
    }

    fn is_own(&self, name: &str) -> bool {
        self.form.iter().any(|field| field.name == name)
    }

    /// Whether each field was taken, so that the fields are in the form's order.
    pub(super) fn are_taken(&self) -> bool {
        let mut rest = self.next..self.fields.len();
        rest.all(|index| self.fields.nth(index).is_some_and(|(name, _)| !self.is_own(name)))
    }
}

/// Sorts fields into the order of the form, without those that don't count.
pub(super) fn sorted(form: &[KeptField], data: &FormData) -> Fields {
    let mut fields = Fields::new();
    for KeptField { name, shows_all_texts, .. } in form {
        if *shows_all_texts {
            data.texts(name).for_each(|text| fields.push(name, text));
        } else if data.has(name) {
            fields.push(name, data.text(name));
        }
    }
    fields
}
