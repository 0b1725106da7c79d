//! The pages that add and edit a record, as a formlet.

use solohttp_core::{IoList, Request, Response, Result};

use super::edit_page::EditPage;
use super::{EditRequest, RecordPages, SavedRecord};
use crate::form::RecordForm;
use crate::formlet::{Formlet, Submission, no_action};
use crate::store::drafts::Draft;
use crate::validation::errors::Errors;
use crate::view::FormView;

/// One request to add or edit a record.
pub(super) struct Editing<'a, S, T> {
    pub(super) pages: &'a RecordPages<S, T>,
    pub(super) edit: EditRequest<'a>,
    /// Whether the record exists.
    pub(super) is_found: bool,
}

impl<S, T: 'static> Formlet<S> for Editing<'_, S, T> {
    type Record = T;

    fn form(&mut self, state: &mut S) -> Result<RecordForm<T>> {
        let form = (self.pages.form)(state, self.edit)?;
        // A new record has no stored one to compare with, only initial values.
        Ok(if self.edit.id.is_none() { form.last_wins() } else { form })
    }

    fn resume(&mut self, state: &mut S, ticket: &str) -> Option<Draft<T>> {
        self.pages.resume.as_ref().and_then(|resume| resume(state, ticket))
    }

    fn load(&mut self, state: &mut S, request: &Request) -> Result<Option<T>> {
        match (self.edit.id, &self.pages.blank) {
            (Some(id), _) => {
                let record = (self.pages.load)(state, id)?;
                self.is_found = true;
                Ok(Some(record))
            }
            (None, Some(blank)) => blank(state, request).map(Some),
            (None, None) => Ok(None),
        }
    }

    fn can_save_as_new(&self) -> bool {
        true
    }

    fn on_button(&mut self, state: &mut S, button: &str, draft: Draft<T>) -> Result<Response> {
        match &self.pages.on_button {
            Some(handler) => handler(state, button, draft),
            None => Err(no_action(button)),
        }
    }

    fn check(&mut self, state: &mut S, record: &T, errors: &mut Errors<T>) -> Result<()> {
        self.pages.check.as_ref().map_or(Ok(()), |check| check(state, record, errors))
    }

    fn save(&mut self, state: &mut S, record: T, submission: &Submission<'_>) -> Result<Response> {
        let id = self.edit.id.filter(|_| !submission.is_new());
        // A script's form may have no digests to compare, so nothing has loaded the record yet.
        if let Some(id) = id.filter(|_| !self.is_found) {
            (self.pages.load)(state, id)?;
        }
        let id = (self.pages.save)(state, &record, id)?;
        match &self.pages.after_save {
            Some(after) => {
                after(state, SavedRecord { id, record: &record, submission: *submission })
            }
            None => Ok(Response::redirect(&*self.pages.back)),
        }
    }

    fn page(&mut self, state: &mut S, view: &FormView<T>, request: &Request) -> Result<IoList> {
        let Self { pages, edit, .. } = self;
        let form = match &pages.layout {
            Some(layout) => layout(state, view, *edit)?,
            None => view.render(),
        };
        let cancel = pages.cancel_to.as_ref().map(|cancel_to| cancel_to(view, *edit));
        let delete = edit.id.filter(|_| pages.delete.is_some());
        let words = &view.context().settings.words;
        let title = match &pages.titles {
            Some([new, old]) => if edit.id.is_none() { new } else { old }.to_string(),
            None => {
                if edit.id.is_none() { &words.new_record } else { &words.edit_record }.to_string()
            }
        };
        let page = EditPage {
            id: edit.id,
            title,
            form,
            cancel: Some(cancel.unwrap_or_else(|| pages.back.to_string())),
            delete: delete.map(|id| request.app_url([&*id.to_string(), "delete"]).to_string()),
        };
        pages.render(state, page)
    }
}

impl<S, T> RecordPages<S, T> {
    /// Makes the path itself the page that edits the record with this id, and has no page to add one:
    /// `/settings`, if mounted there. For a table with a single row, such as the application's
    /// settings, which a migration inserts.
    #[must_use]
    pub fn single(mut self, id: i64) -> Self {
        self.single = Some(id);
        self
    }
}
