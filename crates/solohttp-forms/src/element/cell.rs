//! How a value is written in a cell of a CSV file. See the module `csv`.

use solohttp_core::Numerals;

use crate::lens::Choice;

/// How a value is written in a cell.
#[doc(hidden)]
#[derive(Debug)]
pub enum CellKind<'a> {
    /// As in the form's field.
    Text,
    /// A number. The form's field has this format.
    Number(Numerals),
    /// The label of a choice.
    Choice(&'a [Choice]),
    /// The labels of any number of choices.
    Choices(&'a [Choice]),
    /// "yes" or "no".
    Check,
}
