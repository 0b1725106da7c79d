//! The notice about a damaged file, added to every page.

use std::path::Path;

use solohttp_core::{IoList, Locale, html};

use crate::words::GuardWords;

/// Sets both the text color and the background color, to stay readable on any page.
const STYLE: &str = "padding:.6em 1em;background:#8b0000;color:#fff;font:1rem/1.4 sans-serif";

pub(crate) fn of(path: &Path, damage: &str) -> IoList {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    let mut notice = IoList::new();
    notice.push("<div role=\"alert\" style=\"");
    notice.push(STYLE);
    let words = Locale::current::<GuardWords>();
    notice.push("\"><strong>");
    html::escape_into(&words.damaged.say(&[("name", &name)]), &mut notice);
    notice.push("</strong> ");
    html::escape_into(&words.damaged_advice.say(&[("error", &damage)]), &mut notice);
    notice.push("</div>\n");
    notice
}
