//! The description of a bundle: a property list in XML (Information Property List Key Reference).

use super::Entry;

pub(super) fn info_plist(entry: &Entry<'_>, program: &str, icon: Option<&str>) -> String {
    let strings = [
        ("CFBundleInfoDictionaryVersion", "6.0"),
        ("CFBundlePackageType", "APPL"),
        ("CFBundleIdentifier", entry.id),
        ("CFBundleName", entry.title),
        ("CFBundleDisplayName", entry.title),
        ("CFBundleExecutable", program),
        ("CFBundleShortVersionString", "1.0"),
        ("CFBundleVersion", "1"),
    ];
    let strings = strings.into_iter().chain(icon.map(|icon| ("CFBundleIconFile", icon)));
    let strings: String = strings
        .map(|(key, value)| format!("\t<key>{key}</key>\n\t<string>{}</string>\n", escaped(value)))
        .collect();
    // The bundle's program only starts the real one and ends, so it needs no place in the Dock.
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \
         \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n\
         <plist version=\"1.0\">\n<dict>\n{strings}\t<key>LSUIElement</key>\n\t<true/>\n</dict>\n\
         </plist>\n"
    )
}

/// Escapes text for XML, which has no way to write most control characters.
fn escaped(text: &str) -> String {
    let is_allowed = |c: &char| !c.is_control() || matches!(c, '\t' | '\n');
    let text: String =
        text.chars().filter(is_allowed).filter(|c| !matches!(c, '\u{fffe}' | '\u{ffff}')).collect();
    solohttp_core::html::escape(&text).into_owned()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn is_escaped_for_xml() {
        let title = "<Bits & \"Bobs\"> \u{1}ü";
        let program = Path::new("/p");
        let entry = Entry { id: "org.x", title, icon: None, program, arguments: &[] };
        let list = info_plist(&entry, "launcher", Some("icon"));
        let name = "<key>CFBundleName</key>\n\t<string>&lt;Bits &amp; &quot;Bobs&quot;&gt; ü<";
        assert!(list.contains(name), "{list}");
        assert!(list.contains("<key>CFBundleIconFile</key>\n\t<string>icon</string>"));
        assert!(!info_plist(&entry, "launcher", None).contains("CFBundleIconFile"));
    }
}
