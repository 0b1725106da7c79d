//! Asks over requests: what the page contains, and what the handler gets once it is confirmed.

use http::StatusCode;

use super::*;
use crate::error::Failure;
use crate::handler::{Handler, WithState};
use crate::request::Request;
use crate::response::Response;
use crate::testing::RequestBuilder;
use crate::url::Fields;

/// The names, and what the last request that deleted them contained.
#[derive(Default)]
struct App {
    names: Vec<&'static str>,
    seen: Vec<String>,
}

fn ask(app: &mut App) -> Result<Option<Question>, Failure> {
    Ok(match app.names.len() {
        0 => None,
        1 => Some(format!("Delete {}?", app.names[0]).into()),
        count => Some(Question::new(format!("Delete {count} <names>?")).detail("\"All\" of them.")),
    })
}

fn delete(app: &mut App, request: &Request) -> Result<Response, Failure> {
    app.names.clear();
    let own = [Question::FIELD, BACK, kept::TOKEN];
    let fields = request.form()?.iter().filter(|(name, _)| !own.contains(name));
    app.seen = fields.map(|(name, value)| format!("{name}={value}")).collect();
    for upload in request.uploads()? {
        let content = upload.to_bytes()?;
        app.seen.push(format!("{}: {}", upload.file_name(), String::from_utf8_lossy(&content)));
    }
    Ok(Response::redirect(request.referring_path()))
}

fn app(names: &[&'static str]) -> WithState<impl Handler<App> + use<>, App> {
    confirm("Delete", ask, delete).with_state(App { names: names.to_vec(), seen: Vec::new() })
}

/// A POST from the page `/people?page=2`.
fn post() -> RequestBuilder {
    let post = Request::post("/delete?which=all").header("host", "localhost:8080");
    post.header("referer", "http://localhost:8080/people?page=2")
}

/// The fields that a browser sends if the first button is pressed.
fn pressed(page: &str) -> Fields {
    let plain = |html: &str| {
        let quotes = html.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">");
        quotes.replace("&amp;", "&")
    };
    let inputs = page.split("<input type=\"hidden\" name=\"").skip(1);
    let inputs = inputs.chain(page.split("<button name=\"").skip(1).take(1));
    let pairs = inputs.filter_map(|rest| rest.split_once("\">")?.0.split_once("\" value=\""));
    pairs.map(|(name, value)| (plain(name), plain(value))).collect()
}

/// Sends a page's form, as a browser does.
fn answer(fields: &Fields) -> RequestBuilder {
    let post = Request::post("/delete?which=all").header("host", "localhost:8080");
    post.header("referer", "http://localhost:8080/delete?which=all").form(fields.iter())
}

#[test]
fn the_handler_runs_only_after_the_question() {
    let mut app = app(&["Ada", "Grace"]);
    let asked = post().form([("a", "1 & \"2\""), ("a", "two\nlines")]).send_to(&mut app);
    assert_eq!(asked.status(), StatusCode::PRECONDITION_REQUIRED);
    assert_eq!(app.state().names.len(), 2);
    let page = asked.into_text();
    for part in [
        "<h1>Delete 2 &lt;names&gt;?</h1>\n<p>&quot;All&quot; of them.</p>\n",
        "method=\"post\" action=\"/delete?which=all\"",
        ">Delete</button> <a href=\"/people?page=2\">Cancel</a>",
    ] {
        assert!(page.contains(part), "no {part:?} in\n{page}");
    }
    let confirmed = answer(&pressed(&page)).send_to(&mut app);
    assert_eq!(confirmed.status(), StatusCode::SEE_OTHER);
    assert_eq!(confirmed.header("location"), Some("/people?page=2"), "as without a question");
    assert_eq!(app.state().seen, ["a=1 & \"2\"", "a=two\nlines"]);
}

#[test]
fn no_question_is_asked_if_there_is_none() {
    let mut app = app(&[]);
    assert_eq!(post().form([("a", "1")]).send_to(&mut app).status(), StatusCode::SEE_OTHER);
    assert_eq!(app.state().seen, ["a=1"]);
}

#[test]
fn a_question_that_has_changed_is_asked_again() {
    let mut app = app(&["Ada"]);
    let first = pressed(&post().send_to(&mut app).into_text());
    app.state_mut().names.push("Grace");
    let asked = answer(&first).send_to(&mut app);
    assert_eq!(asked.status(), StatusCode::PRECONDITION_REQUIRED);
    assert_eq!(app.state().names.len(), 2);
    let page = asked.into_text();
    assert!(page.contains("<a href=\"/people?page=2\">Cancel"), "{page}");
    let second = pressed(&page);
    assert_eq!(second.len(), first.len(), "nothing piles up");
    assert_eq!(answer(&second).send_to(&mut app).status(), StatusCode::SEE_OTHER);
}

#[test]
fn reading_needs_no_question() {
    let mut app = app(&["Ada"]);
    assert_eq!(Request::get("/delete").send_to(&mut app).status(), StatusCode::SEE_OTHER);
}

#[test]
fn files_and_secrets_wait_for_the_answer() {
    let mut app = app(&["Ada"]);
    let secret = [("pin", "4711"), (":secret", "pin"), ("a", "1")];
    let page =
        post().form(secret).upload("list", "tea.txt", "text/plain", "green").send_to(&mut app);
    let page = page.into_text();
    assert!(!page.contains("4711") && !page.contains("green"), "{page}");
    assert_eq!(answer(&pressed(&page)).send_to(&mut app).status(), StatusCode::SEE_OTHER);
    assert_eq!(app.state().seen, ["pin=4711", ":secret=pin", "a=1", "tea.txt: green"]);

    // Once it is done, the form is gone.
    app.state_mut().names.push("Grace");
    let again = answer(&pressed(&page)).send_to(&mut app);
    assert_eq!(again.status(), StatusCode::GONE);
    assert!(again.into_text().contains("This form has expired."));
    assert_eq!(app.state().names, ["Grace"]);
}

#[test]
fn only_a_few_forms_wait() {
    let mut app = app(&["Ada"]);
    let ask = || post().upload("list", "tea.txt", "text/plain", "green");
    let pages: Vec<_> = (0..9).map(|_| pressed(&ask().send_to(&mut app).into_text())).collect();
    assert_eq!(answer(&pages[0]).send_to(&mut app).status(), StatusCode::GONE);
    assert_eq!(answer(&pages[1]).send_to(&mut app).status(), StatusCode::SEE_OTHER);
}

#[test]
fn a_form_whose_action_failed_can_be_sent_again() {
    fn fails(app: &mut App) -> Result<Response, Failure> {
        app.seen.push("tried".to_owned());
        Err("busy".into())
    }
    let mut app =
        confirm("Delete", ask, fails).with_state(App { names: vec!["Ada"], ..App::default() });
    let page = post().upload("list", "tea.txt", "text/plain", "green").send_to(&mut app);
    let fields = pressed(&page.into_text());
    for _ in 0..2 {
        assert_eq!(answer(&fields).send_to(&mut app).status(), StatusCode::INTERNAL_SERVER_ERROR);
    }
    assert_eq!(app.state().seen, ["tried", "tried"]);
}

#[test]
fn cancel_never_leads_to_another_host() {
    for back in
        ["//evil.example/", "/\\evil.example/", "/\t/evil.example/", "http://evil.example/", ""]
    {
        let page = post().form([(":back", back)]).send_to(app(&["Ada"])).into_text();
        assert!(page.contains("<a href=\"/people?page=2\">Cancel"), "{back}: {page}");
    }
}

#[test]
fn the_page_can_be_the_applications_own() {
    let confirm = confirm("Delete", ask, delete).page(|app: &mut App, question, form| {
        Ok(solohttp_iolist::iolist!["<body>", app.names.len(), " ", question.to_owned(), form])
    });
    let mut app = confirm.with_state(App { names: vec!["Ada"], ..App::default() });
    let page = post().send_to(&mut app).into_text();
    assert!(page.starts_with("<body>1 Delete Ada?<form "), "{page}");
}

#[test]
fn line_ends_of_browsers_make_no_difference() {
    let question = Question::new("Delete all?").detail("They are gone.");
    let fields = Fields::from_iter([(Question::FIELD, "Delete all?\r\nThey are gone.")]);
    assert!(question.is_confirmed_by(&fields));
    assert!(!question.clone().detail("For ever.").is_confirmed_by(&fields));
    assert!(!question.is_confirmed_by(&Fields::new()));
}

#[test]
fn a_question_is_serialized_as_html() {
    let question = Question::new("Delete?").detail("It is <old>.");
    let form = question.form("/delete", "Delete").cancel_link("/");
    let json = serde_json::to_string(&crate::values! { form: &form }).unwrap();
    let html = serde_json::to_string(&form.render().to_string()).unwrap();
    assert_eq!(json, format!("{{\"form\":{html}}}"));
}
