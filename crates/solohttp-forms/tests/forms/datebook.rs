//! The three forms of a datebook: contacts, appointments and tasks.

use jiff::civil::{Date, Time, date};
use solohttp_core::Fields;
use solohttp_forms::{
    Choices, RecordForm, checkbox, choices, email, field, form, radio, select, tel, text, textarea,
    time,
};

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Contact {
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) phone: String,
    pub(crate) notes: String,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Appointment {
    pub(crate) title: String,
    pub(crate) day: Date,
    pub(crate) from: Option<Time>,
    pub(crate) to: Option<Time>,
    pub(crate) contact: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Priority {
    Low,
    Normal,
    High,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Task {
    pub(crate) title: String,
    pub(crate) priority: Priority,
    pub(crate) due: Option<Date>,
    pub(crate) done: bool,
    pub(crate) notes: String,
}

pub(crate) fn contact_form() -> RecordForm<Contact> {
    form!(Contact {
        name: text("Name").required().max_length(80).attr("autocomplete", "name"),
        email: email("E-mail").help("Used for reminders."),
        phone: tel("Phone").pattern(r"\+?[0-9 ]+", "Please write digits and blanks only."),
        notes: textarea("Notes"),
    })
}

pub(crate) fn appointment_form(contacts: Choices<i64>) -> RecordForm<Appointment> {
    form!(Appointment {
        title: text("What").required().max_length(120),
        day: solohttp_forms::date("Day").min(date(2000, 1, 1)),
        from: time("From").optional(),
        to: time("To").optional(),
        contact: select("With", contacts).optional(),
    })
    .button("save", "Save")
    .button("again", "Save and add another")
    .side_button("pick", "Pick a contact…")
}

pub(crate) fn priorities() -> Choices<Priority> {
    choices!(Priority { High: "High", Normal: "Normal", Low: "Low" })
}

pub(crate) fn task_form() -> RecordForm<Task> {
    form!(Task {
        title: text("Title").required().max_length(80),
        priority: radio("Priority", priorities()).initial(Priority::Normal),
        due: solohttp_forms::date("Due").optional(),
        done: checkbox("Done"),
        notes: textarea("Notes").help("Whatever helps."),
    })
}

pub(crate) fn contacts() -> Choices<i64> {
    Choices::new([(7, "Ada <Lovelace>"), (9, "Grace & \"Hopper\"")])
}

pub(crate) fn appointment() -> Appointment {
    Appointment {
        title: "Tee & Küchlein ☕ <\"'>".to_owned(),
        day: date(2025, 3, 31),
        from: Some(jiff::civil::time(17, 30, 0, 0)),
        to: None,
        contact: Some(9),
    }
}

pub(crate) fn task() -> Task {
    Task {
        title: "Write".to_owned(),
        priority: Priority::High,
        due: None,
        done: true,
        notes: "\n  first\n\n👩‍👩‍👧 </textarea>".to_owned(),
    }
}

/// The pages of each form: blank, filled in and with errors.
pub(crate) fn pages() -> Vec<String> {
    let wrong = Fields::from_iter([("email", "x"), ("phone", "-"), ("contact", "8")]);
    let (contact, task) = (contact_form(), task_form());
    let appointment = appointment_form(contacts());
    let pages = [
        contact.blank().render(),
        contact.submit(&wrong).unwrap_err().render(),
        appointment.blank().render(),
        appointment.show(&self::appointment()).render(),
        appointment.submit(&wrong).unwrap_err().render(),
        task.blank().render(),
        task.show(&self::task()).render(),
        task.submit(&wrong).unwrap_err().render(),
    ];
    pages.iter().map(ToString::to_string).collect()
}

#[test]
fn one_declaration_parses_checks_and_renders() {
    let form = appointment_form(contacts());
    assert_eq!(form.submit(&form.fields_of(&appointment())).unwrap(), appointment());
    let html = form.blank().render().to_string();
    assert!(html.contains("maxlength=\"120\""), "{html}");
    assert!(html.contains("type=\"date\" required min=\"2000-01-01\""), "{html}");
    let again = form.submit(&Fields::from_iter([("day", "1999-12-31")])).unwrap_err();
    assert_eq!(again[field!(Appointment.title)].error_text(), "Fill in this field.");
    assert_eq!(again[field!(Appointment.day)].error_text(), "Enter 2000-01-01 or more.");
}

#[test]
#[should_panic(expected = "no field `titel`; its fields are title, priority, due, done, notes")]
fn a_misspelt_name_panics_with_the_known_names() {
    let _ = &task_form().blank()["titel"];
}
