//! Forms that are declared once, and then used by all requests.

use std::any::{Any, TypeId};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use solohttp_core::{Locale, LocalePart};

use crate::form::RecordForm;

/// The declared forms, by the types of the functions that declare them.
///
/// This is a part of the locale because a form contains sentences and formatted numbers. Another
/// locale starts without forms.
#[derive(Default)]
struct CachedForms(RefCell<BTreeMap<TypeId, Rc<dyn Any>>>);

impl LocalePart for CachedForms {}

impl<T: 'static> RecordForm<T> {
    /// Returns the form that `declare` declares, calling it only once.
    ///
    /// Use this for a form that is always the same. It skips the declaration, which takes longer
    /// than anything else about a short form, and keeps the HTML that doesn't change from page to
    /// page. Don't use it if the form has choices from the database, or an initial value such as the
    /// current day: the form would keep those of the first call.
    ///
    /// `declare` is a function, or a closure that uses no variables.
    ///
    /// ```
    /// # use solohttp_core::{IoList, Request, Response, Result};
    /// # use solohttp_forms::{FormView, Formlet, RecordForm, Submission, form, text};
    /// # struct Person { name: String }
    /// struct AddPerson;
    ///
    /// fn person_form() -> RecordForm<Person> {
    ///     form!(Person { name: text("Name").required() }).button("save", "Save")
    /// }
    ///
    /// impl Formlet<()> for AddPerson {
    ///     type Record = Person;
    ///
    ///     fn form(&mut self, _: &mut ()) -> Result<RecordForm<Person>> {
    ///         Ok(RecordForm::cached(person_form))
    ///     }
    ///     // …
    /// #     fn save(&mut self, _: &mut (), _: Person, _: &Submission<'_>) -> Result<Response> {
    /// #         Ok(Response::redirect("/"))
    /// #     }
    /// #     fn page(&mut self, _: &mut (), view: &FormView<Person>, _: &Request) -> Result<IoList> {
    /// #         Ok(view.render())
    /// #     }
    /// }
    /// ```
    ///
    /// A closure that uses a variable doesn't compile, because the form would keep the variable's
    /// first value:
    ///
    /// ```compile_fail
    /// # use solohttp_forms::{RecordForm, form, text};
    /// # struct Person { name: String }
    /// fn person_form(label: &'static str) -> RecordForm<Person> {
    ///     RecordForm::cached(move || form!(Person { name: text(label) }))
    /// }
    /// # person_form("Name");
    /// ```
    ///
    /// The form belongs to the thread's [`Locale`]: after another one is installed, the form is
    /// declared again.
    #[must_use]
    pub fn cached<F: Fn() -> Self + 'static>(declare: F) -> Self {
        const {
            assert!(
                size_of::<F>() == 0,
                "a cached form can't use variables: it would keep their first values"
            );
        }
        let forms = Locale::current::<CachedForms>();
        let known = |any: &Rc<dyn Any>| any.downcast_ref::<Self>().cloned();
        let cached = forms.0.borrow().get(&TypeId::of::<F>()).and_then(known);
        cached.unwrap_or_else(|| {
            // Not borrowed here, so a form can contain other cached forms.
            let form = declare();
            forms.0.borrow_mut().insert(TypeId::of::<F>(), Rc::new(form.clone()));
            form
        })
    }
}
