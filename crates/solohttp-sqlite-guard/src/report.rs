//! What the guard found on one connection, in sentences.
//!
//! Knows nothing of HTML; `page` lays it out.

use std::path::Path;

use rusqlite::Connection;
use solohttp_core::{Request, Response};

use crate::facts::{How, Lost};
use crate::rescue::Rescue;
use crate::watch::Outcome;
use crate::words::GuardWords;

/// The findings of one request on one connection, if there are any.
#[derive(Debug)]
pub(crate) struct Report {
    /// The file's name, without its folder; `None` for a database in memory.
    database: Option<String>,
    /// The transaction that was left open, then what was rolled back before.
    pub(crate) lost: Vec<Lost>,
    /// Why the open transaction could not be rolled back.
    pub(crate) rollback_error: Option<rusqlite::Error>,
    /// Rows that were changed and stayed so, if that is known.
    pub(crate) saved_rows: Option<u64>,
    pub(crate) unfinished: Vec<String>,
    newly_unfinished: Vec<String>,
    was_open: bool,
    /// The file is no longer at its path, so nothing is saved.
    pub(crate) rescue: Option<Rescue>,
}

impl Report {
    pub(crate) fn new(db: &Connection, outcome: Outcome) -> Option<Self> {
        let Outcome { left_open, lost: dropped, saved_rows, running, has_moved } = outcome;
        if left_open.is_none() && dropped.is_empty() && running.is_empty() && saved_rows == Some(0)
        {
            return None;
        }
        let was_open = left_open.is_some();
        let (open, rollback_error) = left_open.unzip();
        let new = running.iter().filter(|(_, is_new)| *is_new);
        Some(Self {
            database: name_of(db),
            lost: open.into_iter().chain(dropped).collect(),
            rollback_error: rollback_error.flatten(),
            saved_rows,
            newly_unfinished: new.map(|(sql, _)| sql.clone()).collect(),
            unfinished: running.into_iter().map(|(sql, _)| sql).collect(),
            was_open,
            rescue: has_moved.then(|| Rescue::of(db)),
        })
    }

    /// Does the response say what is not so?
    pub(crate) fn contradicts(&self, response: &Response) -> bool {
        let status = response.status();
        let claims_success = status.is_success() || status.is_redirection();
        let is_gone = !self.lost.is_empty() || self.rescue.is_some();
        self.was_open || (claims_success && is_gone)
    }

    /// How many rows were changed and stayed so; `None` if it is not known of one connection.
    pub(crate) fn saved_by(reports: &[Self]) -> Option<u64> {
        reports.iter().map(|report| report.saved_rows).sum()
    }

    /// How a page calls the database.
    pub(crate) fn database(&self, words: &GuardWords) -> String {
        self.database.clone().unwrap_or_else(|| words.in_memory.to_string())
    }

    fn logged_name(&self) -> &str {
        self.database.as_deref().unwrap_or("database in memory")
    }

    /// One for each transaction, for a page that is about something else.
    pub(crate) fn told(&self, words: &GuardWords) -> Vec<String> {
        let mut told: Vec<String> = self.lost.iter().map(|lost| lost.told(words)).collect();
        if let Some(error) = &self.rollback_error {
            told.push(words.also_not_rolled_back.say(&[("error", error)]));
        }
        told
    }

    /// One for each transaction, for the log.
    fn sentences(&self) -> Vec<String> {
        let mut sentences: Vec<String> = self.lost.iter().map(Lost::sentence).collect();
        if let Some(error) = &self.rollback_error {
            sentences.push(format!("rolling it back failed: {error}"));
        }
        sentences.extend(self.rescue.as_ref().map(Rescue::sentence));
        sentences
    }

    pub(crate) fn log(&self, request: &Request, response: &Response) {
        let status = response.status().as_u16();
        for sentence in self.sentences() {
            self.log_error(request, &format!("{sentence}; the handler's response was {status}"));
        }
    }

    pub(crate) fn log_left_open(&self, request: &Request) {
        if self.was_open {
            for sentence in self.sentences() {
                self.log_error(request, &sentence);
            }
        }
    }

    pub(crate) fn log_running(&self, request: &Request) {
        for sql in &self.newly_unfinished {
            log::warn!(
                target: "solohttp",
                "{} {}: {}: a statement was not finished and holds its read lock until it is \
                 dropped: {}",
                request.method(),
                request.target().escape_default(),
                self.logged_name(),
                one_line(sql),
            );
        }
    }

    fn log_error(&self, request: &Request, sentence: &str) {
        log::error!(
            target: "solohttp",
            "{} {}: {}: {sentence}",
            request.method(),
            request.target().escape_default(),
            self.logged_name(),
        );
    }
}

impl Lost {
    fn sentence(&self) -> String {
        let Self { how, story, .. } = self;
        let opener = story.opener.as_deref().map(one_line);
        let opener = opener.as_deref().unwrap_or("something before this request");
        let what = match how {
            How::LeftOpen => "a transaction was left open and has been rolled back".to_owned(),
            How::RolledBack => "a transaction was rolled back".to_owned(),
            How::Savepoint(name) => format!("savepoint {name} was rolled back"),
            How::CommitFailed => "a transaction could not be committed".to_owned(),
            How::Refused => "SQLite rolled a transaction back".to_owned(),
        };
        let last = story.last.back().map(|sql| format!(", last statement: {}", one_line(sql)));
        format!(
            "{what}: {}; opened by {opener}{}",
            self.size(&GuardWords::default()),
            last.unwrap_or_default()
        )
    }

    /// How much is gone.
    pub(crate) fn size(&self, words: &GuardWords) -> String {
        match (self.rows, self.schema) {
            (0, false) => words.lost_nothing.say(&[]),
            (0, true) => words.lost_schema.say(&[]),
            (1, false) => words.lost_row.say(&[]),
            (rows, false) => words.lost_rows.say(&[("rows", &rows)]),
            (rows, true) => words.lost_both.say(&[("rows", &rows)]),
        }
    }

    fn told(&self, words: &GuardWords) -> String {
        let problem = match &self.how {
            How::LeftOpen => words.also_left_open.say(&[]),
            How::RolledBack => words.also_rolled_back.say(&[]),
            How::Savepoint(name) => words.also_savepoint.say(&[("name", name)]),
            How::CommitFailed => words.also_commit_failed.say(&[]),
            How::Refused => words.also_refused.say(&[]),
        };
        let told = words.also.say(&[("problem", &problem), ("lost", &self.size(words))]);
        let opened = match &self.story.opener {
            Some(opener) => words.also_opened_by.say(&[("sql", &one_line(opener))]),
            None => words.opened_before.to_string(),
        };
        let last = self.story.last.back();
        let last = last.map(|sql| words.also_last.say(&[("sql", &one_line(sql))]));
        [Some(told), Some(opened), last].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

/// SQL may have line ends; a message in the log has none, and no other controls.
pub(crate) fn one_line(sql: &str) -> String {
    let words: Vec<&str> = sql.split(|c: char| c.is_whitespace() || c.is_control()).collect();
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn name_of(db: &Connection) -> Option<String> {
    let path = db.path().filter(|path| !path.is_empty());
    let name = path.and_then(|path| Path::new(path).file_name());
    name.map(|name| name.to_string_lossy().into_owned())
}
