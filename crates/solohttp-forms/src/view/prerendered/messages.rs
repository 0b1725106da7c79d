//! The errors in a view as sentences.

use std::borrow::Cow;

use crate::view::FormView;
use crate::view::prerendered::field::KeptField;

/// The sentences of all errors, each with the index of its field. Those of the form as a whole have
/// none, and those within rows and groups.
pub(super) struct Messages<'a>(Vec<(Option<usize>, Cow<'a, str>)>);

impl<'a> Messages<'a> {
    pub(super) fn of<T>(view: &'a FormView<T>, fields: &[KeptField]) -> Self {
        let settings = &view.context().settings;
        // Elements are usually parsed in the form's order.
        let mut next = 0;
        let messages = view.errors().map(|(name, error)| {
            let mut indexes = (next..fields.len()).chain(0..next);
            let index = indexes.find(|&index| fields[index].name == name);
            next = index.unwrap_or(next);
            (index, index.map_or(Cow::Borrowed(""), |_| settings.message(error)))
        });
        Self(messages.collect())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them with the indexes of their fields. `None` if some have none.
    pub(super) fn by_field(&self) -> Option<impl Iterator<Item = (usize, &str)>> {
        let is_complete = self.0.iter().all(|(field, _)| field.is_some());
        let messages = self.0.iter().filter_map(|(field, text)| Some(((*field)?, &**text)));
        is_complete.then_some(messages)
    }

    /// Whether the field at this index has errors.
    #[inline]
    pub(super) fn has(&self, index: usize) -> bool {
        self.0.iter().any(|(field, _)| *field == Some(index))
    }

    /// Those of the field at this index.
    #[inline]
    pub(super) fn at(&self, index: usize) -> impl Iterator<Item = &str> + Clone {
        let own = self.0.iter().filter(move |(field, _)| *field == Some(index));
        own.map(|(_, text)| &**text)
    }
}
