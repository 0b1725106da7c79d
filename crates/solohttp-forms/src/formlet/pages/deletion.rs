//! Deletes a record, if necessary after a question.

use solohttp_core::{
    ConstraintError, ConstraintKind, IoList, Locale, Question, Rejection, Request, Response,
    Result, StatusCode,
};

use super::RecordPages;
use super::edit_page::EditPage;
use crate::validation::words::FormWords;

impl<S, T> RecordPages<S, T> {
    /// Deletes the record. If others still refer to it, this is a 409.
    pub(super) fn delete_record(&self, state: &mut S, id: i64, record: &T) -> Result<()> {
        let Some(delete) = &self.delete else { return Ok(()) };
        delete(state, id, record).map_err(|failure| {
            let constraint = failure.error().and_then(ConstraintError::find);
            match constraint.map(|constraint| constraint.kind) {
                Some(ConstraintKind::Referenced | ConstraintKind::ForeignKey) => {
                    let status = StatusCode::CONFLICT;
                    Rejection::localized(status, |words: &FormWords| &words.in_use, &[]).into()
                }
                _ => failure,
            }
        })
    }

    pub(super) fn handle_delete(
        &self,
        state: &mut S,
        id: i64,
        request: &Request,
    ) -> Result<Response> {
        let record = (self.load)(state, id)?;
        if let Some(confirm) = &self.confirm
            && let Some(question) = confirm(state, id, &record)?
            && !question.is_confirmed_by(request.form()?)
        {
            let page = EditPage {
                id: Some(id),
                title: question.text().to_owned(),
                form: ask(&question, request),
                cancel: None,
                delete: None,
            };
            let page = Response::html(self.parts.render(state, page)?);
            return Ok(page.with_status(StatusCode::PRECONDITION_REQUIRED));
        }
        self.delete_record(state, id, &record)?;
        match &self.after_delete {
            Some(after) => after(state, id, &record),
            None => Ok(Response::redirect(self.back(request))),
        }
    }
}

/// The form that asks the question, and posts to the same URL again.
fn ask(question: &Question, request: &Request) -> IoList {
    let button = Locale::current::<FormWords>().delete.to_string();
    let form = question.form(request.target(), &button);
    form.cancel_link(request.referring_path()).render()
}
