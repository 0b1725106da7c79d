//! The index of a folder as a page.

use std::cmp::Ordering;

use solohttp_core::html::escape_into;
use solohttp_core::{HeaderValue, IoList, LocalUrl, Request, Response, header};

use super::{Listed, ListedKind};
use crate::date::http_date;

/// The page; the path of `request` ends in a slash.
pub(super) fn page(request: &Request, mut entries: Vec<Listed>) -> Response {
    entries.sort_by(by_kind_and_name);
    let depth = request.segments().len() - 1;
    let here = || request.segments().take(depth);
    let shown = here().fold("/".to_owned(), |shown, segment| shown + segment + "/");
    let mut body = IoList::new();
    if depth > 0 {
        let above = request.root_url(here().take(depth - 1).chain([""]));
        push_link(&mut body, &above, "..", "<p>", " (the folder above)</p>\n");
    }
    if entries.is_empty() {
        body.push("<p>This folder is empty.</p>\n");
    } else {
        body.push(
            "<table>\n<thead><tr><th scope=\"col\" align=\"left\">Name</th>\
             <th scope=\"col\" align=\"right\">Size</th>\
             <th scope=\"col\" align=\"left\">Changed</th></tr></thead>\n<tbody>\n",
        );
        for entry in &entries {
            let name = entry.name.as_str();
            match entry.kind {
                ListedKind::Folder => {
                    let url = request.root_url(here().chain([name, ""]));
                    push_row(&mut body, &url, &format!("{name}/"), "", entry);
                }
                ListedKind::File { len } => {
                    let url = request.root_url(here().chain([name]));
                    push_row(&mut body, &url, name, &size(len), entry);
                }
            }
        }
        body.push("</tbody>\n</table>\n");
    }
    Response::page(&format!("Files in {shown}"), body)
        .with_header(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"))
}

fn push_row(body: &mut IoList, url: &LocalUrl, shown: &str, size: &str, entry: &Listed) {
    push_link(body, url, shown, "<tr><td>", "</td><td align=\"right\">");
    body.push(size.to_owned());
    body.push("</td><td>");
    if let Some(modified) = entry.modified {
        body.push(http_date(modified));
    }
    body.push("</td></tr>\n");
}

fn push_link(
    body: &mut IoList,
    url: &LocalUrl,
    shown: &str,
    before: &'static str,
    after: &'static str,
) {
    body.push(before);
    body.push("<a href=\"");
    escape_into(&url.to_string(), body);
    body.push("\">");
    escape_into(shown, body);
    body.push("</a>");
    body.push(after);
}

/// Folders first; case counts only between names that differ in nothing else.
fn by_kind_and_name(a: &Listed, b: &Listed) -> Ordering {
    let is_file = |entry: &Listed| entry.kind != ListedKind::Folder;
    let lower = |entry: &Listed| entry.name.to_lowercase();
    is_file(a)
        .cmp(&is_file(b))
        .then_with(|| lower(a).cmp(&lower(b)))
        .then_with(|| a.name.cmp(&b.name))
}

/// In units of 1,024 bytes, with one decimal.
fn size(len: u64) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    if len < 1024 {
        return format!("{len} B");
    }
    // In tenths of the unit, so that no float is needed.
    let mut tenths = len.saturating_mul(10) / 1024;
    let mut unit = 0;
    while tenths >= 10_240 && unit + 1 < UNITS.len() {
        tenths /= 1024;
        unit += 1;
    }
    format!("{}.{} {}", tenths / 10, tenths % 10, UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_readable() {
        for (len, expect) in [
            (0, "0 B"),
            (1023, "1023 B"),
            (1024, "1.0 KiB"),
            (1536, "1.5 KiB"),
            (1 << 20, "1.0 MiB"),
            (4 << 30, "4.0 GiB"),
            (5 << 50, "5120.0 TiB"),
        ] {
            assert_eq!(size(len), expect);
        }
    }

    #[test]
    fn folders_come_first_and_case_counts_last() {
        let entry = |name: &str, kind| Listed { name: name.to_owned(), kind, modified: None };
        let file = ListedKind::File { len: 0 };
        let mut entries = [
            entry("b", file),
            entry("C", ListedKind::Folder),
            entry("B", file),
            entry("a", file),
            entry("d", ListedKind::Folder),
        ];
        entries.sort_by(by_kind_and_name);
        assert_eq!(entries.map(|entry| entry.name), ["C", "d", "a", "B", "b"]);
    }
}
