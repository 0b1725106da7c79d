//! Appointments as iCalendar (RFC 5545).

use jiff::Timestamp;
use jiff::civil::Time;

use crate::appointment::Appointment;

/// The lines before and after all events.
pub(crate) const START: &str =
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//solohttp//datebook//EN\r\n";
pub(crate) const END: &str = "END:VCALENDAR\r\n";

/// The maximum number of octets in a line, not counting the line break (section 3.1).
const LINE: usize = 75;

/// Writes events. `book` makes their UIDs unique.
pub(crate) struct Calendar {
    book: String,
    /// When the file was made.
    stamp: String,
}

impl Calendar {
    pub(crate) fn new(book: String) -> Self {
        Self { book, stamp: Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string() }
    }

    /// The UID comes from the id, so a program that imports the file again finds the same events.
    pub(crate) fn push_event(&self, id: i64, one: &Appointment, with: &str, out: &mut Vec<u8>) {
        let mut line = |text: &str| out.extend_from_slice(folded(text).as_bytes());
        line("BEGIN:VEVENT");
        line(&format!("UID:{id}@{}.datebook", self.book));
        line(&format!("DTSTAMP:{}", self.stamp));
        let day = one.day.strftime("%Y%m%d");
        // Local times without a zone (section 3.3.5, form 1): nine o'clock in any time zone.
        let at = |time: Time| format!("{day}T{}", time.strftime("%H%M%S"));
        line(&match one.from {
            Some(from) => format!("DTSTART:{}", at(from)),
            None => format!("DTSTART;VALUE=DATE:{day}"),
        });
        // An end must be later than the start (section 3.8.2.2).
        if let Some(to) = one.to.filter(|to| Some(*to) > one.from) {
            line(&format!("DTEND:{}", at(to)));
        }
        let notes = match (with, one.notes.as_str()) {
            ("", notes) => notes.to_owned(),
            (with, "") => format!("With {with}"),
            (with, notes) => format!("With {with}\n{notes}"),
        };
        for (name, text) in
            [("SUMMARY", &one.title), ("LOCATION", &one.place), ("DESCRIPTION", &notes)]
        {
            if !text.is_empty() {
                line(&format!("{name}:{}", escaped(text)));
            }
        }
        line("END:VEVENT");
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
        let calendar = Calendar { book: "b00c".to_owned(), stamp: "20260301T102030Z".to_owned() };
        let mut out = Vec::new();
        calendar.push_event(7, one, with, &mut out);
        String::from_utf8(out).unwrap()
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
            "BEGIN:VEVENT",
            "UID:7@b00c.datebook",
            "DTSTAMP:20260301T102030Z",
            "DTSTART:20260331T090000",
            "DTEND:20260331T103000",
            "SUMMARY:Tea\\, cake\\; \\\\ more",
            "DESCRIPTION:With Ada\\none\\ntwo",
            "END:VEVENT",
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
