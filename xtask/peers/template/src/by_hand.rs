//! The lower bound: each page written by hand into one buffer, with solohttp's escaper.

use solohttp_core::html::escape_to_vec;

use crate::data::{Datebook, Long, Table, Teams};

struct Page(Vec<u8>);

impl Page {
    fn raw(&mut self, text: &str) {
        self.0.extend_from_slice(text.as_bytes());
    }

    fn text(&mut self, text: &str) {
        escape_to_vec(text, &mut self.0);
    }

    fn number(&mut self, number: impl itoa::Integer) {
        self.raw(itoa::Buffer::new().format(number));
    }
}

pub fn datebook(data: &Datebook) -> Vec<u8> {
    let mut page = Page(Vec::with_capacity(20_000));
    page.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>");
    page.text(data.title);
    page.raw("</title><link rel=\"stylesheet\" href=\"/style.css\"></head>\n<body>\n<header><h1>");
    page.text(data.title);
    page.raw("</h1><nav><a href=\"/\">Home</a> <a href=\"/contacts\">Contacts</a> <a href=\"/tasks\">Tasks</a></nav><p>Signed in as ");
    page.text(data.user);
    page.raw("</p></header>\n<main><table>");
    for contact in &data.contacts {
        page.raw("<tr><td><a href=\"/contact/");
        page.number(contact.id);
        page.raw("\">");
        page.text(&contact.name);
        page.raw("</a></td><td>");
        page.text(&contact.email);
        page.raw("</td><td>");
        page.text(contact.phone.as_deref().unwrap_or("none"));
        page.raw("</td><td>");
        page.text(&contact.note);
        page.raw("</td></tr>");
    }
    page.raw("</table><ul>");
    for appointment in &data.appointments {
        page.raw("<li><a href=\"/appointment/");
        page.number(appointment.id);
        page.raw("\">");
        page.text(&appointment.date);
        page.raw(" ");
        page.text(&appointment.time);
        page.raw("</a> <b>");
        page.text(&appointment.title);
        page.raw("</b> <i>");
        page.text(&appointment.place);
        page.raw("</i></li>");
    }
    page.raw(
        "</ul></main>\n<footer><p>Kept on this computer only.</p></footer>\n</body>\n</html>\n",
    );
    page.0
}

pub fn teams(data: &Teams) -> Vec<u8> {
    let mut page = Page(Vec::with_capacity(512));
    page.raw("<html>\n  <head>\n    <title>");
    page.number(data.year);
    page.raw("</title>\n  </head>\n  <body>\n    <h1>CSL ");
    page.number(data.year);
    page.raw("</h1>\n    <ul>");
    for (index, team) in data.teams.iter().enumerate() {
        page.raw("\n      <li class=\"");
        if index == 0 {
            page.raw("champion");
        }
        page.raw("\">\n        <b>");
        page.text(team.name);
        page.raw("</b>: ");
        page.number(team.score);
        page.raw("\n      </li>");
    }
    page.raw("\n    </ul>\n  </body>\n</html>\n");
    page.0
}

pub fn table(data: &Table) -> Vec<u8> {
    let mut page = Page(Vec::with_capacity(120_000));
    page.raw("<table>");
    for row in &data.table {
        page.raw("<tr>");
        for cell in row {
            page.raw("<td>");
            page.number(*cell);
            page.raw("</td>");
        }
        page.raw("</tr>\n");
    }
    page.raw("</table>\n");
    page.0
}

pub fn long(data: &Long, blocks: &[&str]) -> Vec<u8> {
    let mut page = Page(Vec::with_capacity(220_000));
    page.raw(blocks[0]);
    page.text(data.a);
    page.raw(blocks[1]);
    page.number(data.b);
    page.raw(blocks[2]);
    page.text(data.c);
    page.raw(blocks[3]);
    page.text(data.d);
    page.raw(blocks[4]);
    page.number(data.e);
    page.raw(blocks[5]);
    page.0
}
