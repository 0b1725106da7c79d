//! A form as it appears on a page: its fields with their values and errors, rendered as HTML, whole
//! or in pieces.

pub(crate) mod context;
pub(crate) mod field;
mod field_html;
mod page;
pub(crate) mod row;
pub(crate) mod table;
mod version;

use std::fmt;
use std::marker::PhantomData;
use std::ops::Index;
use std::rc::Rc;

use solohttp_core::Fields;

use crate::element::info::Layout;
use crate::form::field::Field;
use crate::form::names::join;
use crate::form::row_change::{RowChange, RowFocus};
use crate::outline::{Compound, Outline};
use crate::validation::ValidationError;
use crate::view::context::Context;
use crate::view::field::{FieldView, named};
use crate::view::row::RowView;

/// A form with the user's input and any errors. It can be rendered whole or in pieces.
///
/// ```
/// use solohttp_core::iolist;
/// use solohttp_forms::{field, form, text};
///
/// struct Task { title: String }
/// let view = form!(Task { title: text("Title") }).show(&Task { title: "Rest".into() });
/// let title = &view[field!(Task.title)];
/// let mine = iolist![view.open(), title.label(), title.control(), view.buttons(), view.close()];
/// assert!(mine.to_string().contains("<label for=\"f-title\">Title</label>"));
/// ```
pub struct FormView<T> {
    fields: Vec<FieldView>,
    context: Rc<Context>,
    of: PhantomData<fn(&T)>,
}

impl<T> FormView<T> {
    pub(crate) fn new(outline: &Outline, context: Rc<Context>, row: Option<&RowFocus>) -> Self {
        let form = Place { prefix: "", trail: "", is_left_out_if_blank: false };
        let fields = build(outline, form, &context);
        let focus = match row {
            Some(row) => row_to_focus(&fields, row),
            None => first_to_focus(&fields, &context).map(|field| field.name().to_owned()),
        };
        context.focus.get_or_init(|| focus);
        Self { fields, context, of: PhantomData }
    }

    /// The fields, in the order in which they are declared.
    #[must_use]
    pub fn fields(&self) -> &[FieldView] {
        &self.fields
    }

    /// The user's input, as a browser would send it.
    #[must_use]
    pub fn input(&self) -> &Fields {
        self.context.data.fields()
    }

    /// Whether there are errors.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        !self.context.errors.is_empty()
    }

    /// All errors with the full names of their fields. The name is blank if the error concerns the
    /// form as a whole.
    #[must_use]
    pub fn errors(&self) -> impl ExactSizeIterator<Item = (&str, &ValidationError)> {
        self.context.errors.iter()
    }

    pub(crate) fn context(&self) -> &Context {
        &self.context
    }
}

/// Where fields are in the form.
#[derive(Clone, Copy)]
struct Place<'a> {
    /// The prefix of their names.
    prefix: &'a str,
    trail: &'a str,
    /// Whether they are in a row that is left out of the record if it is blank.
    is_left_out_if_blank: bool,
}

fn build(outline: &Outline, place: Place<'_>, context: &Rc<Context>) -> Vec<FieldView> {
    let fields = outline.iter().map(|(name, element)| {
        let name = join(place.prefix, name);
        let rows = element
            .compound()
            .map(|compound| build_rows(compound, (&name, &element.info().label), place, context));
        FieldView {
            has_errors: context.errors.at(&name).next().is_some(),
            name,
            trail: place.trail.to_owned(),
            element: element.clone(),
            context: context.clone(),
            rows: rows.unwrap_or_default(),
            is_left_out_if_blank: place.is_left_out_if_blank,
            column: None,
        }
    });
    fields.collect()
}

fn build_rows(
    compound: &dyn Compound,
    (name, label): (&str, &str),
    place: Place<'_>,
    context: &Rc<Context>,
) -> Vec<RowView> {
    let parts = compound.parts(name, &context.data);
    let count = parts.len();
    // A record with a different number of rows needs the buttons.
    let has_buttons = compound.fixed_count() != Some(count);
    let is_left_out_if_blank = place.is_left_out_if_blank || compound.leaves_out_blank();
    let rows = parts.into_iter().enumerate().map(|(index, prefix)| {
        let words = compound.legend().unwrap_or(&context.settings.words.row);
        let legend = match compound.is_repeated() {
            true => words.say(&[("rows", &label), ("number", &(index + 1))]),
            false => label.to_owned(),
        };
        let trail = format!("{}{legend}, ", place.trail);
        let place = Place { prefix: &prefix, trail: &trail, is_left_out_if_blank };
        let mut fields = build(compound.outline(), place, context);
        if compound.is_table() {
            fields.iter_mut().for_each(|field| field.put_into_table(name, index));
        }
        let has_own_legend = compound.legend().is_some();
        RowView::new(name, (index, count, has_buttons), (legend, has_own_legend), fields)
    });
    rows.collect()
}

/// Collects all fields. The fields in rows and groups follow the field that contains them.
fn flatten<'a>(fields: &'a [FieldView], all: &mut Vec<&'a FieldView>) {
    for field in fields {
        all.push(field);
        field.rows.iter().for_each(|row| flatten(row.fields(), all));
    }
}

/// The first invalid field, or the first field with autofocus if all are valid.
fn first_to_focus<'a>(fields: &'a [FieldView], context: &Context) -> Option<&'a FieldView> {
    let is_control = |field: &FieldView| !matches!(field.layout(), Layout::Hidden | Layout::Frame);
    let invalid = match context.errors.is_empty() {
        true => None,
        false => find(fields, &|field| is_control(field) && field.has_errors()),
    };
    invalid.or_else(|| find(fields, &|field| field.element.info().autofocus && is_control(field)))
}

/// The first field for which the test succeeds, in the order of [`flatten`].
fn find<'a>(fields: &'a [FieldView], test: &dyn Fn(&FieldView) -> bool) -> Option<&'a FieldView> {
    fields.iter().find_map(|field| {
        let within = || field.rows.iter().find_map(|row| find(row.fields(), test));
        if test(field) { Some(field) } else { within() }
    })
}

/// The name of the first field in a row, or the command of the button that adds a row if there is no
/// such row.
fn row_to_focus(fields: &[FieldView], focus: &RowFocus) -> Option<String> {
    let mut all = Vec::new();
    flatten(fields, &mut all);
    let rows = all.into_iter().find(|field| field.name == focus.name)?;
    let mut in_row = Vec::new();
    if let Some(row) = rows.rows.get(focus.index) {
        flatten(row.fields(), &mut in_row);
    }
    let first = in_row
        .into_iter()
        .find(|field| field.layout() != Layout::Frame && field.element.is_editable());
    let add = || RowChange::Add.command(&rows.name);
    Some(first.map_or_else(add, |field| field.name().to_owned()))
}

/// Looks up a field by name. Use [`field!`](crate::field!) instead to have the compiler check the
/// name.
impl<T> Index<&str> for FormView<T> {
    type Output = FieldView;

    #[track_caller]
    fn index(&self, name: &str) -> &FieldView {
        named(&self.fields, name)
    }
}

impl<T, V> Index<Field<T, V>> for FormView<T> {
    type Output = FieldView;

    #[track_caller]
    fn index(&self, field: Field<T, V>) -> &FieldView {
        let mut parts = field.name().split('.');
        let first = parts.next().unwrap_or_default();
        let mut view = named(&self.fields, first);
        while let Some(part) = parts.next() {
            let (row, name) = match part.parse::<usize>() {
                Ok(row) => (row, parts.next().unwrap_or_default()),
                Err(_) => (0, part),
            };
            view = named(view.rows[row].fields(), name);
        }
        view
    }
}

impl<T> fmt::Debug for FormView<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FormView")
            .field("input", self.input())
            .field("errors", &self.context.errors)
            .finish()
    }
}
