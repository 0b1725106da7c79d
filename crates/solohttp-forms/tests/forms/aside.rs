//! List item 11: a form is set aside while something is picked elsewhere, and taken up again.

use solohttp_core::{Fields, Handler, IoList, IsHandler, Query, Request, Response, Result};
use solohttp_forms::{Draft, Drafts, FormView, Formlet, RecordForm, Submission, field, formlet};
use solohttp_router::Router;

use crate::browser;
use crate::datebook::{self, Appointment, Task};

#[derive(Default)]
struct App {
    picking: Drafts<Option<i64>>,
    saved: Vec<Appointment>,
}

struct NewAppointment;

impl Formlet<App> for NewAppointment {
    type Record = Appointment;

    fn form(&mut self, _: &mut App) -> Result<RecordForm<Appointment>> {
        Ok(datebook::appointment_form(datebook::contacts()))
    }

    fn on_button(
        &mut self,
        app: &mut App,
        button: &str,
        draft: Draft<Appointment>,
    ) -> Result<Response> {
        assert_eq!(button, "pick");
        let ticket = app.picking.set_aside(draft, field!(Appointment.contact));
        Ok(Response::redirect(format!("/contacts?for={ticket}")))
    }

    fn resume(&mut self, app: &mut App, ticket: &str) -> Option<Draft<Appointment>> {
        app.picking.resume(ticket)
    }

    fn save(&mut self, app: &mut App, one: Appointment, _: &Submission<'_>) -> Result<Response> {
        app.saved.push(one);
        Ok(Response::redirect("/"))
    }

    fn page(&mut self, _: &mut App, view: &FormView<Appointment>, _: &Request) -> Result<IoList> {
        Ok(view.render())
    }
}

/// `/picked?for=TICKET&contact=ID`, with ID absent to give up.
fn picked(app: &mut App, Query(query): Query<Vec<(String, String)>>) -> Option<Response> {
    let query = Fields::from_iter(query);
    let ticket = query.get("for")?;
    let back = match query.get("contact") {
        Some(contact) => app.picking.answer(ticket, contact.parse().ok()),
        None => app.picking.back(ticket),
    };
    back.map(Response::redirect)
}

fn app() -> impl Handler {
    let mut router = Router::new();
    router.mount("/new", formlet(NewAppointment));
    router.get("/picked", picked);
    router.with_state(App::default())
}

fn go(app: &mut impl Handler, url: &str) -> Response {
    Request::get(url).send_to::<IsHandler>(app)
}

/// Types into the form and presses the button to pick a contact; returns the ticket.
fn set_aside(app: &mut impl Handler, url: &str, typed: &[(&str, &str)]) -> String {
    let mut fields = browser::submit(&go(app, url).into_text());
    fields.remove(":button");
    for (name, text) in typed {
        fields.remove(name);
        fields.push(*name, *text);
    }
    fields.push(":button", "pick");
    let away = Request::post(url).form(fields.iter()).send_to::<IsHandler>(app);
    assert_eq!(away.status(), 303);
    away.header("location").unwrap().strip_prefix("/contacts?for=").unwrap().to_owned()
}

#[test]
fn list_11_a_half_filled_form_comes_back_with_what_was_picked() {
    let mut app = app();
    let typed = [("title", "  <Tea> "), ("day", "not yet"), ("contact", "")];
    let ticket = set_aside(&mut app, "/new?day=today", &typed);
    let back = go(&mut app, &format!("/picked?for={ticket}&contact=9"));
    let url = back.header("location").unwrap().to_owned();
    assert_eq!(url, format!("/new?day=today&resume={ticket}"));
    for _reload in 0..2 {
        let page = go(&mut app, &url);
        assert_eq!(page.status(), 200);
        let sent = browser::submit(&page.into_text());
        assert_eq!(sent.get("contact"), Some("9"));
        assert_eq!((sent.get("title"), sent.get("day")), (Some("  <Tea> "), Some("not yet")));
    }
    let rest = [("day", "2025-03-31"), ("title", "Tea"), ("contact", "9")];
    let saved = Request::post(&url).form(rest).send_to::<IsHandler>(&mut app);
    assert_eq!(saved.status(), 303);
}

#[test]
fn list_11_giving_up_brings_back_what_was_typed() {
    let mut app = app();
    let ticket = set_aside(&mut app, "/new", &[("title", "Tea"), ("contact", "7")]);
    let back = go(&mut app, &format!("/picked?for={ticket}"));
    let url = back.header("location").unwrap().to_owned();
    let sent = browser::submit(&go(&mut app, &url).into_text());
    assert_eq!((sent.get("contact"), sent.get("title")), (Some("7"), Some("Tea")));
}

#[test]
fn list_11_two_tabs_do_not_mix() {
    let mut app = app();
    let one = set_aside(&mut app, "/new", &[("title", "one")]);
    let two = set_aside(&mut app, "/new", &[("title", "two")]);
    go(&mut app, &format!("/picked?for={one}&contact=7"));
    go(&mut app, &format!("/picked?for={two}&contact=9"));
    for (ticket, title, contact) in [(one, "one", "7"), (two, "two", "9")] {
        let sent = browser::submit(&go(&mut app, &format!("/new?resume={ticket}")).into_text());
        assert_eq!((sent.get("title"), sent.get("contact")), (Some(title), Some(contact)));
    }
}

#[test]
fn list_11_set_aside_again_from_a_form_that_was_taken_up() {
    let mut app = app();
    let one = set_aside(&mut app, "/new?x=1", &[("title", "one")]);
    let two = set_aside(&mut app, &format!("/new?x=1&resume={one}"), &[("title", "two")]);
    let back = go(&mut app, &format!("/picked?for={two}&contact=7"));
    assert_eq!(back.header("location").unwrap(), format!("/new?x=1&resume={two}"));
}

#[test]
fn a_form_that_is_no_longer_kept_is_said_so() {
    let mut app = app();
    let html = go(&mut app, "/new?resume=gone").into_text();
    assert!(html.contains("Your draft has expired."), "{html}");
    assert_eq!(go(&mut app, "/picked?for=gone&contact=1").status(), 404);
    let first = set_aside(&mut app, "/new", &[]);
    (0..32).for_each(|_| drop(set_aside(&mut app, "/new", &[])));
    assert_eq!(go(&mut app, &format!("/picked?for={first}&contact=1")).status(), 404);
}

#[test]
fn a_form_for_another_record_is_not_taken_up() {
    let mut app = App::default();
    struct Peek;
    impl Formlet<App> for Peek {
        type Record = Task;
        fn form(&mut self, _: &mut App) -> Result<RecordForm<Task>> {
            Ok(datebook::task_form())
        }
        fn resume(&mut self, app: &mut App, ticket: &str) -> Option<Draft<Task>> {
            app.picking.resume(ticket)
        }
        fn save(&mut self, _: &mut App, _: Task, _: &Submission<'_>) -> Result<Response> {
            Ok(Response::redirect("/"))
        }
        fn page(&mut self, _: &mut App, view: &FormView<Task>, _: &Request) -> Result<IoList> {
            Ok(view.render())
        }
    }
    let post = Request::post("/new").form([(":button", "pick"), ("title", "secret")]).build();
    let desk = solohttp_forms::FormStore::new();
    let away = desk.answer(&mut NewAppointment, &mut app, &post);
    let ticket = away.header("location").unwrap().split('=').next_back().unwrap().to_owned();
    assert!(app.picking.is_waiting(&ticket) && app.saved.is_empty());
    let page = Request::get(&format!("/?resume={ticket}")).build();
    assert!(!desk.answer(&mut Peek, &mut app, &page).into_text().contains("secret"));
    assert!(desk.answer(&mut NewAppointment, &mut app, &page).into_text().contains("secret"));
}
