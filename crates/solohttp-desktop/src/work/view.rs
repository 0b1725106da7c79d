//! The list's HTML. Each entry and its status have ids, so that an update changes only what differs,
//! and a screen reader announces an outcome once, but not each step.

use solohttp_core::{IoList, Locale, html, iolist};

use super::LIVE_NAME;
use super::job::Progress;
use super::list::{End, Shown, ShownState};
use super::words::WorkWords;

pub(super) fn render(entries: &[Shown]) -> IoList {
    let words = Locale::current::<WorkWords>();
    let label = text(&words.list.to_string());
    let mut list = iolist!["<section id=\"", LIVE_NAME, "\" data-live=\"", LIVE_NAME];
    list.push(iolist!["\" aria-label=\"", label, "\">"]);
    if !entries.is_empty() {
        list.push_str("\n<ul>\n");
        for entry in entries {
            list.push(render_entry(&words, entry));
        }
        list.push_str("</ul>\n");
    }
    list.push_str("</section>\n");
    list
}

fn render_entry(words: &WorkWords, entry: &Shown) -> IoList {
    let Shown { id, name, state } = entry;
    let (class, progress, button) = match state {
        ShownState::Running(progress) => ("running", Some(progress), Some(Button::Cancel)),
        ShownState::Cancelling(progress) => ("cancelling", Some(progress), None),
        ShownState::Ended(end) => (class(end), None, Some(Button::Dismiss)),
    };
    let mut item = iolist!["<li id=\"solo-work-", *id, "\" class=\"", class, "\">"];
    item.push(iolist!["<span id=\"solo-work-", *id, "-name\">", text(name), "</span>\n"]);
    if let Some(progress) = progress {
        item.push(bar(words, *id, *progress));
    }
    // Also while there is nothing to say: only changes of an element that was there before are
    // announced.
    let status = text(&status(words, state));
    item.push(iolist![
        "<span id=\"solo-work-",
        *id,
        "-status\" role=\"status\">",
        status,
        "</span>\n"
    ]);
    if let ShownState::Ended(End::Failed { causes, .. }) = state {
        item.push(render_causes(words, causes));
    }
    if let Some(button) = button {
        item.push(button.render(words, *id, name));
    }
    item.push_str("</li>\n");
    item
}

fn class(end: &End) -> &'static str {
    match end {
        End::Done(_) => "done",
        End::Cancelled | End::Interrupted => "cancelled",
        End::Failed { .. } | End::Panicked(_) => "failed",
    }
}

fn bar(words: &WorkWords, id: u64, progress: Progress) -> IoList {
    let mut bar = iolist!["<progress aria-labelledby=\"solo-work-", id, "-name\""];
    let Some(percent) = progress.percent() else {
        bar.push_str("></progress>\n");
        return bar;
    };
    let Progress { done, total, left } = progress;
    bar.push(iolist![" value=\"", done.min(total), "\" max=\"", total, "\"></progress>\n"]);
    let shown = match left.map(|left| words.left(left)) {
        Some(left) => words.percent_and_left.say(&[("percent", &percent), ("left", &left)]),
        None => words.percent.say(&[("percent", &percent)]),
    };
    bar.push(iolist!["<span class=\"left\">", text(&shown), "</span>\n"]);
    bar
}

fn status(words: &WorkWords, state: &ShownState) -> String {
    match state {
        ShownState::Running(_) => String::new(),
        ShownState::Cancelling(_) => words.cancelling.to_string(),
        ShownState::Ended(end) => match end {
            End::Done(text) if text.is_empty() => words.done.to_string(),
            End::Done(text) => text.clone(),
            End::Cancelled => words.cancelled.to_string(),
            End::Interrupted => words.interrupted.to_string(),
            End::Failed { message, .. } => words.failed.say(&[("error", message)]),
            End::Panicked(message) => words.panicked.say(&[("error", message)]),
        },
    }
}

fn render_causes(words: &WorkWords, causes: &[String]) -> IoList {
    let mut list = IoList::new();
    if !causes.is_empty() {
        list.push_str("<ul>");
        for cause in causes {
            list.push(iolist!["<li>", text(&words.cause.say(&[("error", cause)])), "</li>"]);
        }
        list.push_str("</ul>\n");
    }
    list
}

#[derive(Clone, Copy)]
enum Button {
    Cancel,
    Dismiss,
}

impl Button {
    fn render(self, words: &WorkWords, id: u64, name: &str) -> IoList {
        let (action, label, full) = match self {
            Self::Cancel => ("cancel", &words.cancel, &words.cancel_name),
            Self::Dismiss => ("dismiss", &words.dismiss, &words.dismiss_name),
        };
        let full = text(&full.say(&[("name", &name)]));
        iolist![
            "<form method=\"post\" action=\"/__desktop/work/",
            id,
            "/",
            action,
            "\"><button aria-label=\"",
            full,
            "\">",
            text(&label.to_string()),
            "</button></form>\n"
        ]
    }
}

fn text(text: &str) -> IoList {
    let mut escaped = IoList::new();
    html::escape_into(text, &mut escaped);
    escaped
}
