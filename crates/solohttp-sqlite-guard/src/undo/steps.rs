//! Runs before and after each request, to turn its changes into a step.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use rusqlite::Connection;
use solohttp_core::{Locale, Request, Response};

use super::Undo;
use super::blocked::Blocked;
use super::history::Part;
use super::page::{self, Message};
use super::recorder::{Recorded, Recorder};
use super::recording::MayReplace;
use super::replay::{Direction, replay};
use super::words::UndoWords;
use crate::watch::hooks::Watch;

impl Undo {
    /// Starts recording the changes on a connection.
    pub(super) fn recorder(
        &self,
        db: &Connection,
        (calls, may_replace): (Arc<AtomicU64>, MayReplace),
    ) -> rusqlite::Result<Recorder> {
        let (limit, excluded) =
            self.with(|inner| (inner.history.max_bytes(), inner.excluded.clone()));
        let is_excluded =
            |table: &str| excluded.iter().any(|excluded| excluded.eq_ignore_ascii_case(table));
        Recorder::install(db, limit, is_excluded, may_replace, calls)
    }

    /// Adds a step. If parts of it weren't recorded, neither this step nor any earlier one can be
    /// undone.
    pub(super) fn push(
        &self,
        name: Option<String>,
        recorded: Vec<(usize, Recorded)>,
        is_incomplete: bool,
    ) {
        let is_too_large = recorded.iter().any(|(_, recorded)| recorded.is_too_large);
        let name = name.unwrap_or_else(|| described(&recorded));
        self.change(|inner| {
            if is_too_large || is_incomplete {
                let message = if is_too_large { Message::TooLarge } else { Message::NotRecorded };
                let message = message(name);
                log::warn!(target: "solohttp", "{}", message.say(&UndoWords::default()));
                inner.say(message);
                inner.history.clear();
                return;
            }
            let parts = recorded.into_iter().map(|(database, recorded)| Part {
                database,
                schema: recorded.schema,
                log: recorded.log,
                sequences: recorded.sequences,
            });
            inner.message = None;
            inner.history.push(name, parts.collect());
        });
    }

    /// Starts a request.
    pub(crate) fn begin_request(&self) {
        self.with(|inner| {
            inner.name = None;
            inner.is_skipped = false;
        });
    }

    /// Starts the part of a step on one connection. Installs the triggers if necessary.
    pub(crate) fn begin(
        &self,
        recorder: &mut Option<Recorder>,
        db: &Connection,
        database: usize,
        watch: &Watch,
    ) {
        let begun = match recorder {
            Some(recorder) if recorder.is_installed() => recorder.begin(db),
            _ => self.recorder(db, watch.for_undo()).and_then(|mut installed| {
                installed.begin(db)?;
                watch.set_virtual_tables(&installed.schema().virtual_tables);
                *recorder = Some(installed);
                let file = db.path().filter(|path| !path.is_empty()).map(PathBuf::from);
                self.change(|inner| {
                    inner.history.clear();
                    inner.files.resize(inner.files.len().max(database + 1), None);
                    inner.files[database] = file;
                });
                Ok(())
            }),
        };
        if let Err(error) = begun {
            log::error!(target: "solohttp", "cannot record changes for undo: {error}");
            *recorder = None;
        }
    }

    /// Ends a request. If the response is a success, the request's changes become a step.
    pub(crate) fn end_request<'a>(
        &self,
        databases: impl Iterator<Item = (&'a Connection, &'a Watch, &'a mut Option<Recorder>)>,
        is_success: bool,
        is_unsafe: bool,
    ) {
        let mut step = Vec::new();
        let mut has_new_schema = false;
        let mut is_incomplete = false;
        for (database, (db, watch, slot)) in databases.enumerate() {
            let Some(recorder) = slot else { continue };
            is_incomplete |= watch.has_written_virtual();
            let recorded = recorder.take(db).and_then(|recorded| {
                let is_changed = recorded.is_some() || is_unsafe;
                Ok((recorded, is_changed && !recorder.schema().is_current(db)?))
            });
            match recorded {
                Ok((_, true)) => {
                    has_new_schema = true;
                    *slot = None;
                }
                Ok((recorded, false)) => step.extend(recorded.map(|it| (database, it))),
                Err(error) => {
                    log::error!(target: "solohttp", "cannot record changes for undo: {error}");
                    *slot = None;
                }
            }
        }
        let (name, is_skipped) = self.with(|inner| (inner.name.take(), inner.is_skipped));
        if has_new_schema {
            self.clear();
        } else if (is_incomplete || !step.is_empty()) && is_success && !is_skipped {
            self.push(name, step, is_incomplete);
        }
    }

    /// Responds to a button. Returns `None` if the request is for the application.
    pub(crate) fn respond<'a>(
        &self,
        request: &Request,
        databases: impl FnOnce() -> Vec<(&'a Connection, Option<&'a Recorder>)>,
    ) -> Option<Response> {
        page::respond(request, |direction, step| {
            self.replay(request, direction, step, &databases())
        })
    }

    fn replay(
        &self,
        request: &Request,
        direction: Direction,
        id: Option<u64>,
        databases: &[(&Connection, Option<&Recorder>)],
    ) -> Response {
        let replayed = self.with(|inner| {
            let next = match direction {
                Direction::Back => inner.history.last_done(),
                Direction::Again => inner.history.last_undone(),
            };
            let step = next.filter(|step| Some(step.id) == id)?;
            let mut parts = Vec::new();
            for part in &step.parts {
                let Some((db, Some(recorder))) = databases.get(part.database) else {
                    return Some((step.name.clone(), Err(Blocked::Schema)));
                };
                parts.push((*db, *recorder, part));
            }
            let (name, replayed) = (step.name.clone(), replay(&parts, direction));
            if replayed.is_ok() {
                // This must happen before the lock is released, because another thread may add a
                // step.
                match direction {
                    Direction::Back => {
                        inner.history.went_back();
                        inner.say(Message::Undone(name.clone()));
                    }
                    Direction::Again => {
                        inner.history.went_forward();
                        inner.say(Message::Redone(name.clone()));
                    }
                }
            }
            Some((name, replayed))
        });
        match replayed {
            None => self.with(|inner| inner.say(Message::Outdated)),
            Some((_, Err(Blocked::Failed(error)))) => return Response::failed(error.into()),
            Some((name, Err(blocked))) => {
                return page::blocked_page(request, direction, &name, &blocked);
            }
            Some((_, Ok(()))) => self.tell(),
        }
        Response::redirect(request.referring_path())
    }
}

/// The default name of a step.
fn described(recorded: &[(usize, Recorded)]) -> String {
    let mut count = 0_u64;
    let mut tables: Vec<&str> = Vec::new();
    for (_, Recorded { schema, log, .. }) in recorded {
        for change in log.forward(|table| schema.columns(table)) {
            let Some(table) = schema.tables.get(change.table) else { continue };
            count += 1;
            if !tables.contains(&table.name.as_str()) {
                tables.push(&table.name);
            }
        }
    }
    let words = Locale::current::<UndoWords>();
    match tables[..] {
        [table] if count == 1 => words.one_row.say(&[("table", &table)]),
        _ => words.rows.say(&[("count", &count), ("tables", &tables.join(", "))]),
    }
}
