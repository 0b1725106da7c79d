//! What every page says about a damaged file.

use std::path::Path;

use solohttp_core::{IoList, html};

/// In colours of its own, because the page's style may be anything.
const STYLE: &str = "padding:.6em 1em;background:#8b0000;color:#fff;font:1rem/1.4 sans-serif";

/// The notice, as HTML.
pub(crate) fn of(path: &Path, damage: &str) -> IoList {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    let mut notice = IoList::new();
    notice.push("<div role=\"alert\" style=\"");
    notice.push(STYLE);
    notice.push("\"><strong>The database file ");
    html::escape_into(&name, &mut notice);
    notice.push(
        " is damaged.</strong> Pages may be incomplete, and changes may be lost. Close the \
         program, keep a copy of the file, and restore a backup. (SQLite: ",
    );
    html::escape_into(damage, &mut notice);
    notice.push(")</div>\n");
    notice
}
