//! A CSV row as a record, parsed by the same forms that the pages use.

use solohttp::forms::{Choices, FormView, RecordForm};
use solohttp::sqlite::rusqlite::{self, Connection, OptionalExtension as _};
use solohttp::sqlite::{Record as _, WriteError};
use solohttp::{Fields, Locale, Numerals};

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

    /// The columns, named after the fields. The first is required.
    pub(crate) fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Contacts => &["name", "email", "phone", "fee", "notes"],
            Self::Appointments => &["title", "day", "from", "to", "place", "contact", "notes"],
            Self::Tasks => &["title", "priority", "due", "done", "notes"],
        }
    }
}

/// A file's decimal mark. It is chosen for each file, because files come from different places.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Decimal {
    Point,
    Comma,
}

impl Decimal {
    pub(crate) const ALL: [Self; 2] = [Self::Point, Self::Comma];

    /// The decimal mark of this application.
    pub(crate) fn of_application() -> Self {
        match Locale::current::<Numerals>().decimal_mark() {
            ',' => Self::Comma,
            _ => Self::Point,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Point => "point",
            Self::Comma => "comma",
        }
    }

    pub(crate) fn example(self) -> &'static str {
        match self {
            Self::Point => "1,234.50",
            Self::Comma => "1.234,50",
        }
    }

    /// Converts a number from the file to the application's numerals. The file's thousands
    /// separator may be a space, an apostrophe, or whichever of point and comma isn't its decimal
    /// mark.
    fn normalize(self, text: &str) -> Option<String> {
        let (decimal, other) = match self {
            Self::Point => ('.', ','),
            Self::Comma => (',', '.'),
        };
        let mut readers =
            [other, ' ', '\''].map(|group| Numerals::new(decimal).group(group)).into_iter();
        let plain = readers.find_map(|numerals| numerals.read(text).ok())?;
        Some(Locale::current::<Numerals>().edit(&plain))
    }
}

/// A valid row.
pub(crate) enum Row {
    Contact(Contact),
    Appointment(Appointment),
    Task(Task),
}

impl Row {
    pub(crate) fn insert(&self, db: &Connection) -> Result<i64, WriteError> {
        match self {
            Self::Contact(contact) => contact.insert(db),
            Self::Appointment(appointment) => appointment.insert(db),
            Self::Task(task) => task.insert(db),
        }
    }
}

/// Parses the rows of a file.
pub(crate) enum Reader {
    Contacts(RecordForm<Contact>, Decimal),
    Appointments(RecordForm<Appointment>),
    Tasks(RecordForm<Task>),
}

impl Reader {
    pub(crate) fn new(kind: Kind, decimal: Decimal) -> Self {
        match kind {
            Kind::Contacts => Self::Contacts(contact_form(String::new()), decimal),
            Kind::Appointments => {
                Self::Appointments(appointment_form(Choices::new(Vec::<(i64, String)>::new())))
            }
            Kind::Tasks => Self::Tasks(task_form()),
        }
    }

    /// The outer error is the database's; the inner error describes the row.
    pub(crate) fn read(
        &self,
        db: &Connection,
        mut fields: Fields,
    ) -> rusqlite::Result<Result<Row, String>> {
        Ok(match self {
            Self::Contacts(form, decimal) => match normalize_fee(&mut fields, *decimal) {
                Ok(()) => form.submit(&fields).map(Row::Contact).map_err(|view| error_text(&view)),
                Err(wrong) => Err(wrong),
            },
            Self::Tasks(form) => match normalize_task(&mut fields) {
                Ok(()) => form.submit(&fields).map(Row::Task).map_err(|view| error_text(&view)),
                Err(wrong) => Err(wrong),
            },
            Self::Appointments(form) => {
                // A file refers to contacts by name, but the database refers to them by id.
                let name = fields.get("contact").unwrap_or_default().trim().to_owned();
                fields.remove("contact");
                let contact = match by_name(db, &name)? {
                    Ok(contact) => contact,
                    Err(wrong) => return Ok(Err(wrong)),
                };
                let read = form.submit(&fields).map_err(|view| error_text(&view));
                read.and_then(|one| match one.wrong_times() {
                    Some(wrong) => Err(format!("to: {wrong}")),
                    None => Ok(Row::Appointment(Appointment { contact, ..one })),
                })
            }
        })
    }
}

/// Converts a price from the file's numerals.
fn normalize_fee(fields: &mut Fields, decimal: Decimal) -> Result<(), String> {
    let fee = fields.get("fee").unwrap_or_default().trim().to_owned();
    if fee.is_empty() {
        return Ok(());
    }
    let Some(normalized) = decimal.normalize(&fee) else {
        return Err(format!("fee: “{fee}” is not a number like {}.", decimal.example()));
    };
    fields.remove("fee");
    fields.push("fee", normalized);
    Ok(())
}

/// Accepts common spellings of a priority and of a checked box.
fn normalize_task(fields: &mut Fields) -> Result<(), String> {
    let priority = fields.get("priority").unwrap_or_default().trim().to_lowercase();
    let priority = match priority.as_str() {
        "" | "normal" | "2" => "Normal",
        "high" | "3" => "High",
        "low" | "1" => "Low",
        other => return Err(format!("priority: Enter high, normal or low, not “{other}”.")),
    };
    fields.remove("priority");
    fields.push("priority", priority);
    let done = fields.get("done").unwrap_or_default().trim().to_lowercase();
    fields.remove("done");
    match done.as_str() {
        "" | "no" | "0" | "false" => {}
        "yes" | "1" | "true" | "x" => fields.push("done", "on"),
        other => return Err(format!("done: Enter yes or no, not “{other}”.")),
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
        None => Err(format!("contact: No contact is named “{name}”.")),
    })
}

fn error_text<T>(view: &FormView<T>) -> String {
    let mistakes = view.errors().map(|(name, mistake)| format!("{name}: {mistake}"));
    mistakes.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database;

    #[track_caller]
    fn check(kind: Kind, fields: &[(&str, &str)], expect: Result<(), &str>) {
        read(kind, Decimal::Point, fields, expect);
    }

    /// Parses and saves a row, and returns the stored fees.
    #[track_caller]
    fn read(
        kind: Kind,
        decimal: Decimal,
        fields: &[(&str, &str)],
        expect: Result<(), &str>,
    ) -> Vec<i64> {
        let db = database::in_memory().unwrap();
        db.execute("INSERT INTO contact VALUES (7, 'Ada', '', '', '', NULL, '')", []).unwrap();
        let fields = Fields::from_iter(fields.iter().copied());
        let read = Reader::new(kind, decimal).read(&db, fields).unwrap();
        let read =
            read.and_then(|row| row.insert(&db).map(drop).map_err(|error| error.to_string()));
        assert_eq!(read.as_ref().map_err(String::as_str), expect.as_ref().map_err(|text| *text));
        let mut fees = db.prepare("SELECT fee FROM contact WHERE fee IS NOT NULL").unwrap();
        fees.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
    }

    #[test]
    fn a_fee_is_read_as_the_file_writes_numbers_or_not_at_all() {
        let kept = |decimal, fee, expect| {
            read(Kind::Contacts, decimal, &[("name", "Ann"), ("fee", fee)], expect)
        };
        for (decimal, fee, cents) in [
            (Decimal::Comma, "1.234,50", 123_450),
            (Decimal::Comma, "1 234,50", 123_450),
            (Decimal::Comma, " 1\u{202F}234,5 ", 123_450),
            (Decimal::Comma, "1.500", 150_000),
            (Decimal::Comma, "0,25", 25),
            (Decimal::Point, "1,234.50", 123_450),
            (Decimal::Point, "1'234.50", 123_450),
            (Decimal::Point, "80", 8_000),
        ] {
            assert_eq!(kept(decimal, fee, Ok(())), [cents], "{fee}");
        }
        assert!(kept(Decimal::Point, " ", Ok(())).is_empty(), "it may be left out");
        for (decimal, fee, wrong) in [
            (Decimal::Point, "1.234,50", "fee: “1.234,50” is not a number like 1,234.50."),
            (Decimal::Point, "1,50", "fee: “1,50” is not a number like 1,234.50."),
            (Decimal::Comma, "1.50", "fee: “1.50” is not a number like 1.234,50."),
            (Decimal::Comma, "1,234.50", "fee: “1,234.50” is not a number like 1.234,50."),
            (Decimal::Comma, "dear", "fee: “dear” is not a number like 1.234,50."),
            (Decimal::Point, "1.500", "fee: Enter at most 2 decimal places."),
            (Decimal::Point, "-1", "fee: Enter 0.00 or more."),
        ] {
            assert!(kept(decimal, fee, Err(wrong)).is_empty(), "{fee}");
        }
    }

    #[test]
    fn a_fee_passes_through_the_numerals_of_the_application() {
        Locale::new().with(Numerals::new(',').group('.')).install();
        let fields = [("name", "Ann"), ("fee", "1,234.50")];
        assert_eq!(read(Kind::Contacts, Decimal::Point, &fields, Ok(())), [123_450]);
        assert_eq!(Decimal::of_application(), Decimal::Comma);
    }

    #[test]
    fn rows_obey_the_rules_of_the_forms() {
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
            Err("to: The end is before the start."),
        );
    }

    #[test]
    fn people_are_named() {
        let with = |name| [("title", "Tea"), ("day", "2026-03-31"), ("contact", name)];
        check(Kind::Appointments, &with("ada "), Ok(()));
        let wrong = "contact: No contact is named “Bob”.";
        check(Kind::Appointments, &with("Bob"), Err(wrong));
    }

    #[test]
    fn tasks_take_what_people_write() {
        let task = |priority, done| [("title", "Tea"), ("priority", priority), ("done", done)];
        check(Kind::Tasks, &task("HIGH", "yes"), Ok(()));
        check(Kind::Tasks, &task("", ""), Ok(()));
        let wrong = "priority: Enter high, normal or low, not “urgent”.";
        check(Kind::Tasks, &task("urgent", ""), Err(wrong));
        check(Kind::Tasks, &task("low", "maybe"), Err("done: Enter yes or no, not “maybe”."));
    }
}
