//! Field types that were learned from errors. See `retry`.

use std::collections::{HashMap, HashSet};

use super::error::address;

/// The type that a buffered value must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Number,
    Bool,
    Sequence,
    /// An empty value where a number is expected. It is read as `None` if the field is optional.
    Nothing,
}

/// The field types that are known so far.
#[derive(Debug, Default)]
pub(super) struct Hints {
    kinds: HashMap<usize, Kind>,
    /// The address of the last value of each field that must be a sequence. The types of the
    /// elements are in `kinds`.
    sequences: HashSet<usize>,
    /// Fields that were not sent, in the order in which serde asked for them.
    pub(super) absent: Vec<(&'static str, Option<Kind>)>,
    /// The field that was just set to [`Kind::Nothing`], which is an error unless the field is
    /// optional.
    pub(super) blank: Option<String>,
}

impl Hints {
    pub(super) fn of(&self, text: &str, is_element: bool) -> Option<Kind> {
        if !is_element && self.sequences.contains(&address(text)) {
            return Some(Kind::Sequence);
        }
        self.kinds.get(&address(text)).copied()
    }

    /// Returns `false` if the hint was already known, in which case another attempt is pointless.
    pub(super) fn add(&mut self, address: usize, kind: Kind) -> bool {
        match kind {
            Kind::Sequence => self.sequences.insert(address),
            _ => self.kinds.insert(address, kind).is_none(),
        }
    }

    pub(super) fn absent(&self) -> &[(&'static str, Option<Kind>)] {
        &self.absent
    }
}
