//! A CSV row as a record, parsed by the same forms that the pages use.

use std::fmt;

use solohttp::forms::{Choices, RecordForm, choices};
use solohttp::sqlite::Record as _;
use solohttp::sqlite::rusqlite::{Connection, OptionalExtension as _};
use solohttp::{Fields, Locale, Numerals, Result};

use crate::appointment::Appointment;
use crate::contact::Contact;
use crate::task::Task;

choices! {
    pub(crate) enum Kind {
        Contacts = "contacts": "Contacts",
        Appointments = "appointments": "Appointments",
        Tasks = "tasks": "Tasks",
    }
}

impl Kind {
    /// The columns, named after the fields. The first is required.
    pub(crate) fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Contacts => &["name", "email", "phone", "fee", "notes"],
            Self::Appointments => &["title", "day", "from", "to", "place", "contact", "notes"],
            Self::Tasks => &["title", "priority", "due", "done", "notes"],
        }
    }
}

choices! {
    /// A file's decimal mark. It is chosen for each file, because files come from different places.
    pub(crate) enum Decimal {
        Point = "point": "1,234.50",
        Comma = "comma": "1.234,50",
    }
}

impl Decimal {
    /// The decimal mark of this application.
    pub(crate) fn of_application() -> Self {
        match Locale::current::<Numerals>().decimal_mark() {
            ',' => Self::Comma,
            _ => Self::Point,
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

/// A mistake in a file, as a sentence for the user. Any other error ends the import.
#[derive(Debug)]
pub(crate) struct Mistake(pub(crate) String);

impl std::error::Error for Mistake {}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Checks and inserts the rows of a file.
pub(crate) enum Reader {
    Contacts(RecordForm<Contact>, Decimal),
    Appointments(RecordForm<Appointment>),
    Tasks(RecordForm<Task>),
}

impl Reader {
    pub(crate) fn new(kind: Kind, decimal: Decimal) -> Self {
        match kind {
            Kind::Contacts => Self::Contacts(Contact::form(String::new()), decimal),
            Kind::Appointments => {
                Self::Appointments(Appointment::form(Choices::new(Vec::<(i64, String)>::new())))
            }
            Kind::Tasks => Self::Tasks(Task::form()),
        }
    }

    pub(crate) fn insert(&self, db: &Connection, mut fields: Fields) -> Result<()> {
        match self {
            Self::Contacts(form, decimal) => {
                normalize_fee(&mut fields, *decimal)?;
                submit(form, &fields)?.insert(db)?;
            }
            Self::Appointments(form) => {
                let contact = contact_named(fields.get("contact").unwrap_or_default().trim(), db)?;
                fields.remove("contact");
                let one = submit(form, &fields)?;
                if let Some(wrong) = one.wrong_times() {
                    return Err(Mistake(format!("to: {wrong}")).into());
                }
                Appointment { contact, ..one }.insert(db)?;
            }
            Self::Tasks(form) => {
                normalize_task(&mut fields)?;
                submit(form, &fields)?.insert(db)?;
            }
        }
        Ok(())
    }
}

fn submit<T>(form: &RecordForm<T>, fields: &Fields) -> Result<T, Mistake> {
    form.submit(fields).map_err(|view| {
        let mistakes = view.errors().map(|(name, mistake)| format!("{name}: {mistake}"));
        Mistake(mistakes.collect::<Vec<_>>().join(" "))
    })
}

/// A file refers to a contact by name, but the database refers to it by id.
fn contact_named(name: &str, db: &Connection) -> Result<Option<i64>> {
    let sql = "SELECT id FROM contact WHERE name = ?1 COLLATE NOCASE ORDER BY id LIMIT 1";
    let id = db.prepare_cached(sql)?.query_row([name], |row| row.get(0)).optional()?;
    if id.is_none() && !name.is_empty() {
        return Err(Mistake(format!("contact: No contact is named “{name}”.")).into());
    }
    Ok(id)
}

/// Converts a price from the file's numerals.
fn normalize_fee(fields: &mut Fields, decimal: Decimal) -> Result<(), Mistake> {
    let fee = fields.get("fee").unwrap_or_default().trim().to_owned();
    if !fee.is_empty() {
        let normalized = decimal.normalize(&fee);
        let wrong = || format!("fee: “{fee}” is not a number like {}.", decimal.label());
        fields.set("fee", normalized.ok_or_else(|| Mistake(wrong()))?);
    }
    Ok(())
}

/// Accepts common spellings of a priority and of a checked box.
fn normalize_task(fields: &mut Fields) -> Result<(), Mistake> {
    let lower = |name| fields.get(name).unwrap_or_default().trim().to_lowercase();
    let priority = match lower("priority").as_str() {
        "" | "normal" | "2" => "Normal",
        "high" | "3" => "High",
        "low" | "1" => "Low",
        other => {
            return Err(Mistake(format!("priority: Enter high, normal or low, not “{other}”.")));
        }
    };
    let is_done = match lower("done").as_str() {
        "" | "no" | "0" | "false" => false,
        "yes" | "1" | "true" | "x" => true,
        other => return Err(Mistake(format!("done: Enter yes or no, not “{other}”."))),
    };
    fields.set("priority", priority);
    fields.remove("done");
    if is_done {
        fields.push("done", "on");
    }
    Ok(())
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
        let read =
            Reader::new(kind, decimal).insert(&db, fields).map_err(|error| error.to_string());
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
