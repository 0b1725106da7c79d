//! CSV files: a form's columns, reading records with the form's rules, and writing them so that they
//! can be read again.
//!
//! `split` finds the cells, `head` the columns, `column` converts between a cell and the fields that a
//! browser would send, and `rows` reads records.

mod column;
mod decimal_mark;
mod error;
mod head;
mod row;
mod rows;
mod split;
mod summary;

use std::fmt;
use std::io::Read;

use solohttp_core::{Locale, Numerals};

use self::column::Column;
pub use self::decimal_mark::DecimalMark;
pub use self::error::CsvError;
pub(crate) use self::error::add_errors;
pub use self::row::{CsvRow, CsvRowErrors};
pub use self::rows::CsvRows;
pub use self::summary::{CsvSummary, CsvSummaryRow};
use crate::form::RecordForm;
use crate::form::data::FormData;
use crate::form::field::Field;

/// Spreadsheets take text that starts with one of these for a formula, unless an apostrophe comes
/// first. The lists of solohttp-sqlite-guard write the same.
const FORMULA: &[char] = &['=', '+', '-', '@', '\t', '\r'];

impl<T> RecordForm<T> {
    /// The form's columns in a CSV file, to read or write records.
    #[must_use]
    pub fn csv(&self) -> Csv<T> {
        let mut columns = Vec::new();
        column::columns(self.outline(), "", &mut columns);
        Csv { form: self.clone(), columns, decimal: None }
    }

    /// Reads a CSV file with a record in each row. The same as [`csv`](Self::csv) and
    /// [`read`](Csv::read).
    ///
    /// # Errors
    /// If the columns are wrong, or if the file can't be read.
    pub fn read_csv<'a, R: Read>(&self, file: R) -> Result<CsvRows<'a, T, R>, CsvError> {
        self.csv().read(file)
    }
}

/// A form's columns in a CSV file.
///
/// A file from a spreadsheet follows the rules of the form, with the same messages:
///
/// ```
/// use solohttp_forms::{RecordForm, fixed_point, form, text};
///
/// #[derive(Debug, PartialEq)]
/// struct Sample { code: String, mass: i64 }
///
/// fn sample_form() -> RecordForm<Sample> {
///     form!(Sample { code: text("Code").required(), mass: fixed_point("Mass", 3).min(0) })
/// }
///
/// let file = "Mass;Code\r\n1.5;A-1\r\nx;\r\n";
/// let mut rows = sample_form().read_csv(file.as_bytes())?;
/// let row = rows.next().unwrap()?;
/// assert_eq!(row.record.unwrap(), Sample { code: "A-1".into(), mass: 1_500 });
/// let row = rows.next().unwrap()?;
/// assert_eq!(row.line, 3);
/// assert_eq!(
///     row.record.unwrap_err().to_string(),
///     "Mass: Enter a number. Code: Fill in this field."
/// );
/// # Ok::<(), solohttp_core::Failure>(())
/// ```
///
/// # The file
///
/// - The first line has the names of the columns: those of the fields, or their labels, in any order
///   and case. Cells are separated by commas, semicolons or tabs, whichever the first line has most
///   of.
/// - The file is UTF-8, with or without a byte-order mark, and with any line breaks. Cells may be
///   quoted (RFC 4180). Blank lines are skipped.
/// - Text may start with an apostrophe before `=`, `+`, `-` or `@`, which keeps spreadsheets from
///   taking it for a formula. The apostrophe isn't part of the text.
///
/// # The columns
///
/// Each element that the user can edit is a column, also within a [`group`](crate::group), where the
/// name is `home.street`. Files, passwords, hidden and read-only elements and [`rows`](crate::rows)
/// aren't. Without a column, a field has its initial value.
///
/// | element | cell |
/// |---|---|
/// | number | as in the form or, with [`decimal_mark`](Self::decimal_mark), in that format, with or without thousands separators |
/// | select, radio | the choice's label, key or stored value, in any case |
/// | check box | yes, true, 1, x, or no, false, 0 (see [`FormWords::csv_yes`](crate::FormWords::csv_yes)), in any case; a blank cell is "no" |
/// | several choices | labels or keys, separated by commas; a choice that contains one can't be read |
/// | anything else | the text in the form's field, such as `2025-03-31` |
///
/// A blank cell is a blank field, or the initial value if the field is required.
pub struct Csv<T> {
    form: RecordForm<T>,
    columns: Vec<Column>,
    decimal: Option<DecimalMark>,
}

impl<T> Csv<T> {
    /// Leaves out a column. Records that are read have the field's initial value.
    ///
    /// # Panics
    /// If the field isn't a column.
    #[must_use]
    #[track_caller]
    #[expect(clippy::needless_pass_by_value, reason = "`field!` creates them in place")]
    pub fn except<V>(mut self, field: Field<T, V>) -> Self {
        let index = self.index_of(field.name());
        self.columns.remove(index);
        self
    }

    /// Sets the decimal mark of the numbers in a file that is read. By default, numbers are entered
    /// as in the form. Files that are written always have the application's number format.
    #[must_use]
    pub fn decimal_mark(mut self, mark: DecimalMark) -> Self {
        self.decimal = Some(mark);
        self
    }

    /// The names of the columns.
    #[must_use]
    pub fn columns(&self) -> impl ExactSizeIterator<Item = &str> {
        self.columns.iter().map(|column| column.name.as_str())
    }

    #[track_caller]
    fn index_of(&self, name: &str) -> usize {
        let found = self.columns.iter().position(|column| column.name == name);
        found.unwrap_or_else(|| panic!("the field `{name}` isn't a column of a CSV file"))
    }

    /// The first line of a file, with the names of the columns. It starts with a byte-order mark,
    /// without which Excel takes the file for the system's old encoding.
    ///
    /// ```
    /// use solohttp_forms::{checkbox, form, text};
    ///
    /// struct Task { title: String, done: bool }
    ///
    /// let csv = form!(Task { title: text("Title"), done: checkbox("Done") }).csv();
    /// let mut file = csv.head();
    /// csv.push_line(&Task { title: "Tea, \"Assam\"".into(), done: true }, &mut file);
    /// let expect = "\u{feff}title,done\r\n\"Tea, \"\"Assam\"\"\",yes\r\n";
    /// assert_eq!(String::from_utf8(file).unwrap(), expect);
    /// ```
    #[must_use]
    pub fn head(&self) -> Vec<u8> {
        let mut head = "\u{feff}".as_bytes().to_vec();
        push_cells(self.columns().map(|name| (name, false)), &mut head);
        head
    }

    /// Appends a line with a record, as the form shows it. Choices are written as their labels, and
    /// check boxes as "yes" or "no". Where the application's decimal mark is a comma, cells are
    /// separated by semicolons, as spreadsheets expect there.
    pub fn push_line(&self, record: &T, line: &mut Vec<u8>) {
        self.push_line_with(record, &[], line);
    }

    /// Appends a line like [`push_line`](Self::push_line), but with these texts in the columns of
    /// these names. Use it for a column that is read with [`CsvRows::resolve`].
    ///
    /// # Panics
    /// If there is no such column.
    #[track_caller]
    pub fn push_line_with(&self, record: &T, texts: &[(&str, &str)], line: &mut Vec<u8>) {
        texts.iter().for_each(|(name, _)| _ = self.index_of(name));
        let data = FormData::from(self.form.fields_of(record));
        let words = &self.form.settings().words;
        let cells = self.columns.iter().map(|column| {
            let own = texts.iter().find(|(name, _)| *name == column.name);
            own.map_or_else(|| column.show(&data, words), |(_, text)| ((*text).into(), false))
        });
        push_cells(cells, line);
    }
}

/// Appends a line. Each cell is text or, with `true`, a number.
fn push_cells<C: AsRef<str>>(cells: impl ExactSizeIterator<Item = (C, bool)>, line: &mut Vec<u8>) {
    let separator = Locale::current::<Numerals>().csv_separator();
    let is_only = cells.len() == 1;
    for (index, (cell, is_number)) in cells.enumerate() {
        let cell = cell.as_ref();
        if index > 0 {
            line.push(separator as u8);
        }
        let guard = if !is_number && is_guarded(cell) { "'" } else { "" };
        // A line without any text would be a blank line.
        let needs_quotes = cell.contains([',', ';', '\t', '"', '\r', '\n']);
        if needs_quotes || is_only && cell.is_empty() {
            line.extend_from_slice(format!("\"{guard}{}\"", cell.replace('"', "\"\"")).as_bytes());
        } else {
            line.extend_from_slice(guard.as_bytes());
            line.extend_from_slice(cell.as_bytes());
        }
    }
    line.extend_from_slice(b"\r\n");
}

/// Whether an apostrophe is written before this text, and removed when it is read. Text that already
/// has one gets another.
fn is_guarded(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(FORMULA)
}

/// The text without the apostrophe that guards it.
fn without_guard(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| is_guarded(rest)).unwrap_or(text)
}

impl<T> fmt::Debug for Csv<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Csv").field("columns", &self.columns).finish_non_exhaustive()
    }
}
