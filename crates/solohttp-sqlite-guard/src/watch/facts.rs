//! The transactions of one connection, derived from the start and end of its statements.
//!
//! This module is pure: `hooks` delivers the events, and `guard` acts on the result. The facts
//! contain SQL text, but never parameter values.

use std::collections::VecDeque;

use crate::watch::statement::{Verb, has_word, writes_to};

/// The number of statements that are kept for a transaction's report.
const MAX_STATEMENTS: usize = 8;
/// In bytes. Enough to recognize a statement without filling the page.
const MAX_STATEMENT_LEN: usize = 400;

/// The state of the connection at the time of an event.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct ConnectionState {
    pub(crate) autocommit: bool,
    /// Whether a transaction holds the write lock.
    pub(crate) writing: bool,
    /// Rows changed since the connection was opened; a rollback doesn't lower this count.
    pub(crate) changes: u64,
    /// Rollbacks so far, on any connection of this thread.
    pub(crate) rollbacks: u64,
    /// Whether `rollback_on_purpose` is running.
    pub(crate) on_purpose: bool,
}

/// What is known about a connection since the current request began.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    running: Vec<Running>,
    spare: Vec<String>,
    open: Option<OpenTransaction>,
    lost: Vec<Lost>,
    /// Rows changed by this request that were rolled back, on purpose or not.
    rolled_back: u64,
    rollbacks: u64,
    /// The virtual tables, if changes are recorded for undo.
    virtual_tables: Vec<String>,
    /// Whether a statement of this request has written to a virtual table.
    has_written_virtual: bool,
}

#[derive(Debug)]
struct Running {
    sql: String,
    reported: bool,
}

/// The open transaction.
#[derive(Debug, Default)]
struct OpenTransaction {
    history: History,
    mark: Mark,
    savepoints: Vec<(String, Mark)>,
    partial_losses: Vec<Lost>,
    /// Changed rows that were lost by rolling back to a savepoint.
    rolled_back: u64,
    commit_failed: bool,
}

/// The counts at a point in a transaction.
#[derive(Debug, Clone, Copy, Default)]
struct Mark {
    changes: u64,
    rolled_back: u64,
    schema: u64,
    partial_losses: usize,
}

/// A transaction's statements, as shown in a report.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct History {
    /// The statement that opened the transaction; `None` if the guard wasn't watching yet.
    pub(crate) opener: Option<String>,
    /// The most recent statements, in order.
    pub(crate) last: VecDeque<String>,
    /// The total number of statements.
    pub(crate) count: u64,
    schema_changes: u64,
}

/// A transaction, or a part of one, whose changes were rolled back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lost {
    pub(crate) cause: Cause,
    pub(crate) rows: u64,
    pub(crate) schema: bool,
    pub(crate) history: History,
}

/// Why the changes were rolled back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cause {
    /// The transaction was still open when the handler returned.
    LeftOpen,
    /// `ROLLBACK`, either from a dropped `Transaction` or as an explicit statement.
    RolledBack,
    /// `ROLLBACK TO` this savepoint; the enclosing transaction was committed.
    Savepoint(String),
    /// `COMMIT` failed.
    CommitFailed,
    /// SQLite rolled back because of the last statement.
    Refused,
}

impl Facts {
    /// Starts a request. A transaction may already be open.
    pub(crate) fn begin_request(&mut self, now: ConnectionState) {
        self.lost.clear();
        self.rolled_back = 0;
        self.has_written_virtual = false;
        self.rollbacks = now.rollbacks;
        let mark = Mark { changes: now.changes, ..Mark::default() };
        self.open =
            (!now.autocommit).then(|| OpenTransaction { mark, ..OpenTransaction::default() });
    }

    /// Records the start of a statement.
    pub(crate) fn started(&mut self, sql: &str) {
        let sql = shortened(sql);
        self.has_written_virtual |= writes_to(sql, &self.virtual_tables);
        let mut copy = self.spare.pop().unwrap_or_default();
        copy.clear();
        copy.push_str(sql);
        self.running.push(Running { sql: copy, reported: false });
        if let Some(open) = &mut self.open
            && !matches!(Verb::of(sql), Verb::Commit | Verb::Rollback)
        {
            open.history.push(sql);
        }
    }

    /// Records that a statement has completed, failed or been reset. Doesn't query the connection's
    /// state in the common case, outside a transaction.
    pub(crate) fn finished(
        &mut self,
        sql: &str,
        autocommit: bool,
        now: impl FnOnce() -> ConnectionState,
    ) {
        let sql = shortened(sql);
        // Nested statements aren't in `running`, don't end a transaction, and must be ignored. For
        // example, a full-text table writes during `COMMIT`, when the connection is already in
        // autocommit mode.
        let found = self.running.iter().rposition(|running| running.sql == sql);
        let Some(index) = found else { return };
        self.spare.push(self.running.swap_remove(index).sql);
        if autocommit && self.open.is_none() {
            return;
        }
        let (verb, now) = (Verb::of(sql), now());
        match self.open.take() {
            None => self.open = Some(OpenTransaction::opened_by(sql, verb, now)),
            Some(open) if autocommit => self.transaction_ended(open, verb, now),
            Some(mut open) => {
                open.statement_finished(verb, now);
                self.open = Some(open);
            }
        }
        self.rollbacks = now.rollbacks;
    }

    fn transaction_ended(&mut self, open: OpenTransaction, verb: Verb<'_>, now: ConnectionState) {
        let was_rolled_back = now.rollbacks != self.rollbacks;
        let committed = matches!(verb, Verb::Commit | Verb::Release(_)) && !was_rolled_back;
        if committed {
            self.rolled_back += open.rolled_back;
            self.lost.extend(open.partial_losses);
            return;
        }
        self.rolled_back += now.changes - open.mark.changes;
        if !now.on_purpose {
            let cause = match verb {
                Verb::Rollback if open.commit_failed => Cause::CommitFailed,
                Verb::Rollback => Cause::RolledBack,
                Verb::Commit | Verb::Release(_) => Cause::CommitFailed,
                _ => Cause::Refused,
            };
            let lost = open.lost_since(open.mark, cause, now);
            self.lost.extend(open.partial_losses);
            if lost.has_changes() {
                self.lost.push(lost);
            }
        }
    }

    /// Takes the open transaction, which the guard is about to roll back.
    pub(crate) fn take_open(&mut self, now: ConnectionState) -> Lost {
        let mark = Mark { changes: now.changes, ..Mark::default() };
        let open = self
            .open
            .take()
            .unwrap_or_else(|| OpenTransaction { mark, ..OpenTransaction::default() });
        self.rolled_back += now.changes - open.mark.changes;
        open.lost_since(open.mark, Cause::LeftOpen, now)
    }

    /// The number of rows changed by this request that were rolled back.
    pub(crate) fn rows_rolled_back(&self) -> u64 {
        self.rolled_back
    }

    /// Takes the unintended rollbacks of this request.
    pub(crate) fn take_lost(&mut self, now: ConnectionState) -> Vec<Lost> {
        if let Some(open) = self.open.take_if(|_| now.autocommit) {
            self.transaction_ended(open, Verb::Other, now);
        }
        std::mem::take(&mut self.lost)
    }

    /// The unfinished statements. The flag is set if the statement hasn't been reported before.
    pub(crate) fn running(&mut self) -> Vec<(String, bool)> {
        self.running
            .iter_mut()
            .map(|running| {
                let is_new = !std::mem::replace(&mut running.reported, true);
                (running.sql.clone(), is_new)
            })
            .collect()
    }

    /// Whether any running statement may replace rows, such as `REPLACE` or `INSERT OR REPLACE`. A
    /// statement that was cut to the maximum length also counts.
    pub(crate) fn may_replace(&self) -> bool {
        self.running.iter().any(|running| {
            running.sql.len() + 4 > MAX_STATEMENT_LEN || has_word(&running.sql, "REPLACE")
        })
    }

    /// Sets the virtual tables, whose changes triggers can't record.
    pub(crate) fn set_virtual_tables(&mut self, names: &[String]) {
        self.virtual_tables = names.to_vec();
    }

    pub(crate) fn has_written_virtual(&self) -> bool {
        self.has_written_virtual
    }

    /// Clears statements whose end event never came, once SQLite reports that none is running.
    pub(crate) fn clear_running(&mut self) {
        self.spare.extend(self.running.drain(..).map(|running| running.sql));
        self.spare.truncate(MAX_STATEMENTS);
    }
}

impl OpenTransaction {
    fn opened_by(sql: &str, verb: Verb<'_>, now: ConnectionState) -> Self {
        let mark = Mark { changes: now.changes, ..Mark::default() };
        let history = History { opener: Some(sql.to_owned()), ..History::default() };
        let mut open = Self { history, mark, ..Self::default() };
        open.statement_finished(verb, now);
        open
    }

    fn statement_finished(&mut self, verb: Verb<'_>, now: ConnectionState) {
        let mark = self.mark_now(now);
        match verb {
            // `CREATE TABLE IF NOT EXISTS` takes no write lock if the table already exists.
            Verb::Schema if now.writing => self.history.schema_changes += 1,
            Verb::Commit => self.commit_failed = true,
            Verb::Savepoint(name) => self.savepoints.push((name.to_owned(), mark)),
            Verb::Release(name) => {
                if let Some(at) = self.innermost(name) {
                    self.savepoints.truncate(at);
                }
            }
            Verb::RollbackTo(name) => {
                if let Some(at) = self.innermost(name) {
                    self.roll_back_to(at, now);
                }
            }
            _ => {}
        }
    }

    fn innermost(&self, name: &str) -> Option<usize> {
        self.savepoints.iter().rposition(|(known, _)| known.eq_ignore_ascii_case(name))
    }

    /// Rolls back to a savepoint, which itself stays open.
    fn roll_back_to(&mut self, at: usize, now: ConnectionState) {
        self.savepoints.truncate(at + 1);
        let (name, mark) = &self.savepoints[at];
        let mark = *mark;
        let lost = self.lost_since(mark, Cause::Savepoint(name.clone()), now);
        self.rolled_back += lost.rows;
        if now.on_purpose {
            // An intended rollback also covers the parts that were rolled back earlier.
            self.partial_losses.truncate(mark.partial_losses);
        } else if lost.has_changes() {
            self.partial_losses.push(lost);
        }
        // Keeps the count of losses from when the savepoint was set. If a later rollback to the
        // savepoint is intended, the losses since then, including this one, are intended too.
        self.savepoints[at].1 = Mark { partial_losses: mark.partial_losses, ..self.mark_now(now) };
    }

    fn mark_now(&self, now: ConnectionState) -> Mark {
        Mark {
            changes: now.changes,
            rolled_back: self.rolled_back,
            schema: self.history.schema_changes,
            partial_losses: self.partial_losses.len(),
        }
    }

    /// Returns what is lost if everything since `mark` is rolled back.
    fn lost_since(&self, mark: Mark, cause: Cause, now: ConnectionState) -> Lost {
        Lost {
            cause,
            rows: (now.changes - mark.changes) - (self.rolled_back - mark.rolled_back),
            schema: self.history.schema_changes > mark.schema,
            history: self.history.clone(),
        }
    }
}

impl Lost {
    /// Whether any changes were lost. A transaction that only read loses nothing.
    pub(crate) fn has_changes(&self) -> bool {
        self.rows > 0 || self.schema
    }
}

impl History {
    fn push(&mut self, sql: &str) {
        let mut copy = if self.last.len() == MAX_STATEMENTS {
            self.last.pop_front().unwrap_or_default()
        } else {
            String::new()
        };
        copy.clear();
        copy.push_str(sql);
        self.last.push_back(copy);
        self.count += 1;
    }
}

fn shortened(sql: &str) -> &str {
    let sql = sql.trim();
    let mut end = sql.len().min(MAX_STATEMENT_LEN);
    while !sql.is_char_boundary(end) {
        end -= 1;
    }
    &sql[..end]
}
