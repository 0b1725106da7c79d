//! The handler that asks before another handler runs.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use http::{Method, StatusCode};
use solohttp_iolist::IoList;

use super::kept::{KeptForms, TOKEN};
use super::{BACK, Question};
use crate::error::{Failure, Rejection};
use crate::handler::{Handler, IntoHandler, RequestFn};
use crate::language::ServerWords;
use crate::request::Request;
use crate::response::Response;
use crate::url::{Fields, LocalUrl};

/// The application's page around a question.
type Page<S> = Box<dyn Fn(&mut S, &str, IoList) -> Result<IoList, Failure>>;

/// A handler that asks before another one runs: see [`confirm`].
pub struct Confirm<S, A, M, H> {
    button: Cow<'static, str>,
    ask: A,
    handler: H,
    page: Option<Page<S>>,
    kept: KeptForms,
    marker: PhantomData<fn(&mut S) -> M>,
}

/// Asks the user before `handler` runs.
///
/// `ask` returns the question, or `None` to run the handler without asking. Like a handler, it
/// takes `&mut S`, extractors and `&Request`. `button` is the label of the button that confirms,
/// and should name the action.
///
/// ```
/// use solohttp_core::{Form, Handler, Question, Request, Response, confirm};
///
/// struct App { names: Vec<String> }
///
/// fn ask(app: &mut App) -> solohttp_core::Result<Option<Question>> {
///     let count = app.names.len();
///     Ok((count > 1).then(|| format!("Delete all {count} names?").into()))
/// }
///
/// fn delete(app: &mut App) -> Response {
///     app.names.clear();
///     Response::redirect("/names")
/// }
///
/// let app = App { names: vec!["Ada".into(), "Grace".into()] };
/// let mut app = confirm("Delete", ask, delete).with_state(app);
/// let asked = Request::post("/names/delete").send_to(&mut app);
/// assert_eq!(asked.status(), 428);
/// assert!(asked.into_text().contains("<h1>Delete all 2 names?</h1>"));
/// let confirmed = [(Question::FIELD, "Delete all 2 names?")];
/// assert_eq!(Request::post("/names/delete").form(confirmed).send_to(&mut app).status(), 303);
/// ```
///
/// The question is a page without scripts, with the status 428 (RFC 6585 section 3), so that a
/// script that posts the form doesn't mistake it for success. Its button submits the same fields
/// again, including uploaded files, and "Cancel" leads back to the page that the request came from.
/// If the question has changed before the user confirms, it is asked again.
///
/// If the action can be undone, prefer undo to a question: users learn to confirm without reading.
///
/// GET and HEAD requests reach the handler without a question.
pub fn confirm<S, A, M, H, N>(
    button: impl Into<Cow<'static, str>>,
    ask: A,
    handler: H,
) -> Confirm<S, A, M, H::Handler>
where
    A: RequestFn<S, M, Output = Result<Option<Question>, Failure>>,
    H: IntoHandler<S, N>,
{
    Confirm {
        button: button.into(),
        ask,
        handler: handler.into_handler(),
        page: None,
        kept: KeptForms::default(),
        marker: PhantomData,
    }
}

impl<S, A, M, H> Confirm<S, A, M, H> {
    /// Sets the page around the question, instead of one in the server's style. `page` gets the
    /// state, the question as text, and the form as HTML.
    #[must_use]
    pub fn page(
        mut self,
        page: impl Fn(&mut S, &str, IoList) -> Result<IoList, Failure> + 'static,
    ) -> Self {
        self.page = Some(Box::new(page));
        self
    }
}

impl<S, A, M, H> Confirm<S, A, M, H>
where
    A: RequestFn<S, M, Output = Result<Option<Question>, Failure>>,
{
    /// Returns the page that asks, or `None` if the handler may run.
    fn ask(&mut self, state: &mut S, request: &mut Request) -> Result<Option<Response>, Failure> {
        let asked = request.form()?.get(Question::FIELD).map(str::to_owned);
        if let Some(token) = request.form()?.get(TOKEN).map(str::to_owned) {
            self.restore(&token, request)?;
        }
        let Some(question) = self.ask.call(state, request)?? else { return Ok(None) };
        if asked.is_some() && question.is_confirmed_by(request.form()?) {
            // The handler may redirect to the page that the first request came from.
            let back = back(request).to_owned();
            request.refer_to(&back);
            return Ok(None);
        }
        let action = request.normal_url().unwrap_or_else(|| request.target().to_owned());
        let mut form = question.form(&action, &self.button);
        let is_own = |name: &str| [Question::FIELD, BACK, TOKEN].contains(&name);
        let fields: Fields = request.form()?.iter().filter(|(name, _)| !is_own(name)).collect();
        let back = back(request).to_owned();
        if KeptForms::must_keep(&fields, request.uploads()?) {
            form = form.field(TOKEN, &self.kept.keep(fields, request.uploads()?.to_vec()));
        } else {
            form = fields.iter().fold(form, |form, (name, value)| form.field(name, value));
        }
        let form = form.field(BACK, &back).cancel_link(back);
        let page = match &self.page {
            Some(page) => Response::html(page(state, question.text(), form.render())?),
            None => form.page(),
        };
        Ok(Some(page.with_status(StatusCode::PRECONDITION_REQUIRED)))
    }

    /// Replaces the form that confirms with the one that was kept.
    fn restore(&self, token: &str, request: &mut Request) -> Result<(), Rejection> {
        let expired = || {
            let status = StatusCode::GONE;
            Rejection::localized(status, |words: &ServerWords| &words.confirm_expired, &[])
        };
        let mut kept = self.kept.get(token).ok_or_else(expired)?;
        for own in [Question::FIELD, BACK, TOKEN] {
            if let Some(value) = request.form()?.get(own) {
                kept.fields.push(own, value);
            }
        }
        request.replace_form(kept);
        Ok(())
    }
}

impl<S, A, M, H> Handler<S> for Confirm<S, A, M, H>
where
    A: RequestFn<S, M, Output = Result<Option<Question>, Failure>>,
    H: Handler<S>,
{
    fn handle(&mut self, state: &mut S, request: &mut Request) -> Response {
        let is_safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
        if is_safe || request.is_call() {
            return self.handler.handle(state, request);
        }
        match self.ask(state, request) {
            Ok(Some(page)) => return page,
            Ok(None) => {}
            Err(failure) => return Response::failed(failure),
        }
        let response = self.handler.handle(state, request);
        let is_done = response.status().is_success() || response.status().is_redirection();
        if is_done && let Some(token) = request.form().ok().and_then(|form| form.get(TOKEN)) {
            self.kept.remove(token);
        }
        response
    }

    fn check_wildcards(&self, names: &[Option<&str>]) -> Result<(), String> {
        A::check_wildcards(names)?;
        self.handler.check_wildcards(names)
    }
}

/// The page that the first request came from.
fn back(request: &Request) -> &str {
    let sent = request.form().ok().and_then(|form| form.get(BACK));
    sent.filter(|path| LocalUrl::is_local(path)).unwrap_or_else(|| request.referring_path())
}

impl<S, A, M, H: fmt::Debug> fmt::Debug for Confirm<S, A, M, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Confirm").field("handler", &self.handler).finish_non_exhaustive()
    }
}
