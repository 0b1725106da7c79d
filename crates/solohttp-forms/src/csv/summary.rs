//! What a file contains, in numbers and examples.

use serde::ser::{Serialize, SerializeStruct as _, Serializer};

/// How many valid and invalid rows a summary has.
const VALID_SHOWN: usize = 10;
const INVALID_SHOWN: usize = 100;

/// The numbers of valid and invalid rows in a file and the first of them, for a page. Returned by
/// [`CsvRows::save_valid`](crate::CsvRows::save_valid).
///
/// A template can show it: it is serialized with the names of its fields, and `more_invalid`, the
/// number of invalid rows that aren't in the list, which is missing if it is 0.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct CsvSummary {
    /// The names of the columns, as they are in the file.
    pub columns: Vec<String>,
    /// The number of valid rows.
    pub valid: u64,
    /// The number of invalid rows.
    pub invalid: u64,
    /// The first 10 valid rows.
    pub valid_rows: Vec<CsvSummaryRow>,
    /// The first 100 invalid rows.
    pub invalid_rows: Vec<CsvSummaryRow>,
}

/// A row in a [`CsvSummary`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CsvSummaryRow {
    /// The line in which the row starts, counted from 1, including the head.
    pub line: u64,
    /// The cells as they are in the file.
    pub cells: Vec<String>,
    /// Why the row is invalid; blank if it is valid.
    pub error: String,
}

impl CsvSummary {
    /// The number of invalid rows that aren't in the list.
    #[must_use]
    pub fn more_invalid(&self) -> u64 {
        self.invalid - self.invalid_rows.len() as u64
    }

    pub(super) fn add_valid<'a>(&mut self, line: u64, cells: impl Iterator<Item = &'a str>) {
        self.valid += 1;
        if self.valid_rows.len() < VALID_SHOWN {
            let (cells, error) = (cells.map(str::to_owned).collect(), String::new());
            self.valid_rows.push(CsvSummaryRow { line, cells, error });
        }
    }

    pub(super) fn add_invalid<'a>(
        &mut self,
        line: u64,
        cells: impl Iterator<Item = &'a str>,
        error: String,
    ) {
        self.invalid += 1;
        if self.invalid_rows.len() < INVALID_SHOWN {
            let cells = cells.map(str::to_owned).collect();
            self.invalid_rows.push(CsvSummaryRow { line, cells, error });
        }
    }
}

impl Serialize for CsvSummary {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { columns, valid, invalid, valid_rows, invalid_rows } = self;
        let mut fields = serializer.serialize_struct("CsvSummary", 6)?;
        fields.serialize_field("columns", columns)?;
        fields.serialize_field("valid", valid)?;
        fields.serialize_field("invalid", invalid)?;
        fields.serialize_field("valid_rows", valid_rows)?;
        fields.serialize_field("invalid_rows", invalid_rows)?;
        // Templates treat 0 as present.
        let more = Some(self.more_invalid()).filter(|more| *more > 0);
        fields.serialize_field("more_invalid", &more)?;
        fields.end()
    }
}

impl Serialize for CsvSummaryRow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("CsvSummaryRow", 3)?;
        fields.serialize_field("line", &self.line)?;
        fields.serialize_field("cells", &self.cells)?;
        fields.serialize_field("error", &self.error)?;
        fields.end()
    }
}
