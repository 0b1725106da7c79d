//! Reads the words and the matches of a search from the pages of FTS5's index.
//!
//! FTS5 returns each match as a row of a virtual table, which takes 0.07 to 0.1 µs. In the index, the
//! row ids of a word are one list, a doclist, which takes 0.01 µs for each. The format is a part of
//! SQLite's file format, which later versions keep; it is described at the beginning of
//! `fts5_index.c`. Whatever isn't as expected, such as another version of the format, is left to FTS5.
//!
//! The index consists of segments. Each transaction writes a new one, which is merged with others later.
//! It may say that a row no longer has a word.

use std::collections::BTreeSet;

use rusqlite::{CachedStatement, Connection, TransactionState};

use self::page::Page;
use self::segment::Segment;
use self::varint::varint;
use crate::sql::quoted;

mod page;
mod segment;
mod varint;

/// The version of the format. 5 is for indexes that have deleted something securely.
const VERSION: i64 = 4;

/// The words of a search, as entries of a full-text index.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Doclists {
    table: String,
    /// One of each must be in a row.
    words: Vec<Vec<Entry>>,
}

/// A word in the index, or the beginning of words.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry(Vec<u8>);

impl Entry {
    pub(super) fn word(word: &str) -> Self {
        Self::new(b'0', word)
    }

    /// `index` is the position of its length in the option `prefix`. There are at most 31.
    pub(super) fn prefix(index: usize, letters: &str) -> Option<Self> {
        Some(Self::new(u8::try_from(index).ok()?.checked_add(b'1')?, letters))
    }

    fn new(index: u8, letters: &str) -> Self {
        Self([&[index], letters.as_bytes()].concat())
    }
}

impl Doclists {
    /// Any of the entries of a word stands for it.
    pub(super) fn new(table: &str, words: Vec<Vec<Entry>>) -> Self {
        Self { table: table.to_owned(), words }
    }

    /// Reads the keys of the rows that have all of the words, in ascending order. `None` if only FTS5
    /// can.
    pub(super) fn read(&self, db: &Connection) -> Option<Vec<i64>> {
        with_index(db, &self.table, |index| {
            let words = self.words.iter().map(|word| index.locate(word));
            let mut words: Vec<_> = words.collect::<Option<_>>()?;
            words.sort_by_key(|word| word.iter().map(|entry| entry.size).sum::<i64>());
            let mut found = None;
            for word in &words {
                let mut keys = Vec::new();
                for entry in word {
                    keys = union(keys, index.keys(entry, found.as_deref())?);
                }
                found = Some(keys);
            }
            found
        })
    }
}

/// The words of a full-text table with this beginning, as FTS5 stores them, or more than `most` of
/// them. Some may be in no row any more. `None` if only FTS5 knows them.
pub(super) fn words(
    db: &Connection,
    table: &str,
    beginning: &str,
    most: usize,
) -> Option<Vec<String>> {
    let entries = with_index(db, table, |index| index.entries(&Entry::word(beginning), most))?;
    entries.into_iter().map(|entry| String::from_utf8(entry[1..].to_vec()).ok()).collect()
}

/// `None` if only FTS5 can read the index.
fn with_index<T>(
    db: &Connection,
    table: &str,
    read: impl FnOnce(&mut Index<'_>) -> Option<T>,
) -> Option<T> {
    // FTS5 keeps changes in memory until they are committed.
    if db.transaction_state(Some("main")).ok()? == TransactionState::Write {
        return None;
    }
    let part = |name: &str| format!("main.{}", quoted(&format!("{table}_{name}")));
    let (data, idx) = (part("data"), part("idx"));
    let sql = format!("SELECT block FROM {data} WHERE id = {}", segment::STRUCTURE);
    let mut structure = db.prepare_cached(&sql).ok()?;
    // Until this statement has ended, the others read the same version of the file.
    let mut rows = structure.query([]).ok()?;
    let segments = segment::read(rows.next().ok()??.get_ref(0).ok()?.as_blob().ok()?)?;
    let sql = format!("SELECT v FROM {} WHERE k = 'version'", part("config"));
    let version: i64 = db.prepare_cached(&sql).ok()?.query_row([], |row| row.get(0)).ok()?;
    if version != VERSION {
        return None;
    }
    let page = |order: &str| {
        let sql = format!("SELECT pgno FROM {idx} WHERE segid = ?1 AND term {order} LIMIT 1");
        db.prepare_cached(&sql).ok()
    };
    let pages = format!("SELECT id, block FROM {data} WHERE id BETWEEN ?1 AND ?2 ORDER BY id");
    read(&mut Index {
        segments,
        page_of: page("<= ?2 ORDER BY term DESC")?,
        page_after: page("> ?2 ORDER BY term")?,
        pages: db.prepare_cached(&pages).ok()?,
    })
}

struct Index<'db> {
    /// The latest first.
    segments: Vec<Segment>,
    /// The page where an entry would be, if there are entries before the page.
    page_of: CachedStatement<'db>,
    /// The first page that starts after an entry.
    page_after: CachedStatement<'db>,
    pages: CachedStatement<'db>,
}

/// An entry, and the rows of the pages where it would be, for each segment.
struct Located<'a> {
    entry: &'a Entry,
    pages: Vec<(i64, i64)>,
    /// The number of these pages.
    size: i64,
}

impl Index<'_> {
    fn locate<'a>(&mut self, word: &'a [Entry]) -> Option<Vec<Located<'a>>> {
        word.iter().map(|entry| self.locate_entry(entry)).collect()
    }

    fn locate_entry<'a>(&mut self, entry: &'a Entry) -> Option<Located<'a>> {
        let mut located = Located { entry, pages: Vec::new(), size: 0 };
        for segment in &self.segments {
            let first = segment.first_page(&mut self.page_of, &entry.0)?;
            let last = segment.page(&mut self.page_after, &entry.0)?.unwrap_or(segment.last);
            let last = last.max(first);
            let pages = (segment.row(first)?, segment.row(last)?);
            located.size += pages.1 - pages.0 + 1;
            located.pages.push(pages);
        }
        Some(located)
    }

    /// The entries with this beginning, or more than `most` of them.
    fn entries(&mut self, beginning: &Entry, most: usize) -> Option<BTreeSet<Vec<u8>>> {
        let mut entries = BTreeSet::new();
        for segment in &self.segments {
            let mut next = Some(segment.first_page(&mut self.page_of, &beginning.0)?);
            while let Some(number) = next.filter(|_| entries.len() <= most) {
                let row = segment.row(number)?;
                let mut rows = self.pages.query((row, row)).ok()?;
                let block = rows.next().ok()??;
                let mut page = Page::new(block.get_ref(1).ok()?.as_blob().ok()?)?;
                let mut is_beyond = false;
                while !is_beyond && entries.len() <= most && page.next()? {
                    if page.name().starts_with(&beginning.0) {
                        entries.insert(page.name().to_owned());
                    } else {
                        is_beyond = page.name() > &*beginning.0;
                    }
                }
                next = match is_beyond {
                    true => None,
                    false => segment.page(&mut self.page_after, page.name())?,
                };
                if next.is_some_and(|next| next <= number) {
                    return None;
                }
            }
        }
        Some(entries)
    }

    /// The keys of the rows that have an entry, of those in `among`, which are in ascending order.
    fn keys(&mut self, located: &Located<'_>, among: Option<&[i64]>) -> Option<Vec<i64>> {
        let mut doclist = Doclist::default();
        for &(first, last) in &located.pages {
            let mut rows = self.pages.query((first, last)).ok()?;
            let mut older = Doclist { among, ..Doclist::default() };
            for row in first..=last {
                let next = rows.next().ok()??;
                if next.get::<_, i64>(0).ok()? != row {
                    return None;
                }
                let page = Page::new(next.get_ref(1).ok()?.as_blob().ok()?)?;
                let is_first = row == first;
                let part = if is_first { page.find(&located.entry.0)? } else { page.continued()? };
                older.add(part.keys)?;
                if part.is_last {
                    break;
                }
            }
            doclist = doclist.over(older);
        }
        Some(doclist.keys)
    }
}

/// The rows that have an entry.
#[derive(Debug, Default, PartialEq)]
struct Doclist<'a> {
    /// In ascending order.
    keys: Vec<i64>,
    /// Rows that no longer have it, in ascending order.
    deleted: Vec<i64>,
    last: Option<i64>,
    /// No other keys are needed, of those that follow. In ascending order.
    among: Option<&'a [i64]>,
}

impl Doclist<'_> {
    /// Adds a part of the list. The first key is complete, and the others are differences.
    fn add(&mut self, part: &[u8]) -> Option<()> {
        if part.is_empty() {
            return Some(());
        }
        let (first, mut at) = varint(part, 0)?;
        let mut key = first.cast_signed();
        if self.last.is_some_and(|last| last >= key) {
            return None;
        }
        loop {
            // The size of the list of positions, and whether it replaces another one.
            let (size, positions) = varint(part, at)?;
            if size < 2 {
                self.deleted.push(key);
            } else if self.is_needed(key) {
                self.keys.push(key);
            }
            // It may go on at the next page.
            at = positions.saturating_add(usize::try_from(size >> 1).ok()?);
            if at >= part.len() {
                self.last = Some(key);
                return Some(());
            }
            let (difference, end) = varint(part, at)?;
            let before = key;
            key = key.wrapping_add(difference.cast_signed());
            if key <= before {
                return None;
            }
            at = end;
        }
    }

    fn is_needed(&mut self, key: i64) -> bool {
        let Some(among) = &mut self.among else { return true };
        while let [before, rest @ ..] = *among
            && *before < key
        {
            *among = rest;
        }
        among.first() == Some(&key)
    }

    /// The list after the changes in this one.
    fn over(self, older: Doclist<'_>) -> Self {
        let mut kept = older.keys;
        if !self.deleted.is_empty() {
            let mut deleted = self.deleted.iter().peekable();
            kept.retain(|key| {
                while deleted.next_if(|&deleted| deleted < key).is_some() {}
                deleted.peek() != Some(&key)
            });
        }
        let deleted = union(self.deleted, older.deleted);
        Self { keys: union(self.keys, kept), deleted, ..Self::default() }
    }
}

/// All keys of two lists in ascending order.
fn union(one: Vec<i64>, other: Vec<i64>) -> Vec<i64> {
    let (mut low, mut high) =
        if one.first() <= other.first() { (one, other) } else { (other, one) };
    if low.is_empty() {
        return high;
    }
    if low.last() < high.first() {
        low.append(&mut high);
        return low;
    }
    let mut all = Vec::with_capacity(low.len() + high.len());
    let mut high = high.into_iter().peekable();
    for key in low {
        while let Some(before) = high.next_if(|&before| before < key) {
            all.push(before);
        }
        high.next_if_eq(&key);
        all.push(key);
    }
    all.extend(high);
    all
}

#[cfg(test)]
mod tests;
