//! The errors in a view as sentences.

use std::borrow::Cow;
use std::slice;

use solohttp_core::html;

use crate::view::context::Context;
use crate::view::prerendered::field::KeptField;

/// The sentences of all errors.
pub(super) struct Messages<'a>(Vec<Message<'a>>);

/// An error as a sentence.
pub(super) struct Message<'a> {
    /// The index of its field. Errors within rows and groups have none, and those of the form as a
    /// whole. Their sentences are missing.
    pub(super) field: Option<usize>,
    html: Cow<'a, str>,
}

/// The errors of one field.
#[derive(Clone, Copy)]
pub(super) struct FieldMessages<'m> {
    all: &'m [Message<'m>],
    field: Option<usize>,
}

impl<'a> Messages<'a> {
    pub(super) fn of(context: &'a Context, fields: &[KeptField]) -> Self {
        // Elements are usually parsed in the form's order.
        let mut next = 0;
        let messages = context.errors.iter().map(|(name, error)| {
            let position =
                |fields: &[KeptField]| fields.iter().position(|field| field.name == name);
            let later = position(&fields[next..]).map(|index| next + index);
            let field = later.or_else(|| position(&fields[..next]));
            next = field.unwrap_or(next);
            let html = field.map(|_| escaped(context.settings.message(error)));
            Message { field, html: html.unwrap_or_default() }
        });
        Self(messages.collect())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether all of them belong to fields of the form itself.
    pub(super) fn have_fields(&self) -> bool {
        self.0.iter().all(|message| message.field.is_some())
    }

    /// Each of them with the index of its field, if it has one.
    pub(super) fn each(&self) -> impl Iterator<Item = (usize, FieldMessages<'_>)> {
        self.0.iter().filter_map(|message| {
            let own = FieldMessages { all: slice::from_ref(message), field: message.field };
            Some((message.field?, own))
        })
    }

    /// The index of the first field with errors, from this index on.
    pub(super) fn next_field(&self, from: usize) -> Option<usize> {
        let fields = self.0.iter().filter_map(|message| message.field);
        fields.filter(|index| *index >= from).min()
    }

    /// Whether the field at this index has any.
    #[inline]
    pub(super) fn has(&self, index: usize) -> bool {
        self.0.iter().any(|message| message.field == Some(index))
    }

    /// Those of the field at this index.
    pub(super) fn at(&self, index: usize) -> FieldMessages<'_> {
        FieldMessages { all: &self.0, field: Some(index) }
    }
}

/// Escapes a sentence once, because it appears twice on the page.
fn escaped(sentence: Cow<'_, str>) -> Cow<'_, str> {
    match html::is_plain_line(sentence.as_bytes()) {
        true => sentence,
        false => html::escape(&sentence).into_owned().into(),
    }
}

impl<'m> FieldMessages<'m> {
    pub(super) fn iter(self) -> impl Iterator<Item = &'m str> {
        let own = self.all.iter().filter(move |message| message.field == self.field);
        own.map(|message| &*message.html)
    }
}
