//! A form as it appears on a page: its fields with their values and errors, rendered as HTML, whole
//! or in pieces.

pub(crate) mod context;
pub(crate) mod field;
mod field_html;
mod focus;
mod page;
pub(crate) mod prerendered;
#[cfg(feature = "json")]
mod problem;
pub(crate) mod row;
pub(crate) mod table;
mod version;

use std::cell::OnceCell;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Index;
use std::rc::Rc;

use solohttp_core::Fields;

use crate::form::field::Field;
use crate::form::names::join;
use crate::form::row_change::RowFocus;
use crate::form::steps::FormStep;
use crate::outline::{AnyElement, Compound, Outline};
use crate::validation::ValidationError;
use crate::view::context::Context;
use crate::view::field::{FieldView, named};
use crate::view::prerendered::Shared;
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
    outline: Rc<Outline>,
    context: Rc<Context>,
    /// Created on first use. Most pages render the form as a whole, which doesn't need most of them.
    fields: OnceCell<Vec<FieldView>>,
    /// `None` if the HTML of other views is of no use to this one.
    shared: Option<Rc<Shared>>,
    of: PhantomData<fn(&T)>,
}

impl<T> FormView<T> {
    pub(crate) fn new(
        outline: &Rc<Outline>,
        context: Rc<Context>,
        row: Option<&RowFocus>,
        shared: Option<&Rc<Shared>>,
    ) -> Self {
        let is_usual = context.changes.conflicts.is_empty()
            && !context.changes.offers_new
            && context.step.is_none();
        let shared = shared.filter(|_| is_usual).cloned();
        let outline = outline.clone();
        let view = Self { outline, context, fields: OnceCell::new(), shared, of: PhantomData };
        let focus = match row {
            Some(row) => focus::in_row(view.fields(), row),
            None => focus::first(&view.outline, &view.context),
        };
        if let Some(name) = focus {
            view.context.focus.get_or_init(|| name);
        }
        view
    }

    /// The fields, in the order in which they are declared.
    #[must_use]
    pub fn fields(&self) -> &[FieldView] {
        self.fields.get_or_init(|| build(&self.outline, FORM, &self.context))
    }

    /// Creates the view of a single field.
    fn field(&self, index: usize) -> FieldView {
        build_field(self.outline.nth(index), FORM, &self.context)
    }

    /// The step that the page shows, if the form has [steps](crate::FormPage::step). The fields of
    /// the other steps are rendered as nothing.
    #[must_use]
    pub fn step(&self) -> Option<FormStep<'_>> {
        self.context.step.map(|step| self.context.settings.steps.view(step))
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

    /// All errors with the full names of their fields, such as `lines.0.item` for one in a row. The
    /// name is blank if the error concerns the form as a whole.
    #[must_use]
    pub fn errors(&self) -> impl ExactSizeIterator<Item = (&str, &ValidationError)> {
        self.context.errors.iter()
    }

    /// The label of the field with this full name, after those of its rows and groups: `Lines 1,
    /// Item`. Returns `None` if there is no such field, or if it has no label.
    #[must_use]
    pub fn label_of(&self, name: &str) -> Option<String> {
        let field = find(self.fields(), &|field| field.name == name)?;
        let label = field.label_text();
        (!label.is_empty()).then(|| format!("{}{label}", field.trail))
    }

    pub(crate) fn context(&self) -> &Context {
        &self.context
    }
}

/// The place of the fields that are neither in a row nor in a group.
const FORM: Place<'static> = Place { prefix: "", trail: "", is_left_out_if_blank: false };

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
    outline.iter().map(|named| build_field(named, place, context)).collect()
}

fn build_field(
    (name, element): (&'static str, &Rc<dyn AnyElement>),
    place: Place<'_>,
    context: &Rc<Context>,
) -> FieldView {
    let name = join(place.prefix, name);
    let rows = element
        .compound()
        .map(|compound| build_rows(compound, (&name, &element.info().label), place, context));
    FieldView {
        has_errors: context.has_errors(&name),
        name,
        trail: place.trail.to_owned(),
        element: element.clone(),
        context: context.clone(),
        rows: rows.unwrap_or_default(),
        is_left_out_if_blank: place.is_left_out_if_blank,
        column: None,
    }
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

/// The first field for which the test succeeds, in the order of [`flatten`].
fn find<'a>(fields: &'a [FieldView], test: &dyn Fn(&FieldView) -> bool) -> Option<&'a FieldView> {
    fields.iter().find_map(|field| {
        let within = || field.rows.iter().find_map(|row| find(row.fields(), test));
        if test(field) { Some(field) } else { within() }
    })
}

/// Looks up a field by name. Use [`field!`](crate::field!) instead to have the compiler check the
/// name.
impl<T> Index<&str> for FormView<T> {
    type Output = FieldView;

    #[track_caller]
    fn index(&self, name: &str) -> &FieldView {
        named(self.fields(), name)
    }
}

impl<T, V> Index<Field<T, V>> for FormView<T> {
    type Output = FieldView;

    #[track_caller]
    fn index(&self, field: Field<T, V>) -> &FieldView {
        let mut parts = field.name().split('.');
        let first = parts.next().unwrap_or_default();
        let mut view = named(self.fields(), first);
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
