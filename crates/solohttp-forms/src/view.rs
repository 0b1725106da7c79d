//! One form as it is on the page now: what is typed, and what is wrong with it.
//!
//! Gives each piece of each field as HTML, for one's own layout. Knows nothing of requests.

mod field;
mod page;
mod row;
mod version;

use std::cell::OnceCell;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Index;
use std::rc::Rc;

use solohttp_core::Fields;

pub use field::FieldView;
pub use row::RowView;

use crate::form::Settings;
use crate::form::field::{Field, join};
use crate::form::outline::Outline;
use crate::form::sent::Sent;
use crate::store::digests::Meanwhile;
use crate::validation::ValidationError;
use crate::validation::errors::ValidationErrors;

/// What all fields of a page share.
#[derive(Debug)]
pub(crate) struct Context {
    sent: Sent,
    mistakes: ValidationErrors,
    settings: Settings,
    meanwhile: Meanwhile,
    /// Also files in rows that are yet to be added count.
    has_files: bool,
    /// The id of the control where the cursor starts.
    focus: OnceCell<Option<String>>,
    pub(crate) token: OnceCell<String>,
}

impl Context {
    pub(crate) fn new(
        outline: &Outline,
        sent: Sent,
        mistakes: ValidationErrors,
        settings: Settings,
        meanwhile: Meanwhile,
    ) -> Self {
        let (focus, token) = (OnceCell::new(), OnceCell::new());
        let has_files = outline.has_files();
        Self { sent, mistakes, settings, meanwhile, has_files, focus, token }
    }
}

/// A form with what is typed in it and what is wrong with that: whole, or piece by piece.
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
    pub(crate) fn new(outline: &Outline, context: Rc<Context>) -> Self {
        let fields = build(outline, "", "", &context);
        let focus = page::first_to_focus(&fields).map(FieldView::focus_id);
        context.focus.get_or_init(|| focus);
        Self { fields, context, of: PhantomData }
    }

    /// The fields in the order in which they were declared.
    #[must_use]
    pub fn fields(&self) -> &[FieldView] {
        &self.fields
    }

    /// What is typed, as a browser would send it.
    #[must_use]
    pub fn typed(&self) -> &Fields {
        self.context.sent.fields()
    }

    /// Is anything wrong?
    #[must_use]
    pub fn has_errors(&self) -> bool {
        !self.context.mistakes.is_empty()
    }

    /// Every field's full name with what is wrong there; the name is blank for the whole.
    #[must_use]
    pub fn mistakes(&self) -> impl ExactSizeIterator<Item = (&str, &ValidationError)> {
        self.context.mistakes.iter()
    }

    pub(crate) fn context(&self) -> &Context {
        &self.context
    }
}

fn build(outline: &Outline, prefix: &str, trail: &str, context: &Rc<Context>) -> Vec<FieldView> {
    let fields = outline.iter().map(|(name, element)| {
        let name = join(prefix, name);
        let rows = element.compound().map(|compound| {
            let parts = compound.parts(&name, &context.sent);
            let count = parts.len();
            let single = !compound.is_repeated();
            let rows = parts.into_iter().enumerate().map(|(index, prefix)| {
                let label = &element.face().label;
                let words = &context.settings.words;
                let trail = if single {
                    format!("{trail}{label}, ")
                } else {
                    let row = words.row.say(&[("rows", label), ("number", &(index + 1))]);
                    format!("{trail}{row}, ")
                };
                let fields = build(compound.outline(), &prefix, &trail, context);
                RowView::new(&name, (index, count), fields)
            });
            rows.collect()
        });
        let (element, context, trail) = (element.clone(), context.clone(), trail.to_owned());
        FieldView { name, trail, element, context, rows: rows.unwrap_or_default() }
    });
    fields.collect()
}

#[track_caller]
fn named<'a>(fields: &'a [FieldView], name: &str) -> &'a FieldView {
    let last = |field: &FieldView| field.name.rsplit('.').next() == Some(name);
    fields.iter().find(|field| last(field)).unwrap_or_else(|| {
        let known: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
        panic!("the form has no field `{name}`, but these: {}", known.join(", "))
    })
}

/// A field by its name; [`field!`](crate::form::field) lets the compiler check that it is there.
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
            .field("typed", self.typed())
            .field("mistakes", &self.context.mistakes)
            .finish()
    }
}
