//! The SQL functions that the triggers call to append each change to the log.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};

use rusqlite::Connection;
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::{Value, ValueRef};

use super::change_log::{Change, ChangeLog, Kind};
use super::replaced::{Doubtful, Replaced, Stored, Survivor, follow};
use super::schema::{BEFORE, KEPT, MORE, RECORD, REPLACED, REPLACES, Schema};

#[expect(
    clippy::disallowed_types,
    reason = "rusqlite requires functions to be `Send`; only one thread takes this lock"
)]
pub(crate) type Shared = Arc<std::sync::Mutex<Recording>>;

/// The state that these functions write to.
#[derive(Default)]
pub(crate) struct Recording {
    pub(crate) schema: Arc<Schema>,
    pub(crate) log: ChangeLog,
    /// The position of the mark when the log was empty.
    base: i64,
    /// The number of changes since then, including rolled-back ones.
    pub(crate) calls: u64,
    /// The number of all calls so far, which the guard subtracts from SQLite's count.
    total_calls: Arc<AtomicU64>,
    limit: usize,
    is_too_large: bool,
    /// The first values of a row that is too wide for one call.
    more: Vec<Stored>,
    /// Rows that the running statements may replace.
    replaced: Replaced,
}

/// Returns whether the running statement may replace rows, or `true` if that isn't known.
pub(crate) type MayReplace = Box<dyn Fn() -> bool + Send>;

/// Registers the functions on a connection.
pub(crate) fn create_functions(
    db: &Connection,
    recording: &Shared,
    may_replace: MayReplace,
) -> rusqlite::Result<()> {
    let define = |name: &str, act: fn(&mut Recording, &Context<'_>) -> rusqlite::Result<Value>| {
        let recording = Arc::clone(recording);
        // Without the flag `SQLITE_INNOCUOUS`, the file's own triggers and views can't call the
        // function if the connection has `trusted_schema = OFF`.
        db.create_scalar_function(name, -1, FunctionFlags::SQLITE_UTF8, move |context| {
            act(&mut recording.lock().unwrap_or_else(PoisonError::into_inner), context)
        })
    };
    define(RECORD, Recording::record)?;
    define(MORE, Recording::take_more)?;
    define(REPLACED, Recording::may_be_replaced)?;
    define(KEPT, Recording::kept)?;
    define(BEFORE, Recording::before)?;
    let recording = Arc::clone(recording);
    db.create_scalar_function(REPLACES, 0, FunctionFlags::SQLITE_UTF8, move |_| {
        let mut recording = recording.lock().unwrap_or_else(PoisonError::into_inner);
        let may_replace = recording.schema.may_replace || may_replace();
        if !may_replace {
            recording.replaced.end_statements();
        }
        Ok(may_replace)
    })
}

fn table(context: &Context<'_>, at: usize) -> rusqlite::Result<usize> {
    let table: i64 = context.get(at)?;
    Ok(usize::try_from(table).unwrap_or(usize::MAX))
}

fn kind(context: &Context<'_>, at: usize) -> rusqlite::Result<Option<Kind>> {
    let code: i64 = context.get(at)?;
    Ok(u8::try_from(code).ok().and_then(Kind::of_code))
}

impl Recording {
    /// `total_calls` is shared with the guard.
    pub(crate) fn new(schema: Arc<Schema>, limit: usize, total_calls: Arc<AtomicU64>) -> Self {
        Self { schema, limit, total_calls, ..Self::default() }
    }

    /// `RECORD(position, table, kind, values…)`
    fn record(&mut self, context: &Context<'_>) -> rusqlite::Result<Value> {
        self.calls += 1;
        self.total_calls.fetch_add(1, Ordering::Relaxed);
        let position: i64 = context.get(0)?;
        self.roll_back(position);
        let table = table(context, 1)?;
        let Some(kind) = kind(context, 2)? else { return Ok(Value::Integer(position)) };
        let more = std::mem::take(&mut self.more);
        let values: Vec<ValueRef<'_>> = more
            .iter()
            .map(Stored::get)
            .chain((3..context.len()).map(|at| context.get_raw(at)))
            .collect();
        let (old, new) = match kind {
            Kind::Insert => (Vec::new(), values),
            Kind::Delete => (values, Vec::new()),
            Kind::Update => {
                let new = values[values.len() / 2..].to_vec();
                let mut old = values;
                old.truncate(new.len());
                (old, new)
            }
        };
        let change = Change { table, old, new };
        self.push_with_replaced(&change);
        // The mark moves even if the log is full, so that a rollback is noticed.
        let len = if self.is_too_large { 1 } else { self.log.len() };
        let len = i64::try_from(len).unwrap_or(i64::MAX);
        Ok(Value::Integer(self.base.saturating_add(len)))
    }

    /// Drops the log's entries after the mark, because SQLite has rolled them back. Returns the
    /// mark's offset in the log.
    fn roll_back(&mut self, position: i64) -> usize {
        let len = usize::try_from(position - self.base).unwrap_or(0);
        if len < self.log.len() {
            self.log.truncate(len);
            self.replaced.roll_back(len);
        }
        // If everything was rolled back, the log is complete again.
        self.is_too_large &= len > 0;
        len
    }

    /// `BEFORE(position, table, kind, old key…)`
    fn before(&mut self, context: &Context<'_>) -> rusqlite::Result<Value> {
        self.roll_back(context.get(0)?);
        if let Some(kind) = kind(context, 2)? {
            let old_key = (3..context.len()).map(|at| Stored::new(context.get_raw(at))).collect();
            self.replaced.before(table(context, 1)?, kind, old_key, self.log.len());
        }
        Ok(Value::Null)
    }

    /// Appends a change, unless the old and new values are the same. Foreign key actions can make
    /// such changes, even before the change that gives the row its key.
    fn push(&mut self, change: &Change<'_>) {
        if !self.is_too_large && !change.changes_nothing() {
            let is_pushed = self.log.push(change).is_some();
            self.check_size(is_pushed);
        }
    }

    fn push_encoded(&mut self, change: &[u8]) {
        if !self.is_too_large {
            self.log.insert(self.log.len(), change);
            self.check_size(!change.is_empty());
        }
    }

    fn check_size(&mut self, is_pushed: bool) {
        if !is_pushed || self.log.len() > self.limit {
            self.is_too_large = true;
            self.log.clear();
        }
    }

    /// Records a change and the rows that it replaced, except rows that a foreign key action has
    /// already deleted. Such an action may also have changed the row itself after the statement
    /// read it.
    fn push_with_replaced(&mut self, change: &Change<'_>) {
        let schema = Arc::clone(&self.schema);
        let own = schema.tables.get(change.table);
        let Some((position, rows)) = own.and_then(|own| self.replaced.after(change, &own.key))
        else {
            return self.push(change);
        };
        let mut entries = Vec::new();
        let follow = |row| follow(row, change.table, &schema, &self.log, position);
        for row in &rows {
            if let Some(Survivor { row: old, .. }) = follow(row.iter().map(Stored::get).collect()) {
                entries.push(Change { table: change.table, old, new: Vec::new() }.encoded());
            }
        }
        let old = match change.kind() {
            Kind::Update => follow(change.old.clone()).map(|survivor| survivor.row),
            Kind::Insert | Kind::Delete => None,
        };
        let old = old.unwrap_or_else(|| change.old.clone());
        let own = Change { table: change.table, old, new: change.new.clone() };
        if !own.changes_nothing() {
            entries.push(own.encoded());
        }
        entries.iter().for_each(|entry| self.push_encoded(entry));
    }

    fn take_more(&mut self, context: &Context<'_>) -> rusqlite::Result<Value> {
        self.more.extend((0..context.len()).map(|at| Stored::new(context.get_raw(at))));
        Ok(Value::Null)
    }

    /// `REPLACED(table, values…)`
    fn may_be_replaced(&mut self, context: &Context<'_>) -> rusqlite::Result<Value> {
        let mut row = std::mem::take(&mut self.more);
        row.extend((1..context.len()).map(|at| Stored::new(context.get_raw(at))));
        self.replaced.add(table(context, 0)?, row);
        Ok(Value::Null)
    }

    /// `KEPT(table, key…)` notes that a row still exists. `KEPT(table)` returns whether there are
    /// candidates.
    fn kept(&mut self, context: &Context<'_>) -> rusqlite::Result<Value> {
        let table = table(context, 0)?;
        if context.len() > 1
            && let Some(of) = self.schema.tables.get(table)
        {
            let key: Vec<_> = (1..context.len()).map(|at| context.get_raw(at)).collect();
            self.replaced.keep(table, &of.key, &key);
        }
        Ok(Value::Integer(self.replaced.has_candidates(table).into()))
    }

    /// Takes the log and the rows that may have been replaced. Also returns whether the log was
    /// full.
    pub(crate) fn take(&mut self, mark: i64) -> (ChangeLog, Vec<Doubtful>, bool) {
        let len = self.roll_back(mark);
        let is_too_large = std::mem::take(&mut self.is_too_large) && len > 0;
        let mut log = std::mem::take(&mut self.log);
        log.shrink();
        self.base = mark;
        self.calls = 0;
        (log, self.replaced.take(), is_too_large)
    }
}
