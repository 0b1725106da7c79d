//! A file name that was sent, made into one that can do no harm.
//!
//! The same on every system, so that a name kept on one is good on another.

/// Bytes that a name may have on all common file systems are 255; this leaves room for a prefix
/// or a number that the application may add.
const LONGEST: usize = 200;

/// Stands for a name of which nothing is left.
const NAMELESS: &str = "unnamed";

/// What is behind the last slash of either kind, without what some system gives a meaning.
pub(super) fn safe(sent: &str) -> String {
    let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    let harmless = |character| if is_harmful(character) { '_' } else { character };
    let mut name: String = last.chars().map(harmless).collect();
    shorten(&mut name);
    // Windows drops them, and would find another file or a device.
    let kept = name.trim_end_matches(['.', ' ']).len();
    name.truncate(kept);
    if name.trim().is_empty() {
        name = NAMELESS.to_owned();
    } else if is_device(&name) {
        name.insert(0, '_');
    }
    name
}

/// The name for the n-th file of this name: `a.txt`, `a-2.txt`, and so on.
pub(super) fn numbered(name: &str, number: u32) -> String {
    if number < 2 {
        return name.to_owned();
    }
    // A dot at the start begins a hidden name, and no extension.
    let dot = name.rfind('.').filter(|dot| *dot > 0).unwrap_or(name.len());
    let (stem, extension) = name.split_at(dot);
    format!("{stem}-{number}{extension}")
}

/// Controls, what Windows reserves, and what turns the direction of writing, so that `exe.txt`
/// would be shown where `txt.exe` is meant.
fn is_harmful(character: char) -> bool {
    character.is_control()
        || "<>:\"|?*".contains(character)
        || matches!(character, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}')
        || matches!(character, '\u{2028}' | '\u{2029}' | '\u{2066}'..='\u{2069}')
}

/// Cuts out of the middle, so that the extension stays, if it is one.
fn shorten(name: &mut String) {
    if name.len() <= LONGEST {
        return;
    }
    let dot = name.rfind('.').filter(|dot| name.len() - dot <= 20);
    let extension = name.split_off(dot.unwrap_or(name.len()));
    let mut room = LONGEST - extension.len();
    while !name.is_char_boundary(room) {
        room -= 1;
    }
    name.truncate(room);
    name.push_str(&extension);
}

/// The devices that Windows finds in every folder, with any extension.
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
    fn takes_the_last_element_of_any_path() {
        check("../../etc/passwd", "passwd");
        check("C:\\fakepath\\photo.jpg", "photo.jpg");
        check("/a\\b/c", "c");
        check("\\\\server\\share\\x", "x");
    }

    #[test]
    fn is_never_blank_nor_a_folder() {
        for sent in ["", ".", "..", "...", "/", "a/", "a\\..", " ", " . "] {
            check(sent, "unnamed");
        }
    }

    #[test]
    fn takes_the_sting_out_of_odd_characters() {
        check("a\0b\r\nc\u{7f}", "a_b__c_");
        check("file.txt::$DATA", "file.txt__$DATA");
        check("<a>|\"b\"?*", "_a___b___");
        check("gpj\u{202e}exe.txt", "gpj_exe.txt");
        check("name. . ", "name");
    }

    #[test]
    fn names_no_device_of_windows() {
        for device in ["con", "NUL.txt", "nul .txt", "COM1", "lpt9.tar.gz", "COM¹", "CONOUT$"] {
            check(device, &format!("_{device}"));
        }
        for innocent in ["console", "COM", "COM10", "LPTx", "my con.txt", "communique"] {
            check(innocent, innocent);
        }
    }

    #[test]
    fn a_long_name_loses_its_middle_and_keeps_its_extension() {
        let name = safe(&format!("{}.jpeg", "é".repeat(300)));
        assert!(name.len() <= LONGEST && name.ends_with("é.jpeg"), "{name}");
        assert_eq!(safe(&"x".repeat(300)), "x".repeat(LONGEST));
        assert_eq!(safe(&format!("a.{}", "x".repeat(300))).len(), LONGEST);
    }

    #[test]
    fn a_number_stands_before_the_extension() {
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
