//! The page that stands in place of one that was not true.
//!
//! It shows SQL as the program wrote it, also in release builds: it is the user's own machine and
//! often the only trace. Parameters keep their place-holders; everything is escaped.

use solohttp_core::{IoList, Request, Response, html, iolist};

use crate::facts::{How, Lost};
use crate::report::Report;
use crate::rescue::Rescue;

/// Tells what happened to whom, what the handler had said, and what to do.
pub(crate) fn of(request: &Request, answered: &Response, reports: &[Report]) -> Response {
    let mut body = IoList::new();
    for report in reports {
        for lost in &report.lost {
            push_lost(&mut body, report, lost);
        }
        if let Some(rescue) = &report.rescue {
            push_rescue(&mut body, rescue);
        }
        if let Some(error) = &report.rollback_error {
            body.push("<p>It could not be rolled back: ");
            push_text(&mut body, &error.to_string());
            body.push(". Restart the program.</p>\n");
        }
    }
    push_answer(&mut body, answered);
    if reports.iter().all(|report| report.rescue.is_none()) {
        push_saved(&mut body, reports);
    }
    body.push("<p>To get back what you typed, go back in the browser.</p>\n");
    Response::swear(request, body)
}

fn push_lost(body: &mut IoList, report: &Report, lost: &Lost) {
    body.push("<div class=\"error\">\n<p><strong>");
    push_text(body, &headline(&lost.how));
    body.push("</strong></p>\n<p>In ");
    push_text(body, &report.database);
    body.push(iolist![": ", lost.size(), ".</p>\n"]);
    match &lost.story.opener {
        Some(opener) => push_sql(body, "Opened by:", [opener].into_iter()),
        None => body.push("<p>It was open before this request.</p>\n"),
    }
    let shown = lost.story.last.len();
    if lost.story.count > shown as u64 {
        let label = format!("The last {shown} of its {} statements:", lost.story.count);
        push_sql(body, &label, lost.story.last.iter());
    } else if shown > 0 {
        push_sql(body, "Its statements:", lost.story.last.iter());
    }
    body.push("</div>\n<p>For the author of the program: ");
    body.push(advice(&lost.how));
    body.push("</p>\n");
}

fn push_rescue(body: &mut IoList, rescue: &Rescue) {
    body.push(
        "<div class=\"error\">\n<p><strong>The database file was moved, replaced or deleted \
               while the program is running. Nothing can be saved.</strong></p>\n<p>",
    );
    push_text(body, &rescue.path.display().to_string());
    body.push(" is no longer the file that the program has open. ");
    match &rescue.copy {
        Ok(copy) => {
            body.push("Everything that was in it, with this change, was copied to ");
            push_text(body, &copy.display().to_string());
            body.push(". Quit the program, put the right file in place, and start it again.");
        }
        Err(error) => {
            body.push("Its content could not be copied (");
            push_text(body, error);
            body.push(
                "). Make room for a copy and send the form again before you quit the program.",
            );
        }
    }
    body.push("</p>\n</div>\n");
}

fn headline(how: &How) -> String {
    match how {
        How::LeftOpen => {
            "A transaction was still open at the end of this request. It has been rolled back."
                .to_owned()
        }
        How::RolledBack => {
            "A transaction was rolled back, but the program reported success.".to_owned()
        }
        How::Savepoint(name) => {
            format!("The savepoint “{name}” was rolled back, but the program reported success.")
        }
        How::CommitFailed => {
            "A transaction could not be committed, but the program reported success.".to_owned()
        }
        How::Refused => "SQLite rolled a transaction back because of its last statement, but the \
                         program reported success."
            .to_owned(),
    }
}

fn advice(how: &How) -> &'static str {
    match how {
        How::LeftOpen => {
            "commit it with <code>tx.commit()?</code>, or let <code>write(&amp;mut db, |tx| …)\
             </code> do it, which commits on <code>Ok</code> and rolls back on <code>Err</code>."
        }
        How::RolledBack | How::Savepoint(_) => {
            "what is dropped without <code>commit()?</code> rolls back; <code>write(&amp;mut db, \
             |tx| …)</code> commits by itself. If the rollback was meant, wrap it in \
             <code>rollback_on_purpose(|| …)</code>, or answer with an error status."
        }
        How::CommitFailed => "pass the error of <code>commit()</code> on with <code>?</code>.",
        How::Refused => {
            "pass the error of that statement on with <code>?</code>. Its <code>OR ROLLBACK</code> \
             or a failure of the disk has ended the transaction."
        }
    }
}

fn push_answer(body: &mut IoList, answered: &Response) {
    body.push("<p>The program had answered ");
    push_text(body, &answered.status().to_string());
    match answered.failure() {
        Some(failure) => {
            body.push(": ");
            push_text(body, &failure.to_string());
        }
        None => body.push(". That page is not shown, because it may not be true."),
    }
    body.push("</p>\n");
}

/// Other changes of the same request may be there: whoever repeats it must know.
fn push_saved(body: &mut IoList, reports: &[Report]) {
    let Some(rows) = Report::saved_by(reports) else { return };
    let sentence = match rows {
        0 => "<p>The database is as it was before this request.</p>\n".to_owned(),
        1 => "<p>One other row that this request changed has been saved.</p>\n".to_owned(),
        rows => format!("<p>{rows} other rows that this request changed have been saved.</p>\n"),
    };
    body.push(sentence);
}

fn push_sql<'a>(body: &mut IoList, label: &str, statements: impl Iterator<Item = &'a String>) {
    body.push("<p>");
    push_text(body, label);
    body.push("</p>\n<pre>");
    for sql in statements {
        push_text(body, sql);
        body.push("\n");
    }
    body.push("</pre>\n");
}

fn push_text(list: &mut IoList, text: &str) {
    html::escape_into(text, list);
}
