//! File uploads: the user only has to choose a file once. It isn't lost when the form is shown
//! again, and it can be discarded.

use std::io::Read;

use solohttp_core::{
    Fields, Handler, IoList, IsHandler, Request, RequestBuilder, Response, Result, Upload,
    WithState,
};
use solohttp_forms::{
    FormStore, FormView, Formlet, FormletHandler, RecordForm, Submission, checkbox, file, form,
    formlet, rows, text,
};

use crate::{accessible, browser, snapshots};

struct Letter {
    title: String,
    scan: Upload,
    photo: Option<Upload>,
    more: Vec<Upload>,
    pages: Vec<Page>,
}

struct Page {
    side: Option<Upload>,
    kept: bool,
}

/// The saved files: names and contents.
type Saved = Vec<Vec<String>>;

struct NewLetter;

impl Formlet<Saved> for NewLetter {
    type Record = Letter;

    fn form(&mut self, _: &mut Saved) -> Result<RecordForm<Letter>> {
        let page = form!(Page { side: file("Side"), kept: checkbox("Kept") });
        Ok(form!(Letter {
            title: text("Title").required(),
            scan: file("Scan").accept("image/*, .pdf").help("As it came."),
            photo: file("Photo").max_bytes(5),
            more: file("More").at_most(2),
            pages: rows("Pages", page),
        }))
    }

    fn save(&mut self, saved: &mut Saved, letter: Letter, _: &Submission<'_>) -> Result<Response> {
        let sides = letter.pages.iter().map(|page| (page.side.iter(), page.kept));
        let sides: Vec<String> = sides
            .flat_map(|(side, kept)| side.map(move |side| told(side) + if kept { "!" } else { "" }))
            .collect();
        let files = [&letter.scan].into_iter().chain(&letter.photo).chain(&letter.more);
        saved.push([letter.title].into_iter().chain(files.map(told)).chain(sides).collect());
        Ok(Response::redirect("/letters"))
    }

    fn page(&mut self, _: &mut Saved, view: &FormView<Letter>, _: &Request) -> Result<IoList> {
        Ok(view.render())
    }
}

fn told(upload: &Upload) -> String {
    let mut content = String::new();
    upload.reader().read_to_string(&mut content).unwrap();
    format!("{}={content}", upload.file_name())
}

type App = WithState<FormletHandler<NewLetter>, Saved>;

fn app() -> App {
    formlet(NewLetter).with_state(Saved::new())
}

fn open(app: &mut App) -> Fields {
    page(Request::get("/new").send_to::<IsHandler>(app)).1
}

fn page(response: Response) -> (String, Fields) {
    let html = response.into_text();
    accessible::check(&html);
    let sent = browser::submit(&html);
    (html, sent)
}

/// Sends a page's fields, with these values in place of the page's own.
fn send(fields: &Fields, typed: &[(&str, &str)]) -> RequestBuilder {
    let mut fields = fields.clone();
    for (name, text) in typed {
        fields.remove(name);
        fields.push(*name, *text);
    }
    Request::post("/new").form(fields.iter()).upload("scan", "", "application/octet-stream", "")
}

fn errors(html: &str) -> Vec<&str> {
    html.split("class=\"error\" id=\"")
        .skip(1)
        .map(|rest| rest.split('<').next().unwrap())
        .collect()
}

const IMAGE: (&str, &str, &str) = ("a ä<b>.png", "image/png", "scan");

fn with_scan(request: RequestBuilder) -> RequestBuilder {
    request.upload("scan", IMAGE.0, IMAGE.1, IMAGE.2)
}

#[test]
fn a_file_survives_a_redisplay() {
    let mut app = app();
    let new = open(&mut app);
    let response = with_scan(send(&new, &[])).send_to::<IsHandler>(&mut app);
    assert_eq!(response.status(), 422);
    let (html, again) = page(response);
    assert_eq!(errors(&html), ["f-title-error\">Fill in this field."]);
    assert!(html.contains("Chosen: a ä&lt;b&gt;.png (4 bytes)"), "{html}");
    let response = send(&again, &[("title", "Hello")]).send_to::<IsHandler>(&mut app);
    assert_eq!(response.status(), 303);
    assert_eq!(app.state()[0], ["Hello", "a ä_b_.png=scan"]);
}

#[test]
fn an_uploaded_file_can_be_replaced_or_discarded() {
    let mut app = app();
    let new = open(&mut app);
    let (_, again) = page(with_scan(send(&new, &[])).send_to::<IsHandler>(&mut app));
    let (html, replaced) = page(
        send(&again, &[])
            .upload("scan", "b.pdf", "application/pdf", "two")
            .send_to::<IsHandler>(&mut app),
    );
    assert!(html.contains("b.pdf") && !html.contains(".png"), "{html}");
    let token = replaced.get("scan:kept").unwrap().to_owned();
    let drop = [("title", "x"), ("scan:drop", token.as_str())];
    let (html, _) = page(send(&replaced, &drop).send_to::<IsHandler>(&mut app));
    assert_eq!(errors(&html), ["f-scan-error\">Fill in this field."]);
    assert!(!html.contains("Chosen:"), "{html}");
    let response = send(&replaced, &[("title", "x")]).send_to::<IsHandler>(&mut app);
    assert_eq!(response.status(), 303);
    assert_eq!(app.state()[0], ["x", "b.pdf=two"]);
}

#[test]
fn files_of_the_wrong_type_or_size_are_rejected() {
    let mut app = app();
    let new = open(&mut app);
    let request = send(&new, &[("title", "x")]).upload("scan", "a.txt", "text/plain", "x").upload(
        "photo",
        "b.png",
        "image/png",
        "123456",
    );
    let (html, again) = page(request.send_to::<IsHandler>(&mut app));
    assert_eq!(
        errors(&html),
        [
            "f-scan-error\">The file a.txt has the wrong type (allowed: image/*, .pdf).",
            "f-photo-error\">The file is too large (6 bytes; the limit is 5 bytes)."
        ]
    );
    assert!(!html.contains("Chosen:"), "{html}");
    let response = with_scan(send(&again, &[])).send_to::<IsHandler>(&mut app);
    assert_eq!(response.status(), 303, "an earlier rejected file has no effect");
}

#[test]
fn a_file_over_the_limit_of_the_server_is_an_error_at_its_field() {
    let mut app = app();
    let mut new = open(&mut app);
    new.extend([("pages:row", "0"), ("pages.0.kept", "on"), ("title", "Typed")]);
    let large = || "x".repeat(5_000);
    let request = with_scan(Request::post("/new").form(new.iter()))
        .upload("photo", "p.png", "image/png", large())
        .upload("more", "one", "a/b", large())
        .upload("more", "two", "a/b", "2")
        .upload("more", "three", "a/b", "x".repeat(3_000))
        .upload("pages.0.side", "s", "a/b", large())
        .upload("nothing.asks.for.it", "n", "a/b", large())
        .body_limit(3_000);
    let response = request.send_to::<IsHandler>(&mut app);
    assert_eq!(response.status(), 422);
    let (html, again) = page(response);
    assert_eq!(
        errors(&html),
        [
            "f-photo-error\">The file is too large (4.8 KB; the limit is 5 bytes).",
            "f-more-error\">The file one is too large (4.8 KB; the limit is 2.9 KB). \
             Together, the files are larger than 2.9 KB. Choose three again; the others have been uploaded.",
            "f-pages-0-side-error\">The file is too large (4.8 KB; the limit is 2.9 KB).",
        ]
    );
    assert_eq!(again.get("title"), Some("Typed"));
    // A browser sends only the tokens of earlier files, plus the new files.
    let request = send(&again, &[]).upload("more", "three", "a/b", "3").body_limit(3_000);
    assert_eq!(request.send_to::<IsHandler>(&mut app).status(), 303);
    assert_eq!(app.state()[0], ["Typed", "a ä_b_.png=scan", "two=2", "three=3"]);
}

#[test]
fn several_files_accumulate_and_are_counted() {
    let mut app = app();
    let new = open(&mut app);
    let one = with_scan(send(&new, &[])).upload("more", "1", "a/b", "1");
    let (_, page_one) = page(one.send_to::<IsHandler>(&mut app));
    let rest = send(&page_one, &[("title", "x")]).upload("more", "2", "a/b", "2");
    let (html, all) = page(rest.upload("more", "3", "a/b", "3").send_to::<IsHandler>(&mut app));
    assert_eq!(errors(&html), ["f-more-error\">At most 2 allowed."]);
    let first = all.get_all("more:kept").next().unwrap().to_owned();
    let response = send(&all, &[("more:drop", &first)]).send_to::<IsHandler>(&mut app);
    assert_eq!(response.status(), 303);
    assert_eq!(app.state()[0], ["x", "a ä_b_.png=scan", "2=2", "3=3"]);
}

#[test]
fn files_move_with_their_rows() {
    let mut app = app();
    let mut fields = open(&mut app);
    fields.remove(":button");
    fields.extend([("pages:row", "0"), ("pages:row", "1"), ("pages.1.kept", "on")]);
    fields.push(":row", "up pages 1");
    let request = with_scan(send(&fields, &[("title", "x")]));
    let request = request.upload("pages.0.side", "0", "a/b", "zero").upload(
        "pages.1.side",
        "1",
        "a/b",
        "one",
    );
    let (html, moved) = page(request.send_to::<IsHandler>(&mut app));
    assert_eq!(errors(&html), Vec::<&str>::new());
    assert_eq!(send(&moved, &[]).send_to::<IsHandler>(&mut app).status(), 303);
    assert_eq!(app.state()[0][2..], ["1=one!", "0=zero"]);
}

#[test]
fn a_form_with_a_file_that_is_sent_twice_is_saved_once() {
    let mut app = app();
    let new = open(&mut app);
    for _ in 0..2 {
        let request = with_scan(send(&new, &[("title", "x")]));
        assert_eq!(request.send_to::<IsHandler>(&mut app).status(), 303);
    }
    let (_, again) = page(with_scan(send(&open(&mut app), &[])).send_to::<IsHandler>(&mut app));
    for _ in 0..2 {
        let request = send(&again, &[("title", "y")]);
        assert_eq!(request.send_to::<IsHandler>(&mut app).status(), 303);
    }
    assert_eq!(app.state().len(), 2);
}

#[test]
fn pending_uploads_are_limited_and_a_lost_file_is_reported() {
    let store = FormStore::with_upload_limits(2, 1000);
    let mut saved = Saved::new();
    let mut ask =
        |request: RequestBuilder| store.handle(&mut NewLetter, &mut saved, &request.build());
    let new = page(ask(Request::get("/new"))).1;
    let (_, first) = page(ask(with_scan(send(&new, &[]))));
    for _ in 0..2 {
        ask(with_scan(send(&new, &[])));
    }
    let (html, again) = page(ask(send(&first, &[("title", "x")])));
    let gone = "f-scan-error\">The file is no longer available. Choose it again.";
    assert_eq!(errors(&html), [gone]);
    let (html, _) = page(ask(send(&again, &[])));
    assert_eq!(errors(&html), ["f-scan-error\">Fill in this field."]);
    assert_eq!(ask(with_scan(send(&again, &[]))).status(), 303);
    let large = send(&new, &[("title", "x")]).upload("scan", "l.pdf", "a/b", "x".repeat(2000));
    assert_eq!(ask(large).status(), 303, "the latest file is kept even if it is too large");
}

#[test]
fn the_files_of_a_saved_form_are_released() {
    let mut app = app();
    let new = open(&mut app);
    let (_, again) = page(with_scan(send(&new, &[])).send_to::<IsHandler>(&mut app));
    assert_eq!(send(&again, &[("title", "x")]).send_to::<IsHandler>(&mut app).status(), 303);
    let (html, _) = page(send(&again, &[("title", "changed")]).send_to::<IsHandler>(&mut app));
    assert_eq!(errors(&html), ["f-scan-error\">The file is no longer available. Choose it again."]);
}

#[test]
fn files_without_a_field_are_ignored() {
    let store = FormStore::with_upload_limits(1, 1000);
    let mut saved = Saved::new();
    let mut ask =
        |request: RequestBuilder| store.handle(&mut NewLetter, &mut saved, &request.build());
    let new = page(ask(Request::get("/new"))).1;
    let (_, first) = page(ask(with_scan(send(&new, &[]))));
    ask(send(&new, &[]).upload("title", "x", "image/png", "x").upload(
        "else",
        "y",
        "image/png",
        "y",
    ));
    assert_eq!(ask(send(&first, &[("title", "x")])).status(), 303);
}

#[test]
fn a_form_with_files_is_sent_as_multipart() {
    let mut app = app();
    let html = Request::get("/new").send_to::<IsHandler>(&mut app).into_text();
    assert!(html.contains("enctype=\"multipart/form-data\""), "{html}");
    let (html, _) = page(with_scan(send(&open(&mut app), &[])).send_to::<IsHandler>(&mut app));
    // Tokens are random.
    let steady = html.split('"').map(|part| {
        let is_token = part.len() == 32 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_token { "TOKEN" } else { part }
    });
    snapshots::check("files.html", &steady.collect::<Vec<_>>().join("\""));
}

/// Compiles only if `save` can move the files of a record to a thread.
#[test]
fn files_can_go_to_a_thread() {
    fn is_send<T: Send + 'static>() {}
    is_send::<Letter>();
}
