//! A row of a CSV file as a record: by the same forms, so the same rules, as on the pages.

use solohttp::Fields;
use solohttp::forms::{Choices, FormView, RecordForm};
use solohttp::sqlite::rusqlite::{self, Connection, OptionalExtension as _};

use crate::appointment::{Appointment, appointment_form};
use crate::contact::{Contact, contact_form};
use crate::task::{Task, task_form};

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    Contacts,
    Appointments,
    Tasks,
}

impl Kind {
    pub(crate) const ALL: [Self; 3] = [Self::Contacts, Self::Appointments, Self::Tasks];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Contacts => "contacts",
            Self::Appointments => "appointments",
            Self::Tasks => "tasks",
        }
    }

    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Contacts => "Contacts",
            Self::Appointments => "Appointments",
            Self::Tasks => "Tasks",
        }
    }

    /// The columns, by the names of the fields. The first has to be there.
    pub(crate) fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Contacts => &["name", "email", "phone", "notes"],
            Self::Appointments => &["title", "day", "from", "to", "place", "contact", "notes"],
            Self::Tasks => &["title", "priority", "due", "done", "notes"],
        }
    }
}

/// A row that is right.
pub(crate) enum Row {
    Contact(Contact),
    Appointment(Appointment),
    Task(Task),
}

impl Row {
    pub(crate) fn save(&self, db: &Connection) -> rusqlite::Result<i64> {
        match self {
            Self::Contact(contact) => contact.save(db, None),
            Self::Appointment(appointment) => appointment.save(db, None),
            Self::Task(task) => task.save(db, None),
        }
    }
}

/// Reads the rows of one file.
pub(crate) enum Reader {
    Contacts(RecordForm<Contact>),
    Appointments(RecordForm<Appointment>),
    Tasks(RecordForm<Task>),
}

impl Reader {
    pub(crate) fn new(kind: Kind) -> Self {
        match kind {
            Kind::Contacts => Self::Contacts(contact_form(String::new())),
            Kind::Appointments => {
                Self::Appointments(appointment_form(Choices::new(Vec::<(i64, String)>::new())))
            }
            Kind::Tasks => Self::Tasks(task_form()),
        }
    }

    /// The outer error is the database's, the inner one what is wrong with the row.
    pub(crate) fn read(
        &self,
        db: &Connection,
        mut fields: Fields,
    ) -> rusqlite::Result<Result<Row, String>> {
        Ok(match self {
            Self::Contacts(form) => {
                form.submit(&fields).map(Row::Contact).map_err(|view| told(&view))
            }
            Self::Tasks(form) => match settle_task(&mut fields) {
                Ok(()) => form.submit(&fields).map(Row::Task).map_err(|view| told(&view)),
                Err(wrong) => Err(wrong),
            },
            Self::Appointments(form) => {
                // A file names people, the book numbers them.
                let name = fields.get("contact").unwrap_or_default().trim().to_owned();
                fields.remove("contact");
                let contact = match by_name(db, &name)? {
                    Ok(contact) => contact,
                    Err(wrong) => return Ok(Err(wrong)),
                };
                let read = form.submit(&fields).map_err(|view| told(&view));
                read.and_then(|one| match one.wrong_times() {
                    Some(wrong) => Err(format!("to: {wrong}")),
                    None => Ok(Row::Appointment(Appointment { contact, ..one })),
                })
            }
        })
    }
}

/// What people write for a choice and for a box that is ticked.
fn settle_task(fields: &mut Fields) -> Result<(), String> {
    let priority = fields.get("priority").unwrap_or_default().trim().to_lowercase();
    let priority = match priority.as_str() {
        "" | "normal" | "2" => "Normal",
        "high" | "3" => "High",
        "low" | "1" => "Low",
        other => return Err(format!("priority: “{other}” is none of high, normal, low.")),
    };
    fields.remove("priority");
    fields.push("priority", priority);
    let done = fields.get("done").unwrap_or_default().trim().to_lowercase();
    fields.remove("done");
    match done.as_str() {
        "" | "no" | "0" | "false" => {}
        "yes" | "1" | "true" | "x" => fields.push("done", "on"),
        other => return Err(format!("done: “{other}” is neither yes nor no.")),
    }
    Ok(())
}

fn by_name(db: &Connection, name: &str) -> rusqlite::Result<Result<Option<i64>, String>> {
    if name.is_empty() {
        return Ok(Ok(None));
    }
    let sql = "SELECT id FROM contact WHERE name = ?1 COLLATE NOCASE ORDER BY id LIMIT 1";
    let id = db.prepare_cached(sql)?.query_row([name], |row| row.get(0)).optional()?;
    Ok(match id {
        Some(id) => Ok(Some(id)),
        None => Err(format!("contact: there is none with the name “{name}”.")),
    })
}

fn told<T>(view: &FormView<T>) -> String {
    let mistakes = view.mistakes().map(|(name, mistake)| format!("{name}: {mistake}"));
    mistakes.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database;

    #[track_caller]
    fn check(kind: Kind, fields: &[(&str, &str)], expect: Result<(), &str>) {
        let db = database::in_memory().unwrap();
        db.execute("INSERT INTO contact VALUES (7, 'Ada', '', '', '', '')", []).unwrap();
        let fields = Fields::from_iter(fields.iter().copied());
        let read = Reader::new(kind).read(&db, fields).unwrap();
        let read = read.and_then(|row| row.save(&db).map(drop).map_err(|error| error.to_string()));
        assert_eq!(read.as_ref().map_err(String::as_str), expect.as_ref().map_err(|text| *text));
    }

    #[test]
    fn rows_are_held_to_the_rules_of_the_forms() {
        check(Kind::Contacts, &[("name", "Ada")], Ok(()));
        check(
            Kind::Contacts,
            &[("name", " "), ("email", "x")],
            Err("name: Fill in this field. \
                 email: Enter an email address such as name@example.org."),
        );
        check(Kind::Appointments, &[("title", "Tea"), ("day", "2026-03-31")], Ok(()));
        check(
            Kind::Appointments,
            &[("title", "Tea"), ("day", "2026-03-31"), ("from", "10:00"), ("to", "09:00")],
            Err("to: This is before the start."),
        );
    }

    #[test]
    fn people_are_named() {
        let with = |name| [("title", "Tea"), ("day", "2026-03-31"), ("contact", name)];
        check(Kind::Appointments, &with("ada "), Ok(()));
        let wrong = "contact: there is none with the name “Bob”.";
        check(Kind::Appointments, &with("Bob"), Err(wrong));
    }

    #[test]
    fn tasks_take_what_people_write() {
        let task = |priority, done| [("title", "Tea"), ("priority", priority), ("done", done)];
        check(Kind::Tasks, &task("HIGH", "yes"), Ok(()));
        check(Kind::Tasks, &task("", ""), Ok(()));
        let wrong = "priority: “urgent” is none of high, normal, low.";
        check(Kind::Tasks, &task("urgent", ""), Err(wrong));
        check(Kind::Tasks, &task("low", "maybe"), Err("done: “maybe” is neither yes nor no."));
    }
}
