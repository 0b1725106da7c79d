//! Positions in a list, and the conditions that find the rows before or after one.
//!
//! `LIMIT 50 OFFSET 950000` reads a million rows to show fifty, and if a row is added or deleted in
//! between, the next page repeats or skips one. So pages aren't numbered. The link to the next page
//! has the position of the last row instead: its sort value and its key. An index finds this
//! position directly (keyset paging, or the seek method).
//!
//! Rows are sorted by one column, then by their key. Rows without a value come last, whatever the
//! direction. One comparison can't express that, and SQLite uses only the first column of
//! `(name, id) > (?1, ?2)` for the search, which takes long if many rows have the same name. So
//! the rows after a position are read in up to three parts, each of which is a range of the index.

use rusqlite::types::Value;

/// The maximum number of bytes of a sort value in a link.
const MAX_VALUE: usize = 300;

/// A row's place in the order.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Position {
    pub(super) key: i64,
    /// `NULL` if rows are sorted only by their key.
    pub(super) value: Value,
    /// The value is too long for a link, and only its beginning is known.
    pub(super) is_cut: bool,
}

/// Where a page starts.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Start {
    First,
    After(Position),
    Before(Position),
    Last,
}

/// The order of the rows.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Order {
    /// The column in SQL. `None` sorts by the key.
    pub(super) sort: Option<String>,
    pub(super) is_descending: bool,
}

/// Consecutive rows of the list that are a range of the index.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Part<'a> {
    /// All rows, sorted by their key.
    All,
    /// The rows on one side of this key, sorted by their key.
    BeyondKey(&'a Position),
    /// The rows on one side of this position that have the same value.
    Tied(&'a Position),
    /// The rows on one side of this value.
    Beyond(&'a Position),
    /// All rows with a value.
    Valued,
    /// All rows without a value.
    Blank,
}

impl Position {
    /// Encodes the position for a link: the key, then a letter for the type, then the value.
    pub(super) fn encode(&self) -> String {
        let key = self.key;
        match &self.value {
            Value::Null => key.to_string(),
            Value::Integer(value) => format!("{key}i{value}"),
            Value::Real(value) => format!("{key}r{value:?}"),
            Value::Text(text) if text.len() > MAX_VALUE => {
                let cut = (0..=MAX_VALUE).rev().find(|&at| text.is_char_boundary(at));
                format!("{key}c{}", &text[..cut.unwrap_or_default()])
            }
            Value::Text(text) => format!("{key}s{text}"),
            Value::Blob(_) => format!("{key}c"),
        }
    }

    /// Returns `None` if a link was changed by hand.
    pub(super) fn decode(text: &str) -> Option<Self> {
        let end = text.find(|letter: char| letter.is_ascii_alphabetic()).unwrap_or(text.len());
        let (key, rest) = text.split_at(end);
        let (kind, rest) = rest.split_at(rest.len().min(1));
        let value = match kind {
            "" => Value::Null,
            "i" => Value::Integer(rest.parse().ok()?),
            "r" => Value::Real(rest.parse().ok()?),
            "s" | "c" => Value::Text(rest.to_owned()),
            _ => return None,
        };
        Some(Self { key: key.parse().ok()?, value, is_cut: kind == "c" })
    }
}

impl Start {
    pub(super) fn is_backwards(&self) -> bool {
        matches!(self, Self::Before(_) | Self::Last)
    }

    pub(super) fn position(&self) -> Option<&Position> {
        match self {
            Self::After(position) | Self::Before(position) => Some(position),
            Self::First | Self::Last => None,
        }
    }

    pub(super) fn position_mut(&mut self) -> Option<&mut Position> {
        match self {
            Self::After(position) | Self::Before(position) => Some(position),
            Self::First | Self::Last => None,
        }
    }
}

impl<'a> Part<'a> {
    /// The parts of the list after a position, or before it if `is_backwards`; the nearest first.
    pub(super) fn beyond(
        position: Option<&'a Position>,
        order: &Order,
        is_backwards: bool,
    ) -> Vec<Self> {
        let Some(position) = position else {
            return match (&order.sort, is_backwards) {
                (None, _) => vec![Self::All],
                (Some(_), false) => vec![Self::Valued, Self::Blank],
                (Some(_), true) => vec![Self::Blank, Self::Valued],
            };
        };
        if order.sort.is_none() {
            return vec![Self::BeyondKey(position)];
        }
        let mut parts = vec![Self::Tied(position)];
        match (position.value == Value::Null, is_backwards) {
            (true, false) => {}
            (true, true) => parts.push(Self::Valued),
            (false, true) => parts.push(Self::Beyond(position)),
            (false, false) => parts.extend([Self::Beyond(position), Self::Blank]),
        }
        parts
    }

    pub(super) fn position(self) -> Option<&'a Position> {
        match self {
            Self::BeyondKey(position) | Self::Tied(position) | Self::Beyond(position) => {
                Some(position)
            }
            Self::All | Self::Valued | Self::Blank => None,
        }
    }

    /// The condition and the order of the rows in SQL. `sort` and `key` are expressions.
    pub(super) fn sql(self, sort: &str, key: &str, is_ascending: bool) -> (String, String) {
        let (side, order) = if is_ascending { (">", "ASC") } else { ("<", "DESC") };
        let condition = match self {
            Self::All => "true".to_owned(),
            Self::BeyondKey(_) => format!("{key} {side} :solo_key"),
            Self::Tied(_) => format!("{sort} IS :solo_value AND {key} {side} :solo_key"),
            Self::Beyond(_) => format!("{sort} {side} :solo_value"),
            Self::Valued => format!("{sort} IS NOT NULL"),
            Self::Blank => format!("{sort} IS NULL"),
        };
        let order = match self {
            Self::Beyond(_) | Self::Valued => format!("{sort} {order}, {key} {order}"),
            _ => format!("{key} {order}"),
        };
        (condition, order)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(key: i64, value: impl Into<Value>) -> Position {
        Position { key, value: value.into(), is_cut: false }
    }

    #[test]
    fn a_position_survives_its_link() {
        for position in [
            at(7, Value::Null),
            at(-7, -1),
            at(i64::MIN, i64::MAX),
            at(0, 0.1),
            at(0, f64::INFINITY),
            at(1, "".to_owned()),
            at(1, "12s3 & Ü".to_owned()),
        ] {
            assert_eq!(Position::decode(&position.encode()), Some(position));
        }
    }

    #[test]
    fn a_long_value_is_cut_between_characters() {
        let long = at(3, "ü".repeat(MAX_VALUE));
        let cut = Position::decode(&long.encode()).unwrap();
        assert_eq!((cut.key, cut.is_cut), (3, true));
        assert_eq!(cut.value, Value::Text("ü".repeat(MAX_VALUE / 2)));
    }

    #[test]
    fn a_changed_link_has_no_position() {
        for text in ["", "zzz", "1x", "i1", "1ione", "--1", "1.5"] {
            assert_eq!(Position::decode(text), None, "{text}");
        }
    }
}
