//! The guard's own pages, and the notice that it adds to all pages.

pub(crate) mod busy;
pub(crate) mod lost_changes;
pub(crate) mod notice;

use solohttp_core::{IoList, Request, Response, StatusCode, html};

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

/// The same as a JSON document, for a client that prefers JSON. `sentences` is its text, and
/// `statements` has SQL.
#[cfg(feature = "json")]
fn problem(
    request: &Request,
    status: StatusCode,
    sentences: &[String],
    statements: &[&String],
) -> Option<Response> {
    use solohttp_core::{IntoResponse as _, Problem};

    request.prefers_json().then(|| {
        let problem = Problem::new(status, sentences.join("\n"));
        let is_plain = statements.is_empty();
        let problem = if is_plain { problem } else { problem.with("statements", statements) };
        problem.into_response()
    })
}

#[cfg(not(feature = "json"))]
fn problem(_: &Request, _: StatusCode, _: &[String], _: &[&String]) -> Option<Response> {
    None
}
