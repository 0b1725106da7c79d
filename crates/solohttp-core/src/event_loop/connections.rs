//! The open connections, indexed by their poller token.

use std::time::Instant;

use super::transfer::Connection;
use crate::conn::Want;

#[derive(Default)]
pub(super) struct Connections {
    slots: Vec<Option<Connection>>,
    free: Vec<usize>,
}

impl Connections {
    pub(super) fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn insert(&mut self, connection: Connection) -> usize {
        match self.free.pop() {
            Some(index) => {
                self.slots[index] = Some(connection);
                index
            }
            None => {
                self.slots.push(Some(connection));
                self.slots.len() - 1
            }
        }
    }

    pub(super) fn remove(&mut self, index: usize) -> Option<Connection> {
        let connection = self.slots.get_mut(index)?.take()?;
        self.free.push(index);
        Some(connection)
    }

    pub(super) fn get_mut(&mut self, index: usize) -> Option<&mut Connection> {
        self.slots.get_mut(index)?.as_mut()
    }

    pub(super) fn deadline(&self, index: usize) -> Option<Instant> {
        self.slots.get(index)?.as_ref()?.conn.deadline()
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = (usize, &mut Connection)> {
        let slots = self.slots.iter_mut().enumerate();
        slots.filter_map(|(index, slot)| slot.as_mut().map(|connection| (index, connection)))
    }

    pub(super) fn retain(&mut self, keep: impl Fn(&Connection) -> bool) {
        for index in 0..self.slots.len() {
            if self.slots[index].as_ref().is_some_and(|connection| !keep(connection)) {
                self.remove(index);
            }
        }
    }

    /// Returns the expendable connection that has been idle longest.
    ///
    /// This is a linear search, but it runs only at the connection limit, and a thousand entries
    /// take microseconds.
    pub(super) fn idlest(&self) -> Option<usize> {
        self.longest_idle(|connection| connection.conn.is_expendable())
    }

    /// Returns the connection that has been idle longest, if it has moved no bytes since `since`.
    pub(super) fn stuck(&self, since: Instant) -> Option<usize> {
        self.longest_idle(|connection| {
            let is_stuck = connection.active_at < since && !connection.is_queued;
            is_stuck && connection.conn.want() != Want::Listen
        })
    }

    fn longest_idle(&self, filter: impl Fn(&Connection) -> bool) -> Option<usize> {
        let slots = self.slots.iter().enumerate();
        slots
            .filter_map(|(index, slot)| slot.as_ref().map(|connection| (index, connection)))
            .filter(|(_, connection)| filter(connection))
            .min_by_key(|(_, connection)| connection.active_at)
            .map(|(index, _)| index)
    }
}
