//! A row: its cells, and its record or errors.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;

use crate::csv::split::Record;
use crate::validation::words::FormWords;

/// A row of a CSV file.
#[derive(Debug)]
#[non_exhaustive]
pub struct CsvRow<T> {
    /// The line in which the row starts, counted from 1, including the head.
    pub line: u64,
    /// The number of bytes before the row, for the progress of a job.
    pub position: u64,
    /// The record, or why the row is invalid.
    pub record: Result<T, CsvRowErrors>,
    pub(super) cells: Cells,
}

impl<T> CsvRow<T> {
    /// The cells as they are in the file, in its order. Bytes that aren't UTF-8 are replaced.
    pub fn cells(&self) -> impl ExactSizeIterator<Item = &str> {
        self.cells.iter()
    }
}

/// The cells of a row, joined. A row of any width takes two allocations.
#[derive(Debug)]
pub(super) struct Cells {
    text: String,
    ends: Vec<usize>,
    pub(super) is_utf8: bool,
}

impl Cells {
    pub(super) fn of(record: &Record) -> Self {
        let (text, ends) = (String::new(), Vec::with_capacity(record.cells().len()));
        let mut cells = Self { text, ends, is_utf8: true };
        for cell in record.cells() {
            let cell = String::from_utf8_lossy(cell);
            cells.is_utf8 &= matches!(cell, Cow::Borrowed(_));
            cells.text.push_str(&cell);
            cells.ends.push(cells.text.len());
        }
        cells
    }

    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        let mut start = 0;
        self.ends.iter().map(move |&end| {
            let cell = &self.text[start..end];
            start = end;
            cell
        })
    }
}

/// The validation errors of a row. Displayed as one line, such as `name: Fill in this field. email:
/// Enter an email address such as name@example.org.`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CsvRowErrors {
    list: Vec<(String, String)>,
    pub(super) text: String,
}

impl CsvRowErrors {
    /// Joins these sentences, each with the name of its column.
    pub(super) fn of(list: Vec<(String, String)>, words: &FormWords) -> Self {
        let sentences = list.iter().map(|(column, error)| match column.as_str() {
            "" => error.clone(),
            column => words.csv_cell.say(&[("column", &column), ("error", error)]),
        });
        let text = sentences.collect::<Vec<_>>().join(" ");
        Self { list, text }
    }

    /// The sentences with the names of their columns in the file. The name is blank if the error
    /// concerns the row as a whole.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        self.list.iter().map(|(column, error)| (column.as_str(), error.as_str()))
    }
}

impl fmt::Display for CsvRowErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Error for CsvRowErrors {}
