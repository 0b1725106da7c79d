//! The segments of an index.

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
