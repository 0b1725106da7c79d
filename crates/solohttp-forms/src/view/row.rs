//! One row of repeating rows on the page, or the one part of a group.

use std::fmt;
use std::ops::Index;

use solohttp_core::{IoList, Sentence, iolist};

use crate::form::field::beside;
use crate::markup::button::row_button;
use crate::markup::tag::tag;
use crate::view::{FieldView, named};

/// One row, with its fields and the buttons that move it.
pub struct RowView {
    name: String,
    index: usize,
    is_last: bool,
    fields: Vec<FieldView>,
}

impl RowView {
    pub(super) fn new(name: &str, (index, of): (usize, usize), fields: Vec<FieldView>) -> Self {
        Self { name: name.to_owned(), index, is_last: index + 1 == of, fields }
    }

    /// Its fields in the order in which they were declared.
    #[must_use]
    pub fn fields(&self) -> &[FieldView] {
        &self.fields
    }

    /// Which row it is, counted from 1, as people do.
    #[must_use]
    pub fn number(&self) -> usize {
        self.index + 1
    }

    /// The hidden field that tells that there is such a row; render it within the row.
    #[must_use]
    pub fn marker(&self) -> IoList {
        let name = beside(&self.name, "row");
        tag("input").attr("type", "hidden").attr("name", name).attr("value", self.index).void()
    }

    /// The buttons that move the row up and down and remove it.
    #[must_use]
    pub fn buttons(&self) -> IoList {
        let Some(field) = self.fields.first() else { return IoList::new() };
        let words = field.words();
        let context = field.trail.trim_end_matches(", ");
        let button = |verb: &str, label: &Sentence| {
            row_button(&format!("{verb} {} {}", self.name, self.index), label, context, words)
        };
        let up = (self.index > 0).then(|| button("up", &words.up));
        let down = (!self.is_last).then(|| button("down", &words.down));
        iolist![up, down, button("remove", &words.remove)]
    }
}

/// A field of the row by its own name, such as `quantity`.
impl Index<&str> for RowView {
    type Output = FieldView;

    #[track_caller]
    fn index(&self, name: &str) -> &FieldView {
        named(&self.fields, name)
    }
}

impl fmt::Debug for RowView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RowView").field("name", &self.name).field("index", &self.index).finish()
    }
}
