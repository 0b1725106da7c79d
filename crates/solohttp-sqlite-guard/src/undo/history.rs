//! The steps that can be undone, and those that can be redone. Independent of SQLite.

use std::collections::VecDeque;
use std::sync::Arc;

use super::change_log::ChangeLog;
use super::recorder::SequenceChange;
use super::schema::Schema;

/// A step's changes in one database.
#[derive(Debug)]
pub(crate) struct Part {
    /// The position of the guarded connection.
    pub(crate) database: usize,
    pub(crate) schema: Arc<Schema>,
    pub(crate) log: ChangeLog,
    pub(crate) sequences: Vec<SequenceChange>,
}

#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) parts: Vec<Part>,
}

impl Step {
    fn bytes(&self) -> usize {
        self.parts.iter().map(|part| part.log.len()).sum()
    }
}

#[derive(Debug)]
pub(crate) struct History {
    /// Latest last.
    done: VecDeque<Step>,
    /// The undone steps. The last one is redone first.
    undone: Vec<Step>,
    next_id: u64,
    max_steps: usize,
    max_bytes: usize,
}

impl History {
    pub(crate) fn new(max_steps: usize, max_bytes: usize) -> Self {
        Self { done: VecDeque::new(), undone: Vec::new(), next_id: 1, max_steps, max_bytes }
    }

    pub(crate) fn max_bytes(&self) -> usize {
        self.max_bytes
    }

    /// Changes each limit that is `Some`.
    pub(crate) fn set_limits(&mut self, max_steps: Option<usize>, max_bytes: Option<usize>) {
        self.max_steps = max_steps.unwrap_or(self.max_steps);
        self.max_bytes = max_bytes.unwrap_or(self.max_bytes);
        self.drop_oldest();
    }

    /// Adds a step. Drops the undone steps, which can no longer be redone.
    pub(crate) fn push(&mut self, name: String, parts: Vec<Part>) {
        self.undone.clear();
        self.done.push_back(Step { id: self.next_id, name, parts });
        self.next_id += 1;
        self.drop_oldest();
    }

    fn drop_oldest(&mut self) {
        let mut bytes: usize = self.done.iter().map(Step::bytes).sum();
        while self.done.len() > self.max_steps || bytes > self.max_bytes {
            let Some(oldest) = self.done.pop_front() else { return };
            bytes -= oldest.bytes();
        }
    }

    /// Forgets all steps.
    pub(crate) fn clear(&mut self) {
        self.done.clear();
        self.undone.clear();
    }

    /// The step to undo next.
    pub(crate) fn last_done(&self) -> Option<&Step> {
        self.done.back()
    }

    /// The step to redo next.
    pub(crate) fn last_undone(&self) -> Option<&Step> {
        self.undone.last()
    }

    /// Notes that the last step was undone.
    pub(crate) fn went_back(&mut self) {
        self.undone.extend(self.done.pop_back());
    }

    /// Notes that the next undone step was redone.
    pub(crate) fn went_forward(&mut self) {
        self.done.extend(self.undone.pop());
    }

    /// The steps that can be undone, and those that can be redone. Both lists start with the next
    /// step.
    pub(crate) fn steps(&self) -> (impl Iterator<Item = &Step>, impl Iterator<Item = &Step>) {
        (self.done.iter().rev(), self.undone.iter().rev())
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::types::ValueRef;

    use super::super::change_log::Change;
    use super::*;

    fn push(history: &mut History, name: &str, bytes: usize) {
        let mut log = ChangeLog::default();
        let text = vec![b'x'; bytes];
        log.push(&Change { table: 0, old: vec![], new: vec![ValueRef::Text(&text)] }).unwrap();
        let part = Part { database: 0, schema: Arc::default(), log, sequences: Vec::new() };
        history.push(name.to_owned(), vec![part]);
    }

    fn names(history: &History) -> (String, String) {
        let (done, undone) = history.steps();
        (done.map(|it| it.name.as_str()).collect(), undone.map(|it| it.name.as_str()).collect())
    }

    #[test]
    fn goes_back_and_forth() {
        let mut history = History::new(9, 9999);
        for name in ["a", "b", "c"] {
            push(&mut history, name, 1);
        }
        history.went_back();
        history.went_back();
        assert_eq!(names(&history), ("a".to_owned(), "bc".to_owned()));
        history.went_forward();
        assert_eq!(names(&history), ("ba".to_owned(), "c".to_owned()));
        push(&mut history, "d", 1);
        assert_eq!(names(&history), ("dba".to_owned(), String::new()));
        for _ in 0..5 {
            history.went_back();
        }
        assert_eq!(names(&history), (String::new(), "abd".to_owned()));
        history.clear();
        history.went_forward();
        assert_eq!(names(&history), (String::new(), String::new()));
    }

    #[test]
    fn the_oldest_steps_go_first() {
        let mut history = History::new(2, 1000);
        for name in ["a", "b", "c"] {
            push(&mut history, name, 1);
        }
        assert_eq!(names(&history).0, "cb");
        push(&mut history, "d", 900);
        assert_eq!(names(&history).0, "dc");
        push(&mut history, "e", 900);
        assert_eq!(names(&history).0, "e");
    }
}
