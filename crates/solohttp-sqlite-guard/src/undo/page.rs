//! Renders the buttons and the list of steps, and responds to the buttons.

use solohttp_core::{
    Allow, HeaderValue, IoList, Locale, Method, Request, Response, Sentence, StatusCode, header,
    iolist,
};

use super::blocked::Blocked;
use super::history::{History, Step};
use super::replay::Direction;
use super::words::UndoWords;
use crate::page::text;

/// The buttons post a step's number to these paths.
const BACK: &str = "/__undo/back";
const AGAIN: &str = "/__undo/again";
const SCRIPT: &str = "/__undo/keys.js";
/// Part of the script's URL, so that browsers don't use a cached script from another version.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What the last action did, for the next pages.
#[derive(Debug)]
pub(crate) enum Message {
    Undone(String),
    Redone(String),
    /// The button was on an outdated page.
    Outdated,
    TooLarge(String),
    NotRecorded(String),
}

impl Message {
    pub(crate) fn say(&self, words: &UndoWords) -> String {
        let (sentence, name) = match self {
            Self::Outdated => return words.outdated.to_string(),
            Self::Undone(name) => (&words.undone, name),
            Self::Redone(name) => (&words.redone, name),
            Self::TooLarge(name) => (&words.too_large, name),
            Self::NotRecorded(name) => (&words.not_recorded, name),
        };
        sentence.say(&[("name", name)])
    }
}

/// Responds to a button by calling `replay` with the step that the button sent. Returns `None` if
/// the request is for the application.
pub(crate) fn respond(
    request: &Request,
    replay: impl FnOnce(Direction, Option<u64>) -> Response,
) -> Option<Response> {
    let direction = match request.path() {
        BACK => Direction::Back,
        AGAIN => Direction::Again,
        SCRIPT => return Some(script(request)),
        _ => return None,
    };
    if request.method() != Method::POST {
        return Some(Allow::new([Method::POST]).respond(request));
    }
    let step = request.form().ok().and_then(|fields| fields.get("step")?.parse().ok());
    Some(replay(direction, step))
}

/// The script for the keyboard shortcuts.
fn script(request: &Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Allow::new([Method::GET, Method::HEAD]).respond(request);
    }
    let cached = HeaderValue::from_static("private, max-age=86400");
    Response::bytes("text/javascript; charset=utf-8", include_str!("keys.js"))
        .with_header(header::CACHE_CONTROL, cached)
}

/// Renders both buttons and the message.
pub(crate) fn view(history: &History, message: Option<&Message>) -> IoList {
    let words = Locale::current::<UndoWords>();
    let message = message.map_or_else(String::new, |message| message.say(&words));
    let mut view = iolist![
        "<form id=\"solo-undo\" class=\"undo\" method=\"post\" action=\"",
        BACK,
        "\" aria-label=\"",
        text(&words.group.to_string()),
        "\">\n<span id=\"solo-undo-status\" role=\"status\">",
        text(&message),
        "</span>\n"
    ];
    let label = |step: Option<&Step>, named: &Sentence, unnamed: &Sentence| match step {
        Some(step) => named.say(&[("name", &step.name)]),
        None => unnamed.to_string(),
    };
    let (back, again) = (history.last_done(), history.last_undone());
    view.push(button(BACK, "Z", back, &label(back, &words.undo_step, &words.undo)));
    view.push(button(AGAIN, "Shift+Z", again, &label(again, &words.redo_step, &words.redo)));
    view.push(iolist!["<script src=\"", SCRIPT, "?", VERSION, "\" defer></script>\n</form>\n"]);
    view
}

fn button(action: &'static str, keys: &'static str, step: Option<&Step>, label: &str) -> IoList {
    let mut button =
        iolist!["<button formaction=\"", action, "\" aria-keyshortcuts=\"Control+", keys];
    match step {
        Some(step) => button.push(iolist!["\" name=\"step\" value=\"", step.id, "\">"]),
        None => button.push_str("\" disabled>"),
    }
    button.push(iolist![text(label), "</button>\n"]);
    button
}

/// Renders all steps, latest first.
pub(crate) fn list(history: &History) -> IoList {
    let words = Locale::current::<UndoWords>();
    let (done, undone) = history.steps();
    let undone: Vec<&Step> = undone.collect();
    let mut list =
        iolist!["<ol class=\"undo-steps\" aria-label=\"", text(&words.list.to_string()), "\">\n"];
    for step in undone.into_iter().rev() {
        let shown = words.undone_step.say(&[("name", &step.name)]);
        list.push(iolist!["<li class=\"undone\">", text(&shown), "</li>\n"]);
    }
    for step in done {
        list.push(iolist!["<li>", text(&step.name), "</li>\n"]);
    }
    list.push_str("</ol>\n");
    list
}

/// The page that explains why a step wasn't undone or redone.
pub(crate) fn blocked_page(
    request: &Request,
    direction: Direction,
    name: &str,
    blocked: &Blocked,
) -> Response {
    let words = Locale::current::<UndoWords>();
    let title = match direction {
        Direction::Back => &words.not_undone,
        Direction::Again => &words.not_redone,
    };
    let why = match blocked {
        Blocked::Changed { table } => words.changed.say(&[("table", table)]),
        Blocked::Constraint { table, error } => {
            words.constraint.say(&[("table", table), ("error", error)])
        }
        Blocked::Reference => words.reference.to_string(),
        Blocked::Schema => words.schema.to_string(),
        Blocked::Failed(error) => error.to_string(),
    };
    let mut page = IoList::new();
    for sentence in [why, words.unchanged.to_string()] {
        page.push(iolist!["<p>", text(&sentence), "</p>\n"]);
    }
    let back = text(&words.back.to_string());
    page.push(iolist!["<p><a href=\"", text(request.referring_path()), "\">", back, "</a></p>\n"]);
    Response::page(&title.say(&[("name", &name)]), page).with_status(StatusCode::CONFLICT)
}
