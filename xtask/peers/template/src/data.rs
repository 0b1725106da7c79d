//! The records shown by all engines.

use serde::Serialize;

#[derive(Serialize)]
pub struct Datebook {
    pub title: &'static str,
    pub user: &'static str,
    pub contacts: Vec<Contact>,
    pub appointments: Vec<Appointment>,
}

#[derive(Serialize)]
pub struct Contact {
    pub id: u32,
    pub name: String,
    pub email: String,
    pub phone: Option<String>,
    pub note: String,
}

#[derive(Serialize)]
pub struct Appointment {
    pub id: u32,
    pub date: String,
    pub time: String,
    pub title: String,
    pub place: String,
}

pub fn datebook() -> Datebook {
    let contacts = (0..50).map(|i| Contact {
        id: 1000 + i,
        name: format!("Ann O'Brien & Sons <{i}>"),
        email: format!("ann.{i}@example.org"),
        phone: (i % 3 != 0).then(|| format!("+49 30 {}", 100_000 + i * 7)),
        note: "Met at \"Tea & Cake\", likes <b>bold</b> plans".to_owned(),
    });
    let appointments = (0..50).map(|i| Appointment {
        id: 5000 + i,
        date: format!("2025-0{}-1{}", i % 9 + 1, i % 10),
        time: format!("{:02}:30", i % 24),
        title: format!("Planning & review {i}"),
        place: "Room 'B' at headquarters".to_owned(),
    });
    Datebook {
        title: "Datebook & tasks",
        user: "Ann O'Brien",
        contacts: contacts.collect(),
        appointments: appointments.collect(),
    }
}

#[derive(Serialize)]
pub struct Teams {
    pub year: u16,
    pub teams: Vec<Team>,
}

#[derive(Serialize)]
pub struct Team {
    pub name: &'static str,
    pub score: u8,
}

pub fn teams() -> Teams {
    let team = |name, score| Team { name, score };
    let teams =
        vec![team("Jiangsu", 43), team("Beijing", 27), team("Guangzhou", 22), team("Shandong", 12)];
    Teams { year: 2015, teams }
}

#[derive(Serialize)]
pub struct Table {
    pub table: Vec<Vec<usize>>,
}

pub fn table() -> Table {
    Table { table: (0..100).map(|_| (0..100).collect()).collect() }
}

#[derive(Serialize)]
pub struct Long {
    pub a: &'static str,
    pub b: u32,
    pub c: &'static str,
    pub d: &'static str,
    pub e: u32,
}

pub fn long() -> Long {
    Long { a: "first <hole>", b: 2, c: "third & last but two", d: "fourth", e: 55 }
}
