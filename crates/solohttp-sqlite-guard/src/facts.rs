//! What happened on one connection, told by the beginnings and ends of its statements.
//!
//! Pure: `watch` brings the events from SQLite, `guard` judges the facts. It keeps the SQL as the
//! program wrote it, never the values of its parameters.

use std::collections::VecDeque;

use crate::statement::Verb;

/// How many statements of a transaction are kept for its report.
const KEPT_STATEMENTS: usize = 8;
/// How much of each: enough to recognise it, and a page that inserts a book stays readable.
const KEPT_BYTES: usize = 400;

/// What the connection says of itself at the moment of an event.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Now {
    pub(crate) autocommit: bool,
    /// Does a transaction hold the lock for writing?
    pub(crate) writing: bool,
    /// Rows changed since the connection was opened; a rollback does not take them back.
    pub(crate) changes: u64,
    /// How many rollbacks were seen so far, of any connection of this thread.
    pub(crate) rollbacks: u64,
    /// Are rollbacks meant just now?
    pub(crate) on_purpose: bool,
}

/// Everything known of a connection, since the last request began.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    running: Vec<Running>,
    spare: Vec<String>,
    open: Option<Open>,
    lost: Vec<Lost>,
    /// Rows of this request that were rolled back, by purpose or not.
    gone: u64,
    rollbacks: u64,
}

#[derive(Debug)]
struct Running {
    sql: String,
    reported: bool,
}

/// The transaction that is open.
#[derive(Debug, Default)]
struct Open {
    story: Story,
    mark: Mark,
    savepoints: Vec<(String, Mark)>,
    lost_within: Vec<Lost>,
    /// Rows that were rolled back to savepoints.
    gone: u64,
    commit_failed: bool,
}

/// Where the counts stood at a place in a transaction.
#[derive(Debug, Clone, Copy, Default)]
struct Mark {
    changes: u64,
    gone: u64,
    schema: u64,
    lost_within: usize,
}

/// The statements of a transaction, as far as a report shows them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Story {
    /// What opened it, unless that was before the guard watched.
    pub(crate) opener: Option<String>,
    /// The last ones, in order.
    pub(crate) last: VecDeque<String>,
    /// How many there were in all.
    pub(crate) count: u64,
    schema_changes: u64,
}

/// A transaction, or a part of one, whose changes are gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lost {
    pub(crate) how: How,
    pub(crate) rows: u64,
    pub(crate) schema: bool,
    pub(crate) story: Story,
}

/// What took the changes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum How {
    /// Nothing yet: it was open when the handler returned.
    LeftOpen,
    /// `ROLLBACK`, by a `Transaction` that was dropped or by the program's own words.
    RolledBack,
    /// `ROLLBACK TO` this savepoint, while the transaction around it was committed.
    Savepoint(String),
    /// `COMMIT` failed.
    CommitFailed,
    /// SQLite itself, because of the last statement.
    Refused,
}

impl Facts {
    /// A request begins; a transaction may be open already.
    pub(crate) fn begin_request(&mut self, now: Now) {
        self.lost.clear();
        self.gone = 0;
        self.rollbacks = now.rollbacks;
        let mark = Mark { changes: now.changes, ..Mark::default() };
        self.open = (!now.autocommit).then(|| Open { mark, ..Open::default() });
    }

    /// A statement begins to run.
    pub(crate) fn started(&mut self, sql: &str) {
        let kept = shortened(sql);
        let mut copy = self.spare.pop().unwrap_or_default();
        copy.clear();
        copy.push_str(kept);
        self.running.push(Running { sql: copy, reported: false });
        if let Some(open) = &mut self.open
            && !matches!(Verb::of(kept), Verb::Commit | Verb::Rollback)
        {
            open.story.push(kept);
        }
    }

    /// A statement is done, well or not, or was given up. Outside of transactions, where most
    /// are, nothing more is asked of the connection.
    pub(crate) fn finished(&mut self, sql: &str, autocommit: bool, now: impl FnOnce() -> Now) {
        let kept = shortened(sql);
        // Statements within others are not among the running ones and end no transaction. They
        // must not be asked: a full-text table writes while `COMMIT` is at work, when the
        // connection calls itself out of the transaction already.
        let found = self.running.iter().rposition(|running| running.sql == kept);
        let Some(index) = found else { return };
        self.spare.push(self.running.swap_remove(index).sql);
        if autocommit && self.open.is_none() {
            return;
        }
        let (verb, now) = (Verb::of(kept), now());
        match self.open.take() {
            None => self.open = Some(Open::by(kept, verb, now)),
            Some(open) if autocommit => self.ended(open, verb, now),
            Some(mut open) => {
                open.went_on(verb, now);
                self.open = Some(open);
            }
        }
        self.rollbacks = now.rollbacks;
    }

    fn ended(&mut self, open: Open, verb: Verb<'_>, now: Now) {
        let rolled_back = now.rollbacks != self.rollbacks;
        let committed = matches!(verb, Verb::Commit | Verb::Release(_)) && !rolled_back;
        if committed {
            self.gone += open.gone;
            self.lost.extend(open.lost_within);
            return;
        }
        self.gone += now.changes - open.mark.changes;
        if !now.on_purpose {
            let how = match verb {
                Verb::Rollback if open.commit_failed => How::CommitFailed,
                Verb::Rollback => How::RolledBack,
                Verb::Commit | Verb::Release(_) => How::CommitFailed,
                _ => How::Refused,
            };
            let lost = open.lost_since(open.mark, how, now);
            self.lost.extend(open.lost_within);
            if lost.is_something() {
                self.lost.push(lost);
            }
        }
    }

    /// The transaction that is open, which the guard is about to roll back.
    pub(crate) fn take_open(&mut self, now: Now) -> Lost {
        let mark = Mark { changes: now.changes, ..Mark::default() };
        let open = self.open.take().unwrap_or_else(|| Open { mark, ..Open::default() });
        self.gone += now.changes - open.mark.changes;
        open.lost_since(open.mark, How::LeftOpen, now)
    }

    /// How many rows of this request were rolled back.
    pub(crate) fn rows_gone(&self) -> u64 {
        self.gone
    }

    /// What was rolled back in this request and not by purpose.
    pub(crate) fn take_lost(&mut self, now: Now) -> Vec<Lost> {
        if let Some(open) = self.open.take_if(|_| now.autocommit) {
            self.ended(open, Verb::Other, now);
        }
        std::mem::take(&mut self.lost)
    }

    /// The statements that are neither done nor given up; each is new only once.
    pub(crate) fn running(&mut self) -> Vec<(String, bool)> {
        self.running
            .iter_mut()
            .map(|running| {
                let is_new = !std::mem::replace(&mut running.reported, true);
                (running.sql.clone(), is_new)
            })
            .collect()
    }

    /// No statement runs: what the events did not tell the end of is forgotten.
    pub(crate) fn none_runs(&mut self) {
        self.spare.extend(self.running.drain(..).map(|running| running.sql));
        self.spare.truncate(KEPT_STATEMENTS);
    }
}

impl Open {
    fn by(sql: &str, verb: Verb<'_>, now: Now) -> Self {
        let mark = Mark { changes: now.changes, ..Mark::default() };
        let story = Story { opener: Some(sql.to_owned()), ..Story::default() };
        let mut open = Self { story, mark, ..Self::default() };
        open.went_on(verb, now);
        open
    }

    fn went_on(&mut self, verb: Verb<'_>, now: Now) {
        let mark = self.mark_now(now);
        match verb {
            // `CREATE TABLE IF NOT EXISTS` of one that is there takes no lock.
            Verb::Schema if now.writing => self.story.schema_changes += 1,
            Verb::Commit => self.commit_failed = true,
            Verb::Savepoint(name) => self.savepoints.push((name.to_owned(), mark)),
            Verb::Release(name) => {
                if let Some(at) = self.innermost(name) {
                    self.savepoints.truncate(at);
                }
            }
            Verb::RollbackTo(name) => {
                if let Some(at) = self.innermost(name) {
                    self.back_to(at, now);
                }
            }
            _ => {}
        }
    }

    fn innermost(&self, name: &str) -> Option<usize> {
        self.savepoints.iter().rposition(|(known, _)| known.eq_ignore_ascii_case(name))
    }

    /// The savepoint stays; what came after it is gone.
    fn back_to(&mut self, at: usize, now: Now) {
        self.savepoints.truncate(at + 1);
        let (name, mark) = &self.savepoints[at];
        let mark = *mark;
        let lost = self.lost_since(mark, How::Savepoint(name.clone()), now);
        self.gone += lost.rows;
        if now.on_purpose {
            // If all of it is meant to be undone, so are the parts that were undone before.
            self.lost_within.truncate(mark.lost_within);
        } else if lost.is_something() {
            self.lost_within.push(lost);
        }
        // What was lost since the savepoint was set still counts from there, for the one above.
        self.savepoints[at].1 = Mark { lost_within: mark.lost_within, ..self.mark_now(now) };
    }

    fn mark_now(&self, now: Now) -> Mark {
        Mark {
            changes: now.changes,
            gone: self.gone,
            schema: self.story.schema_changes,
            lost_within: self.lost_within.len(),
        }
    }

    /// What is gone when everything since `mark` is rolled back.
    fn lost_since(&self, mark: Mark, how: How, now: Now) -> Lost {
        Lost {
            how,
            rows: (now.changes - mark.changes) - (self.gone - mark.gone),
            schema: self.story.schema_changes > mark.schema,
            story: self.story.clone(),
        }
    }
}

impl Lost {
    /// A transaction that only read, or none of whose statements changed anything, is no loss.
    pub(crate) fn is_something(&self) -> bool {
        self.rows > 0 || self.schema
    }
}

impl Story {
    fn push(&mut self, sql: &str) {
        let mut copy = if self.last.len() == KEPT_STATEMENTS {
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
    let mut end = sql.len().min(KEPT_BYTES);
    while !sql.is_char_boundary(end) {
        end -= 1;
    }
    &sql[..end]
}
