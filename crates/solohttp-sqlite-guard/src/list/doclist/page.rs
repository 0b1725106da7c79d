//! The pages of a segment.
//!
//! A page has entries with their doclists. The first and the last of them may continue on other pages.

use super::varint::Numbers;

/// A page of a segment.
pub(super) struct Page<'a> {
    /// Without the footer.
    body: &'a [u8],
    /// The positions of the entries, as differences.
    footer: Numbers<'a>,
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
        (size >= 4).then_some(Self { body, footer: Numbers(footer) })
    }

    /// The part of the doclist of an entry.
    pub(super) fn find(mut self, entry: &[u8]) -> Option<Part<'a>> {
        let (mut name, mut at) = (Vec::new(), 0);
        while !self.footer.0.is_empty() {
            at = self.footer.number()?.checked_add(at)?;
            let mut rest = Numbers(self.body.get(at..)?);
            // The first entry is complete. Others continue the beginning of the one before.
            let kept = if name.is_empty() { 0 } else { rest.number()? };
            name.truncate(kept);
            let added = rest.number()?;
            let (added, keys) = rest.0.split_at_checked(added)?;
            name.extend_from_slice(added);
            if name == entry {
                let is_last = !self.footer.0.is_empty();
                let end = match is_last {
                    true => self.footer.number()?.checked_add(at)?,
                    false => self.body.len(),
                };
                let start = self.body.len() - keys.len();
                return Some(Part { keys: self.body.get(start..end)?, is_last });
            }
        }
        Some(Part { keys: &[], is_last: true })
    }

    /// The next part of a doclist that doesn't start on this page.
    pub(super) fn continued(mut self) -> Option<Part<'a>> {
        let start = usize::from(u16::from_be_bytes(*self.body.first_chunk()?));
        let is_last = !self.footer.0.is_empty();
        let end = if is_last { self.footer.number()? } else { self.body.len() };
        // Without a row id, it is only the rest of a list of positions.
        let keys = if start == 0 { &[] } else { self.body.get(start..end)? };
        Some(Part { keys, is_last })
    }
}
