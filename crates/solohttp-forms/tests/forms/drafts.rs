//! Drafts: a form waits while the user picks a value on another page.

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
        let ticket = app.picking.save(draft, field!(Appointment.contact));
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

/// Handles `/picked?for=TICKET&contact=ID`. Leaving out `contact` cancels.
fn picked(app: &mut App, Query(query): Query<Vec<(String, String)>>) -> Option<Response> {
    let query = Fields::from_iter(query);
    let ticket = query.get("for")?;
    let back = match query.get("contact") {
        Some(contact) => app.picking.fill(ticket, contact.parse().ok()),
        None => app.picking.resume_url(ticket),
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

/// Types into the form and presses the button for picking a contact. Returns the ticket.
fn save_draft(app: &mut impl Handler, url: &str, typed: &[(&str, &str)]) -> String {
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
fn a_draft_resumes_with_the_picked_value() {
    let mut app = app();
    let typed = [("title", "  <Tea> "), ("day", "not yet"), ("contact", "")];
    let ticket = save_draft(&mut app, "/new?day=today", &typed);
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
fn a_draft_resumes_without_a_value_after_cancelling() {
    let mut app = app();
    let ticket = save_draft(&mut app, "/new", &[("title", "Tea"), ("contact", "7")]);
    let back = go(&mut app, &format!("/picked?for={ticket}"));
    let url = back.header("location").unwrap().to_owned();
    let sent = browser::submit(&go(&mut app, &url).into_text());
    assert_eq!((sent.get("contact"), sent.get("title")), (Some("7"), Some("Tea")));
}

#[test]
fn two_tabs_do_not_mix() {
    let mut app = app();
    let one = save_draft(&mut app, "/new", &[("title", "one")]);
    let two = save_draft(&mut app, "/new", &[("title", "two")]);
    go(&mut app, &format!("/picked?for={one}&contact=7"));
    go(&mut app, &format!("/picked?for={two}&contact=9"));
    for (ticket, title, contact) in [(one, "one", "7"), (two, "two", "9")] {
        let sent = browser::submit(&go(&mut app, &format!("/new?resume={ticket}")).into_text());
        assert_eq!((sent.get("title"), sent.get("contact")), (Some(title), Some(contact)));
    }
}

#[test]
fn a_resumed_form_can_be_saved_as_a_draft_again() {
    let mut app = app();
    let one = save_draft(&mut app, "/new?x=1", &[("title", "one")]);
    let two = save_draft(&mut app, &format!("/new?x=1&resume={one}"), &[("title", "two")]);
    let back = go(&mut app, &format!("/picked?for={two}&contact=7"));
    assert_eq!(back.header("location").unwrap(), format!("/new?x=1&resume={two}"));
}

#[test]
fn an_expired_draft_is_reported() {
    let mut app = app();
    let html = go(&mut app, "/new?resume=gone").into_text();
    assert!(html.contains("Your draft has expired."), "{html}");
    assert_eq!(go(&mut app, "/picked?for=gone&contact=1").status(), 404);
    let first = save_draft(&mut app, "/new", &[]);
    (0..32).for_each(|_| drop(save_draft(&mut app, "/new", &[])));
    assert_eq!(go(&mut app, &format!("/picked?for={first}&contact=1")).status(), 404);
}

#[test]
fn a_draft_of_another_record_type_does_not_resume() {
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
    let store = solohttp_forms::FormStore::new();
    let away = store.handle(&mut NewAppointment, &mut app, &post);
    let ticket = away.header("location").unwrap().split('=').next_back().unwrap().to_owned();
    assert!(app.picking.contains(&ticket) && app.saved.is_empty());
    let page = Request::get(&format!("/?resume={ticket}")).build();
    assert!(!store.handle(&mut Peek, &mut app, &page).into_text().contains("secret"));
    assert!(store.handle(&mut NewAppointment, &mut app, &page).into_text().contains("secret"));
}
