//! The ways to store a field: as it is, as text, as a choice, or with two functions.
//!
//! Each way has a function that reads the field, one that binds it to a statement, and one that
//! finds out which values it accepts. [`columns!`](crate::columns!) calls them by name.

use std::error::Error;
use std::fmt::Display;
use std::str::FromStr;

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, Value, ValueRef};
use rusqlite::{Row, ToSql};
use solohttp_core::{StoredChoice, StoredKey};

use super::text::Text;

/// Finds a record's next column in a row.
#[derive(Debug)]
pub struct Position(Option<usize>);

impl Position {
    /// The columns are those of `Record::COLUMNS`, from this one on.
    pub(crate) fn in_order(first: usize) -> Self {
        Self(Some(first))
    }

    /// The columns are found by their names.
    pub(crate) fn by_name() -> Self {
        Self(None)
    }

    #[inline]
    pub fn next(&mut self, row: &Row<'_>, name: &str) -> rusqlite::Result<usize> {
        match &mut self.0 {
            Some(next) => {
                *next += 1;
                Ok(*next - 1)
            }
            None => row.as_ref().column_index(name),
        }
    }
}

/// Takes a record's values, in the order of its columns.
pub struct Binding<'a>(pub(crate) &'a mut dyn FnMut(&dyn ToSql) -> rusqlite::Result<()>);

impl std::fmt::Debug for Binding<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Binding")
    }
}

impl Binding<'_> {
    pub fn push(&mut self, value: &dyn ToSql) -> rusqlite::Result<()> {
        (self.0)(value)
    }
}

/// A type of values in SQLite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    Integer,
    Real,
    Text,
    Blob,
}

impl Class {
    /// The type's name in a `STRICT` table.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Integer => "INTEGER",
            Self::Real => "REAL",
            Self::Text => "TEXT",
            Self::Blob => "BLOB",
        }
    }
}

/// Which values a field accepts.
#[derive(Debug)]
pub struct Accepted {
    pub(crate) null: bool,
    /// `None` if the field accepts several types.
    pub(crate) class: Option<Class>,
    /// The literals of all choices.
    pub(crate) choices: Option<Vec<String>>,
}

impl Accepted {
    /// Finds out by conversion, since rusqlite's traits don't say it.
    fn by<T: FromSql>() -> Self {
        let is_type = |value| !matches!(T::column_result(value), Err(FromSqlError::InvalidType));
        let classes = [
            (Class::Integer, ValueRef::Integer(0)),
            (Class::Real, ValueRef::Real(0.5)),
            (Class::Text, ValueRef::Text(b"")),
            (Class::Blob, ValueRef::Blob(b"")),
        ];
        let accepted = classes.into_iter().filter(|(_, value)| is_type(*value));
        let class = match &accepted.map(|(class, _)| class).collect::<Vec<_>>()[..] {
            [one] => Some(*one),
            // A float also reads integers.
            [Class::Integer, Class::Real] => Some(Class::Real),
            _ => None,
        };
        Self { null: T::column_result(ValueRef::Null).is_ok(), class, choices: None }
    }
}

/// No type implements this trait. An implementation for all types that do makes the compiler report
/// the trait of the field, with our message, and not the first missing bound of the other one.
pub trait NoType {}

/// A marker for a field that is always set.
#[derive(Debug)]
pub struct Required;

/// A marker for an `Option`.
#[derive(Debug)]
pub struct Optional;

/// A marker for an implementation that is never used. See [`NoType`].
#[derive(Debug)]
pub struct Never;

/// A field that rusqlite converts.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be stored as it is",
    label = "rusqlite has no conversion for this field",
    note = "declare the field as `field: text` if `{Self}` has `Display` and `FromStr`, as \
            `field: choice` if `choices!` declares it, or as `field: with(write, read)`",
    note = "a list of child rows, a `Vec` of another record, is `field: rows`",
    note = "a `StoredFile` is `field: file in \"table\"`",
    note = "a field that isn't stored in the table is `field: skip`"
)]
pub trait PlainField<M>: ToSql + FromSql {}

impl<T: ToSql + FromSql> PlainField<Required> for T {}

impl<T: ToSql + FromSql + NoType> PlainField<Never> for T {}

/// Compiles only if rusqlite converts the type.
pub const fn plain<M, T: PlainField<M>>() {}

pub fn read_plain<M, T: PlainField<M>>(row: &Row<'_>, at: usize) -> rusqlite::Result<T> {
    row.get(at)
}

pub fn bind_plain<M, T: PlainField<M>>(field: &T, to: &mut Binding<'_>) -> rusqlite::Result<()> {
    to.push(field)
}

#[must_use]
pub fn accepted_plain<M, R, T: PlainField<M>>(_: fn(&R) -> &T) -> Accepted {
    Accepted::by::<T>()
}

/// A field that is stored as text. The marker `M` lets both implementations coexist.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be stored as `text`",
    label = "needs `Display` and `FromStr`, or an `Option` of such a type"
)]
pub trait TextField<M>: Sized {
    fn read(row: &Row<'_>, at: usize) -> rusqlite::Result<Self>;
    fn bind(&self, to: &mut Binding<'_>) -> rusqlite::Result<()>;
    fn accepted() -> Accepted;
}

impl<T: Display + FromStr<Err: Into<Box<dyn Error + Send + Sync>>>> TextField<Required> for T {
    fn read(row: &Row<'_>, at: usize) -> rusqlite::Result<Self> {
        row.get(at).map(|Text(value)| value)
    }

    fn bind(&self, to: &mut Binding<'_>) -> rusqlite::Result<()> {
        to.push(&Text(self))
    }

    fn accepted() -> Accepted {
        Accepted::by::<Text<T>>()
    }
}

impl<T: TextField<Required> + Display> TextField<Optional> for Option<T> {
    fn read(row: &Row<'_>, at: usize) -> rusqlite::Result<Self> {
        optional(row, at, T::read)
    }

    fn bind(&self, to: &mut Binding<'_>) -> rusqlite::Result<()> {
        to.push(&self.as_ref().map(Text))
    }

    fn accepted() -> Accepted {
        Accepted { null: true, ..T::accepted() }
    }
}

pub fn read_text<M, T: TextField<M>>(row: &Row<'_>, at: usize) -> rusqlite::Result<T> {
    T::read(row, at)
}

pub fn bind_text<M, T: TextField<M>>(field: &T, to: &mut Binding<'_>) -> rusqlite::Result<()> {
    field.bind(to)
}

#[must_use]
pub fn accepted_text<M, R, T: TextField<M>>(_: fn(&R) -> &T) -> Accepted {
    T::accepted()
}

/// A [`StoredChoice`], or an `Option` of one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be stored as a `choice`",
    label = "needs an enum that is declared with `choices!`, or an `Option` of one"
)]
pub trait ChoiceField<M>: Sized {
    fn read(row: &Row<'_>, at: usize) -> rusqlite::Result<Self>;
    fn bind(&self, to: &mut Binding<'_>) -> rusqlite::Result<()>;
    fn accepted() -> Accepted;
}

/// Converts a choice.
struct Choice<T>(T);

impl<T: StoredChoice> ToSql for Choice<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self.0.stored() {
            StoredKey::Text(text) => text.into(),
            StoredKey::Integer(number) => number.into(),
        })
    }
}

impl<T: StoredChoice> FromSql for Choice<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        // The type of the first value is that of all. An enum without values is never read.
        let is_text =
            matches!(T::ALL.first().map(|first| first.stored()), Some(StoredKey::Text(_)));
        let key = match value {
            ValueRef::Integer(number) if !is_text => StoredKey::Integer(number),
            ValueRef::Text(_) if is_text => StoredKey::Text(value.as_str()?),
            _ => return Err(FromSqlError::InvalidType),
        };
        T::from_stored(key).map(Self).ok_or_else(|| {
            let known: Vec<String> = literals::<T>();
            FromSqlError::Other(format!("{key} is none of {}", known.join(", ")).into())
        })
    }
}

fn literals<T: StoredChoice>() -> Vec<String> {
    T::ALL.iter().map(|choice| choice.stored().to_string()).collect()
}

impl<T: StoredChoice> ChoiceField<Required> for T {
    fn read(row: &Row<'_>, at: usize) -> rusqlite::Result<Self> {
        row.get(at).map(|Choice(value)| value)
    }

    fn bind(&self, to: &mut Binding<'_>) -> rusqlite::Result<()> {
        to.push(&Choice(*self))
    }

    fn accepted() -> Accepted {
        Accepted { choices: Some(literals::<T>()), ..Accepted::by::<Choice<T>>() }
    }
}

impl<T: StoredChoice> ChoiceField<Optional> for Option<T> {
    fn read(row: &Row<'_>, at: usize) -> rusqlite::Result<Self> {
        optional(row, at, <T as ChoiceField<Required>>::read)
    }

    fn bind(&self, to: &mut Binding<'_>) -> rusqlite::Result<()> {
        to.push(&self.map(Choice))
    }

    fn accepted() -> Accepted {
        Accepted { null: true, ..<T as ChoiceField<Required>>::accepted() }
    }
}

pub fn read_choice<M, T: ChoiceField<M>>(row: &Row<'_>, at: usize) -> rusqlite::Result<T> {
    T::read(row, at)
}

pub fn bind_choice<M, T: ChoiceField<M>>(field: &T, to: &mut Binding<'_>) -> rusqlite::Result<()> {
    field.bind(to)
}

#[must_use]
pub fn accepted_choice<M, R, T: ChoiceField<M>>(_: fn(&R) -> &T) -> Accepted {
    T::accepted()
}

fn optional<T>(
    row: &Row<'_>,
    at: usize,
    read: fn(&Row<'_>, usize) -> rusqlite::Result<T>,
) -> rusqlite::Result<Option<T>> {
    match row.get_ref(at)? {
        ValueRef::Null => Ok(None),
        _ => read(row, at).map(Some),
    }
}

pub fn read_with<T, V: FromSql, E: Into<Box<dyn Error + Send + Sync>>>(
    row: &Row<'_>,
    at: usize,
    read: impl Fn(V) -> Result<T, E>,
) -> rusqlite::Result<T> {
    let class = row.get_ref(at)?.data_type();
    let wrong = |error: E| rusqlite::Error::FromSqlConversionFailure(at, class, error.into());
    read(row.get(at)?).map_err(wrong)
}

pub fn bind_with<T, V: ToSql>(
    field: &T,
    to: &mut Binding<'_>,
    write: impl Fn(&T) -> V,
) -> rusqlite::Result<()> {
    to.push(&write(field))
}

#[must_use]
pub fn accepted_with<R, T, V: FromSql, E>(
    _: fn(&R) -> &T,
    _: impl Fn(V) -> Result<T, E>,
) -> Accepted {
    Accepted::by::<V>()
}

/// The key of a child row: `None` if it is new.
#[diagnostic::on_unimplemented(
    message = "the key of a child row must be an `Option<i64>`",
    label = "a new row has no key yet, so this can't be `{Self}`"
)]
pub trait RowKey {
    fn row_key(&self) -> Option<i64>;
}

impl RowKey for Option<i64> {
    fn row_key(&self) -> Option<i64> {
        *self
    }
}

/// Converts a value that is bound to a statement.
pub(crate) fn owned(value: &dyn ToSql) -> rusqlite::Result<Value> {
    match value.to_sql()? {
        ToSqlOutput::Borrowed(value) => Value::column_result(value)
            .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error))),
        ToSqlOutput::Owned(value) => Ok(value),
        _ => Ok(Value::Null),
    }
}
