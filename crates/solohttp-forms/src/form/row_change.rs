//! The action of a row button, and the command that the button sends for it, such as `up lines 2`.

/// The action of a row button.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowChange {
    Add,
    Remove(usize),
    Up(usize),
    Down(usize),
}

impl RowChange {
    /// The command for the rows of this element.
    pub(crate) fn command(self, name: &str) -> String {
        match self {
            Self::Add => format!("add {name}"),
            Self::Remove(row) => format!("remove {name} {row}"),
            Self::Up(row) => format!("up {name} {row}"),
            Self::Down(row) => format!("down {name} {row}"),
        }
    }

    /// Parses a command to the action and the name of the element. A missing or invalid row becomes
    /// a row that never exists.
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
