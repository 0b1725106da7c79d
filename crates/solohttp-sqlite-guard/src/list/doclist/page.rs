//! The pages of a segment.
//!
//! A page has entries with their doclists. The first and the last of them may continue on other pages.

use super::varint::Numbers;

/// A page of a segment, and one of the entries that start there.
pub(super) struct Page<'a> {
    /// Without the footer.
    body: &'a [u8],
    /// The positions of the next entries, as differences.
    footer: Numbers<'a>,
    at: usize,
    name: Vec<u8>,
    /// Where the doclist of the entry starts.
    keys: usize,
}

/// A part of a doclist.
pub(super) struct Part<'a> {
    pub(super) keys: &'a [u8],
    pub(super) is_last: bool,
}

impl<'a> Page<'a> {
    pub(super) fn new(block: &'a [u8]) -> Option<Self> {
        let size = usize::from(u16::from_be_bytes(*block.get(2..)?.first_chunk()?));
        let (body, footer) = block.split_at_checked(size)?;
        let footer = Numbers(footer);
        (size >= 4).then_some(Self { body, footer, at: 0, name: Vec::new(), keys: size })
    }

    /// Moves to the next entry. `Some(false)` after the last one.
    pub(super) fn next(&mut self) -> Option<bool> {
        if self.footer.0.is_empty() {
            return Some(false);
        }
        self.at = self.footer.number()?.checked_add(self.at)?;
        let mut rest = Numbers(self.body.get(self.at..)?);
        // The first entry is complete. Others continue the beginning of the one before.
        let kept = if self.name.is_empty() { 0 } else { rest.number()? };
        self.name.truncate(kept);
        let added = rest.number()?;
        let (added, rest) = rest.0.split_at_checked(added)?;
        self.name.extend_from_slice(added);
        self.keys = self.body.len() - rest.len();
        Some(true)
    }

    pub(super) fn name(&self) -> &[u8] {
        &self.name
    }

    /// The part of the doclist of an entry.
    pub(super) fn find(mut self, entry: &[u8]) -> Option<Part<'a>> {
        while self.next()? {
            if self.name == entry {
                return self.part(self.keys);
            }
        }
        Some(Part { keys: &[], is_last: true })
    }

    /// The next part of a doclist that doesn't start on this page.
    pub(super) fn continued(mut self) -> Option<Part<'a>> {
        match usize::from(u16::from_be_bytes(*self.body.first_chunk()?)) {
            // Without a row id, it is only the rest of a list of positions.
            0 => Some(Part { keys: &[], is_last: !self.footer.0.is_empty() }),
            start => self.part(start),
        }
    }

    /// The part from here to the next entry, or to the end of the page.
    fn part(&mut self, start: usize) -> Option<Part<'a>> {
        let is_last = !self.footer.0.is_empty();
        let end = match is_last {
            true => self.footer.number()?.checked_add(self.at)?,
            false => self.body.len(),
        };
        Some(Part { keys: self.body.get(start..end)?, is_last })
    }
}
