//! Why a file can't be read, as a sentence for the user.

use std::error::Error;
use std::{fmt, io};

use solohttp_core::Locale;

use crate::outline::Outline;
use crate::validation::errors::ValidationErrors;
use crate::validation::words::FormWords;

/// The error for a CSV file whose columns or rows are wrong. Displayed as a sentence in the
/// application's language: see [`FormWords`].
///
/// If `save` of a [`Formlet`](crate::Formlet) returns it, the form is shown again with the sentence
/// next to the field of the file.
#[derive(Debug)]
#[non_exhaustive]
pub enum CsvError {
    /// The file can't be read.
    Io(io::Error),
    /// The head isn't UTF-8.
    NotUtf8,
    /// A column without a name.
    UnnamedColumn {
        /// The column, counted from 1.
        number: usize,
    },
    /// A column that the form doesn't have.
    UnknownColumn {
        /// The name in the file, or its start.
        column: String,
        /// The names of the form's columns.
        columns: Vec<String>,
    },
    /// Two columns for the same field.
    RepeatedColumn {
        /// The name of the field.
        column: String,
    },
    /// Columns without which no row is valid.
    MissingColumns {
        /// The names of the fields.
        columns: Vec<String>,
    },
    /// Rows that are invalid, found by [`CsvRows::save_all`](crate::CsvRows::save_all).
    InvalidRows {
        /// The lines of the first invalid rows and the sentences about them.
        rows: Vec<(u64, String)>,
        /// The number of further invalid rows.
        more: u64,
    },
}

impl CsvError {
    /// The sentences, one for each invalid row.
    fn sentences(&self) -> Vec<String> {
        let words = Locale::current::<FormWords>();
        let sentence = match self {
            Self::Io(error) => error.to_string(),
            Self::NotUtf8 => words.csv_not_utf8.to_string(),
            Self::UnnamedColumn { number } => words.csv_unnamed_column.say(&[("number", number)]),
            Self::UnknownColumn { column, columns } => {
                let columns = columns.join(", ");
                words.csv_unknown_column.say(&[("column", column), ("columns", &columns)])
            }
            Self::RepeatedColumn { column } => words.csv_repeated_column.say(&[("column", column)]),
            Self::MissingColumns { columns } => match columns.as_slice() {
                [column] => words.csv_missing_column.say(&[("column", column)]),
                columns => words.csv_missing_columns.say(&[("columns", &columns.join(", "))]),
            },
            Self::InvalidRows { rows, more } => {
                let rows = rows
                    .iter()
                    .map(|(line, error)| words.csv_line.say(&[("line", line), ("error", error)]));
                let more = (*more > 0).then(|| words.csv_more.say(&[("count", more)]));
                return rows.chain(more).collect();
            }
        };
        vec![sentence]
    }
}

impl From<io::Error> for CsvError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// One sentence per line.
impl fmt::Display for CsvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentences().join("\n"))
    }
}

impl Error for CsvError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Io(error) => error.source(),
            _ => None,
        }
    }
}

/// Adds the sentences to the form's file field, or above the form if it doesn't have exactly one. An
/// I/O error is none of the user's mistakes.
pub(crate) fn add_errors(
    outline: &Outline,
    error: &(dyn Error + 'static),
    errors: &mut ValidationErrors,
) {
    let Some(found) = error.downcast_ref::<CsvError>() else { return };
    if matches!(found, CsvError::Io(_)) {
        return;
    }
    let mut files = outline.iter().filter(|(_, element)| element.file_rules().is_some());
    let name = match (files.next(), files.next()) {
        (Some((name, _)), None) => name,
        _ => "",
    };
    found.sentences().into_iter().for_each(|sentence| errors.add(name, sentence));
}
