//! The listing page of a folder.

use std::cmp::Ordering;
use std::time::SystemTime;

use solohttp_core::html::escape_into;
use solohttp_core::{HeaderValue, IoList, LocalUrl, Locale, Request, Response, header, iolist};

use super::{Listed, ListedKind};
use crate::files::date::http_date;
use crate::words::RouterWords;

/// Returns the listing page. The path of `request` must end in a slash.
pub(super) fn page(request: &Request, mut entries: Vec<Listed>) -> Response {
    entries.sort_by(by_kind_and_name);
    let depth = request.segments().len() - 1;
    let here = || request.segments().take(depth);
    let shown = here().fold("/".to_owned(), |shown, segment| shown + segment + "/");
    let words = &*Locale::current::<RouterWords>();
    let mut body = IoList::new();
    if depth > 0 {
        let above = request.root_url(here().take(depth - 1).chain([""]));
        push_link(&mut body, &above, &words.parent.to_string(), "<p>", "</p>\n");
    }
    if entries.is_empty() {
        body.push("<p>");
        escape_into(&words.empty.to_string(), &mut body);
        body.push("</p>\n");
    } else {
        body.push("<table>\n<thead><tr>");
        for (align, column) in
            [("left", &words.name), ("right", &words.size), ("left", &words.changed)]
        {
            body.push(iolist!["<th scope=\"col\" align=\"", align, "\">"]);
            escape_into(&column.to_string(), &mut body);
            body.push("</th>");
        }
        body.push("</tr></thead>\n<tbody>\n");
        for entry in &entries {
            let name = entry.name.as_str();
            match entry.kind {
                ListedKind::Folder => {
                    let url = request.root_url(here().chain([name, ""]));
                    push_row(&mut body, &url, &format!("{name}/"), "", entry, words);
                }
                ListedKind::File { len } => {
                    let url = request.root_url(here().chain([name]));
                    push_row(&mut body, &url, name, &size(len, words), entry, words);
                }
            }
        }
        body.push("</tbody>\n</table>\n");
    }
    Response::page(&words.files_in.say(&[("folder", &shown)]), body)
        .with_header(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"))
}

fn push_row(
    body: &mut IoList,
    url: &LocalUrl,
    shown: &str,
    size: &str,
    entry: &Listed,
    words: &RouterWords,
) {
    push_link(body, url, shown, "<tr><td>", "</td><td align=\"right\">");
    escape_into(size, body);
    body.push("</td><td>");
    if let Some(modified) = entry.modified {
        escape_into(&date(modified, words), body);
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

/// Puts folders first, then sorts by name; case only breaks ties.
fn by_kind_and_name(a: &Listed, b: &Listed) -> Ordering {
    let is_file = |entry: &Listed| entry.kind != ListedKind::Folder;
    let lower = |entry: &Listed| entry.name.to_lowercase();
    is_file(a)
        .cmp(&is_file(b))
        .then_with(|| lower(a).cmp(&lower(b)))
        .then_with(|| a.name.cmp(&b.name))
}

/// Formats the date using only digits.
fn date(time: SystemTime, words: &RouterWords) -> String {
    const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";
    let date = http_date(time);
    let parts: Vec<&str> = date.split(' ').collect();
    let [_, day, month, year, time, _] = parts[..] else { return date };
    let month = MONTHS.find(month).map_or(0, |at| at / 3 + 1);
    let month = format!("{month:02}");
    words.date.say(&[("year", &year), ("month", &month), ("day", &day), ("time", &time)])
}

/// Formats the size with one decimal, in a unit that is a power of 1,024 bytes.
fn size(len: u64, words: &RouterWords) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    if len < 1024 {
        return words.size_in.say(&[("number", &len), ("unit", &"B")]);
    }
    // In tenths of a unit, to avoid floats.
    let mut tenths = len.saturating_mul(10) / 1024;
    let mut unit = 0;
    while tenths >= 10_240 && unit + 1 < UNITS.len() {
        tenths /= 1024;
        unit += 1;
    }
    let number = format!("{}.{}", tenths / 10, tenths % 10);
    words.size_in.say(&[("number", &number), ("unit", &UNITS[unit])])
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
            assert_eq!(size(len, &RouterWords::default()), expect);
        }
    }

    #[test]
    fn dates_have_no_month_names() {
        let time = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(951_782_399);
        assert_eq!(date(time, &RouterWords::default()), "2000-02-28 23:59:59 UTC");
    }

    #[test]
    fn sorts_folders_first_and_by_case_last() {
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
