//! Extra rows whose initial values change between the page and its submission.

use jiff::civil::DateTime;
use solohttp_core::{
    Fields, Handler, IoList, IsHandler, Request, Response, Result, StatusCode, WithState,
};
use solohttp_forms::{
    Choices, FormView, Formlet, FormletHandler, RecordForm, Submission, date_time, form, formlet,
    rows, select, text,
};

use crate::browser;

#[derive(Debug, Clone, PartialEq)]
struct Sheet {
    title: String,
    readings: Vec<Reading>,
}

#[derive(Debug, Clone, PartialEq)]
struct Reading {
    kind: String,
    at: DateTime,
    notes: Vec<Note>,
}

#[derive(Debug, Clone, PartialEq)]
struct Note {
    at: DateTime,
}

/// The form at this minute.
fn sheet_form(minute: i8) -> RecordForm<Sheet> {
    let now = DateTime::constant(2026, 3, 31, 12, minute, 0, 0);
    let note = form!(Note { at: date_time("Noted at").initial(now) });
    let reading = form!(Reading {
        kind: select("Kind", Choices::strings(["Low", "High"])),
        at: date_time("At").initial(now),
        notes: rows("Notes", note).extra(1),
    });
    form!(Sheet { title: text("Title"), readings: rows("Readings", reading).extra(1) })
}

struct Clock {
    minute: i8,
    saved: Sheet,
}

struct Edit;

impl Formlet<Clock> for Edit {
    type Record = Sheet;

    fn form(&mut self, clock: &mut Clock) -> Result<RecordForm<Sheet>> {
        Ok(sheet_form(clock.minute))
    }

    fn load(&mut self, clock: &mut Clock, _: &Request) -> Result<Option<Sheet>> {
        Ok(Some(clock.saved.clone()))
    }

    fn save(&mut self, clock: &mut Clock, sheet: Sheet, _: &Submission<'_>) -> Result<Response> {
        clock.saved = sheet;
        Ok(Response::redirect("/"))
    }

    fn page(&mut self, _: &mut Clock, view: &FormView<Sheet>, _: &Request) -> Result<IoList> {
        Ok(view.render())
    }
}

type App = WithState<FormletHandler<Edit>, Clock>;

fn app() -> App {
    let saved = Sheet { title: "Lab".into(), readings: Vec::new() };
    formlet(Edit).with_state(Clock { minute: 0, saved })
}

fn open(app: &mut App) -> Fields {
    browser::submit(&Request::get("/").send_to::<IsHandler>(app).into_text())
}

fn send(app: &mut App, page: &Fields) -> (StatusCode, String) {
    let response = Request::post("/").form(page.iter()).send_to::<IsHandler>(app);
    (response.status(), response.into_text())
}

fn typed(mut page: Fields, name: &str, text: &str) -> Fields {
    assert!(page.remove(name), "{name} in {page}");
    page.push(name, text);
    page
}

#[test]
fn an_untouched_row_stays_blank_when_its_initial_values_change() {
    let sent = browser::submit(&sheet_form(0).blank().render().to_string());
    assert_eq!(sent.get("readings.0.at"), Some("2026-03-31T12:00"));
    assert_eq!(sheet_form(1).submit(&sent).unwrap().readings, []);
    // A page without the digests, such as one with its own layout, still has the values of now.
    let own = sent.iter().filter(|(name, _)| !name.ends_with(":initial"));
    assert_eq!(sheet_form(0).submit(&own.collect()).unwrap().readings, []);
}

#[test]
fn a_row_with_other_values_is_not_blank() {
    let sent = browser::submit(&sheet_form(0).blank().render().to_string());
    let earlier = typed(sent.clone(), "readings.0.at", "2026-03-31T11:59");
    assert!(sheet_form(1).submit(&earlier).is_err(), "the kind is missing");
    let filled = typed(sent, "readings.0.kind", "Low");
    let readings = sheet_form(1).submit(&filled).unwrap().readings;
    let at = DateTime::constant(2026, 3, 31, 12, 0, 0, 0);
    assert_eq!(readings, [Reading { kind: "Low".into(), at, notes: Vec::new() }]);
}

#[test]
fn an_untouched_row_stays_blank_after_a_row_button() {
    let mut app = app();
    let mut page = open(&mut app);
    for minute in 1..3 {
        page.remove(":button");
        page.push(":row", "add readings");
        app.state_mut().minute = minute;
        let (status, html) = send(&mut app, &page);
        assert_eq!(status, 200, "{html}");
        page = browser::submit(&html);
    }
    let shown = ["readings.0.at", "readings.1.at", "readings.2.at"].map(|name| page.get(name));
    let at = |minute: u8| format!("2026-03-31T12:0{minute}");
    assert_eq!(shown, [Some(&*at(0)), Some(&*at(1)), Some(&*at(2))]);
    app.state_mut().minute = 3;
    assert_eq!(send(&mut app, &page).0, 303);
    assert_eq!(app.state().saved.readings, []);
}

#[test]
fn initial_values_that_have_changed_are_no_conflict() {
    let mut app = app();
    let page = open(&mut app);
    app.state_mut().minute = 1;
    let (status, html) = send(&mut app, &typed(page, "readings.0.kind", "High"));
    assert_eq!(status, 303, "{html}");
    assert_eq!(app.state().saved.readings.len(), 1);

    let page = open(&mut app);
    app.state_mut().minute = 2;
    let (status, html) = send(&mut app, &typed(page, "readings.0.kind", "Low"));
    assert_eq!(status, 303, "{html}");
    assert_eq!(app.state().saved.readings[0].kind, "Low");
}
