//! One search over contacts, appointments and tasks. Every word must occur.

use serde::{Deserialize, Serialize};
use solohttp::sqlite::{List, fts_words};
use solohttp::{Html, IoList, Query, Request, Result};

use crate::app::App;
use crate::appointment::{self, LINES, Line};
use crate::{contacts, tasks};

#[derive(Deserialize)]
pub(crate) struct Search {
    #[serde(default)]
    q: String,
}

#[derive(Serialize)]
struct Found<'a> {
    q: &'a str,
    is_asked: bool,
    contacts: Vec<contacts::Hit>,
    tasks: Vec<tasks::Line>,
    appointments: Vec<Line>,
    pager: Html,
}

/// The appointments that contain all words, latest first. At most the latest matches are sorted,
/// however common a word is.
pub(crate) fn appointments() -> List<Line> {
    let found = "id IN (SELECT rowid FROM appointment_words WHERE appointment_words MATCH :q
        ORDER BY rowid DESC LIMIT :limit)";
    let list = List::new(LINES, appointment::line).search("Find", found, fts_words);
    list.order_by("by_time").newest_first()
}

pub(crate) fn show(
    app: &mut App,
    Query(search): Query<Search>,
    request: &Request,
) -> Result<IoList> {
    let mut found = Found {
        q: &search.q,
        is_asked: !search.q.trim().is_empty(),
        contacts: Vec::new(),
        tasks: Vec::new(),
        appointments: Vec::new(),
        pager: Html::default(),
    };
    if let Some(words) = fts_words(&search.q) {
        let page = appointments().page(&app.db, request)?;
        let is_first = page.is_first();
        found.pager = page.pager().into();
        found.appointments = page.into_rows();
        // Only a few contacts are shown, and only on the first page; the list of contacts has its
        // own search.
        if is_first {
            found.contacts = contacts::first(&app.db, &words)?;
            let sql = "SELECT * FROM task WHERE id IN (SELECT rowid FROM task_words
                WHERE task_words MATCH ?1 ORDER BY rowid DESC LIMIT 1000)
                ORDER BY by_due LIMIT 10";
            found.tasks = tasks::select(app, sql, [&words])?;
        }
    }
    app.page("search", "Search", "search", &found)
}
