//! The fields that each page has saved. Without this, going back to a page and saving it again
//! would conflict with the user's own change.

use std::collections::VecDeque;

use crate::merge::digest::Digest;

/// The number of pages to remember. This is more than the number of tabs that a user is likely to
/// have open. Saving an older page again may report the user's own change as a conflict.
const MAX_PAGES: usize = 256;

/// A field that a page has saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SavedField {
    pub(crate) name: &'static str,
    /// The digest that the page was shown with.
    pub(crate) base: Digest,
    /// The digest of the submitted data.
    pub(crate) sent: u64,
    /// The digest of the record after saving.
    pub(crate) stored: Digest,
}

/// The saved fields of each page, latest page last.
#[derive(Debug, Default)]
pub(crate) struct SavedPages {
    pages: VecDeque<(u64, Vec<SavedField>)>,
}

impl SavedPages {
    pub(crate) fn fields(&self, page: u64) -> &[SavedField] {
        let found = self.pages.iter().find(|(known, _)| *known == page);
        found.map(|(_, fields)| fields.as_slice()).unwrap_or_default()
    }

    /// Adds fields to those that a page has already saved.
    pub(crate) fn remember(&mut self, page: u64, new: Vec<SavedField>) {
        let mut all = self.fields(page).to_vec();
        all.retain(|old| new.iter().all(|new| new.name != old.name));
        all.extend(new);
        self.pages.retain(|(known, _)| *known != page);
        if self.pages.len() == MAX_PAGES {
            self.pages.pop_front();
        }
        self.pages.push_back((page, all));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remembers_the_latest_pages_with_the_latest_fields() {
        let saved = |name, sent| {
            let digest = Digest { shown: sent, version: None };
            SavedField { name, base: digest, sent, stored: digest }
        };
        let mut pages = SavedPages::default();
        for page in 0..300 {
            pages.remember(page, vec![saved("a", 1)]);
            pages.remember(7, vec![saved("b", page)]);
        }
        assert_eq!(pages.fields(7), [saved("a", 1), saved("b", 299)], "in use");
        assert_eq!(pages.pages.len(), MAX_PAGES);
        assert!(pages.fields(44).is_empty());
        assert_eq!(pages.fields(299), [saved("a", 1)]);
    }
}
