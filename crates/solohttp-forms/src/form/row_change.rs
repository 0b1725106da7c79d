//! A row button's action, and the command that the button sends for it, such as `up lines 2`.

/// The row that gets the focus after a row button's action. If it doesn't exist, the button that
/// adds a row does.
#[derive(Debug)]
pub(crate) struct RowFocus {
    /// The name of the rows' element.
    pub(crate) name: String,
    /// The row, counted from 0.
    pub(crate) index: usize,
}

/// A row button's action.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowChange {
    Add,
    Remove(usize),
    Up(usize),
    Down(usize),
}

impl RowChange {
    /// The command that applies this action to the rows of the element `name`.
    pub(crate) fn command(self, name: &str) -> String {
        match self {
            Self::Add => format!("add {name}"),
            Self::Remove(row) => format!("remove {name} {row}"),
            Self::Up(row) => format!("up {name} {row}"),
            Self::Down(row) => format!("down {name} {row}"),
        }
    }

    /// Parses a command into the action and the element's name. A missing or invalid row number
    /// becomes the number of a row that never exists.
    pub(crate) fn parse(command: &str) -> Option<(Self, &str)> {
        let mut words = command.split(' ');
        let (action, name) = (words.next()?, words.next()?);
        let row = words.next().and_then(|row| row.parse().ok()).unwrap_or(usize::MAX);
        let change = match action {
            "add" => Self::Add,
            "remove" => Self::Remove(row),
            "up" => Self::Up(row),
            "down" => Self::Down(row),
            _ => return None,
        };
        Some((change, name))
    }
}
