//! The elements of a form by name, and `form!`, which ties them to the fields of a record.
//!
//! What is typed travels as plain [`Fields`] all the way: a record is shown into fields, fields
//! are what a browser sends, what is rendered again, and what is parsed. So there is one
//! representation of a half-filled form, and redisplay cannot lose anything.

use std::any::Any;
use std::collections::HashSet;
use std::fmt;
use std::rc::Rc;

use solohttp_core::Fields;

use crate::element::{AnyElement, Compound, Element};
use crate::form::RecordForm;
use crate::form::field::{is_below, join, plain_name};
use crate::form::sent::Sent;
use crate::validation::errors::ValidationErrors;

/// Elements by name, in order.
#[derive(Clone, Default)]
#[doc(hidden)]
pub struct Outline {
    elements: Vec<(&'static str, Rc<dyn AnyElement>)>,
}

/// One element and the name of its field.
#[doc(hidden)]
pub struct Slot<E> {
    name: &'static str,
    element: Rc<E>,
}

/// Where a record is shown.
#[doc(hidden)]
pub struct Showing<'a> {
    pub(crate) prefix: &'a str,
    pub(crate) fields: &'a mut Fields,
}

/// Where a record is read from.
#[doc(hidden)]
pub struct Reading<'a> {
    pub(crate) prefix: &'a str,
    pub(crate) sent: &'a Sent,
    pub(crate) mistakes: &'a mut ValidationErrors,
}

impl<E: Element> Slot<E> {
    pub fn show(&self, value: &E::Value, place: &mut Showing<'_>) {
        self.element.show(&join(place.prefix, self.name), value, place.fields);
    }

    pub fn parse(&self, place: &mut Reading<'_>) -> Option<E::Value> {
        self.element.parse(&join(place.prefix, self.name), place.sent, place.mistakes)
    }
}

impl Outline {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    pub fn add<E: Element>(&mut self, name: &'static str, element: E) -> Slot<E> {
        let (name, element) = (plain_name(name), Rc::new(element));
        self.elements.push((name, element.clone()));
        Slot { name, element }
    }

    #[must_use]
    pub fn finish<T: 'static>(
        self,
        parse: impl Fn(&mut Reading<'_>) -> Option<T> + 'static,
        show: impl Fn(&T, &mut Showing<'_>) + 'static,
    ) -> RecordForm<T> {
        RecordForm::new(Plan { outline: self, show: Rc::new(show), parse: Rc::new(parse) })
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'static str, &Rc<dyn AnyElement>)> {
        self.elements.iter().map(|(name, element)| (*name, element))
    }

    pub(crate) fn has_secrets(&self) -> bool {
        self.iter().any(|(_, element)| {
            let within = element.compound().map(|compound| compound.outline());
            element.is_secret() || within.is_some_and(Self::has_secrets)
        })
    }

    /// The full names of the fields whose values are never shown, in rows only where `in_rows`.
    pub(crate) fn secrets(&self, prefix: &str, sent: &Sent, in_rows: bool) -> Vec<String> {
        let mut secrets = Vec::new();
        // Most forms have none, and a table of thousands of rows is not looked through.
        if !self.has_secrets() {
            return secrets;
        }
        for (name, element) in self.iter() {
            let name = join(prefix, name);
            match element.compound() {
                Some(compound) if in_rows || !compound.is_repeated() => {
                    for part in compound.parts(&name, sent) {
                        secrets.extend(compound.outline().secrets(&part, sent, in_rows));
                    }
                }
                None if element.is_secret() => secrets.push(name),
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

    /// Brings what was sent into the order in which it is rendered and read. `fields` are those
    /// below the prefix.
    pub(crate) fn settle(&self, prefix: &str, fields: Fields) -> Fields {
        let compounds = self.iter().filter_map(|(name, element)| {
            Some((join(prefix, name), element.compound()?, Fields::new()))
        });
        let mut compounds: Vec<(String, &dyn Compound, Fields)> = compounds.collect();
        // Each field is moved once per level, so that a table takes no more time than its size.
        let mut simple = Vec::new();
        for (name, text) in fields {
            match compounds.iter_mut().find(|(compound, ..)| is_below(compound, &name)) {
                Some((_, _, own)) => own.push(name, text),
                None => simple.push((name, text)),
            }
        }
        let mut settled = Fields::from_iter(simple);
        for (name, compound, own) in compounds {
            settled.extend(compound.settle(&name, own));
        }
        settled
    }

    pub(crate) fn has_files(&self) -> bool {
        self.iter().any(|(_, element)| {
            let within = element.compound().map(|compound| compound.outline());
            element.file_rules().is_some() || within.is_some_and(Self::has_files)
        })
    }

    /// The element with this full name, such as `lines.2.item`, if there is such a row.
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
            let below = wanted.strip_prefix(&name)?.strip_prefix('.')?;
            let compound = element.compound()?;
            if !compound.is_repeated() {
                return compound.outline().find_below(&name, wanted, rows);
            }
            let key = below.split('.').next().unwrap_or_default();
            let is_there = rows.0.contains(&(name.as_str(), key));
            is_there.then(|| compound.outline().find_below(&join(&name, key), wanted, rows))?
        })
    }
}

/// The rows that were sent: the names of their elements, with their keys.
pub(crate) struct RowKeys<'a>(HashSet<(&'a str, &'a str)>);

impl<'a> RowKeys<'a> {
    pub(crate) fn of(fields: &'a Fields) -> Self {
        let rows = fields.iter().filter_map(|(name, key)| Some((name.strip_suffix(":row")?, key)));
        Self(rows.collect())
    }
}

impl fmt::Debug for Outline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter().map(|(name, _)| name)).finish()
    }
}

impl<E> fmt::Debug for Slot<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Slot").field(&self.name).finish()
    }
}

impl fmt::Debug for Showing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Showing").field(&self.prefix).finish()
    }
}

impl fmt::Debug for Reading<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Reading").field(&self.prefix).finish()
    }
}

type ShowRecord<T> = dyn Fn(&T, &mut Showing<'_>);
type ParseRecord<T> = dyn Fn(&mut Reading<'_>) -> Option<T>;

/// The outline together with the two maps between its fields and a record.
pub(crate) struct Plan<T> {
    pub(crate) outline: Outline,
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
    pub(crate) fn show(&self, prefix: &str, record: &T, fields: &mut Fields) {
        (self.show)(record, &mut Showing { prefix, fields });
    }

    pub(crate) fn parse(
        &self,
        prefix: &str,
        sent: &Sent,
        mistakes: &mut ValidationErrors,
    ) -> Option<T> {
        (self.parse)(&mut Reading { prefix, sent, mistakes })
    }
}

/// Puts a value into what is typed, in place of what is there.
pub(crate) fn put(element: &dyn AnyElement, name: &str, value: &dyn Any, fields: &mut Fields) {
    fields.remove(name);
    element.show_any(name, value, fields);
}

/// Declares the form of a record: each field with its element, written like the record itself.
///
/// The compiler finds a field that is missing on either side, misspelt, or of another type than
/// its element. Fields that nobody fills in come from `..record` at the end, which is evaluated
/// for each record that is read.
///
/// ```
/// use solohttp_forms::{RecordForm, checkbox, form, text};
///
/// struct Task { id: i64, title: String, done: bool }
///
/// fn task_form(id: i64) -> RecordForm<Task> {
///     form!(Task {
///         title: text("Title").required().max_length(80),
///         done: checkbox("Done"),
///         ..Task { id, title: String::new(), done: false }
///     })
/// }
/// ```
///
/// ```compile_fail
/// # use solohttp_forms::{RecordForm, checkbox, form, text};
/// # struct Task { title: String, done: bool }
/// fn task_form() -> RecordForm<Task> {
///     form!(Task { title: text("Title") }) // where is `done`?
/// }
/// ```
///
/// ```compile_fail
/// # use solohttp_forms::{RecordForm, checkbox, form, text};
/// # struct Task { title: String, done: bool }
/// fn task_form() -> RecordForm<Task> {
///     form!(Task { titel: text("Title"), done: checkbox("Done") })
/// }
/// ```
///
/// ```compile_fail
/// # use solohttp_forms::{RecordForm, checkbox, form, text};
/// # struct Task { title: String, done: bool }
/// fn task_form() -> RecordForm<Task> {
///     form!(Task { title: checkbox("Title"), done: checkbox("Done") })
/// }
/// ```
#[macro_export]
macro_rules! form {
    ($Record:ident $(:: $More:ident)* { $($field:ident : $element:expr),+ $(,)? }) => {
        $crate::form!(@ [$Record $(:: $More)*] { $($field : $element),+ })
    };
    ($Record:ident $(:: $More:ident)* {
        $($field:ident : $element:expr),+ , .. $rest:expr
    }) => {
        $crate::form!(@ [$Record $(:: $More)*] { $($field : $element),+ } $rest)
    };
    // A repetition must mention what repeats.
    (@call $rest:ident $expression:expr) => { $rest() };
    (@ [$($Record:tt)+] { $($field:ident : $element:expr),+ } $($rest:expr)?) => {{
        $(let rest = move || $rest;)?
        let mut outline = $crate::declare::Outline::new();
        // Elements are made before any name is bound, so that a field cannot hide a variable of
        // the same name; shared, because tuples of more than twelve are not `Clone`.
        let slots = ::std::rc::Rc::new(($(outline.add(stringify!($field), $element),)+));
        let to_show = slots.clone();
        outline.finish(
            // Before showing, so that a wrong type is told first where its field stands.
            move |place: &mut $crate::declare::Reading<'_>| {
                let ($($field,)+) = &*slots;
                // All are read before any is missed: every error is wanted.
                $(let $field = $field.parse(place);)+
                $(let $field = $field?;)+
                // By bare names, so that a wrong type is told at the line of its field.
                Some($($Record)+ {
                    $($field,)+
                    $(.. $crate::form!(@call rest $rest))?
                })
            },
            move |record: &$($Record)+, place: &mut $crate::declare::Showing<'_>| {
                let ($($field,)+) = &*to_show;
                $($field.show(&record.$field, place);)+
            },
        )
    }};
}
