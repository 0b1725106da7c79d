//! The file names of copies: `shop.2026-11-28.sqlite`, `shop.2026-11-28.v2.sqlite`.

use std::path::Path;

/// Why a copy was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CopyKind {
    /// A daily copy.
    Daily,
    /// Made before the schema was migrated from this version.
    BeforeMigration(u64),
    /// The content that was replaced when a copy was restored.
    Replaced,
}

/// The parts of a copy's name that differ between the copies of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CopyName {
    /// `2026-11-28`
    pub(super) date: String,
    pub(super) kind: CopyKind,
    /// Distinguishes copies of the same day and kind. The first has number 1, which isn't written.
    pub(super) number: u64,
}

/// The parts that all copies of a file have in common: `shop` and `.sqlite`.
#[derive(Debug, Clone)]
pub(super) struct Affixes {
    stem: String,
    extension: String,
}

impl Affixes {
    pub(super) fn of(file: &Path) -> Self {
        let text = |part: Option<&std::ffi::OsStr>| {
            part.map(|part| part.to_string_lossy().into_owned()).unwrap_or_default()
        };
        let extension = text(file.extension());
        let extension = if extension.is_empty() { extension } else { format!(".{extension}") };
        Self { stem: text(file.file_stem()), extension }
    }

    /// The name of the database file itself.
    pub(super) fn file(&self) -> String {
        format!("{}{}", self.stem, self.extension)
    }

    pub(super) fn write(&self, name: &CopyName) -> String {
        let CopyName { date, kind, number } = name;
        let kind = match kind {
            CopyKind::Daily => String::new(),
            CopyKind::BeforeMigration(version) => format!(".v{version}"),
            CopyKind::Replaced => ".replaced".to_owned(),
        };
        let number = if *number > 1 { format!(".{number}") } else { String::new() };
        format!("{}.{date}{kind}{number}{}", self.stem, self.extension)
    }

    /// Returns `None` if this isn't the name of a copy.
    pub(super) fn parse(&self, name: &str) -> Option<CopyName> {
        let middle = name.strip_prefix(&*self.stem)?.strip_suffix(&*self.extension)?;
        let mut parts = middle.strip_prefix('.')?.split('.').peekable();
        let date = parts.next().filter(|date| is_date(date))?.to_owned();
        let kind = parts.peek().map_or(Some(CopyKind::Daily), |part| match *part {
            "replaced" => Some(CopyKind::Replaced),
            part => Some(CopyKind::BeforeMigration(part.strip_prefix('v')?.parse().ok()?)),
        });
        if kind.is_some() {
            parts.next();
        }
        let number = parts.next().map_or(Some(1), |part| part.parse().ok())?;
        let parsed = CopyName { date, kind: kind.unwrap_or(CopyKind::Daily), number };
        // Rejects other spellings, such as `.v02` or `.1`, which `write` doesn't produce.
        (parts.next().is_none() && self.write(&parsed) == name).then_some(parsed)
    }
}

fn is_date(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_can_be_read_again() {
        for file in ["shop.sqlite", "shop", "my.shop.db", "a b"] {
            let affixes = Affixes::of(Path::new(file));
            assert_eq!(affixes.file(), file);
            for kind in [CopyKind::Daily, CopyKind::BeforeMigration(12), CopyKind::Replaced] {
                for number in [1, 2, 30] {
                    let name = CopyName { date: "2026-11-28".to_owned(), kind, number };
                    assert_eq!(affixes.parse(&affixes.write(&name)), Some(name), "{file}");
                }
            }
        }
    }

    #[test]
    fn other_files_are_no_copies() {
        let affixes = Affixes::of(Path::new("shop.sqlite"));
        for name in [
            "shop.sqlite",
            "shop.2026-11-28",
            "shops.2026-11-28.sqlite",
            "shop.2026-11-28.sqlite.partial",
            "shop.2026-11-28.sqlite-wal",
            "shop.2026-11-2.sqlite",
            "shop.2026/11/28.sqlite",
            "shop.2026-11-28.1.sqlite",
            "shop.2026-11-28.v02.sqlite",
            "shop.2026-11-28.v2.replaced.sqlite",
            "shop.2026-11-28.2.v2.sqlite",
            "shop.2026-11-28.old.sqlite",
            "shop.2026-11-28..sqlite",
            "shop..sqlite",
        ] {
            assert_eq!(affixes.parse(name), None, "{name}");
        }
    }
}
