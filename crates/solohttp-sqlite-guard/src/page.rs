//! The page that stands in place of one that was not true.
//!
//! It shows SQL as the program wrote it, also in release builds: it is the user's own machine and
//! often the only trace. Parameters keep their place-holders; everything is escaped.

use solohttp_core::{IoList, Locale, Request, Response, Sentence, html};

use crate::facts::{How, Lost};
use crate::report::Report;
use crate::rescue::Rescue;
use crate::words::GuardWords;

/// Tells what happened to whom, what the handler had said, and what to do.
pub(crate) fn of(request: &Request, answered: &Response, reports: &[Report]) -> Response {
    let words = &*Locale::current::<GuardWords>();
    let mut body = IoList::new();
    for report in reports {
        for lost in &report.lost {
            push_lost(&mut body, report, lost, words);
        }
        if let Some(rescue) = &report.rescue {
            push_rescue(&mut body, rescue, words);
        }
        if let Some(error) = &report.rollback_error {
            plain(&mut body, &words.not_rolled_back.say(&[("error", error)]));
        }
    }
    plain(&mut body, &response_told(answered, words));
    if reports.iter().all(|report| report.rescue.is_none())
        && let Some(saved) = saved(reports, words)
    {
        plain(&mut body, &saved);
    }
    plain(&mut body, &words.go_back.to_string());
    Response::internal_error(request, body)
}

fn push_lost(body: &mut IoList, report: &Report, lost: &Lost, words: &GuardWords) {
    body.push("<div class=\"error\">\n<p><strong>");
    push_text(body, &headline(&lost.how, words));
    body.push("</strong></p>\n");
    let database = report.database(words);
    plain(body, &words.lost.say(&[("database", &database), ("lost", &lost.size(words))]));
    match &lost.story.opener {
        Some(opener) => push_sql(body, &words.opened_by.to_string(), [opener].into_iter()),
        None => plain(body, &words.opened_before.to_string()),
    }
    let shown = lost.story.last.len();
    if lost.story.count > shown as u64 {
        let label = words.last_statements.say(&[("shown", &shown), ("count", &lost.story.count)]);
        push_sql(body, &label, lost.story.last.iter());
    } else if shown > 0 {
        push_sql(body, &words.statements.to_string(), lost.story.last.iter());
    }
    body.push("</div>\n");
    push_paragraph(body, &advice(&lost.how, words).to_string());
}

fn push_rescue(body: &mut IoList, rescue: &Rescue, words: &GuardWords) {
    body.push("<div class=\"error\">\n<p><strong>");
    push_text(body, &words.moved.to_string());
    body.push("</strong></p>\n");
    plain(body, &words.moved_file.say(&[("path", &rescue.path.display())]));
    let advice = match &rescue.copy {
        Ok(copy) => words.moved_rescued.say(&[("copy", &copy.display())]),
        Err(error) => words.moved_lost.say(&[("error", error)]),
    };
    plain(body, &advice);
    body.push("</div>\n");
}

fn headline(how: &How, words: &GuardWords) -> String {
    match how {
        How::LeftOpen => words.left_open.say(&[]),
        How::RolledBack => words.rolled_back.say(&[]),
        How::Savepoint(name) => words.savepoint.say(&[("name", name)]),
        How::CommitFailed => words.commit_failed.say(&[]),
        How::Refused => words.refused.say(&[]),
    }
}

fn advice<'a>(how: &How, words: &'a GuardWords) -> &'a Sentence {
    match how {
        How::LeftOpen => &words.advice_left_open,
        How::RolledBack | How::Savepoint(_) => &words.advice_rolled_back,
        How::CommitFailed => &words.advice_commit_failed,
        How::Refused => &words.advice_refused,
    }
}

fn response_told(answered: &Response, words: &GuardWords) -> String {
    let status = answered.status().as_u16();
    match answered.failure() {
        Some(error) => words.responded_error.say(&[("status", &status), ("error", error)]),
        None => words.responded.say(&[("status", &status)]),
    }
}

/// Other changes of the same request may be there: whoever repeats it must know.
fn saved(reports: &[Report], words: &GuardWords) -> Option<String> {
    Some(match Report::saved_by(reports)? {
        0 => words.saved_nothing.say(&[]),
        1 => words.saved_row.say(&[]),
        rows => words.saved_rows.say(&[("rows", &rows)]),
    })
}

/// A paragraph; what stands between backticks is code.
fn push_paragraph(body: &mut IoList, text: &str) {
    body.push("<p>");
    for (place, part) in text.split('`').enumerate() {
        let is_code = place % 2 == 1;
        body.push(if is_code { "<code>" } else { "" });
        push_text(body, part);
        body.push(if is_code { "</code>" } else { "" });
    }
    body.push("</p>\n");
}

fn push_sql<'a>(body: &mut IoList, label: &str, statements: impl Iterator<Item = &'a String>) {
    plain(body, label);
    body.push("<pre>");
    for sql in statements {
        push_text(body, sql);
        body.push("\n");
    }
    body.push("</pre>\n");
}

/// A paragraph with values from outside in it.
fn plain(body: &mut IoList, text: &str) {
    body.push("<p>");
    push_text(body, text);
    body.push("</p>\n");
}

fn push_text(list: &mut IoList, text: &str) {
    html::escape_into(text, list);
}
