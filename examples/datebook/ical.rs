//! Appointments as iCalendar (RFC 5545).

use std::io::{self, Write};

use jiff::Timestamp;
use jiff::civil::Time;

use crate::appointment::Appointment;

/// The maximum number of octets in a line, not counting the line break (section 3.1).
const LINE: usize = 75;

/// Writes a calendar. `book` makes its UIDs unique.
pub(crate) struct Calendar<W: Write> {
    out: W,
    book: String,
    stamp: String,
}

impl<W: Write> Calendar<W> {
    pub(crate) fn new(out: W, book: String, now: Timestamp) -> io::Result<Self> {
        let stamp = now.strftime("%Y%m%dT%H%M%SZ").to_string();
        let mut calendar = Self { out, book, stamp };
        calendar.line("BEGIN:VCALENDAR")?;
        calendar.line("VERSION:2.0")?;
        calendar.line("PRODID:-//solohttp//datebook//EN")?;
        Ok(calendar)
    }

    /// The UID comes from the id, so a program that imports the file again finds the same events.
    pub(crate) fn event(&mut self, id: i64, one: &Appointment, with: &str) -> io::Result<()> {
        self.line("BEGIN:VEVENT")?;
        self.line(&format!("UID:{id}@{}.datebook", self.book))?;
        self.line(&format!("DTSTAMP:{}", self.stamp))?;
        let day = one.day.strftime("%Y%m%d");
        // Local times without a zone (section 3.3.5, form 1): nine o'clock in any time zone.
        let at = |time: Time| format!("{day}T{}", time.strftime("%H%M%S"));
        match one.from {
            Some(from) => self.line(&format!("DTSTART:{}", at(from)))?,
            None => self.line(&format!("DTSTART;VALUE=DATE:{day}"))?,
        }
        // An end must be later than the start (section 3.8.2.2).
        if let Some(to) = one.to.filter(|to| Some(*to) > one.from) {
            self.line(&format!("DTEND:{}", at(to)))?;
        }
        self.text("SUMMARY", &one.title)?;
        self.text("LOCATION", &one.place)?;
        let notes = match (with, one.notes.as_str()) {
            ("", notes) => notes.to_owned(),
            (with, "") => format!("With {with}"),
            (with, notes) => format!("With {with}\n{notes}"),
        };
        self.text("DESCRIPTION", &notes)?;
        self.line("END:VEVENT")
    }

    pub(crate) fn end(mut self) -> io::Result<W> {
        self.line("END:VCALENDAR")?;
        Ok(self.out)
    }

    fn text(&mut self, name: &str, text: &str) -> io::Result<()> {
        if text.is_empty() {
            return Ok(());
        }
        self.line(&format!("{name}:{}", escaped(text)))
    }

    fn line(&mut self, line: &str) -> io::Result<()> {
        self.out.write_all(folded(line).as_bytes())
    }
}

/// Escapes a text value (section 3.3.11). Control characters aren't allowed.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.replace("\r\n", "\n").chars() {
        match c {
            '\n' | '\r' => out.push_str("\\n"),
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\t' => out.push(c),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Folds a line (section 3.1): a longer line continues on the next line, after a space. Characters
/// aren't split, because some programs don't join their bytes again.
fn folded(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + 2);
    let mut length = 0;
    for c in line.chars() {
        if length + c.len_utf8() > LINE {
            out.push_str("\r\n ");
            length = 1;
        }
        out.push(c);
        length += c.len_utf8();
    }
    out + "\r\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, time};

    fn written(one: &Appointment, with: &str) -> String {
        let now = "2026-03-01T10:20:30Z".parse().unwrap();
        let mut calendar = Calendar::new(Vec::new(), "b00c".to_owned(), now).unwrap();
        calendar.event(7, one, with).unwrap();
        String::from_utf8(calendar.end().unwrap()).unwrap()
    }

    #[test]
    fn writes_what_rfc_5545_asks_for() {
        let one = Appointment {
            title: "Tea, cake; \\ more".to_owned(),
            from: Some(time(9, 0, 0, 0)),
            to: Some(time(10, 30, 0, 0)),
            notes: "one\r\ntwo".to_owned(),
            ..Appointment::on(date(2026, 3, 31))
        };
        let lines = [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//solohttp//datebook//EN",
            "BEGIN:VEVENT",
            "UID:7@b00c.datebook",
            "DTSTAMP:20260301T102030Z",
            "DTSTART:20260331T090000",
            "DTEND:20260331T103000",
            "SUMMARY:Tea\\, cake\\; \\\\ more",
            "DESCRIPTION:With Ada\\none\\ntwo",
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        ];
        assert_eq!(written(&one, "Ada"), lines.join("\r\n"));
    }

    #[test]
    fn a_whole_day_is_a_date() {
        let text = written(&Appointment::on(date(2026, 3, 31)), "");
        assert!(text.contains("\r\nDTSTART;VALUE=DATE:20260331\r\nEND:VEVENT"), "{text}");
    }

    #[test]
    fn lines_are_folded_at_75_octets_between_characters() {
        for length in 60..90 {
            let line = format!("SUMMARY:{}é👩‍👩‍👧é", "x".repeat(length));
            let folded = folded(&line);
            assert!(folded.split("\r\n").all(|part| part.len() <= LINE), "{folded}");
            assert_eq!(folded.replace("\r\n ", ""), line.clone() + "\r\n");
        }
        assert_eq!(folded(&"x".repeat(75)), "x".repeat(75) + "\r\n");
    }
}
