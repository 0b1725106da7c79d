//! Finds broken links in the built documentation of the workspace's crates.
//!
//! rustdoc warns about names that it can't resolve, but not about missing pages, such as a link to
//! an item of a crate that hasn't been documented yet. This module reads only the `href` and `id`
//! attributes from the HTML.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

/// Broken links that rustdoc 1.95 itself writes, on crate pages and in HTML shown on other pages.
const NOT_OURS: [&str; 2] = ["all.html", "struct.GetAll.html"];

/// Returns the broken links, each with its page.
pub(crate) fn dead(documentation: &Path) -> io::Result<BTreeSet<String>> {
    let mut pages = Vec::new();
    for entry in fs::read_dir(documentation)?.flatten() {
        if entry.file_name().to_string_lossy().starts_with("solohttp") {
            find_pages(&entry.path(), &mut pages)?;
        }
    }
    let mut dead = BTreeSet::new();
    let mut targets = Targets::default();
    for page in &pages {
        let text = fs::read_to_string(page)?;
        for link in links(&text) {
            if !is_name(&link) && !NOT_OURS.contains(&link.as_str()) && !targets.has(page, &link) {
                let page = page.strip_prefix(documentation).unwrap_or(page);
                dead.insert(format!("{}: {link}", page.display()));
            }
        }
    }
    if pages.is_empty() {
        dead.insert("no documentation found".to_owned());
    }
    Ok(dead)
}

/// Whether the link is a name in Rust. rustdoc leaves it as it is if it knows the item, but not where
/// its crate is documented. It warns of names that it doesn't know.
fn is_name(link: &str) -> bool {
    link.contains("::")
}

fn find_pages(path: &Path, pages: &mut Vec<PathBuf>) -> io::Result<()> {
    if !path.is_dir() {
        if path.extension().is_some_and(|extension| extension == "html") {
            pages.push(path.to_owned());
        }
        return Ok(());
    }
    for entry in fs::read_dir(path)? {
        find_pages(&entry?.path(), pages)?;
    }
    Ok(())
}

/// The targets of the page's `a` elements.
fn links(text: &str) -> Vec<String> {
    let tags = text.split("<a ").skip(1).filter_map(|rest| rest.split('>').next());
    tags.flat_map(|tag| values(tag, "href=\"")).collect()
}

/// All values of this attribute, with `&amp;` decoded.
fn values(text: &str, attribute: &str) -> Vec<String> {
    let rest = text.split(attribute).skip(1);
    rest.filter_map(|rest| rest.split('"').next())
        .map(|value| value.replace("&amp;", "&"))
        .collect()
}

/// The pages read so far, with their anchors.
#[derive(Default)]
struct Targets(HashMap<PathBuf, Option<HashSet<String>>>);

impl Targets {
    fn has(&mut self, page: &Path, link: &str) -> bool {
        if ["http://", "https://", "data:", "mailto:"].iter().any(|scheme| link.starts_with(scheme))
        {
            return true;
        }
        let (path, place) = link.split_once('#').unwrap_or((link, ""));
        let path = path.split('?').next().unwrap_or_default();
        let target = match path {
            "" => page.to_owned(),
            path => normal(&page.parent().unwrap_or(page).join(path)),
        };
        let places = self.0.entry(target).or_insert_with_key(|target| places(target, 3));
        // A script creates the anchors for source lines and searches.
        let is_made =
            place.is_empty() || place.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        places.as_ref().is_some_and(|places| is_made || places.contains(place))
    }
}

/// Returns the anchors of a page, or `None` if there is no such file. Follows redirect pages, which
/// rustdoc writes for re-exported items.
fn places(file: &Path, most_steps: usize) -> Option<HashSet<String>> {
    let bytes = fs::read(file).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    match values(&text, "content=\"0;URL=").first() {
        Some(address) if most_steps > 0 => {
            places(&normal(&file.parent()?.join(address)), most_steps - 1)
        }
        _ => Some(values(&text, "id=\"").into_iter().collect()),
    }
}

/// Resolves `.` and `..` lexically.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => drop(normal.pop()),
            Component::CurDir => {}
            other => normal.push(other),
        }
    }
    normal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_broken_links() {
        let folder = std::env::temp_dir().join(format!("xtask-links-{}", std::process::id()));
        let pages = folder.join("solohttp").join("guide");
        fs::create_dir_all(&pages).unwrap();
        fs::write(folder.join("solohttp/index.html"), "<a id=\"here\" href=\"guide/a.html\">")
            .unwrap();
        let links = [
            "../index.html#here",
            "../index.html#gone",
            "a.html#1-2",
            "crate::dependency::Item",
            "#x",
            "b.html",
            "https://example.org/",
            "a.html?b&amp;c",
            "moved.html#here",
            "moved.html#gone",
        ];
        let page: String = links.iter().map(|link| format!("<a href=\"{link}\">")).collect();
        let text = "<code>href=\"/text\"</code><script>`href=\"${f}\"`</script>";
        fs::write(pages.join("a.html"), page + text).unwrap();
        let moved = "<meta http-equiv=\"refresh\" content=\"0;URL=../index.html\">";
        fs::write(pages.join("moved.html"), moved).unwrap();
        let dead = dead(&folder).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        let told: Vec<&str> = dead.iter().filter_map(|line| line.split(": ").nth(1)).collect();
        assert_eq!(told, ["#x", "../index.html#gone", "b.html", "moved.html#gone"]);
    }
}
