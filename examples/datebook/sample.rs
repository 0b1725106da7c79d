//! Sample data for a trial, around the current day.

use jiff::ToSpan as _;
use jiff::civil::{Date, Time, time};
use solohttp::sqlite::rusqlite::Connection;
use solohttp::sqlite::{Record as _, write};
use solohttp::{Result, StoredFile};

use crate::appointment::Appointment;
use crate::contact::Contact;
use crate::dates;
use crate::task::{Priority, Task};

/// The name, email address, phone number and notes of each contact.
const CONTACTS: [[&str; 4]; 8] = [
    ["Ada Lovelace", "ada@example.org", "+44 20 7946 0001", "Likes engines."],
    ["Alan Turing", "alan@example.org", "+44 20 7946 0002", ""],
    ["Emmy Noether", "emmy@example.org", "+49 551 000 003", "Symmetry!"],
    ["Grace Hopper", "grace@example.org", "+1 202 555 0104", "Has a piece of wire for everybody."],
    ["Hedy Lamarr", "hedy@example.org", "+43 1 0000 005", ""],
    [
        "Katherine Johnson",
        "katherine@example.org",
        "+1 757 555 0106",
        "Ask her to check the numbers.",
    ],
    ["Sofja Kowalewskaja", "sofja@example.org", "+46 8 000 07", ""],
    ["Zoë Quintana", "zoe@example.org", "+34 91 000 0008", "Neighbour, has a key."],
];

/// Days after the Monday of this week, start, end, title, place, and contact id (or 0).
type Sample = (i64, Option<(i8, i8)>, Option<(i8, i8)>, &'static str, &'static str, i64);
const APPOINTMENTS: [Sample; 17] = [
    (-5, Some((9, 0)), Some((10, 0)), "Breakfast", "Café Central", 3),
    (-3, None, None, "Museum day", "", 0),
    (0, Some((9, 0)), Some((9, 30)), "Plan the week", "", 0),
    (0, Some((14, 0)), Some((15, 30)), "Notes on the engine", "Library", 1),
    (1, Some((10, 15)), None, "Dentist", "12 Mill Lane", 0),
    (1, Some((19, 0)), Some((22, 0)), "Chess evening", "At home", 2),
    (2, None, None, "Rubbish is collected", "", 0),
    (2, Some((11, 0)), Some((12, 0)), "Compilers, and what they are for", "Room 5", 4),
    (3, Some((13, 0)), Some((14, 0)), "Lunch", "The Green Door", 6),
    (3, Some((16, 30)), Some((17, 30)), "Piano lesson", "", 0),
    (4, Some((8, 45)), Some((9, 45)), "Rings and ideals", "Lecture hall 2", 3),
    (4, Some((20, 0)), None, "Cinema", "Odeon", 5),
    (5, Some((10, 0)), Some((12, 0)), "Market", "", 8),
    (6, None, None, "Walk in the hills", "", 7),
    (8, Some((15, 0)), Some((16, 0)), "Trajectories", "", 6),
    (10, Some((9, 30)), Some((11, 0)), "Car inspection", "Garage", 0),
    (17, None, None, "Birthday of Ada", "", 1),
];

const TASKS: [(&str, Priority, Option<i64>, bool); 7] = [
    ("Return the library books", Priority::High, Some(-1), false),
    ("Write to Emmy", Priority::Normal, Some(2), false),
    ("Water the plants", Priority::Normal, Some(4), false),
    ("Repair the bicycle", Priority::Low, None, false),
    ("Book the train", Priority::High, Some(9), false),
    ("Sort the photographs", Priority::Low, Some(30), false),
    ("Buy stamps", Priority::Normal, Some(-2), true),
];

/// Adds the sample data.
pub(crate) fn fill(db: &mut Connection, today: Date) -> Result<()> {
    let monday = dates::monday(today);
    write(db, |tx| {
        for [name, email, phone, notes] in CONTACTS.map(|row| row.map(str::to_owned)) {
            let fee = notes.contains("numbers").then_some(8_000);
            let photo = StoredFile::default();
            let contact = Contact { name, email, phone, fee, notes, photo };
            contact.insert(tx)?;
        }
        let clock = |(hour, minute)| -> Time { time(hour, minute, 0, 0) };
        for (day, from, to, title, place, contact) in APPOINTMENTS {
            let appointment = Appointment {
                title: title.to_owned(),
                from: from.map(clock),
                to: to.map(clock),
                place: place.to_owned(),
                contact: (contact > 0).then_some(contact),
                ..Appointment::on(dates::later(monday, day.days()))
            };
            appointment.insert(tx)?;
        }
        for (title, priority, due, done) in TASKS {
            let due = due.map(|due| dates::later(today, due.days()));
            let task = Task { title: title.to_owned(), priority, due, done, notes: String::new() };
            task.insert(tx)?;
        }
        Ok(())
    })
}
