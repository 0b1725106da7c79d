//! Fields that the user can't fill in: a blank one that is required is the programmer's mistake.

use solohttp_core::{Fields, Handler, IoList, IsHandler, Request, Response, Result};
use solohttp_forms::{
    FormView, Formlet, RecordForm, Submission, form, formlet, hidden, lens, rows, text,
};

struct Note {
    version: i64,
    title: String,
}

fn note_form() -> RecordForm<Note> {
    form!(Note { version: hidden(lens::NumberLens::default()), title: text("Title") })
}

#[test]
#[should_panic(expected = "its field `version` is blank")]
fn a_new_record_with_a_blank_hidden_field_is_not_shown() {
    let _ = note_form().blank();
}

#[test]
#[should_panic(expected = "Set its value in the record or with `initial`, or make it `optional()`")]
fn an_existing_record_with_a_blank_hidden_field_is_not_shown() {
    struct Code {
        code: String,
    }
    let _ =
        form!(Code { code: hidden(lens::Trim).required() }).show(&Code { code: " ".trim().into() });
}

#[test]
#[should_panic(expected = "its field `title` is blank")]
fn a_blank_read_only_field_is_not_shown_either() {
    struct Title {
        title: String,
    }
    let _ = form!(Title { title: text("Title").required().read_only() }).blank();
}

#[test]
fn hidden_fields_with_a_value_or_without_the_need_for_one_are_shown() {
    let html = note_form().show(&Note { version: 3, title: String::new() }).render().to_string();
    assert!(html.contains("name=\"version\" value=\"3\""), "{html}");
    struct Loose {
        maybe: Option<i64>,
        first: i64,
        any: String,
    }
    let loose = form!(Loose {
        maybe: hidden(lens::NumberLens::default()).optional(),
        first: hidden(lens::NumberLens::default()).initial(1),
        any: hidden(lens::Text),
    });
    let _ = loose.blank();
}

struct Notes {
    notes: Vec<Note>,
}

struct EditNotes;

impl Formlet<Vec<i64>> for EditNotes {
    type Record = Notes;

    fn form(&mut self, _: &mut Vec<i64>) -> Result<RecordForm<Notes>> {
        Ok(form!(Notes { notes: rows("Notes", note_form()) }))
    }

    fn load(&mut self, versions: &mut Vec<i64>, _: &Request) -> Result<Option<Notes>> {
        let note = |version: &i64| Note { version: *version, title: "x".to_owned() };
        Ok(Some(Notes { notes: versions.iter().map(note).collect() }))
    }

    fn save(&mut self, _: &mut Vec<i64>, _: Notes, _: &Submission<'_>) -> Result<Response> {
        Ok(Response::redirect("/"))
    }

    fn page(&mut self, _: &mut Vec<i64>, view: &FormView<Notes>, _: &Request) -> Result<IoList> {
        Ok(view.render())
    }
}

/// Rows can have required hidden fields as long as users can't add any.
#[test]
fn rows_that_cannot_be_sent_are_reported_when_one_is_added() {
    let mut app = formlet(EditNotes).with_state(vec![1, 2]);
    let shown = Request::get("/").send_to::<IsHandler>(&mut app);
    assert_eq!(shown.status(), 200);
    let added = Request::post("/").form([(":row", "add notes")]).send_to::<IsHandler>(&mut app);
    assert_eq!(added.status(), 500);
}

/// A request can leave out any field. That is the client's mistake, and the summary names the field.
#[test]
fn a_blank_hidden_field_that_was_sent_is_named() {
    let again = note_form().submit(&Fields::from_iter([("title", "x")])).err().unwrap();
    let html = again.render().to_string();
    assert!(html.contains("<li><span>version: Fill in this field.</span></li>"), "{html}");
}
