//! The segments of an index.

use rusqlite::{OptionalExtension as _, Statement};

use super::varint::Numbers;

/// The row of the structure record among the pages.
pub(super) const STRUCTURE: i64 = 10;

/// More levels than there can be mean that the record has another format.
const MOST_LEVELS: usize = 64;

/// The highest number of a page.
const MOST_PAGES: i64 = (1 << 31) - 1;

/// A part of the index, with the numbers of its first and last page.
#[derive(Debug, PartialEq)]
pub(super) struct Segment {
    pub(super) id: i64,
    pub(super) first: i64,
    pub(super) last: i64,
}

impl Segment {
    /// The row id of a page. `None` if it isn't one of the segment.
    pub(super) fn row(&self, page: i64) -> Option<i64> {
        let is_own = self.first <= page && page <= self.last && self.last <= MOST_PAGES;
        self.id.checked_mul(1 << 37).filter(|_| is_own)?.checked_add(page)
    }

    /// The number of the first page where an entry may be.
    pub(super) fn first_page(&self, page_of: &mut Statement<'_>, entry: &[u8]) -> Option<i64> {
        // Pages before the first one have been merged into another segment.
        Some(self.page(page_of, entry)?.unwrap_or_default().max(self.first))
    }

    /// The number of the page that a statement finds for an entry.
    pub(super) fn page(&self, statement: &mut Statement<'_>, entry: &[u8]) -> Option<Option<i64>> {
        let page = statement.query_row((self.id, entry), |row| row.get::<_, i64>(0));
        // The last bit tells whether there is an index of the last doclist.
        Some(page.optional().ok()?.map(|page| page >> 1))
    }
}

/// The segments in the structure record, the latest first.
pub(super) fn read(record: &[u8]) -> Option<Vec<Segment>> {
    let mut rest = Numbers(record.get(4..)?);
    let levels = rest.number()?;
    let count = rest.number()?;
    rest.varint()?;
    if levels > MOST_LEVELS {
        return None;
    }
    let mut all = Vec::new();
    for _ in 0..levels {
        rest.number()?;
        let oldest = all.len();
        for _ in 0..rest.number()? {
            let (id, first, last) = (rest.varint()?, rest.varint()?, rest.varint()?);
            let [id, first, last] = [id, first, last].map(u64::cast_signed);
            all.push(Segment { id, first, last });
        }
        all[oldest..].reverse();
    }
    if all.len() != count {
        return None;
    }
    // A merge that goes on later leaves empty ones.
    all.retain(|segment| segment.first > 0);
    Some(all)
}
