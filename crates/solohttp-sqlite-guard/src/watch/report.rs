//! The findings about one connection, as sentences without HTML.

use std::path::Path;

use rusqlite::Connection;
use solohttp_core::{Request, Response};

use crate::watch::facts::{Cause, Lost};
use crate::watch::hooks::Outcome;
use crate::watch::rescue::Rescue;
use crate::words::GuardWords;

/// The findings about one request on one connection.
#[derive(Debug)]
pub(crate) struct Report {
    /// The file name without its folder; `None` for an in-memory database.
    database: Option<String>,
    /// The transaction that was left open, followed by earlier rollbacks.
    pub(crate) lost: Vec<Lost>,
    /// Why the open transaction couldn't be rolled back.
    pub(crate) rollback_error: Option<rusqlite::Error>,
    /// Rows that were saved, if known.
    pub(crate) saved_rows: Option<u64>,
    pub(crate) unfinished: Vec<String>,
    newly_unfinished: Vec<String>,
    was_open: bool,
    /// Set if the file is no longer at its path.
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

    /// Whether the response contradicts the database.
    pub(crate) fn contradicts(&self, response: &Response) -> bool {
        let status = response.status();
        let claims_success = status.is_success() || status.is_redirection();
        let has_lost = !self.lost.is_empty() || self.rescue.is_some();
        self.was_open || (claims_success && has_lost)
    }

    /// The number of saved rows; `None` if it is unknown for any connection.
    pub(crate) fn total_saved_rows(reports: &[Self]) -> Option<u64> {
        reports.iter().map(|report| report.saved_rows).sum()
    }

    /// The database's name, as shown on a page.
    pub(crate) fn database(&self, words: &GuardWords) -> String {
        self.database.clone().unwrap_or_else(|| words.in_memory.to_string())
    }

    fn logged_name(&self) -> &str {
        self.database.as_deref().unwrap_or("database in memory")
    }

    /// One sentence per transaction, for another error's page.
    pub(crate) fn summary(&self, words: &GuardWords) -> Vec<String> {
        let mut summary: Vec<String> = self.lost.iter().map(|lost| lost.summary(words)).collect();
        if let Some(error) = &self.rollback_error {
            summary.push(words.also_not_rolled_back.say(&[("error", error)]));
        }
        summary
    }

    /// One sentence per transaction, for the log.
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
                "{} {}: {}: an unfinished statement holds its read lock until it is dropped: {}",
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
        let Self { cause, history, .. } = self;
        let opener = history.opener.as_deref().map(one_line);
        let opener = opener.as_deref().unwrap_or("something before this request");
        let what = match cause {
            Cause::LeftOpen => "a transaction was left open and has been rolled back".to_owned(),
            Cause::RolledBack => "a transaction was rolled back".to_owned(),
            Cause::Savepoint(name) => format!("savepoint {name} was rolled back"),
            Cause::CommitFailed => "a transaction could not be committed".to_owned(),
            Cause::Refused => "SQLite rolled a transaction back".to_owned(),
        };
        let last = history.last.back().map(|sql| format!(", last statement: {}", one_line(sql)));
        format!(
            "{what}: {}; opened by {opener}{}",
            self.size(&GuardWords::default()),
            last.unwrap_or_default()
        )
    }

    /// The changes that were lost.
    pub(crate) fn size(&self, words: &GuardWords) -> String {
        match (self.rows, self.schema) {
            (0, false) => words.lost_nothing.say(&[]),
            (0, true) => words.lost_schema.say(&[]),
            (1, false) => words.lost_row.say(&[]),
            (rows, false) => words.lost_rows.say(&[("rows", &rows)]),
            (rows, true) => words.lost_both.say(&[("rows", &rows)]),
        }
    }

    fn summary(&self, words: &GuardWords) -> String {
        let problem = match &self.cause {
            Cause::LeftOpen => words.also_left_open.say(&[]),
            Cause::RolledBack => words.also_rolled_back.say(&[]),
            Cause::Savepoint(name) => words.also_savepoint.say(&[("name", name)]),
            Cause::CommitFailed => words.also_commit_failed.say(&[]),
            Cause::Refused => words.also_refused.say(&[]),
        };
        let summary = words.also.say(&[("problem", &problem), ("lost", &self.size(words))]);
        let opened = match &self.history.opener {
            Some(opener) => words.also_opened_by.say(&[("sql", &one_line(opener))]),
            None => words.opened_before.to_string(),
        };
        let last = self.history.last.back();
        let last = last.map(|sql| words.also_last.say(&[("sql", &one_line(sql))]));
        [Some(summary), Some(opened), last].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

/// Replaces line breaks and other control characters, so that a log message is a single line.
pub(crate) fn one_line(sql: &str) -> String {
    let words: Vec<&str> = sql.split(|c: char| c.is_whitespace() || c.is_control()).collect();
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn name_of(db: &Connection) -> Option<String> {
    let path = db.path().filter(|path| !path.is_empty());
    let name = path.and_then(|path| Path::new(path).file_name());
    name.map(|name| name.to_string_lossy().into_owned())
}
