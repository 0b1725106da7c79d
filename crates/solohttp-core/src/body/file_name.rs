//! Makes safe file names from the names that clients send.
//!
//! The result is the same on every system, so names are portable.

/// Maximum length in bytes. Common file systems allow 255, so this leaves room for a prefix or
/// number.
const MAX_LEN: usize = 200;

/// Used in place of an empty name.
const UNNAMED: &str = "unnamed";

/// Makes a file name that is safe on every system. Takes the part after the last slash or
/// backslash, replaces reserved characters, and shortens the name if it is too long.
///
/// ```
/// assert_eq!(solohttp_core::safe_file_name("../What? Nothing.txt"), "What_ Nothing.txt");
/// assert_eq!(solohttp_core::safe_file_name("NUL.txt"), "_NUL.txt");
/// ```
#[must_use]
pub fn safe(sent: &str) -> String {
    let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    let sanitize = |character| if is_harmful(character) { '_' } else { character };
    let mut name: String = last.chars().map(sanitize).collect();
    shorten(&mut name);
    // Windows ignores trailing dots and spaces, so they could make the name refer to another file
    // or a device.
    let len = name.trim_end_matches(['.', ' ']).len();
    name.truncate(len);
    if name.trim().is_empty() {
        name = UNNAMED.to_owned();
    } else if is_device(&name) {
        name.insert(0, '_');
    }
    name
}

/// Returns the name for the n-th file with this name: `a.txt`, `a-2.txt`, and so on.
pub(super) fn numbered(name: &str, number: u32) -> String {
    if number < 2 {
        return name.to_owned();
    }
    // A leading dot marks a hidden file, not an extension.
    let dot = name.rfind('.').filter(|dot| *dot > 0).unwrap_or(name.len());
    let (stem, extension) = name.split_at(dot);
    format!("{stem}-{number}{extension}")
}

/// Whether this is a control character, a character reserved by Windows, or a character that
/// changes the text direction, which could disguise `txt.exe` as `exe.txt`.
fn is_harmful(character: char) -> bool {
    character.is_control()
        || "<>:\"|?*".contains(character)
        || matches!(character, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}')
        || matches!(character, '\u{2028}' | '\u{2029}' | '\u{2066}'..='\u{2069}')
}

/// Shortens the name but keeps its extension.
fn shorten(name: &mut String) {
    if name.len() <= MAX_LEN {
        return;
    }
    let dot = name.rfind('.').filter(|dot| name.len() - dot <= 20);
    let extension = name.split_off(dot.unwrap_or(name.len()));
    let mut len = MAX_LEN - extension.len();
    while !name.is_char_boundary(len) {
        len -= 1;
    }
    name.truncate(len);
    name.push_str(&extension);
}

/// Whether Windows treats the name as a device. Windows does so in every folder, whatever the
/// extension.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let numbered = stem.strip_prefix("COM").or_else(|| stem.strip_prefix("LPT"));
    matches!(&*stem, "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$")
        || numbered.is_some_and(|number| {
            matches!(number, "¹" | "²" | "³")
                || (number.len() == 1 && number.bytes().all(|digit| digit.is_ascii_digit()))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sent: &str, expect: &str) {
        assert_eq!(safe(sent), expect, "{sent:?}");
    }

    #[test]
    fn keeps_an_ordinary_name_as_it_is() {
        for name in ["x.txt", "été €.txt", "a b (1).tar.gz", ".profile", "100% 'fine'; really"]
        {
            check(name, name);
        }
    }

    #[test]
    fn takes_the_last_segment_of_a_path() {
        check("../../etc/passwd", "passwd");
        check("C:\\fakepath\\photo.jpg", "photo.jpg");
        check("/a\\b/c", "c");
        check("\\\\server\\share\\x", "x");
    }

    #[test]
    fn is_never_empty_nor_a_folder() {
        for sent in ["", ".", "..", "...", "/", "a/", "a\\..", " ", " . "] {
            check(sent, "unnamed");
        }
    }

    #[test]
    fn replaces_special_characters() {
        check("a\0b\r\nc\u{7f}", "a_b__c_");
        check("file.txt::$DATA", "file.txt__$DATA");
        check("<a>|\"b\"?*", "_a___b___");
        check("gpj\u{202e}exe.txt", "gpj_exe.txt");
        check("name. . ", "name");
    }

    #[test]
    fn is_never_a_windows_device() {
        for device in ["con", "NUL.txt", "nul .txt", "COM1", "lpt9.tar.gz", "COM¹", "CONOUT$"] {
            check(device, &format!("_{device}"));
        }
        for innocent in ["console", "COM", "COM10", "LPTx", "my con.txt", "communique"] {
            check(innocent, innocent);
        }
    }

    #[test]
    fn a_long_name_keeps_its_extension() {
        let name = safe(&format!("{}.jpeg", "é".repeat(300)));
        assert!(name.len() <= MAX_LEN && name.ends_with("é.jpeg"), "{name}");
        assert_eq!(safe(&"x".repeat(300)), "x".repeat(MAX_LEN));
        assert_eq!(safe(&format!("a.{}", "x".repeat(300))).len(), MAX_LEN);
    }

    #[test]
    fn the_number_goes_before_the_extension() {
        for (name, expect) in [
            ("a.txt", "a-2.txt"),
            ("a.tar.gz", "a.tar-2.gz"),
            ("a", "a-2"),
            (".config", ".config-2"),
            ("unnamed", "unnamed-2"),
        ] {
            assert_eq!(
                (numbered(name, 1), numbered(name, 2)),
                (name.to_owned(), expect.to_owned())
            );
        }
    }
}
