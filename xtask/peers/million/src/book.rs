//! The database, made from names and words by a fixed sequence of random numbers.

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

use program::Failure;
use race::progress;
use solohttp_sqlite_guard::Database;
use solohttp_sqlite_guard::rusqlite::{Connection, params};

use crate::datebook;

pub const CONTACTS: i64 = 1_000_000;
pub const APPOINTMENTS: i64 = 3_000_000;
pub const TASKS: i64 = 100_000;

#[rustfmt::skip]
const FIRST_NAMES: [&str; 24] = [
    "Ada", "Alan", "Anna", "Björn", "Carla", "David", "Emmy", "Erik", "Fatima", "Grace", "Hedy",
    "Ivan", "Jana", "Katherine", "Lars", "Maria", "Noor", "Otto", "Paula", "Rosa", "Sofja", "Tim",
    "Yusuf", "Zoë",
];

/// Surnames are two or three of these.
const SYLLABLES: [&str; 32] = [
    "ad", "bar", "ber", "dal", "den", "ek", "fel", "gar", "hal", "holm", "in", "jor", "kar", "len",
    "lin", "mar", "mei", "nor", "ol", "per", "quin", "ros", "sand", "sen", "son", "tan", "ul",
    "ver", "wal", "win", "yar", "zim",
];

/// The subjects of appointments and tasks, and words in notes.
#[rustfmt::skip]
const WORDS: [&str; 40] = [
    "annual", "bicycle", "breakfast", "budget", "call", "chess", "concert", "contract", "delivery",
    "dentist", "dinner", "engine", "garden", "inspection", "invoice", "kitchen", "lecture",
    "lesson", "library", "lunch", "market", "meeting", "museum", "order", "paint", "piano",
    "planning", "repair", "report", "review", "roof", "sample", "school", "stock", "tax", "tea",
    "training", "visit", "walk", "workshop",
];

/// A word in one record of a hundred thousand, to search for.
pub const RARE: &str = "zeppelin";

/// A word in the notes of every fourth contact.
pub const COMMON: &str = "customer";

/// Another word in the notes of every third contact.
pub const OTHER: &str = "newsletter";

/// The folder that the program runs in.
pub struct Book {
    folder: PathBuf,
}

impl Book {
    /// The name of the database file.
    pub const FILE: &str = "datebook.sqlite";

    /// Finds the database, or makes it, which takes some minutes.
    pub fn ensure() -> Result<Self, Failure> {
        let folder = datebook::workspace().join("target").join("million").join(version()?);
        let book = Self { folder };
        if !book.folder.is_dir() {
            let unfinished = book.folder.with_extension("unfinished");
            if unfinished.is_dir() {
                fs::remove_dir_all(&unfinished)?;
            }
            fs::create_dir_all(&unfinished)?;
            fill(&unfinished)?;
            fs::rename(&unfinished, &book.folder)?;
        }
        Ok(book)
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Copies the database, so that it can be changed.
    pub fn copy(&self) -> Result<tempfile::TempDir, Failure> {
        let folder = tempfile::tempdir_in(self.folder.parent().unwrap_or(&self.folder))?;
        fs::copy(self.folder.join(Self::FILE), folder.path().join(Self::FILE))?;
        Ok(folder)
    }
}

/// Changes whenever the tables or this file do.
fn version() -> Result<String, Failure> {
    let mut hasher = DefaultHasher::new();
    include_str!("book.rs").hash(&mut hasher);
    let mut files = Vec::new();
    for file in fs::read_dir(datebook::workspace().join("examples").join("datebook"))? {
        files.push(file?.path());
    }
    files.retain(|file| file.extension().is_some_and(|extension| extension == "sql"));
    files.sort();
    for file in files {
        fs::read(file)?.hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn fill(folder: &Path) -> Result<(), Failure> {
    // The program itself makes the tables.
    drop(datebook::start(folder)?);
    let file = folder.join(Book::FILE);
    let db = Database::at(&file).open()?;
    db.execute_batch("PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000;")?;
    // The sequence starts anew with every table, so that tables don't depend on each other.
    contacts(&db, &mut Random(1))?;
    appointments(&db, &mut Random(2))?;
    tasks(&db, &mut Random(3))?;
    progress("analyzing");
    db.execute_batch("PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE)")?;
    progress("");
    Ok(())
}

/// Adds rows in transactions of 100,000.
fn insert(
    db: &Connection,
    what: &str,
    count: i64,
    mut row: impl FnMut(&Connection, i64) -> Result<(), Failure>,
) -> Result<(), Failure> {
    for start in (0..count).step_by(100_000) {
        progress(&format!("adding {what}: {start} of {count}"));
        db.execute_batch("BEGIN")?;
        for number in start..(start + 100_000).min(count) {
            row(db, number)?;
        }
        db.execute_batch("COMMIT")?;
    }
    Ok(())
}

fn contacts(db: &Connection, random: &mut Random) -> Result<(), Failure> {
    let sql = "INSERT INTO contact (name, email, phone, notes, fee, sort_key)
        VALUES (?1, ?2, ?3, ?4, ?5, sort_key(?1))";
    insert(db, "contacts", CONTACTS, |db, number| {
        let (name, surname) = (random.one_of(&FIRST_NAMES), random.surname());
        let mut notes = format!("{} {}", random.one_of(&WORDS), random.one_of(&WORDS));
        for (word, every) in [(COMMON, 4), (OTHER, 3), (RARE, 100_000)] {
            if number % every == 0 {
                notes += " ";
                notes += word;
            }
        }
        let email = format!("{}.{number}@example.org", surname.to_lowercase());
        let phone = format!("+44 20 {:08}", random.below(100_000_000));
        let fee = (number % 5 == 0).then(|| 2_000 + random.below(10_000));
        db.prepare_cached(sql)?.execute(params![
            format!("{name} {surname}"),
            email,
            phone,
            notes,
            fee
        ])?;
        Ok(())
    })
}

fn appointments(db: &Connection, random: &mut Random) -> Result<(), Failure> {
    let sql = "INSERT INTO appointment (title, day, starts, ends, place, contact, notes)
        VALUES (?1, date('2006-01-01', ?2 || ' days'), ?3, ?4, ?5, ?6, ?7)";
    // In order of time with gaps, as such books grow, over thirty years.
    insert(db, "appointments", APPOINTMENTS, |db, number| {
        let day = number * 10_950 / APPOINTMENTS + random.below(30);
        let title = format!("{} {}", random.one_of(&WORDS), random.one_of(&WORDS));
        let hour = 7 + random.below(12);
        let starts = (number % 10 != 0).then(|| format!("{hour:02}:{:02}", random.below(4) * 15));
        let ends = starts.as_ref().map(|_| format!("{:02}:00", hour + 1));
        let place = if number % 2 == 0 { random.one_of(&WORDS) } else { "" };
        let contact = (number % 3 != 0).then(|| 1 + random.below(CONTACTS));
        let notes = if number % 100_000 == 0 { RARE } else { random.one_of(&WORDS) };
        db.prepare_cached(sql)?
            .execute(params![title, day, starts, ends, place, contact, notes])?;
        Ok(())
    })
}

fn tasks(db: &Connection, random: &mut Random) -> Result<(), Failure> {
    let sql = "INSERT INTO task (title, priority, due, done, notes, sort_key)
        VALUES (?1, ?2, date('2026-01-01', ?3 || ' days'), ?4, '', sort_key(?1))";
    insert(db, "tasks", TASKS, |db, number| {
        let title = format!("{} {}", random.one_of(&WORDS), random.one_of(&WORDS));
        let due = (number % 3 != 0).then(|| random.below(1_000));
        let priority = 1 + random.below(3);
        db.prepare_cached(sql)?.execute(params![title, priority, due, number % 4 != 0])?;
        Ok(())
    })
}

/// Pseudorandom numbers: xorshift64*.
pub struct Random(pub u64);

impl Random {
    fn next(&mut self) -> i64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 16) as i64
    }

    pub fn below(&mut self, limit: i64) -> i64 {
        self.next() % limit
    }

    fn one_of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len() as i64) as usize]
    }

    fn surname(&mut self) -> String {
        let syllables = 2 + self.below(2);
        let name: String = (0..syllables).map(|_| self.one_of(&SYLLABLES)).collect();
        name[..1].to_uppercase() + &name[1..]
    }
}

/// A CSV file with contacts.
pub fn csv(rows: u32) -> String {
    let mut random = Random(4);
    let mut csv = String::from("name,email,phone,fee,notes\n");
    for number in 0..rows {
        let (name, surname) = (random.one_of(&FIRST_NAMES), random.surname());
        let word = random.one_of(&WORDS);
        csv += &format!("{name} {surname},imported.{number}@example.org,,12.50,{word}\n");
    }
    csv
}
