//! The guard's own pages, and the notice that it adds to all pages.

pub(crate) mod busy;
pub(crate) mod lost_changes;
pub(crate) mod notice;

use solohttp_core::{IoList, html};

fn push_text(body: &mut IoList, text: &str) {
    html::escape_into(text, body);
}

/// Escapes text for HTML.
pub(crate) fn text(text: &str) -> IoList {
    let mut escaped = IoList::new();
    push_text(&mut escaped, text);
    escaped
}

fn push_paragraph(body: &mut IoList, text: &str) {
    body.push("<p>");
    push_text(body, text);
    body.push("</p>\n");
}

/// Shows statements as the program wrote them, each on a new line.
fn push_statements<'a>(body: &mut IoList, statements: impl IntoIterator<Item = &'a String>) {
    body.push("<pre>");
    for sql in statements {
        push_text(body, sql);
        body.push("\n");
    }
    body.push("</pre>\n");
}
