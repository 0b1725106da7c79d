//! What a page has left in its record when it was saved, so that whoever goes back to it and saves
//! again meets no conflict with their own change.

use std::collections::VecDeque;

use crate::store::digests::Digest;

/// How many pages are remembered: more than one user's open tabs. Whoever goes back to an older one
/// may be asked about their own change.
const MOST: usize = 256;

/// What a page left in one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Left {
    pub(crate) name: &'static str,
    /// What the page was shown with.
    pub(crate) base: Digest,
    /// What it sent.
    pub(crate) sent: u64,
    /// What the record had after it was saved.
    pub(crate) kept: Digest,
}

/// What each page left, the latest last.
#[derive(Debug, Default)]
pub(crate) struct Pages {
    pages: VecDeque<(u64, Vec<Left>)>,
}

impl Pages {
    pub(crate) fn left_by(&self, page: u64) -> &[Left] {
        let found = self.pages.iter().find(|(known, _)| *known == page);
        found.map(|(_, left)| left.as_slice()).unwrap_or_default()
    }

    /// Adds to what is known of a page.
    pub(crate) fn remember(&mut self, page: u64, new: Vec<Left>) {
        let mut all = self.left_by(page).to_vec();
        all.retain(|old| new.iter().all(|new| new.name != old.name));
        all.extend(new);
        self.pages.retain(|(known, _)| *known != page);
        if self.pages.len() == MOST {
            self.pages.pop_front();
        }
        self.pages.push_back((page, all));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_pages_are_remembered_each_with_the_latest_of_each_field() {
        let left = |name, sent| {
            let digest = Digest { shown: sent, version: None };
            Left { name, base: digest, sent, kept: digest }
        };
        let mut pages = Pages::default();
        for page in 0..300 {
            pages.remember(page, vec![left("a", 1)]);
            pages.remember(7, vec![left("b", page)]);
        }
        assert_eq!(pages.left_by(7), [left("a", 1), left("b", 299)], "in use");
        assert_eq!(pages.pages.len(), MOST);
        assert!(pages.left_by(44).is_empty());
        assert_eq!(pages.left_by(299), [left("a", 1)]);
    }
}
