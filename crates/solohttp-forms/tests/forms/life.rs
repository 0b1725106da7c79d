//! The life cycle of a formlet, from load to save and redirect.

use std::fmt;

use solohttp_core::{
    Fields, Handler, IntoHandler, IoList, IsHandler, Method, Rejection, Request, Response, Result,
    StatusCode, iolist,
};
use solohttp_forms::{
    Errors, Flash, FormStore, FormView, Formlet, RecordForm, Submission, field, form, formlet,
    number, text,
};
use solohttp_router::{Path, Router};

use crate::{accessible, browser};

#[derive(Debug, Clone, PartialEq)]
struct Room {
    name: String,
    from: u32,
    to: u32,
}

#[derive(Default)]
struct App {
    rooms: Vec<Room>,
    flash: Flash,
    buttons: Vec<String>,
}

/// Stands in for a database's unique index violation.
#[derive(Debug)]
struct Taken;

impl fmt::Display for Taken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UNIQUE constraint failed: room.name")
    }
}

impl std::error::Error for Taken {}

struct EditRoom {
    id: Option<usize>,
}

impl Formlet<App> for EditRoom {
    type Record = Room;

    fn form(&mut self, _: &mut App) -> Result<RecordForm<Room>> {
        let form =
            form!(Room { name: text("Name").required(), from: number("From"), to: number("To") });
        Ok(form.button("save", "Save").button("again", "Save and add another"))
    }

    fn load(&mut self, app: &mut App, _: &Request) -> Result<Option<Room>> {
        let Some(id) = self.id else { return Ok(None) };
        match app.rooms.get(id) {
            Some(room) => Ok(Some(room.clone())),
            None => Err(Rejection::new(StatusCode::NOT_FOUND, "There is no such room.").into()),
        }
    }

    fn check(&mut self, _: &mut App, room: &Room, errors: &mut Errors<Room>) -> Result<()> {
        if room.to < room.from {
            errors.on(field!(Room.to), "This is before the start.");
        }
        Ok(())
    }

    fn save(&mut self, app: &mut App, room: Room, submission: &Submission<'_>) -> Result<Response> {
        if app.rooms.contains(&room) {
            return Err(Taken.into());
        }
        if room.name == "hall" {
            let mut errors = Errors::<Room>::new();
            errors.on_form("The hall is closed.");
            return Err(errors.into());
        }
        if room.name == "crypt" {
            return Err("the ceiling fell down".into());
        }
        app.buttons.push(submission.button().to_owned());
        let message = format!("Saved {}.", room.name);
        app.rooms.push(room);
        let response = Response::redirect(submission.request().root_url(["rooms"]));
        Ok(app.flash.say(message, response))
    }

    fn map_error(&mut self, error: &(dyn std::error::Error + 'static), errors: &mut Errors<Room>) {
        if error.is::<Taken>() {
            errors.on(field!(Room.name), "A room with this name already exists.");
        }
    }

    fn page(&mut self, app: &mut App, view: &FormView<Room>, _: &Request) -> Result<IoList> {
        Ok(iolist!["<h1>Room</h1>", app.flash.render(), view.render()])
    }
}

fn app() -> impl Handler {
    let store = FormStore::new();
    let mut router = Router::new();
    router.servlet(["/new", "/room/*"], move |Path(id): Path<Option<usize>>| {
        store.servlet(EditRoom { id })
    });
    router.mount("/fixed", formlet(EditRoom { id: None }));
    router.with_state(App {
        rooms: vec![Room { name: "Blue <1>".into(), from: 8, to: 9 }],
        ..App::default()
    })
}

fn post(handler: &mut impl Handler, url: &str, fields: &[(&str, &str)]) -> Response {
    Request::post(url).form(fields.iter().copied()).send_to::<IsHandler>(handler)
}

#[track_caller]
fn redisplays(fields: &[(&str, &str)], expect: &[&str]) {
    let response = post(&mut app(), "/new", fields);
    assert_eq!(response.status(), 422);
    let html = response.into_text();
    accessible::check(&html);
    for text in expect {
        assert!(html.contains(text), "{text} in {html}");
    }
}

#[test]
fn get_shows_the_record_or_a_blank_form() {
    let mut app = app();
    let html = Request::get("/room/0").send_to::<IsHandler>(&mut app).into_text();
    assert!(html.contains("value=\"Blue &lt;1&gt;\""), "{html}");
    let sent = browser::submit(&html);
    assert_eq!((sent.get("from"), sent.get("to")), (Some("8"), Some("9")));
    let blank = Request::get("/new").send_to::<IsHandler>(&mut app);
    assert_eq!(blank.status(), 200);
    assert!(!blank.into_text().contains("value=\"Blue"));
    assert_eq!(Request::get("/room/7").send_to::<IsHandler>(&mut app).status(), 404);
}

#[test]
fn all_errors_are_reported_at_once() {
    redisplays(
        &[("name", "  "), ("from", "soon"), ("to", "-1")],
        &[
            "<p class=\"error\" id=\"f-name-error\">Fill in this field.</p>",
            "<p class=\"error\" id=\"f-from-error\">Enter a number.</p>",
            "<p class=\"error\" id=\"f-to-error\">Enter 0 or more.</p>",
            "value=\"soon\"",
            "value=\"-1\"",
            "value=\"  \"",
        ],
    );
}

#[test]
fn check_runs_only_if_all_fields_are_valid() {
    redisplays(
        &[("name", "A"), ("from", "9"), ("to", "8")],
        &["<p class=\"error\" id=\"f-to-error\">This is before the start.</p>"],
    );
    let response = post(&mut app(), "/new", &[("name", ""), ("from", "9"), ("to", "8")]);
    assert!(!response.into_text().contains("before the start"));
}

#[test]
fn errors_of_saving_appear_at_their_fields() {
    redisplays(
        &[("name", "Blue <1>"), ("from", "8"), ("to", "9")],
        &[
            "id=\"f-name-error\">A room with this name already exists.</p>",
            "value=\"Blue &lt;1&gt;\"",
        ],
    );
    redisplays(
        &[("name", "hall"), ("from", "8"), ("to", "9")],
        &["<li><span>The hall is closed.</span></li>"],
    );
}

#[test]
fn an_unmapped_error_becomes_an_error_page() {
    let response = post(&mut app(), "/new", &[("name", "crypt"), ("from", "1"), ("to", "1")]);
    assert_eq!(response.status(), 500);
    assert_eq!(response.failure().map(ToString::to_string), None, "the page was rendered");
}

#[test]
fn saving_redirects_and_the_message_shows_once() {
    let mut app = app();
    let response = post(&mut app, "/new", &[("name", "Attic"), ("from", "1"), ("to", "2")]);
    assert_eq!((response.status().as_u16(), response.header("location")), (303, Some("/rooms")));
    let mut page = || Request::get("/new").send_to::<IsHandler>(&mut app).into_text();
    let flash = "<div class=\"flash\" role=\"status\"><p>Saved Attic.</p></div>";
    assert!(page().contains(flash));
    assert!(!page().contains(flash));
}

#[test]
fn the_script_for_unsaved_changes_finds_the_form() {
    assert!(solohttp_forms::UNSAVED_WARNING.contains("beforeunload"));
    let class = "class=\"solo-form\"";
    let blank = Request::get("/new").send_to::<IsHandler>(app()).into_text();
    assert!(blank.contains(class) && !blank.contains("data-changed"), "{blank}");
    // A form that is shown again has unsaved input too.
    redisplays(&[], &[class, "data-changed=\"yes\""]);
}

#[test]
fn save_receives_the_name_of_the_button() {
    let fields = |name| [("name", name), ("from", "1"), ("to", "1")];
    let mut room = EditRoom { id: None };
    let (store, mut state) = (FormStore::new(), App::default());
    let mut ask = |name, button: Option<&str>| {
        let mut fields: Fields = fields(name).into_iter().collect();
        button.iter().for_each(|button| fields.push(":button", *button));
        let request = Request::post("/").form(fields.iter()).build();
        store.handle(&mut room, &mut state, &request).status().as_u16()
    };
    assert_eq!(ask("a", Some("again")), 303);
    assert_eq!(ask("b", Some("save")), 303);
    assert_eq!(ask("c", None), 303);
    assert_eq!(ask("d", Some("delete everything")), 400);
    assert_eq!(state.buttons, ["again", "save", "save"]);
}

#[test]
fn a_formlet_rejects_other_methods_and_longer_paths() {
    for url in ["/new", "/fixed"] {
        let response = Request::with_method(Method::DELETE, url).send_to::<IsHandler>(app());
        assert_eq!(response.status(), 405);
        assert_eq!(response.header("allow"), Some("GET, HEAD, POST, OPTIONS"));
        let below = Request::get(&format!("{url}/x")).send_to::<IsHandler>(app());
        assert_eq!(below.status(), 404);
    }
    let bad = Request::post("/new").header("content-type", "text/plain").body("x");
    assert_eq!(bad.send_to::<IsHandler>(app()).status(), 415);
}

#[test]
fn a_formlet_works_without_a_router() {
    let mut handler = IntoHandler::<App, IsHandler>::into_handler(formlet(EditRoom { id: None }));
    let mut state = App::default();
    let fields = [("name", "Attic"), ("from", "1"), ("to", "2")];
    let mut request = Request::post("/anywhere/at/all").form(fields).build();
    assert_eq!(handler.handle(&mut state, &mut request).status(), 303);
    assert_eq!(state.rooms, [Room { name: "Attic".into(), from: 1, to: 2 }]);
}
