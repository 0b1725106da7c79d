//! The connection between the elements of a form and the fields of a record.
//!
//! All values are exchanged as plain [`Fields`]. A record is converted to fields. The browser sends
//! fields, which are parsed, or rendered if the form is shown again. Because a half-filled form has
//! only this one representation, showing it again can't lose anything. As a shortcut, the values of
//! a record can go to a page, from which the fields can be read.

use std::fmt;
use std::rc::Rc;

use solohttp_core::Fields;

use crate::element::Element;
use crate::form::data::FormData;
use crate::form::names::{join, plain_name};
use crate::outline::Outline;
use crate::validation::errors::ValidationErrors;
use crate::view::prerendered::record_page::RecordPage;

/// An element, and the name of its field.
#[doc(hidden)]
pub struct Slot<E> {
    name: &'static str,
    element: Rc<E>,
}

/// Collects the values of a record that is being shown.
#[doc(hidden)]
pub struct Showing<'a, 'p> {
    prefix: &'a str,
    to: Target<'a, 'p>,
}

/// Where the values of a record go.
enum Target<'a, 'p> {
    Fields(&'a mut Fields),
    /// Borrowed, because moving a page that was just written takes as long as one of its fields.
    Page(&'a mut RecordPage<'p>),
}

/// Provides the fields of a record that is being parsed.
#[doc(hidden)]
pub struct Reading<'a> {
    prefix: &'a str,
    data: &'a FormData,
    errors: &'a mut ValidationErrors,
}

impl<E: Element> Slot<E> {
    /// Adds an element to the outline.
    pub fn new(outline: &mut Outline, name: &'static str, element: E) -> Self {
        let (name, element) = (plain_name(name), Rc::new(element));
        outline.push(name, element.clone());
        Self { name, element }
    }

    pub fn show(&self, value: &E::Value, showing: &mut Showing<'_, '_>) {
        match &mut showing.to {
            Target::Fields(fields) => {
                self.element.show(&join(showing.prefix, self.name), value, fields);
            }
            Target::Page(page) => page.add(|text| self.element.write(value, text)),
        }
    }

    /// Parses the value, unless it was given or is already known to be wrong, as it may be in a row
    /// of a CSV file.
    pub fn parse(&self, from: &mut Reading<'_>) -> Option<E::Value> {
        let name = join(from.prefix, self.name);
        if let Some(value) = from.data.take_given(&name) {
            return value.downcast().ok().map(|value| *value);
        }
        if from.errors.has(&name) {
            return None;
        }
        self.element.parse(&name, from.data, from.errors)
    }
}

impl<E> fmt::Debug for Slot<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Slot").field(&self.name).finish()
    }
}

impl fmt::Debug for Showing<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Showing").field(&self.prefix).finish()
    }
}

impl fmt::Debug for Reading<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Reading").field(&self.prefix).finish()
    }
}

type ShowRecord<T> = dyn Fn(&T, &mut Showing<'_, '_>);
type ParseRecord<T> = dyn Fn(&mut Reading<'_>) -> Option<T>;

/// An outline, and the two functions that convert between its fields and a record.
pub(crate) struct Plan<T> {
    pub(crate) outline: Rc<Outline>,
    show: Rc<ShowRecord<T>>,
    parse: Rc<ParseRecord<T>>,
}

impl<T> Clone for Plan<T> {
    fn clone(&self) -> Self {
        let Self { outline, show, parse } = self;
        Self { outline: outline.clone(), show: show.clone(), parse: parse.clone() }
    }
}

impl<T> Plan<T> {
    pub(crate) fn new(
        outline: Outline,
        parse: impl Fn(&mut Reading<'_>) -> Option<T> + 'static,
        show: impl Fn(&T, &mut Showing<'_, '_>) + 'static,
    ) -> Self {
        Self { outline: Rc::new(outline), show: Rc::new(show), parse: Rc::new(parse) }
    }

    pub(crate) fn show(&self, prefix: &str, record: &T, fields: &mut Fields) {
        (self.show)(record, &mut Showing { prefix, to: Target::Fields(fields) });
    }

    /// Shows a record on a page.
    pub(crate) fn show_on(&self, page: &mut RecordPage<'_>, record: &T) {
        (self.show)(record, &mut Showing { prefix: "", to: Target::Page(page) });
    }

    pub(crate) fn parse(
        &self,
        prefix: &str,
        data: &FormData,
        errors: &mut ValidationErrors,
    ) -> Option<T> {
        (self.parse)(&mut Reading { prefix, data, errors })
    }
}
