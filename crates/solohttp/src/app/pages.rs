//! The pages of records and forms in a `RecordApp`.

use std::rc::Rc;

use solohttp_core::{Locale, Request, Response, Result};
use solohttp_forms::{EditRequest, FormPage, RecordForm, RecordPages, Submission};
use solohttp_sqlite_guard::Record;
use solohttp_sqlite_guard::rusqlite::Transaction;

use super::{RecordApp, RecordWords};
use crate::record::DeclaredForm;

impl<S: 'static> RecordApp<S> {
    /// The pages that add, edit and delete a record whose form has no arguments. `label` returns
    /// what messages call a record, such as its name.
    ///
    /// Saving and deleting are steps that can be undone, and the next page shows a message
    /// ([`RecordWords`](crate::RecordWords)). Set the [titles](RecordPages::titles) and where to go
    /// [afterwards](RecordPages::back_to). The other methods of [`RecordPages`] replace or
    /// [remove](RecordPages::without_delete) anything else.
    ///
    /// ```
    /// use solohttp::forms::RecordPages;
    /// use solohttp::prelude::*;
    ///
    /// record! {
    ///     pub struct Shelf in "shelf" {
    ///         pub name: String = text("Name").required().max_length(40),
    ///     }
    /// }
    ///
    /// fn shelf_pages() -> RecordPages<RecordApp, Shelf> {
    ///     RecordApp::pages(|shelf: &Shelf| &shelf.name)
    ///         .titles("New shelf", "Shelf")
    ///         .back_to("/shelves")
    /// }
    /// ```
    ///
    /// The form is declared for each page, so that an initial value can be the current day. If it is
    /// always the same, it can be declared [only once](RecordForm::cached):
    ///
    /// ```
    /// # use solohttp::forms::{RecordForm, RecordPages};
    /// # use solohttp::prelude::*;
    /// # record! { pub struct Shelf in "shelf" { pub name: String = text("Name") } }
    /// fn shelf_pages() -> RecordPages<RecordApp, Shelf> {
    ///     RecordApp::pages_with_form(
    ///         |shelf: &Shelf| &shelf.name,
    ///         |_, _| Ok(RecordForm::cached(Shelf::form)),
    ///     )
    /// }
    /// ```
    pub fn pages<T: Record + DeclaredForm + 'static>(
        label: impl Fn(&T) -> &str + 'static,
    ) -> RecordPages<Self, T> {
        Self::pages_with_form(label, |_, _| Ok(T::declared_form()))
    }

    /// Same as [`pages`](Self::pages), with a form that is made for each request, for example because
    /// it has arguments.
    ///
    /// ```
    /// # use solohttp::prelude::*;
    /// # record! { pub struct Shelf in "shelf" { pub name: String = text("Name") } }
    /// record! {
    ///     pub struct Sample in "sample" form(shelves: Choices<i64>) {
    ///         pub code: String = text("Code").required(),
    ///         pub shelf: Option<i64> = select("Shelf", shelves).optional(),
    ///     }
    /// }
    ///
    /// fn sample_pages() -> RecordPages<RecordApp, Sample> {
    ///     RecordApp::pages_with_form(
    ///         |sample: &Sample| &sample.code,
    ///         |app, _| {
    ///             let shelves = Choices::new(Shelf::labels(&app.db, |shelf| &shelf.name)?);
    ///             Ok(Sample::form(shelves))
    ///         },
    ///     )
    /// }
    /// ```
    pub fn pages_with_form<T: Record + 'static>(
        label: impl Fn(&T) -> &str + 'static,
        form: impl Fn(&mut Self, EditRequest<'_>) -> Result<RecordForm<T>> + 'static,
    ) -> RecordPages<Self, T> {
        let label = Rc::new(label);
        let label_to_delete = Rc::clone(&label);
        RecordPages::new(
            form,
            |app: &mut Self, id| T::get(&app.db, id),
            move |app, record, id| {
                app.write_record(label(record), id, |tx| Ok(record.save(tx, id)?))
            },
        )
        .delete(move |app, id, record| {
            let words = Locale::current::<RecordWords>();
            let what = words.deleted.say(&[("name", &label_to_delete(record))]);
            app.write(&what, |tx| Ok(T::delete(tx, id)?))?;
            app.say(what);
            Ok(())
        })
        .page(Self::form_page)
    }

    /// A page with one form that isn't a record's, such as the settings of the program, with the
    /// program's own page around it. See [`FormPage`].
    ///
    /// ```
    /// use solohttp::prelude::*;
    ///
    /// record! {
    ///     /// The only row of the table `setting`.
    ///     struct Settings in "setting" {
    ///         name: String = text("Name of the laboratory").required(),
    ///     }
    /// }
    ///
    /// fn settings_page() -> FormPage<RecordApp, Settings> {
    ///     RecordApp::form(
    ///         |_, _| Ok(Settings::form()),
    ///         |app, settings: Settings, _| {
    ///             app.write("Settings changed", |tx| Ok(settings.update(tx, 1)?))?;
    ///             app.say("Saved.");
    ///             Ok(Response::redirect("/"))
    ///         },
    ///     )
    ///     .title("Settings")
    ///     .load(|app, _| Settings::get(&app.db, 1))
    /// }
    /// ```
    pub fn form<T>(
        form: impl Fn(&mut Self, &Request) -> Result<RecordForm<T>> + 'static,
        save: impl Fn(&mut Self, T, &Submission<'_>) -> Result<Response> + 'static,
    ) -> FormPage<Self, T> {
        FormPage::new(form, save).page(Self::form_page)
    }

    /// Saves a record as [`pages`](Self::pages) do: the step is called “… added” if there is no `id`,
    /// and “… saved” otherwise, and the next page says so. `save` returns the record's key.
    ///
    /// For a record whose tables are written by the program itself:
    ///
    /// ```
    /// # use solohttp::prelude::*;
    /// # record! { pub struct Shelf in "shelf" { pub name: String = text("Name") } }
    /// # fn shelf_pages() -> RecordPages<RecordApp, Shelf> {
    /// RecordApp::pages(|shelf: &Shelf| &shelf.name).save(|app, shelf, id| {
    ///     app.write_record(&shelf.name, id, |tx| {
    ///         let id = shelf.save(tx, id)?;
    ///         tx.execute("INSERT INTO history (shelf, name) VALUES (?1, ?2)", (id, &shelf.name))?;
    ///         Ok(id)
    ///     })
    /// })
    /// # }
    /// ```
    ///
    /// # Errors
    /// Same as [`write`](Self::write).
    #[track_caller]
    pub fn write_record(
        &mut self,
        name: &str,
        id: Option<i64>,
        save: impl FnOnce(&Transaction<'_>) -> Result<i64>,
    ) -> Result<i64> {
        let words = Locale::current::<RecordWords>();
        let what = if id.is_none() { &words.added } else { &words.saved };
        let what = what.say(&[("name", &name)]);
        let id = self.write(&what, save)?;
        self.say(what);
        Ok(id)
    }
}
