//! The error page that replaces a response when changes were lost.
//!
//! The page shows SQL even in release builds, since the program runs on the user's own machine and
//! the page is often the only trace. Parameter values are not shown.

use solohttp_core::html::escape_sentence;
use solohttp_core::{IoList, Locale, Request, Response, Sentence, StatusCode};

use super::{problem, push_paragraph, push_statements, push_text};
use crate::watch::facts::{Cause, Lost};
use crate::watch::report::Report;
use crate::watch::rescue::Rescue;
use crate::words::GuardWords;

/// Builds the page: what was lost, how the handler had responded, and what to do.
pub(crate) fn page(request: &Request, response: &Response, reports: &[Report]) -> Response {
    let words = &*Locale::current::<GuardWords>();
    let status = StatusCode::INTERNAL_SERVER_ERROR;
    if let Some(problem) = problem(request, status, &sentences(response, reports, words), &[]) {
        return problem;
    }
    let mut body = IoList::new();
    for report in reports {
        for lost in &report.lost {
            push_lost(&mut body, report, lost, words);
        }
        if let Some(rescue) = &report.rescue {
            push_rescue(&mut body, rescue, words);
        }
        if let Some(error) = &report.rollback_error {
            push_paragraph(&mut body, &words.not_rolled_back.say(&[("error", error)]));
        }
    }
    push_paragraph(&mut body, &responded(response, words));
    if let Some(saved) = saved(reports, words) {
        push_paragraph(&mut body, &saved);
    }
    push_paragraph(&mut body, &words.go_back.to_string());
    Response::internal_error(request, body)
}

/// The page in short.
fn sentences(response: &Response, reports: &[Report], words: &GuardWords) -> Vec<String> {
    let mut sentences: Vec<String> =
        reports.iter().flat_map(|report| report.summary(words)).collect();
    for rescue in reports.iter().filter_map(|report| report.rescue.as_ref()) {
        sentences.push(words.moved.to_string());
        sentences.push(words.moved_file.say(&[("path", &rescue.path.display())]));
        sentences.push(rescued(rescue, words));
    }
    sentences.push(responded(response, words));
    sentences.extend(saved(reports, words));
    sentences
}

fn rescued(rescue: &Rescue, words: &GuardWords) -> String {
    match &rescue.copy {
        Ok(copy) => words.moved_rescued.say(&[("copy", &copy.display())]),
        Err(error) => words.moved_lost.say(&[("error", error)]),
    }
}

fn push_lost(body: &mut IoList, report: &Report, lost: &Lost, words: &GuardWords) {
    body.push("<div class=\"error\">\n<p><strong>");
    push_text(body, &headline(&lost.cause, words));
    body.push("</strong></p>\n");
    let database = report.database(words);
    push_paragraph(body, &words.lost.say(&[("database", &database), ("lost", &lost.size(words))]));
    match &lost.history.opener {
        Some(opener) => push_sql(body, &words.opened_by.to_string(), [opener].into_iter()),
        None => push_paragraph(body, &words.opened_before.to_string()),
    }
    let shown = lost.history.last.len();
    if lost.history.count > shown as u64 {
        let label = words.last_statements.say(&[("shown", &shown), ("count", &lost.history.count)]);
        push_sql(body, &label, lost.history.last.iter());
    } else if shown > 0 {
        push_sql(body, &words.statements.to_string(), lost.history.last.iter());
    }
    body.push("</div>\n");
    push_advice(body, &advice(&lost.cause, words).to_string());
}

fn push_rescue(body: &mut IoList, rescue: &Rescue, words: &GuardWords) {
    body.push("<div class=\"error\">\n<p><strong>");
    push_text(body, &words.moved.to_string());
    body.push("</strong></p>\n");
    push_paragraph(body, &words.moved_file.say(&[("path", &rescue.path.display())]));
    push_advice(body, &rescued(rescue, words));
    body.push("</div>\n");
}

fn headline(cause: &Cause, words: &GuardWords) -> String {
    match cause {
        Cause::LeftOpen => words.left_open.say(&[]),
        Cause::RolledBack => words.rolled_back.say(&[]),
        Cause::Savepoint(name) => words.savepoint.say(&[("name", name)]),
        Cause::CommitFailed => words.commit_failed.say(&[]),
        Cause::Refused => words.refused.say(&[]),
    }
}

fn advice<'a>(cause: &Cause, words: &'a GuardWords) -> &'a Sentence {
    match cause {
        Cause::LeftOpen => &words.advice_left_open,
        Cause::RolledBack | Cause::Savepoint(_) => &words.advice_rolled_back,
        Cause::CommitFailed => &words.advice_commit_failed,
        Cause::Refused => &words.advice_refused,
    }
}

fn responded(response: &Response, words: &GuardWords) -> String {
    let status = response.status().as_u16();
    match response.failure() {
        Some(error) => words.responded_error.say(&[("status", &status), ("error", error)]),
        None => words.responded.say(&[("status", &status)]),
    }
}

/// The changes that the request did save. The page must mention them, because repeating the request
/// may save them twice.
fn saved(reports: &[Report], words: &GuardWords) -> Option<String> {
    if reports.iter().any(|report| report.rescue.is_some()) {
        return None;
    }
    Some(match Report::total_saved_rows(reports)? {
        0 => words.saved_nothing.say(&[]),
        1 => words.saved_row.say(&[]),
        rows => words.saved_rows.say(&[("rows", &rows)]),
    })
}

/// Adds a paragraph in which text between backticks is shown as code.
fn push_advice(body: &mut IoList, text: &str) {
    body.push("<p>");
    escape_sentence(text, body);
    body.push("</p>\n");
}

fn push_sql<'a>(body: &mut IoList, label: &str, statements: impl Iterator<Item = &'a String>) {
    push_paragraph(body, label);
    push_statements(body, statements);
}
