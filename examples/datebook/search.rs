//! One search over contacts, appointments and tasks. Every word must occur.

use serde::Deserialize;
use solohttp::sqlite::{List, fts_words_in};
use solohttp::{Html, IoList, Query, Request, Result, values};

use crate::app::App;
use crate::appointment::{self, LINES, Line};
use crate::{contacts, tasks};

#[derive(Deserialize)]
pub(crate) struct Search {
    #[serde(default)]
    q: String,
}

/// The appointments that contain all words, latest first. At most the latest matches are sorted,
/// however common a word is.
pub(crate) fn appointments(words: String) -> List<Line> {
    let found = "id IN (SELECT rowid FROM appointment_words WHERE appointment_words MATCH :q
        ORDER BY rowid DESC LIMIT :limit)";
    let list =
        List::new(LINES, appointment::line).search("Find", found, move |_| Some(words.clone()));
    list.order_by("by_time").newest_first()
}

pub(crate) fn show(
    app: &mut App,
    Query(search): Query<Search>,
    request: &Request,
) -> Result<IoList> {
    let q = search.q.trim();
    let (mut appointments, mut pager) = (Vec::new(), Html::default());
    let (mut contacts, mut tasks) = (Vec::new(), Vec::new());
    let words = |table| fts_words_in(&app.db, table, q);
    if let Some(typed) = words("appointment_words") {
        let page = self::appointments(typed).page(&app.db, request)?;
        // Only a few contacts and tasks are shown, and only on the first page; the list of contacts
        // has its own search.
        if page.is_first() {
            contacts = contacts::first(&app.db, words("contact_words"))?;
            let found = "WHERE id IN (SELECT rowid FROM task_words WHERE task_words MATCH ?1
                ORDER BY rowid DESC LIMIT 300) ORDER BY by_due LIMIT 10";
            tasks = tasks::select(app, found, &[&words("task_words")])?;
        }
        pager = page.pager().into();
        appointments = page.into_rows();
    }
    let found = values! { area: "search", q: &search.q, is_asked: !q.is_empty(), contacts, tasks, appointments, pager };
    app.page("Search", "search", &found)
}
