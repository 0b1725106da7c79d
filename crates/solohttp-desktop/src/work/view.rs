//! The HTML of the list. Each entry and its status have ids, so an update changes only what
//! differs. A screen reader then announces an outcome once, and doesn't announce each step.

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
    // Present even while it is empty, because screen readers announce only changes to an element
    // that already exists.
    let status = status(words, state);
    // A message can have several lines, such as one for each error in a form.
    let layout = if status.contains('\n') { " style=\"white-space: pre-line\"" } else { "" };
    let status = text(&status);
    item.push(iolist![
        "<span id=\"solo-work-",
        *id,
        "-status\" role=\"status\"",
        layout,
        ">",
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn shown(state: ShownState) -> String {
        let name = "Import of “a & b.csv”".to_owned();
        render(&[Shown { id: 7, name, state }]).to_string()
    }

    fn running(done: u64, total: u64, left: Option<u64>) -> ShownState {
        ShownState::Running(Progress { done, total, left: left.map(Duration::from_secs) })
    }

    #[test]
    fn without_work_there_is_an_empty_section_that_can_update_itself() {
        let expect = "<section id=\"solo-work\" data-live=\"solo-work\" aria-label=\"Activity\"></section>\n";
        assert_eq!(render(&[]).to_string(), expect);
    }

    #[test]
    fn shows_progress_time_left_and_a_button() {
        let expect = "\
<section id=\"solo-work\" data-live=\"solo-work\" aria-label=\"Activity\">
<ul>
<li id=\"solo-work-7\" class=\"running\"><span id=\"solo-work-7-name\">Import of “a &amp; b.csv”</span>
<progress aria-labelledby=\"solo-work-7-name\" value=\"50\" max=\"200\"></progress>
<span class=\"left\">25%, about 2 minutes left</span>
<span id=\"solo-work-7-status\" role=\"status\"></span>
<form method=\"post\" action=\"/__desktop/work/7/cancel\"><button aria-label=\"Cancel: Import of “a &amp; b.csv”\">Cancel</button></form>
</li>
</ul>
</section>
";
        assert_eq!(shown(running(50, 200, Some(100))), expect);
        assert!(shown(running(50, 200, None)).contains(">25%</span>"));
    }

    #[test]
    fn an_unknown_total_has_a_bar_without_a_value() {
        let page = shown(running(50, 0, None));
        assert!(
            page.contains("<progress aria-labelledby=\"solo-work-7-name\"></progress>"),
            "{page}"
        );
        assert!(!page.contains('%'), "{page}");
    }

    #[test]
    fn more_than_everything_is_everything() {
        let page = shown(running(9, 4, None));
        assert!(page.contains("value=\"4\" max=\"4\""), "{page}");
        assert!(page.contains(">100%<"), "{page}");
    }

    #[test]
    fn work_that_is_being_cancelled_keeps_its_bar_and_has_no_button() {
        let page = shown(ShownState::Cancelling(Progress { done: 1, total: 2, left: None }));
        assert!(page.contains("role=\"status\">Cancelling …<"), "{page}");
        assert!(page.contains("<progress") && !page.contains("<button"), "{page}");
    }

    #[test]
    fn shows_outcomes_escaped_and_with_a_button_that_dismisses_them() {
        let check = |end, class: &str, expect: &str| {
            let page = shown(ShownState::Ended(end));
            assert!(page.contains(&format!("class=\"{class}\"")), "{page}");
            assert!(page.contains(&format!("role=\"status\">{expect}</span>")), "{page}");
            assert!(page.contains("action=\"/__desktop/work/7/dismiss\""), "{page}");
            assert!(!page.contains("<progress") && !page.contains("<b>"), "{page}");
        };
        check(End::Done("1 < 2".to_owned()), "done", "1 &lt; 2");
        check(End::Done(String::new()), "done", "Done");
        check(End::Cancelled, "cancelled", "Cancelled");
        check(End::Interrupted, "cancelled", "Interrupted, because the program ended");
        check(
            End::Panicked("<b>no".to_owned()),
            "failed",
            "Failed because of an error in the program: &lt;b&gt;no",
        );
        let causes = vec!["<b>".to_owned(), "disk full".to_owned()];
        let end = End::Failed { message: "a<b>".to_owned(), causes };
        check(end.clone(), "failed", "Failed: a&lt;b&gt;");
        let page = shown(ShownState::Ended(end));
        assert!(
            page.contains("<ul><li>Cause: &lt;b&gt;</li><li>Cause: disk full</li></ul>"),
            "{page}"
        );
    }

    #[test]
    fn a_message_keeps_its_lines() {
        let end = End::Failed { message: "a: 1\nb: 2".to_owned(), causes: Vec::new() };
        let page = shown(ShownState::Ended(end));
        let expect = "role=\"status\" style=\"white-space: pre-line\">Failed: a: 1\nb: 2</span>";
        assert!(page.contains(expect), "{page}");
    }

    #[test]
    fn speaks_the_language_of_the_application() {
        let words = WorkWords { cancel: "Abbrechen".into(), ..WorkWords::default() };
        Locale::new().with(words).install();
        assert!(shown(running(1, 2, None)).contains(">Abbrechen</button>"));
    }
}
