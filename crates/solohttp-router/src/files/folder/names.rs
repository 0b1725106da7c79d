//! Decides which file names a folder serves. By default, these are the same on every platform.
//!
//! A name is a decoded path segment.

/// Returns whether the name can't be an ordinary file name in its folder on this platform.
///
/// On Windows, this includes all unportable names, because `C:`, `a:b`, `a.` and `NUL.txt` have a
/// special meaning there.
pub(crate) fn is_impossible(name: &str) -> bool {
    matches!(name, "" | "." | "..")
        || name.contains(['/', '\0'])
        || (cfg!(windows) && (is_unportable(name) || is_short(name)))
}

/// Returns whether Windows rejects the name or gives it a special meaning.
///
/// Windows also rejects `?`, but such a name is harmless, so it is allowed.
pub(crate) fn is_unportable(name: &str) -> bool {
    name.ends_with(['.', ' '])
        || name.contains(['\\', ':', '*', '"', '<', '>', '|'])
        || name.contains(char::is_control)
        || is_device(name)
}

/// Returns whether the name is hidden by convention, such as `.git` or `_drafts`.
pub(crate) fn is_hidden(name: &str) -> bool {
    name.starts_with(['.', '_'])
}

/// Returns whether the name is a device on Windows, where devices exist in every folder and with
/// any extension.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end_matches(' ');
    let stem = stem.to_ascii_uppercase();
    let is_numbered = |kind| {
        let number = stem.strip_prefix(kind).unwrap_or_default();
        let mut digits = number.chars();
        matches!(digits.next(), Some('0'..='9' | '¹' | '²' | '³')) && digits.next().is_none()
    };
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$" | "CLOCK$")
        || is_numbered("COM")
        || is_numbered("LPT")
}

/// Returns whether the name could be a short alias of another file, such as `LONGNA~1.TXT`.
fn is_short(name: &str) -> bool {
    name.split('~').skip(1).any(|rest| rest.starts_with(|digit: char| digit.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rejects_names_that_are_special_on_some_platform() {
        for name in [
            "",
            ".",
            "..",
            "...",
            "a.",
            "a ",
            ". ",
            "a/b",
            "a\\b",
            "C:",
            "a:b",
            "a::$DATA",
            "a\0",
            "a\n",
            "a\u{7f}",
            "a\u{85}",
            "CON",
            "con.txt",
            "nul .txt",
            "Aux.tar.gz",
            "COM1",
            "lpt9.x",
            "LPT¹",
            "conin$",
            "a*",
            "<a>",
            "a|b",
            "\"a\"",
        ] {
            assert!(is_impossible(name) || is_unportable(name), "{name:?}");
        }
    }

    #[test]
    fn only_a_path_is_impossible_everywhere() {
        for name in ["", ".", "..", "a/b", "a\0"] {
            assert!(is_impossible(name), "{name:?}");
        }
        for name in ["a:b.txt", "con.txt", "star*.txt", "trail.", "a\\b", "a\n"] {
            assert_eq!(is_impossible(name), cfg!(windows), "{name:?}");
        }
    }

    #[test]
    fn accepts_other_names() {
        for name in [
            "a", "a.txt", "a b", "été", "100%", "a?b", "a#b", "a..b", "console", "comma", "COM",
            "COM10", "lpt", "~", "a&b", "'", "a;b", "@", "．．",
        ] {
            assert!(!is_impossible(name) && !is_unportable(name), "{name:?}");
        }
    }

    #[test]
    fn short_names_are_aliases_only_on_windows() {
        assert!(is_short("LONGNA~1.TXT") && !is_short("a~b") && !is_short("~"));
        assert_eq!(is_impossible("LONGNA~1.TXT"), cfg!(windows));
    }

    #[test]
    fn hides_dots_and_underscores() {
        assert!(is_hidden(".git") && is_hidden("_drafts") && !is_hidden("a_b.c"));
    }
}
