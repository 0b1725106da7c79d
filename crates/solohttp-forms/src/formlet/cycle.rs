//! A form's life cycle: the steps of each request, in order.

use solohttp_core::{
    Allow, Fields, HeaderValue, IntoResponse, Method, Question, Rejection, Request, Response,
    Result, StatusCode, header,
};

use crate::form::RecordForm;
use crate::form::data::FormData;
use crate::form::names::{BASE, BUTTON, CANCEL, REFUSED, ROW_BUTTON, STEP, TOKEN};
use crate::form::row_change::RowFocus;
use crate::form::steps::{StepInput, Turn};
use crate::formlet::{Formlet, Submission, files, row_ids, saving};
use crate::markup::button;
use crate::merge::conflict::RecordChanges;
use crate::merge::{self, ComparedField, digests};
use crate::outline::BlankRows;
use crate::store::drafts::{Draft, RESUME};
use crate::store::form_store::FormStore;
use crate::store::submissions::{Fingerprint, Saved};
use crate::store::token::token;
use crate::validation::ValidationError;
use crate::validation::errors::{Errors, ValidationErrors};
use crate::validation::words::FormWords;
use crate::view::FormView;

impl FormStore {
    /// Handles a request for a form, whatever its path.
    pub(crate) fn run<S, F: Formlet<S>>(
        &self,
        formlet: &mut F,
        state: &mut S,
        request: &Request,
    ) -> Response {
        let (changes, compared) = (RecordChanges::default(), Vec::new());
        let (secrets, focus) = (None, None);
        let mut cycle =
            Cycle { store: self, formlet, state, request, changes, secrets, compared, focus };
        match *request.method() {
            Method::GET | Method::HEAD => cycle.show().into_response(),
            Method::POST => cycle.submit().into_response(),
            _ => Allow::new([Method::GET, Method::POST]).respond(request),
        }
    }
}

/// A single request to a formlet.
struct Cycle<'a, S, F> {
    store: &'a FormStore,
    formlet: &'a mut F,
    state: &'a mut S,
    request: &'a Request,
    /// Changes to the record since the form was shown.
    changes: RecordChanges,
    compared: Vec<ComparedField>,
    /// The names of the secret fields that were filled in. Their values are never shown again.
    secrets: Option<Vec<String>>,
    /// The row that a row button has changed.
    focus: Option<RowFocus>,
}

impl<S, F: Formlet<S>> Cycle<'_, S, F> {
    fn show(&mut self) -> Result<Response> {
        let form = self.formlet.form(self.state)?;
        let mut errors = ValidationErrors::default();
        if let Some(ticket) = self.request.query().get(RESUME) {
            match self.formlet.resume(self.state, ticket) {
                Some(draft) => return self.resume(&form, draft),
                None => errors.add("", form.settings().words.draft_expired.to_string()),
            }
        }
        let data = match self.formlet.load(self.state, self.request)? {
            Some(record) => {
                let mut data = FormData::from(form.fields_of(&record));
                if form.settings().merges() {
                    let digests = digests::for_new_page(form.outline(), &data);
                    data.fields_mut().push(BASE, digests);
                }
                data
            }
            None => FormData::from(form.blank_fields()),
        };
        form.check_sendable(&data);
        self.page(&form, data, errors, StatusCode::OK)
    }

    fn resume(
        &mut self,
        form: &RecordForm<F::Record>,
        draft: Draft<F::Record>,
    ) -> Result<Response> {
        let mut fields = draft.fields;
        if let Some((name, value)) = draft.value
            && !form.put(&name, value.as_ref(), &mut fields)
        {
            return Err(format!("the draft's form has no field `{name}`").into());
        }
        let data = files::resolve(self.store, fields);
        self.secrets = Some(form.secrets_of(&data));
        self.page(form, data, ValidationErrors::default(), StatusCode::OK)
    }

    fn submit(&mut self) -> Result<Response> {
        let form = self.formlet.form(self.state)?;
        let sent = self.request.sent_form()?;
        let mut fields = sent.fields.clone();
        let change = button::take(&mut fields, ROW_BUTTON);
        let pressed = button::take(&mut fields, BUTTON);
        fields.remove(Question::FIELD);
        let fingerprint = self.store.fingerprint(&fields, sent.uploads);
        let mut data = files::read(self.store, form.outline(), fields, &sent);
        if let Some(change) = change {
            form.normalize(&mut data, BlankRows::InPlace);
            return self.rearrange(&form, data, &change);
        }
        form.normalize(&mut data, BlankRows::Last);
        self.secrets = Some(form.secrets_of(&data));
        if pressed.as_deref() == Some(CANCEL) {
            return self.page(&form, data, ValidationErrors::default(), StatusCode::OK);
        }
        if let Some(turn) = form.settings().steps.turn(&data, pressed.as_deref()) {
            return self.turn_page(&form, data, turn);
        }
        let (pressed, as_new) = button::read(pressed.as_deref());
        let settings = form.settings();
        let known = settings.pressed(pressed).filter(|_| !as_new || self.formlet.can_save_as_new());
        let (button, saves) = known.ok_or_else(|| {
            Rejection::localized(StatusCode::BAD_REQUEST, |words: &FormWords| &words.no_button, &[])
        })?;
        if !saves {
            return self.side_button(&form, data, button);
        }
        self.changes.offers_new = as_new;
        if let Some(response) = self.repeat_response(&form, &mut data, fingerprint)? {
            return Ok(response);
        }
        if !as_new && self.merge_changes(&form, &mut data)? {
            return self.conflict_page(&form, data);
        }
        if row_ids::has_any(data.fields()) {
            self.forget_unknown_rows(&form, &mut data)?;
        }
        let is_new = self.changes.offers_new;
        let submission = Submission { button, is_new, request: self.request, back: "/" };
        match saving::save(self.formlet, self.state, (&form, &data), &submission)? {
            Ok(response) => {
                let response = self.remember_page(&data, response);
                let tokens = data.tokens().map(str::to_owned).collect();
                Ok(self.store.remember_submission(fingerprint, tokens, response))
            }
            // RFC 9110 section 15.5.21: the content is well-formed, but its instructions can't be
            // followed.
            Err(errors) => self.page(&form, data, errors.list, StatusCode::UNPROCESSABLE_ENTITY),
        }
    }

    /// Shows the next step if the steps so far are valid, or the step before.
    fn turn_page(
        &mut self,
        form: &RecordForm<F::Record>,
        mut data: FormData,
        turn: Turn,
    ) -> Result<Response> {
        let steps = &form.settings().steps;
        let step = steps.sent(&data);
        let mut errors = Errors::new();
        if turn == Turn::Next {
            let found = form.parse(&data).err().map(|errors| errors.list).unwrap_or_default();
            let so_far = |name: &str| steps.of(name).is_some_and(|own| own <= step);
            let found = found.iter().filter(|(name, _)| so_far(name));
            found.for_each(|(name, error)| errors.list.add(name, error.clone()));
            let input = StepInput::new(form, &data, Some(step));
            self.formlet.check_step(self.state, &input, &mut errors)?;
        }
        let status = match errors.is_empty() {
            true => StatusCode::OK,
            false => StatusCode::UNPROCESSABLE_ENTITY,
        };
        if errors.is_empty() {
            let to = if turn == Turn::Next { step + 1 } else { step.saturating_sub(1) };
            data.fields_mut().remove(STEP);
            data.fields_mut().push(STEP, to.to_string());
            // Secrets are in the last step, which isn't finished.
            self.secrets = Some(Vec::new());
        }
        self.page(form, data, errors.list, status)
    }

    /// Handles a side button, or asks its question first.
    fn side_button(
        &mut self,
        form: &RecordForm<F::Record>,
        mut data: FormData,
        button: &str,
    ) -> Result<Response> {
        let draft = Draft::new(std::mem::take(data.fields_mut()), self.request);
        let question = self.formlet.confirm(self.state, button, &draft)?;
        let sent = self.request.sent_form()?.fields;
        let Some(question) = question.filter(|question| !question.is_confirmed_by(sent)) else {
            return self.formlet.on_button(self.state, button, draft);
        };
        *data.fields_mut() = draft.fields;
        let (settings, request) = (form.settings(), self.request);
        let own = || request.normal_url().unwrap_or_else(|| request.target().to_owned());
        let action = settings.action.clone().unwrap_or_else(own);
        let mut asked = question.form(&action, settings.label(button)).field(BUTTON, button);
        // The page must not contain secrets, and the reasons for rejected files have been dropped.
        let secrets = form.secrets_of(&data);
        for (name, text) in data.fields().iter() {
            if !REFUSED.ends(name) && !secrets.iter().any(|secret| secret == name) {
                asked = asked.field(name, text);
            }
        }
        let asked = asked.cancel_button(BUTTON, CANCEL).render();
        let page = self.formlet.confirm_page(self.state, question.text(), asked, request)?;
        Ok(page.with_status(StatusCode::PRECONDITION_REQUIRED))
    }

    /// The response to a submission that has already been saved.
    fn repeat_response(
        &mut self,
        form: &RecordForm<F::Record>,
        data: &mut FormData,
        fingerprint: Option<Fingerprint>,
    ) -> Result<Option<Response>> {
        let settings = form.settings();
        let already = &settings.words.double_click.to_string();
        let replay = |saved: &Saved| saved.is_double_click().then(|| saved.replay(already));
        match self.store.earlier(fingerprint, replay) {
            Some(Some(response)) => {
                self.store.release(data.tokens());
                Ok(Some(response))
            }
            // Otherwise, the form edits an existing record, and saving it again does no harm.
            Some(None) if self.changes.offers_new || !settings.merges() || !data.has(BASE) => {
                let mut data = std::mem::take(data);
                // A new token makes the next attempt a new submission.
                data.fields_mut().remove(TOKEN);
                let mut errors = ValidationErrors::default();
                errors.add("", ValidationError::AlreadySaved);
                self.page(form, data, errors, StatusCode::CONFLICT).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// Merges changes that were saved since the form was shown. Returns whether there are
    /// conflicts.
    fn merge_changes(&mut self, form: &RecordForm<F::Record>, data: &mut FormData) -> Result<bool> {
        if !form.settings().merges() || !data.has(BASE) {
            return Ok(false);
        }
        let Some(record) = self.current_record()? else {
            self.changes.is_deleted = true;
            self.changes.offers_new = self.formlet.can_save_as_new();
            files::lose_stored(data.fields_mut());
            return Ok(true);
        };
        let saved = digests::page(data).map(|page| self.store.saved_by(page)).unwrap_or_default();
        let record = FormData::from(form.fields_of(&record));
        let merged = merge::merge(form.outline(), &record, &saved, data);
        self.compared = merged.fields;
        self.changes.conflicts = merged.conflicts;
        Ok(!self.changes.conflicts.is_empty())
    }

    /// Shows conflicts together with all validation errors.
    fn conflict_page(&mut self, form: &RecordForm<F::Record>, data: FormData) -> Result<Response> {
        let mut errors = ValidationErrors::default();
        for conflict in &self.changes.conflicts {
            errors.add(conflict.name, conflict.error());
        }
        if self.changes.is_deleted {
            errors.add("", ValidationError::Deleted);
        }
        if self.changes.offers_new {
            let lost = digests::lost_files(form.outline(), &data);
            lost.for_each(|name| errors.add(name, ValidationError::FileDeleted));
        }
        let others = form.parse(&data).err().map(|errors| errors.list).unwrap_or_default();
        others.iter().for_each(|(name, error)| errors.add(name, error.clone()));
        // RFC 9110 section 15.5.10: a conflict with the saved record, which the user can resolve.
        self.page(form, data, errors, StatusCode::CONFLICT)
    }

    /// The record as it is now, or `None` if it was deleted.
    fn current_record(&mut self) -> Result<Option<F::Record>> {
        let is_gone = |status| matches!(status, StatusCode::NOT_FOUND | StatusCode::GONE);
        match self.formlet.load(self.state, self.request) {
            Err(failure) if is_gone(failure.status()) => Ok(None),
            loaded => loaded,
        }
    }

    /// Removes the ids of rows that the record doesn't have, so that they count as new.
    fn forget_unknown_rows(
        &mut self,
        form: &RecordForm<F::Record>,
        data: &mut FormData,
    ) -> Result<()> {
        let record = if self.changes.offers_new { None } else { self.current_record()? };
        let known = record.map(|record| form.fields_of(&record)).unwrap_or_default();
        row_ids::forget_unknown(&known, data.fields_mut());
        Ok(())
    }

    /// Remembers the fields that the page has saved, in case the user goes back to it. Loads the
    /// record again, because the program may have saved values other than those that were sent. If
    /// loading fails, a later save may report the user's own change as a conflict.
    fn remember_page(&mut self, data: &FormData, response: Response) -> Response {
        let status = response.status();
        let is_error = status.is_client_error() || status.is_server_error();
        let Some(page) = digests::page(data).filter(|_| !is_error && !self.compared.is_empty())
        else {
            return response;
        };
        // Creates the form again to get the new `version` of each field.
        let (form, record) = (self.formlet.form(self.state), self.current_record());
        let (Ok(form), Ok(Some(record))) = (form, record) else { return response };
        let record = FormData::from(form.fields_of(&record));
        let fields = merge::saved_fields(form.outline(), &record, &self.compared);
        self.store.remember_page(page, fields, response)
    }

    fn rearrange(
        &mut self,
        form: &RecordForm<F::Record>,
        mut data: FormData,
        change: &str,
    ) -> Result<Response> {
        let Some(focus) = form.rearrange(change, data.fields_mut()) else {
            let status = StatusCode::BAD_REQUEST;
            return Err(Rejection::localized(status, |words: &FormWords| &words.no_row, &[]).into());
        };
        self.focus = Some(focus);
        // The rows have been renumbered, so the names of secrets may have changed.
        self.secrets = Some(form.secrets_of(&data));
        self.page(form, data, ValidationErrors::default(), StatusCode::OK)
    }

    fn page(
        &mut self,
        form: &RecordForm<F::Record>,
        mut data: FormData,
        mut errors: ValidationErrors,
        status: StatusCode,
    ) -> Result<Response> {
        if let Some(typed) = self.secrets.take() {
            form.forget_secrets(&mut data, &typed, &mut errors);
        }
        let changes = std::mem::take(&mut self.changes);
        let has_token = !form.settings().duplicates || changes.offers_new;
        let edits = form.settings().merges() && data.has(BASE);
        let view = form.view_after(data, errors, changes, self.focus.as_ref());
        #[cfg(feature = "json")]
        if status.is_client_error() && self.request.prefers_json() {
            return Ok(view.problem_with(status).into_response());
        }
        if has_token {
            set_token(&view);
        }
        let page = self.formlet.page(self.state, &view, self.request)?;
        let page = Response::html(page).with_status(status);
        // If the form is for a new record, allows the browser to keep its copy of the page for the
        // Back button. The copy has the same token, so the record isn't added twice. If the page
        // were `no-store`, Chromium 156 would request it again.
        let keeps_copy = has_token && !edits;
        let no_cache = HeaderValue::from_static("no-cache");
        Ok(if keeps_copy { page.with_header(header::CACHE_CONTROL, no_cache) } else { page })
    }
}

/// Reuses the token that was sent with the form, or sets a new one.
fn set_token<T>(view: &FormView<T>) {
    let sent = |fields: &Fields| fields.get(TOKEN).map(str::to_owned);
    view.context().token.get_or_init(|| sent(view.input()).unwrap_or_else(token));
}
