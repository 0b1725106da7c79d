//! A question, and the form that asks it.

use std::borrow::Cow;

use serde::{Serialize, Serializer};
use solohttp_iolist::{IoList, iolist};

use crate::html::{Html, escape_into};
use crate::language::{Locale, ServerWords};
use crate::response::Response;
use crate::url::Fields;

/// A question that the user must answer before something happens, such as "Delete Ada?".
///
/// [`confirm`](crate::confirm()) asks it before a handler runs, and solohttp-forms before a side
/// button's action. Handlers of other kinds can show the page themselves:
///
/// ```
/// use solohttp_core::{Question, Request, Response};
///
/// fn ask(request: &Request) -> Response {
///     let question = Question::new("Empty the trash?").detail("It contains 12 files.");
///     question.form("/trash/empty", "Empty").cancel_link(request.referring_path()).page()
/// }
/// let page = Request::get("/trash/ask").send_to(ask).into_text();
/// assert!(page.contains("<h1>Empty the trash?</h1>\n<p>It contains 12 files.</p>"), "{page}");
/// assert!(page.contains("Empty</button>"), "{page}");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    text: Cow<'static, str>,
    details: Vec<Cow<'static, str>>,
}

impl Question {
    /// The name of the field that holds the question when the user confirms it.
    pub const FIELD: &'static str = ":confirmed";

    /// Creates a question. It is the title of the page.
    pub fn new(text: impl Into<Cow<'static, str>>) -> Self {
        Self { text: text.into(), details: Vec::new() }
    }

    /// Adds a paragraph below the question.
    #[must_use]
    pub fn detail(mut self, text: impl Into<Cow<'static, str>>) -> Self {
        self.details.push(text.into());
        self
    }

    /// The question, without its details.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether these fields confirm exactly this question. If it has changed since it was shown,
    /// for example because there are more records now, it must be asked again.
    #[must_use]
    pub fn is_confirmed_by(&self, fields: &Fields) -> bool {
        // Browsers change line ends in form fields.
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        fields.get(Self::FIELD).is_some_and(|asked| words(asked) == words(&self.to_string()))
    }

    /// Returns the form that asks the question. It submits to the URL `action`. `button` is the
    /// label of its button and should name the action, such as "Delete".
    pub fn form<'a>(&'a self, action: &'a str, button: &'a str) -> QuestionForm<'a> {
        QuestionForm { question: self, action, button, fields: IoList::new(), cancel: None }
    }
}

/// The question and its details, one per line.
impl std::fmt::Display for Question {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)?;
        self.details.iter().try_for_each(|detail| write!(f, "\n{detail}"))
    }
}

impl From<String> for Question {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl From<&'static str> for Question {
    fn from(text: &'static str) -> Self {
        Self::new(text)
    }
}

/// The form that asks a [`Question`]: its details, a button, and a way to cancel.
#[derive(Debug)]
#[must_use = "call `page` or `render`, or insert it into a template"]
pub struct QuestionForm<'a> {
    question: &'a Question,
    action: &'a str,
    button: &'a str,
    fields: IoList,
    cancel: Option<IoList>,
}

impl QuestionForm<'_> {
    /// Submits this field, too.
    pub fn field(mut self, name: &str, value: &str) -> Self {
        push_hidden(&mut self.fields, name, value);
        self
    }

    /// Adds the link "Cancel" to this URL.
    pub fn cancel_link(mut self, url: impl std::fmt::Display) -> Self {
        let label = text(&Locale::current::<ServerWords>().cancel.to_string());
        self.cancel = Some(iolist!["<a href=\"", text(&url.to_string()), "\">", label, "</a>"]);
        self
    }

    /// Adds the button "Cancel", which submits the fields, together with this one. Unlike with a
    /// link, the handler can show the user's input again.
    pub fn cancel_button(mut self, name: &str, value: &str) -> Self {
        let label = Locale::current::<ServerWords>().cancel.to_string();
        let mut button = IoList::new();
        push_button(&mut button, (name, value), &label);
        self.cancel = Some(button);
        self
    }

    /// Returns the details and the form, without the question itself, for a page of the
    /// application's own.
    #[must_use]
    pub fn render(&self) -> IoList {
        let mut body = IoList::new();
        for detail in &self.question.details {
            body.push(iolist!["<p>", text(detail), "</p>\n"]);
        }
        body.push(iolist!["<form method=\"post\" action=\"", text(self.action)]);
        body.push("\" class=\"solo-form\">\n");
        body.push(&self.fields);
        body.push("<p class=\"buttons\">");
        push_button(&mut body, (Question::FIELD, &self.question.to_string()), self.button);
        if let Some(cancel) = &self.cancel {
            body.push(iolist![" ", cancel]);
        }
        body.push("</p>\n</form>\n");
        body
    }

    /// Returns a page in the server's style, with the question as its title.
    #[must_use]
    pub fn page(self) -> Response {
        Response::page(&self.question.text, self.render())
    }
}

/// Serialized as [`Html`], so a template can insert it.
impl Serialize for QuestionForm<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Html::from(self.render()).serialize(serializer)
    }
}

fn push_hidden(to: &mut IoList, name: &str, value: &str) {
    let (name, value) = (text(name), text(value));
    to.push(iolist!["<input type=\"hidden\" name=\"", name, "\" value=\"", value, "\">\n"]);
}

fn push_button(to: &mut IoList, (name, value): (&str, &str), label: &str) {
    let (name, value, label) = (text(name), text(value), text(label));
    to.push(iolist!["<button name=\"", name, "\" value=\"", value, "\">", label, "</button>"]);
}

fn text(text: &str) -> IoList {
    let mut escaped = IoList::new();
    escape_into(text, &mut escaped);
    escaped
}
