//! Resolves the links on a page (WHATWG URL section 4.4), as far as they lead to the same server.

use percent_encoding::{AsciiSet, utf8_percent_encode};

/// The characters that browsers encode in paths and queries.
const ENCODED: &AsciiSet =
    &percent_encoding::CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'`');

/// The server's address, as in `Host`.
pub(super) const HOST: &str = "localhost";

/// Resolves `link` on the page at `base`, which is a path with an optional query and fragment.
/// Returns `None` if the link leads elsewhere.
pub(super) fn resolve(base: &str, link: &str) -> Option<String> {
    let link: String = link.trim().chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect();
    let (link, fragment) = link
        .split_once('#')
        .map_or((link.as_str(), None), |(link, fragment)| (link, Some(fragment)));
    let local = resolve_path(without_fragment(base), link)?;
    let mut url = utf8_percent_encode(&local, ENCODED).to_string();
    if let Some(fragment) = fragment {
        url.push('#');
        url.extend(utf8_percent_encode(fragment, ENCODED));
    }
    Some(url)
}

/// The part of a URL that is sent to the server.
pub(super) fn without_fragment(url: &str) -> &str {
    url.split('#').next().unwrap_or_default()
}

fn resolve_path(base: &str, link: &str) -> Option<String> {
    let (base_path, base_query) = split_query(base);
    let link = match link.split_once(':') {
        Some((scheme, rest)) if is_scheme(scheme) => {
            rest.strip_prefix("//").filter(|_| scheme.eq_ignore_ascii_case("http"))?;
            rest
        }
        _ => link,
    };
    let (path, query) = split_query(link);
    let path = path.replace('\\', "/");
    let (path, query) = if let Some(rest) = path.strip_prefix("//") {
        let (host, _) = rest.split_once('/').unwrap_or((rest, ""));
        (host.eq_ignore_ascii_case(HOST).then(|| without_dots(&rest[host.len()..]))?, query)
    } else if path.starts_with('/') {
        (without_dots(&path), query)
    } else if path.is_empty() {
        (base_path.to_owned(), if link.is_empty() { base_query } else { query })
    } else {
        let folder = base_path.rfind('/').map_or("/", |slash| &base_path[..=slash]);
        (without_dots(&format!("{folder}{path}")), query)
    };
    Some(path + query)
}

/// Splits before the question mark.
fn split_query(url: &str) -> (&str, &str) {
    url.split_at(url.find('?').unwrap_or(url.len()))
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

/// Resolves `.` and `..` in a path. The result starts with a slash.
fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut segments = path.strip_prefix('/').unwrap_or(path).split('/').peekable();
    while let Some(segment) = segments.next() {
        let is_last = segments.peek().is_none();
        match segment {
            "." | "%2e" | "%2E" => {}
            ".." => drop(kept.pop()),
            segment => {
                kept.push(segment);
                continue;
            }
        }
        if is_last {
            kept.push("");
        }
    }
    format!("/{}", kept.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(link: &str, expect: &str) {
        assert_eq!(resolve("/a/b?c=1#d", link).as_deref(), Some(expect), "{link}");
    }

    #[test]
    fn links_are_resolved_on_their_page() {
        check("", "/a/b?c=1");
        check("#top", "/a/b?c=1#top");
        check("?e", "/a/b?e");
        check("e", "/a/e");
        check("e/", "/a/e/");
        check("./e?f", "/a/e?f");
        check("../e", "/e");
        check("../../..", "/");
        check(".", "/a/");
        check("/e?f=/../", "/e?f=/../");
        check(" /é \"x\"\n ", "/%C3%A9%20%22x%22");
        check("//localhost/e", "/e");
        check("http://localhost", "/");
        check("HTTP://LocalHost/e?f#g", "/e?f#g");
    }

    #[test]
    fn other_servers_are_not_followed() {
        for link in [
            "//example.org/",
            "http://example.org/",
            "https://localhost/",
            "mailto:ann@example.org",
            "http:e",
            "\\\\example.org/",
        ] {
            assert_eq!(resolve("/", link), None, "{link}");
        }
    }
}
