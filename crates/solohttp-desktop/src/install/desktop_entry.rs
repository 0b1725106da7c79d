//! Desktop entries (Desktop Entry Specification 1.5).

use std::io;

use super::Entry;

/// Starts a program whose path can't be the first word of `Exec`: the specification forbids `=`,
/// and GLib looks for the program before it resolves `%%`.
const BY_SHELL: [&str; 3] = ["/bin/sh", "-c", "exec \"$0\" \"$@\""];

/// Returns the contents of the entry's file. `icon` is the name or path of its icon.
pub(super) fn desktop_entry(entry: &Entry<'_>, icon: Option<&str>) -> io::Result<String> {
    let words = entry.words()?;
    let needs_shell = words.first().is_some_and(|program| program.contains(['%', '=']));
    let shell = if needs_shell { &BY_SHELL[..] } else { &[] };
    let words: Vec<String> = shell.iter().chain(&words).map(|word| argument(word)).collect();
    let mut lines = vec![
        "[Desktop Entry]".to_owned(),
        "Type=Application".to_owned(),
        // This version has all of the keys below. Readers reject versions newer than the one they
        // know.
        "Version=1.1".to_owned(),
        format!("Name={}", string(entry.title)),
        format!("Exec={}", string(&words.join(" "))),
        "Terminal=false".to_owned(),
        // Associates windows with this entry. On X11, the class of the windows is the id, which is
        // also the entry's file name, so X11 needs no such line.
        format!("StartupWMClass={}", string(entry.wayland_name.unwrap_or(entry.id))),
    ];
    lines.extend(icon.map(|icon| format!("Icon={}", string(icon))));
    lines.push(String::new());
    Ok(lines.join("\n"))
}

/// Quotes an argument of `Exec` (section "The Exec key"). The result still has to be escaped with
/// [`string`].
fn argument(word: &str) -> String {
    let mut quoted = String::from("\"");
    for character in word.chars() {
        match character {
            '"' | '`' | '$' | '\\' => quoted.extend(['\\', character]),
            '%' => quoted.push_str("%%"),
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}

/// Escapes a value of type string (section "Possible value types").
fn string(text: &str) -> String {
    let mut escaped = String::new();
    for (index, character) in text.char_indices() {
        match character {
            '\\' => escaped.push_str("\\\\"),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            // Readers ignore spaces around the equals sign.
            ' ' if index == 0 => escaped.push_str("\\s"),
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;
    use std::path::Path;

    use super::*;

    fn exec(program: &str, arguments: &[&str]) -> String {
        let arguments: Vec<OsString> = arguments.iter().map(OsString::from).collect();
        let entry = Entry {
            id: "org.x",
            title: " a\\b\n",
            icon: None,
            wayland_name: None,
            program: Path::new(program),
            arguments: &arguments,
        };
        let text = desktop_entry(&entry, Some("org.x")).unwrap();
        assert!(text.starts_with("[Desktop Entry]\nType=Application\n"));
        assert!(text.contains("\nName=\\sa\\\\b\\n\n"), "{text}");
        assert!(text.ends_with("\nStartupWMClass=org.x\nIcon=org.x\n"), "{text}");
        let line = text.lines().find_map(|line| line.strip_prefix("Exec="));
        line.unwrap().to_owned()
    }

    #[test]
    fn quotes_on_two_levels() {
        assert_eq!(exec("/opt/a b", &["--data", "ü"]), r#""/opt/a b" "--data" "ü""#);
        // The specification's own example: one backslash becomes four.
        assert_eq!(exec("/a\\b", &["$x", "`", "\""]), r#""/a\\\\b" "\\$x" "\\`" "\\"""#);
        assert_eq!(exec("/a\nb", &["100%", ""]), r#""/a\nb" "100%%" """#);
    }

    #[test]
    fn a_program_with_a_forbidden_path_is_started_by_a_shell() {
        let shell = r#""/bin/sh" "-c" "exec \\"\\$0\\" \\"\\$@\\"""#;
        assert_eq!(exec("/a=b/c", &["x=y"]), format!(r#"{shell} "/a=b/c" "x=y""#));
        assert_eq!(exec("/100%/c", &[]), format!(r#"{shell} "/100%%/c""#));
    }

    #[cfg(unix)]
    #[test]
    fn an_entry_is_text() {
        use std::os::unix::ffi::OsStrExt as _;
        let program = Path::new(std::ffi::OsStr::from_bytes(b"/a\xff"));
        let entry =
            Entry { id: "x", title: "x", icon: None, wayland_name: None, program, arguments: &[] };
        let error = desktop_entry(&entry, None).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
    }
}
