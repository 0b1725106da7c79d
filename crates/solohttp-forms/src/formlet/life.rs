//! What happens to a form on each request, in order.

use solohttp_core::{
    Allow, Fields, HeaderValue, IntoResponse, Method, Rejection, Request, Response, Result,
    StatusCode, header,
};

use crate::form::RecordForm;
use crate::form::sent::Sent;
use crate::formlet::{Formlet, Submission};
use crate::markup::button::{self, BUTTON, ROW};
use crate::store::digests::{self, BASE, Before, Meanwhile};
use crate::store::drafts::{Draft, RESUME};
use crate::store::form_store::FormStore;
use crate::store::submissions::{self, Print, Saved, TOKEN};
use crate::validation::ValidationError;
use crate::validation::errors::{Errors, ValidationErrors};
use crate::validation::words::FormWords;
use crate::view::FormView;

impl FormStore {
    /// Asks a formlet by hand, for one that is no handler of its own.
    ///
    /// The desk must outlive the request: a token on it is what tells a form that is sent twice.
    pub fn answer<S, F: Formlet<S>>(
        &self,
        formlet: &mut F,
        state: &mut S,
        request: &Request,
    ) -> Response {
        // What lies below a mount is not this form.
        if request.mount_depth() > 0 && request.has_suffix() {
            return StatusCode::NOT_FOUND.into_response();
        }
        let (meanwhile, before) = (Meanwhile::default(), Vec::new());
        let mut turn =
            Turn { desk: self, formlet, state, request, meanwhile, secrets: None, before };
        match *request.method() {
            Method::GET | Method::HEAD => turn.show().into_response(),
            Method::POST => turn.submit().into_response(),
            _ => Allow::new([Method::GET, Method::POST]).respond(request),
        }
    }
}

/// One request to one formlet.
struct Turn<'a, S, F> {
    desk: &'a FormStore,
    formlet: &'a mut F,
    state: &'a mut S,
    request: &'a Request,
    /// What has become of the record since the form was shown.
    meanwhile: Meanwhile,
    /// The fields that were compared.
    before: Vec<Before>,
    /// The secrets that were typed: they are never shown again.
    secrets: Option<Vec<String>>,
}

impl<S, F: Formlet<S>> Turn<'_, S, F> {
    fn show(&mut self) -> Result<Response> {
        let form = self.formlet.form(self.state)?;
        let mut mistakes = ValidationErrors::default();
        if let Some(ticket) = self.request.query().get(RESUME) {
            match self.formlet.resume(self.state, ticket) {
                Some(draft) => return self.take_up(&form, draft),
                None => mistakes.add("", form.settings().words.gone.to_string()),
            }
        }
        let fields = match self.formlet.load(self.state, self.request)? {
            Some(record) => {
                let mut fields = form.fields_of(&record);
                if form.settings().compares() {
                    let digests = digests::digests(form.outline(), &fields);
                    fields.push(BASE, digests);
                }
                fields
            }
            None => form.blank_fields(),
        };
        self.page(&form, Sent::from(fields), mistakes, StatusCode::OK)
    }

    fn take_up(
        &mut self,
        form: &RecordForm<F::Record>,
        draft: Draft<F::Record>,
    ) -> Result<Response> {
        let mut fields = draft.fields;
        if let Some((name, value)) = draft.answer
            && !form.put(&name, value.as_ref(), &mut fields)
        {
            return Err(
                format!("the form waited for a value of `{name}`, which it does not have").into()
            );
        }
        let sent = self.desk.resolve(fields);
        self.secrets = Some(form.secrets_of(&sent));
        self.page(form, sent, ValidationErrors::default(), StatusCode::OK)
    }

    fn submit(&mut self) -> Result<Response> {
        let form = self.formlet.form(self.state)?;
        let mut fields = self.request.sent_form()?.fields.clone();
        let change = button::take(&mut fields, ROW);
        let pressed = button::take(&mut fields, BUTTON);
        let (mut sent, print) = self.desk.read(form.outline(), self.request, &fields)?;
        form.settle(&mut sent);
        self.secrets = Some(form.secrets_of(&sent));
        if let Some(change) = change {
            return self.rearrange(&form, sent, &change);
        }
        let (pressed, as_new) = button::read(pressed.as_deref());
        let known = form.pressed(pressed).filter(|_| !as_new || self.formlet.can_save_as_new());
        let (button, saves) = known.ok_or_else(|| {
            Rejection::localized(StatusCode::BAD_REQUEST, |words: &FormWords| &words.no_button, &[])
        })?;
        if !saves {
            let draft = Draft::new(sent.fields().clone(), self.request);
            return self.formlet.on_button(self.state, button, draft);
        }
        self.meanwhile.offers_new = as_new;
        if let Some(response) = self.look_for_earlier(&form, &mut sent, print)? {
            return Ok(response);
        }
        if !as_new && let Some(page) = self.compare(&form, &mut sent)? {
            return Ok(page);
        }
        match self.save(&form, &sent, button)? {
            Ok(response) => {
                let response = self.note_left(&sent, response);
                Ok(self.desk.settle(print, sent, response))
            }
            // RFC 9110 section 15.5.21: understood, and cannot be done as it is.
            Err(errors) => {
                self.page(&form, sent, errors.mistakes, StatusCode::UNPROCESSABLE_ENTITY)
            }
        }
    }

    /// What is to be said of a submission that was saved before.
    fn look_for_earlier(
        &mut self,
        form: &RecordForm<F::Record>,
        sent: &mut Sent,
        print: Option<Print>,
    ) -> Result<Option<Response>> {
        let settings = form.settings();
        let already = &settings.words.already.to_string();
        let widget = |saved: &Saved| saved.is_double_click().then(|| saved.answer(already));
        match self.desk.earlier(print, widget) {
            Some(Some(answer)) => {
                self.desk.release(sent);
                Ok(Some(answer))
            }
            // What is edited may be saved again: that adds nothing.
            Some(None) if self.meanwhile.offers_new || !settings.compares() || !sent.has(BASE) => {
                // With another token it is another submission.
                sent.fields_mut().remove(TOKEN);
                let mut mistakes = ValidationErrors::default();
                mistakes.add("", ValidationError::AlreadySaved);
                self.page(form, sent.clone(), mistakes, StatusCode::CONFLICT).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// Finds out what others have done to the record since the form was shown: their changes go
    /// into what was sent, unless the user has to see them first.
    fn compare(
        &mut self,
        form: &RecordForm<F::Record>,
        sent: &mut Sent,
    ) -> Result<Option<Response>> {
        if !form.settings().compares() || !sent.has(BASE) {
            return Ok(None);
        }
        let mut mistakes = ValidationErrors::default();
        if let Some(record) = self.record_now()? {
            let left = digests::page(sent).map(|page| self.desk.left_by(page)).unwrap_or_default();
            let record = form.fields_of(&record);
            let merged = digests::merge(form.outline(), &record, &left, sent);
            self.before = merged.fields;
            let conflicts = merged.conflicts;
            if conflicts.is_empty() {
                return Ok(None);
            }
            conflicts.iter().for_each(|conflict| mistakes.add(conflict.name, conflict.mistake()));
            self.meanwhile.conflicts = conflicts;
        } else {
            mistakes.add("", ValidationError::DeletedMeanwhile);
            self.meanwhile.offers_new = self.formlet.can_save_as_new();
        }
        // All errors are told at once, also those that have nothing to do with others.
        let others = form.parse(sent).err().map(|errors| errors.mistakes).unwrap_or_default();
        others.iter().for_each(|(name, mistake)| mistakes.add(name, mistake.clone()));
        // RFC 9110 section 15.5.10: in conflict with the record, which the user can resolve.
        self.page(form, sent.clone(), mistakes, StatusCode::CONFLICT).map(Some)
    }

    /// The record as it is now; `None` if it is gone.
    fn record_now(&mut self) -> Result<Option<F::Record>> {
        let is_gone = |status| matches!(status, StatusCode::NOT_FOUND | StatusCode::GONE);
        match self.formlet.load(self.state, self.request) {
            Err(failure) if is_gone(failure.status()) => Ok(None),
            loaded => loaded,
        }
    }

    /// Takes note of what the page has left in the record, for whoever goes back to it. That may
    /// be something else than was typed, so the program is asked. If it cannot say, the user may
    /// be asked about their own change.
    fn note_left(&mut self, sent: &Sent, response: Response) -> Response {
        let status = response.status();
        let is_error = status.is_client_error() || status.is_server_error();
        let Some(page) = digests::page(sent).filter(|_| !is_error && !self.before.is_empty())
        else {
            return response;
        };
        // The form is made anew, because it has the versions.
        let (form, record) = (self.formlet.form(self.state), self.record_now());
        let (Ok(form), Ok(Some(record))) = (form, record) else { return response };
        let left = digests::left_in(form.outline(), &form.fields_of(&record), &self.before);
        self.desk.remember(page, left, response)
    }

    fn rearrange(
        &mut self,
        form: &RecordForm<F::Record>,
        mut sent: Sent,
        change: &str,
    ) -> Result<Response> {
        if !form.rearrange(change, sent.fields_mut()) {
            let status = StatusCode::BAD_REQUEST;
            return Err(Rejection::localized(status, |words: &FormWords| &words.no_row, &[]).into());
        }
        // Rows have other numbers now.
        self.secrets = Some(form.secrets_of(&sent));
        self.page(form, sent, ValidationErrors::default(), StatusCode::OK)
    }

    /// The outer error is the world's, the inner one the user's.
    fn save(
        &mut self,
        form: &RecordForm<F::Record>,
        sent: &Sent,
        button: &str,
    ) -> Result<Result<Response, Errors<F::Record>>> {
        let record = match form.parse(sent) {
            Ok(record) => record,
            Err(errors) => return Ok(Err(errors)),
        };
        let mut errors = Errors::new();
        self.formlet.check(self.state, &record, &mut errors)?;
        if !errors.is_empty() {
            return Ok(Err(errors));
        }
        let is_new = self.meanwhile.offers_new;
        let submission = Submission { button, is_new, request: self.request };
        let failure = match self.formlet.save(self.state, record, &submission) {
            Ok(response) => return Ok(Ok(response)),
            Err(failure) => failure,
        };
        let Some(error) = failure.error() else { return Err(failure) };
        if let Some(found) = error.downcast_ref::<Errors<F::Record>>() {
            errors.mistakes = found.mistakes.clone();
        } else {
            self.formlet.map_error(error, &mut errors);
        }
        if errors.is_empty() { Err(failure) } else { Ok(Err(errors)) }
    }

    fn page(
        &mut self,
        form: &RecordForm<F::Record>,
        mut sent: Sent,
        mut mistakes: ValidationErrors,
        status: StatusCode,
    ) -> Result<Response> {
        if let Some(typed) = self.secrets.take() {
            form.forget_secrets(&mut sent, &typed, &mut mistakes);
        }
        let meanwhile = std::mem::take(&mut self.meanwhile);
        let has_token = !form.settings().duplicates || meanwhile.offers_new;
        let edits = form.settings().compares() && sent.has(BASE);
        let view = form.view_of(sent, mistakes, meanwhile);
        if has_token {
            carry_token(&view);
        }
        let page = self.formlet.page(self.state, &view, self.request)?;
        let page = Response::html(page).with_status(status);
        // Whoever goes back gets the same copy of a form that adds, with its token, by which the
        // same is not added twice. Chromium 156 would ask for a `no-store` page anew.
        let keeps_copy = has_token && !edits;
        let no_cache = HeaderValue::from_static("no-cache");
        Ok(if keeps_copy { page.with_header(header::CACHE_CONTROL, no_cache) } else { page })
    }
}

/// The token that the form came with, or a new one.
fn carry_token<T>(view: &FormView<T>) {
    let carried = |fields: &Fields| fields.get(TOKEN).map(str::to_owned);
    view.context().token.get_or_init(|| carried(view.typed()).unwrap_or_else(submissions::token));
}
