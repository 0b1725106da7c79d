//! The `Info.plist` of a bundle: a property list in XML (Information Property List Key Reference).

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
    // The bundle's executable only starts the program and exits, so it needs no icon in the Dock.
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \
         \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n\
         <plist version=\"1.0\">\n<dict>\n{strings}\t<key>LSUIElement</key>\n\t<true/>\n</dict>\n\
         </plist>\n"
    )
}

/// Escapes text for XML, and drops the characters that XML can't represent, such as most control
/// characters.
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

    /// Reads the strings of a property list.
    fn strings(list: &str) -> Vec<(String, String)> {
        let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
        let document = roxmltree::Document::parse_with_options(list, options).unwrap();
        let root = document.root_element();
        assert_eq!((root.tag_name().name(), root.attribute("version")), ("plist", Some("1.0")));
        let dictionary = root.first_element_child().unwrap();
        let elements: Vec<_> = dictionary.children().filter(|node| node.is_element()).collect();
        let text = |index: usize| elements[index].text().unwrap_or_default().to_owned();
        let pairs = (0..elements.len()).step_by(2);
        assert!(pairs.clone().all(|index| elements[index].tag_name().name() == "key"));
        pairs.map(|index| (text(index), text(index + 1))).collect()
    }

    #[test]
    fn is_a_property_list() {
        let title = "<Bits & \"Bobs\"> \u{1}ü]]>";
        let program = Path::new("/p");
        let entry =
            Entry { id: "org.x", title, icon: None, wayland_name: None, program, arguments: &[] };
        let list = strings(&info_plist(&entry, "launcher", Some("icon")));
        let value = |key: &str| {
            let pair = list.iter().find(|(known, _)| known == key);
            pair.map(|(_, value)| value.as_str())
        };
        assert_eq!(value("CFBundleName"), Some("<Bits & \"Bobs\"> ü]]>"));
        assert_eq!(value("CFBundleIdentifier"), Some("org.x"));
        assert_eq!(value("CFBundleExecutable"), Some("launcher"));
        assert_eq!(value("CFBundleIconFile"), Some("icon"));
        let without_icon = strings(&info_plist(&entry, "launcher", None));
        assert_eq!(without_icon.len(), list.len() - 1);
    }
}
