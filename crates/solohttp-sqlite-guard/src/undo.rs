//! Undo and redo for the changes that requests make.
//!
//! `recorder` uses the triggers of `schema` to record a request's changes in a `change_log`.
//! `steps` turns them into a step, `history` keeps the steps, and `replay` undoes or redoes one.
//! `page` renders the buttons. This file is the public API.

mod blocked;
pub(crate) mod change_log;
mod conflicts;
pub(crate) mod follower;
pub(crate) mod history;
mod page;
pub(crate) mod recorder;
pub(crate) mod recording;
mod references;
mod replaced;
pub(crate) mod replay;
pub(crate) mod schema;
mod steps;
mod words;

use std::fmt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use rusqlite::trace::{TraceEvent, TraceEventCodes};
use serde::{Serialize, Serializer};
use solohttp_core::{Failure, Html, IoList};

pub use words::UndoWords;

use history::History;
use page::Message;

use crate::watch::statement::{has_word, writes_to};

/// The default limits: more steps than a user is likely to undo, and room for an import of several
/// hundred thousand rows.
const MAX_STEPS: usize = 100;
const MAX_BYTES: usize = 64 << 20;

/// How long pages show what was undone or redone. The message isn't tied to a single page, because
/// several pages may load afterwards.
const MESSAGE_TIME: Duration = Duration::from_secs(5);

/// Undo and redo for everything that the application saves.
///
/// Each request that changes a guarded database and gets a 2xx or 3xx response is a step. So is
/// each closure from another thread. Handlers need no extra code, but can name the step.
///
/// ```
/// use solohttp_core::{Handler, Request};
/// use solohttp_sqlite_guard::{Database, SqliteGuard, Undo, rusqlite::Connection};
///
/// struct App {
///     db: Connection,
///     undo: Undo,
/// }
///
/// fn delete(app: &mut App) -> solohttp_core::Result<&'static str> {
///     app.db.execute("DELETE FROM contact WHERE name = 'Ada'", [])?;
///     app.undo.name("Ada deleted");
///     Ok("Deleted.")
/// }
///
/// # fn main() -> solohttp_core::Result<()> {
/// let db = Database::in_memory()
///     .migrations(["CREATE TABLE contact (name TEXT) STRICT; INSERT INTO contact VALUES ('Ada')"])
///     .open()?;
/// let undo = Undo::new();
/// let app = App { db, undo: undo.clone() };
/// let mut app = SqliteGuard::new(delete, |app: &App| &app.db).undo(&undo).with_state(app);
///
/// Request::post("/delete").send_to(&mut app);
/// assert!(undo.view().to_string().contains("Undo: Ada deleted"));
/// let step = undo.steps()[0].id.to_string();
/// Request::post("/__undo/back").form([("step", step.as_str())]).send_to(&mut app);
/// let rows: i64 = app.state().db.query_row("SELECT count(*) FROM contact", [], |row| row.get(0))?;
/// assert_eq!(rows, 1);
/// # Ok(())
/// # }
/// ```
///
/// [`view`](Self::view) renders the two buttons for a page. They post to paths that begin with
/// `/__undo/`, which the guard handles.
///
/// **Exact or not at all.** Undo restores every value, rowid and `AUTOINCREMENT` number. If a row
/// has been changed since the step, by another program or by a request that wasn't recorded, undo
/// changes nothing and shows a page that names the conflict. If a step spans several guarded
/// connections, they commit one after another.
///
/// **Triggers and full-text tables.** A step includes what the application's triggers did, so undo
/// and redo don't run them again. The exception is trigger statements that write to a virtual
/// table: these do run, which keeps full-text tables up to date. Any other write to a virtual table
/// can't be recorded and clears the list.
///
/// **Limits.** By default, the list keeps up to 100 steps and 64 MiB; see
/// [`max_steps`](Self::max_steps) and [`max_bytes`](Self::max_bytes). A step that exceeds the byte
/// limit can't be undone, and neither can earlier steps. The list is lost when the program exits or
/// the schema changes. Undo doesn't record temporary tables, `PRAGMA`s, databases attached after
/// the first request, or changes by other programs.
///
/// **Costs.** Temporary triggers record the changes, which makes an import take about 1.7 times as
/// long. They are named `solohttp_undo_…` and refer to all columns, so `ALTER TABLE … DROP COLUMN`
/// fails outside migrations. A `DELETE` without `WHERE` deletes row by row.
/// [`Connection::total_changes`] counts one extra change per row, made in a temporary table.
///
/// Clones share the same steps and can be sent to other threads.
#[derive(Clone)]
pub struct Undo(Arc<Shared>);

#[expect(clippy::disallowed_types, reason = "jobs on other threads add steps, too")]
type Shared = std::sync::Mutex<Inner>;

struct Inner {
    history: History,
    /// The name of the current request's step.
    name: Option<String>,
    /// Whether the application has skipped the current request.
    is_skipped: bool,
    /// The latest message, and when it was set.
    message: Option<(Instant, Message)>,
    excluded: Vec<String>,
    /// The files of the guarded connections; `None` for an in-memory database.
    files: Vec<Option<PathBuf>>,
    on_change: Option<Arc<dyn Fn() + Send + Sync>>,
}

/// A step, for an application that renders its own list.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UndoStep {
    /// The number that the buttons send as `step`.
    pub id: u64,
    /// What was done.
    pub name: String,
    /// Whether the step is undone.
    pub is_undone: bool,
}

impl Inner {
    /// Shows a message on the next pages.
    fn say(&mut self, message: Message) {
        self.message = Some((Instant::now(), message));
    }
}

impl Default for Undo {
    fn default() -> Self {
        Self::new()
    }
}

impl Undo {
    /// Creates an empty list of steps. Pass it to [`SqliteGuard::undo`](crate::SqliteGuard::undo).
    #[must_use]
    pub fn new() -> Self {
        Self(Arc::new(Shared::new(Inner {
            history: History::new(MAX_STEPS, MAX_BYTES),
            name: None,
            is_skipped: false,
            message: None,
            excluded: Vec::new(),
            files: Vec::new(),
            on_change: None,
        })))
    }

    /// Sets how many steps are kept. The oldest are forgotten first.
    #[must_use]
    pub fn max_steps(self, steps: usize) -> Self {
        self.with(|inner| inner.history.set_limits(Some(steps), None));
        self
    }

    /// Limits the total size of all steps, in bytes. A step stores the values of the rows that it
    /// inserted or deleted, and both the old and the new values of the rows that it updated.
    #[must_use]
    pub fn max_bytes(self, bytes: usize) -> Self {
        self.with(|inner| inner.history.set_limits(None, Some(bytes)));
        self
    }

    /// Excludes tables whose changes aren't the user's own, such as a log or a visit counter.
    #[must_use]
    pub fn except<N: Into<String>>(self, tables: impl IntoIterator<Item = N>) -> Self {
        self.with(|inner| inner.excluded.extend(tables.into_iter().map(Into::into)));
        self
    }

    /// Sets a callback to run whenever the list has changed, for example to update open pages.
    #[must_use]
    pub fn on_change(self, then: impl Fn() + Send + Sync + 'static) -> Self {
        self.with(|inner| inner.on_change = Some(Arc::new(then)));
        self
    }

    /// Names the current request's step in the user's words, such as “Ada deleted”. The default
    /// name tells how many rows changed in which tables.
    pub fn name(&self, name: impl Into<String>) {
        let name = name.into();
        self.with(|inner| inner.name = Some(name));
    }

    /// Excludes the current request from the list, so its changes can't be undone. Use this for
    /// changes that are known to be too large, which would otherwise clear the list.
    pub fn skip(&self) {
        self.with(|inner| inner.is_skipped = true);
    }

    /// Forgets all steps.
    pub fn clear(&self) {
        self.change(|inner| inner.history.clear());
    }

    /// Returns the steps, latest first: the undone ones, then those that can be undone.
    #[must_use]
    pub fn steps(&self) -> Vec<UndoStep> {
        self.with(|inner| {
            let (done, undone) = inner.history.steps();
            let step = |step: &history::Step, is_undone| UndoStep {
                id: step.id,
                name: step.name.clone(),
                is_undone,
            };
            let mut steps: Vec<_> = undone.map(|it| step(it, true)).collect();
            steps.reverse();
            steps.extend(done.map(|it| step(it, false)));
            steps
        })
    }

    /// Renders the buttons “Undo” and “Redo” with the names of their steps. For a few seconds after
    /// an undo or redo, it also shows what was done. Include it once in each page.
    ///
    /// A script binds the buttons to Ctrl+Z and Ctrl+Shift+Z (⌘Z and ⇧⌘Z on macOS). The shortcuts
    /// do nothing while a text field has focus or the page has unsaved input. The form has the id
    /// `solo-undo` and the class `undo`.
    #[must_use]
    pub fn view(&self) -> IoList {
        self.with(|inner| {
            let shown = inner.message.as_ref().filter(|(at, _)| at.elapsed() < MESSAGE_TIME);
            page::view(&inner.history, shown.map(|(_, message)| message))
        })
    }

    /// Renders the list of all steps.
    #[must_use]
    pub fn list(&self) -> IoList {
        self.with(|inner| page::list(&inner.history))
    }

    /// Runs changes on a separate connection to a guarded file, and records them as one step. Use
    /// it for an import on another thread. Changes on guarded connections are recorded without it.
    ///
    /// # Errors
    /// Returns the closure's error. Also fails if no guarded connection has this file open, or if
    /// the triggers can't be created.
    pub fn record<T>(
        &self,
        db: &mut Connection,
        name: impl Into<String>,
        changes: impl FnOnce(&mut Connection) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let path = db.path().filter(|path| !path.is_empty()).map(PathBuf::from);
        let database = self.with(|inner| inner.files.iter().position(|file| *file == path));
        let Some(database) = database.filter(|_| path.is_some()) else {
            return Err("undo: this file isn't open in any guarded connection".into());
        };
        let replaces = Arc::new(AtomicBool::new(true));
        let noted = Arc::clone(&replaces);
        let mut recorder = self
            .recorder(db, (Arc::default(), Box::new(move || replaces.load(Ordering::Relaxed))))?;
        let virtual_tables = recorder.schema().virtual_tables.clone();
        let is_incomplete = Arc::new(AtomicBool::new(false));
        let incomplete = Arc::clone(&is_incomplete);
        db.trace_v2(
            TraceEventCodes::SQLITE_TRACE_STMT,
            Some(move |event: TraceEvent<'_>| {
                if let TraceEvent::Stmt(_, sql) = event
                    && !sql.starts_with("--")
                {
                    noted.store(has_word(sql, "REPLACE"), Ordering::Relaxed);
                    incomplete.fetch_or(writes_to(sql, &virtual_tables), Ordering::Relaxed);
                }
            }),
        )?;
        recorder.begin(db)?;
        let changed = changes(db);
        let recorded = recorder.take(db);
        recorder.remove(db)?;
        db.trace_v2(TraceEventCodes::empty(), None::<fn(TraceEvent<'_>)>)?;
        let value = changed?;
        if let Some(recorded) = recorded? {
            let is_incomplete = is_incomplete.load(Ordering::Relaxed);
            self.push(Some(name.into()), vec![(database, recorded)], is_incomplete);
        }
        Ok(value)
    }

    /// Changes the list, then calls the application's callback.
    fn change(&self, change: impl FnOnce(&mut Inner)) {
        self.with(change);
        self.tell();
    }

    /// Calls the application's callback for changes to the list.
    fn tell(&self) {
        // The lock isn't held here, because the callback may read the list.
        if let Some(then) = self.with(|inner| inner.on_change.clone()) {
            then();
        }
    }

    fn with<T>(&self, act: impl FnOnce(&mut Inner) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Serialized as [`Html`], so a template can insert the [buttons](Undo::view).
impl Serialize for Undo {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Html::from(self.view()).serialize(serializer)
    }
}

impl fmt::Debug for Undo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Undo").field("steps", &self.steps().len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
