//! Long lists, a page at a time: no page of the book grows with the book.

use serde::Serialize;
use solohttp::{Html, Request, Result, TemplateFolder};

/// Rows on a page.
pub(crate) const ROWS: usize = 50;

/// What is read for a page: one row more than is shown tells whether there are more.
pub(crate) const MOST_READ: u32 = 51;

/// The end of a statement whose last value is an `offset`.
pub(crate) const WINDOW: &str = "LIMIT 51 OFFSET ?";

/// The links to the pages before and after this one.
#[derive(Serialize)]
struct Links {
    number: u32,
    previous: Option<String>,
    next: Option<String>,
}

/// Where a page with this number begins. Numbers start at 1; a missing one is 0.
pub(crate) fn offset(number: u32) -> i64 {
    i64::from(number.saturating_sub(1)) * 50
}

/// Cuts the row that is one too many, and makes the links; nothing if one page holds all.
pub(crate) fn links<T>(
    pages: &TemplateFolder,
    request: &Request,
    number: u32,
    rows: &mut Vec<T>,
) -> Result<Html> {
    let number = number.max(1);
    let link = |number: u32| {
        let mut query = request.query().clone();
        query.remove("page");
        query.push("page", number.to_string());
        format!("{}?{query}", request.path())
    };
    let next = (rows.len() > ROWS).then(|| link(number.saturating_add(1)));
    rows.truncate(ROWS);
    let previous = (number > 1).then(|| link(number - 1));
    if next.is_none() && previous.is_none() {
        return Ok(Html::default());
    }
    Ok(pages.render("pager", &Links { number, previous, next })?.into())
}

/// What was typed into a search, as a query of SQLite's full-text search: every word must be there,
/// or something that begins with it.
pub(crate) fn words(typed: &str) -> Option<String> {
    let words = typed.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let words: Vec<String> = words.map(|word| format!("\"{word}\"*")).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_typed_is_syntax() {
        let check = |typed: &str, expect: Option<&str>| {
            assert_eq!(words(typed).as_deref(), expect, "{typed}");
        };
        check("ann o'neil", Some("\"ann\"* \"o\"* \"neil\"*"));
        check("NEAR(\"a\" *) ", Some("\"NEAR\"* \"a\"*"));
        check("zoë@example.org", Some("\"zoë\"* \"example\"* \"org\"*"));
        check(" -*\" ", None);
    }

    #[test]
    fn links_keep_the_rest_of_the_query() {
        let pages = TemplateFolder::embedded(&[("pager", "{previous:url} {number} {next:url}")]);
        let check = |url: &str, number, count: usize, expect: &str| {
            let request = Request::get(url).build();
            let mut rows = vec![(); count];
            let links = links(&pages, &request, number, &mut rows).unwrap();
            assert_eq!(solohttp::IoList::from(links).to_string(), expect);
            assert!(rows.len() <= ROWS);
        };
        check("/c?q=a%26b", 0, 50, "");
        check("/c?q=a%26b", 0, 51, " 1 /c?q=a%26b&amp;page=2");
        check("/c?page=2&q=x", 2, 51, "/c?q=x&amp;page=1 2 /c?q=x&amp;page=3");
        check("/c?page=3", 3, 7, "/c?page=2 3 ");
    }
}
