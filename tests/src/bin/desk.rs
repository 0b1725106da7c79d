//! The desktop program for the live-page tests. Its pages have a strict Content Security Policy and
//! show a number that is stored in a file.

#![allow(clippy::disallowed_methods, reason = "some work must run outside the server's thread")]

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use solohttp::desktop::Desktop;
use solohttp::forms::{FormView, Formlet, RecordForm, Submission, form, formlet, rows, text};
use solohttp::header::CONTENT_SECURITY_POLICY;
use solohttp::{
    Error, HeaderValue, IoList, Live, Remote, Request, Response, Result, Router, StatusCode,
};

struct App {
    live: Live,
    /// The file that stores the number.
    file: PathBuf,
    number: u64,
    /// The content of the page at `/`, if a test has replaced it.
    html: Option<String>,
    /// The number of requests for the page at `/`.
    requests: u64,
    /// The valid submissions of the form's text field.
    sent: Vec<String>,
}

fn main() -> Result<(), Error> {
    Desktop::new("org.example.desk", "Desk").run(|place| {
        let file = place.file("number.txt");
        let number = fs::read_to_string(&file).ok().and_then(|text| text.parse().ok()).unwrap_or(0);
        let live = place.live();
        let (html, requests, sent) = (None, 0, Vec::new());
        Ok(router().with_state(App { live, file, number, html, requests, sent }))
    })
}

fn router() -> Router<App> {
    let mut router: Router<App> = Router::new();
    router.get("/", page);
    router.post("/", set_html);
    router.post("/change", change);
    router.post("/storm", storm);
    router.get("/slow", || {
        thread::sleep(Duration::from_secs(4));
        "slow"
    });
    router.get("/requests", |app: &mut App| app.requests.to_string());
    router.get("/sent", |app: &mut App| app.sent.join("|"));
    router.get("/form", |app: &mut App| strict(&app.form("", "")));
    router.post("/form", send);
    router.mount("/lines", formlet(EditLines));
    router.get("/elsewhere", || strict("<h1>Elsewhere</h1>"));
    router.get("/gone", |app: &mut App| match app.number {
        0 => strict(r#"<p id="state" data-live="number">here</p>"#),
        _ => Response::redirect("/moved"),
    });
    router.get("/moved", || strict(r#"<p id="state" data-live="number">moved</p>"#));
    router.get("/favicon.ico", || StatusCode::NO_CONTENT);
    router.get("/style.css", || Response::bytes("text/css", STYLE));
    router
}

struct Lines {
    title: String,
    lines: Vec<Line>,
}

struct Line {
    item: String,
}

/// A form with rows.
struct EditLines;

impl Formlet<App> for EditLines {
    type Record = Lines;

    fn form(&mut self, _: &mut App) -> Result<RecordForm<Lines>> {
        let line = form!(Line { item: text("Item").required() });
        let form = form!(Lines { title: text("Title").required(), lines: rows("Lines", line) });
        Ok(form.without_browser_checks())
    }

    fn save(&mut self, app: &mut App, lines: Lines, _: &Submission<'_>) -> Result<Response> {
        app.sent.push(lines.title);
        app.sent.extend(lines.lines.into_iter().map(|line| line.item));
        Ok(Response::redirect("/sent"))
    }

    fn page(&mut self, app: &mut App, view: &FormView<Lines>, _: &Request) -> Result<IoList> {
        app.requests += 1;
        Ok(view.render())
    }
}

const STYLE: &str = "#box { height: 60px; overflow: auto; } #box p { height: 400px; margin: 0; }";

impl App {
    fn set(&mut self, number: u64) -> Result<()> {
        self.number = number;
        fs::write(&self.file, number.to_string())?;
        Ok(())
    }

    /// A page with one of everything that a user can change. When the number grows, the list gains
    /// a row at the top and loses one at the bottom.
    fn overview(&self) -> String {
        let number = self.number;
        let mut rows = String::new();
        for row in (number..number + 8).rev() {
            _ = write!(
                rows,
                r#"<li id="row-{row}">Row {row} of {number} <input aria-label="Note"></li>"#
            );
        }
        format!(
            r#"<h1>Desk</h1>
            <p id="fixed">{number}</p>
            <section id="all" data-live="other number" aria-label="All">
            <p id="number" class="n{number}">{number}</p>
            <ul>{rows}</ul>
            <form action="/form" method="post">
            <input type="hidden" name="version" value="{number}">
            <p><label>Text <input name="text" id="text" value="{number}"></label></p>
            <p><label>Notes <textarea name="notes" id="notes">{number}</textarea></label></p>
            <p><label><input type="checkbox" name="done" id="done"> Done</label></p>
            <p><label>Other <input name="other" id="other" value="{number}"></label></p>
            <p>Number {number} <button>Send</button></p>
            </form>
            <details id="more"><summary>More</summary><p>{number}</p></details>
            <div id="box" tabindex="0"><p>{number}</p></div>
            </section>"#
        )
    }

    fn form(&self, text: &str, error: &str) -> String {
        let number = self.number;
        let text = text.replace('"', "&quot;");
        format!(
            r#"<h1>Form</h1><p id="error">{error}</p><p id="number" data-live="number">{number}</p>
            <form method="post" action="/form">
            <label>Text <input name="text" id="text" value="{text}"></label>
            <button>Send</button></form>"#
        )
    }
}

fn strict(body: &str) -> Response {
    let page = format!(
        "<!DOCTYPE html><html lang=\"en\"><title>Desk</title>\
         <link rel=\"stylesheet\" href=\"/style.css\"><main>{body}</main>"
    );
    Response::html(page)
        .with_header(CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'self'"))
}

fn page(app: &mut App) -> Response {
    app.requests += 1;
    match &app.html {
        Some(html) => strict(html),
        None => strict(&app.overview()),
    }
}

fn set_html(app: &mut App, request: &Request) -> Result<StatusCode> {
    let fields = request.form()?;
    app.html = fields.get("html").map(str::to_owned);
    app.live.changed("html");
    Ok(StatusCode::NO_CONTENT)
}

fn change(app: &mut App) -> Result<StatusCode> {
    app.set(app.number + 1)?;
    app.live.changed("number");
    Ok(StatusCode::NO_CONTENT)
}

/// Changes the number 1,000 times within a second.
fn storm(remote: Remote<App>) -> StatusCode {
    thread::spawn(move || {
        let start = Instant::now();
        for step in 1..=1_000 {
            let at = start + Duration::from_millis(step * 98 / 100);
            thread::sleep(at.saturating_duration_since(Instant::now()));
            let step = remote.run(|app| {
                app.number += 1;
                app.live.changed("number");
            });
            if step.is_err() {
                return;
            }
        }
    });
    StatusCode::NO_CONTENT
}

fn send(app: &mut App, request: &Request) -> Result<Response> {
    let fields = request.form()?;
    let text = fields.get("text").unwrap_or_default().to_owned();
    if text.contains("wrong") {
        let page = strict(&app.form(&text, "This is wrong."));
        return Ok(page.with_status(StatusCode::UNPROCESSABLE_ENTITY));
    }
    app.sent.push(text);
    Ok(Response::redirect("/elsewhere"))
}
