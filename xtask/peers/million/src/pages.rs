//! Every kind of page, by itself.

use program::{Client, Failure, Program};
use race::{Report, Row, progress};

use crate::book::{APPOINTMENTS, COMMON, CONTACTS, OTHER, RARE, Random};
use crate::{row, time};

/// The most for every page, in milliseconds.
const MEDIAN: f64 = 20.0;
const P99: f64 = 50.0;

const REQUESTS: usize = 200;

pub fn measure(program: &Program, report: &Report) -> Result<Vec<Row>, Failure> {
    let asked: Vec<_> = kinds().into_iter().filter(|kind| report.asks_for(kind.name)).collect();
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let mut rows = Vec::new();
    for kind in asked {
        progress(kind.name);
        rows.push(row(kind.name, kind.times(&program.client)?, MEDIAN, P99));
    }
    progress("");
    Ok(rows)
}

struct Kind {
    name: &'static str,
    paths: Paths,
}

enum Paths {
    /// A path for each request.
    Of(Box<dyn Fn(&mut Random) -> String>),
    /// A path, then the page that a link leads to whose URL contains this text, and so on.
    Walk(&'static str, &'static str),
}

fn kinds() -> Vec<Kind> {
    let of =
        |name, path: fn(&mut Random) -> String| Kind { name, paths: Paths::Of(Box::new(path)) };
    let fixed = |name, path: String| Kind {
        name,
        paths: Paths::Of(Box::new(move |_: &mut Random| path.clone())),
    };
    let walk = |name, start, link| Kind { name, paths: Paths::Walk(start, link) };
    vec![
        of("week", |random| format!("/?day={}", day(random))),
        of("month", |random| format!("/month?day={}", day(random))),
        of("day", |random| format!("/day?day={}", day(random))),
        fixed("contacts", "/contacts".to_owned()),
        walk("contacts, next pages", "/contacts", "after="),
        walk("contacts, back from the end", "/contacts?before=", "before="),
        fixed("contacts by e-mail", "/contacts?sort=email".to_owned()),
        fixed("contacts by phone", "/contacts?sort=phone".to_owned()),
        walk("contacts by phone, back from the end", "/contacts?sort=phone&before=", "before="),
        fixed("find contacts, rare word", format!("/contacts?q={RARE}")),
        fixed("find contacts, common word", format!("/contacts?q={COMMON}")),
        fixed("find contacts, word of all", "/contacts?q=example".to_owned()),
        fixed("find contacts, two common words", format!("/contacts?q={COMMON}+{OTHER}")),
        fixed("find contacts, common name and word", format!("/contacts?q=zo%C3%AB+{COMMON}")),
        fixed("find contacts, name at the end", "/contacts?q=zo%C3%AB".to_owned()),
        fixed("find contacts, name in the middle", "/contacts?q=lars".to_owned()),
        walk("find contacts, name at the end, next pages", "/contacts?q=zo%C3%AB", "after="),
        fixed("find contacts, letter", "/contacts?q=a".to_owned()),
        fixed("find contacts, two letters", "/contacts?q=ad".to_owned()),
        fixed("find contacts, three letters", "/contacts?q=ada".to_owned()),
        fixed("find contacts by phone, common word", format!("/contacts?sort=phone&q={COMMON}")),
        walk("find contacts, next pages", "/contacts?q=customer", "after="),
        fixed("search, rare word", format!("/search?q={RARE}")),
        fixed("search, common word", "/search?q=meeting".to_owned()),
        fixed("search, two common words", "/search?q=meeting+tea".to_owned()),
        fixed("search, letter", "/search?q=a".to_owned()),
        fixed("search, two letters", "/search?q=me".to_owned()),
        fixed("search, three letters", "/search?q=mee".to_owned()),
        of("contact", |random| format!("/contact/{}/", 1 + random.below(CONTACTS))),
        of("edit a contact", |random| format!("/contact/{}/edit", 1 + random.below(CONTACTS))),
        fixed("new contact", "/contact/new".to_owned()),
        of("edit an appointment", |random| {
            format!("/appointment/{}/edit", 1 + random.below(APPOINTMENTS))
        }),
        fixed("new appointment", "/appointment/new".to_owned()),
        fixed("tasks", "/tasks".to_owned()),
        walk("tasks, next pages", "/tasks", "after="),
    ]
}

impl Kind {
    fn times(&self, client: &Client) -> Result<Vec<f64>, Failure> {
        let mut random = Random(5);
        let mut times = Vec::new();
        match &self.paths {
            Paths::Of(path) => {
                client.get(&path(&mut random))?;
                for _ in 0..REQUESTS {
                    let path = path(&mut random);
                    times.push(time(|| client.get(&path))?);
                }
            }
            Paths::Walk(start, link) => {
                let mut path = (*start).to_owned();
                client.get(&path)?;
                for _ in 0..REQUESTS {
                    let mut page = Vec::new();
                    times.push(time(|| {
                        page = client.get(&path)?.body;
                        Ok(())
                    })?);
                    path = next(&String::from_utf8(page)?, link, &path)?;
                }
            }
        }
        Ok(times)
    }
}

/// The URL in the page that contains `link`.
fn next(page: &str, link: &str, path: &str) -> Result<String, Failure> {
    let mut urls = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let url = urls.find(|url| url.contains(link));
    let url = url.ok_or_else(|| format!("{path}: no link with {link}"))?.replace("&amp;", "&");
    Ok(match url.strip_prefix('?') {
        Some(query) => format!("{}?{query}", path.split('?').next().unwrap_or_default()),
        None => url,
    })
}

/// A day in the thirty years of the book.
fn day(random: &mut Random) -> String {
    let year = 2006 + random.below(29);
    format!("{year}-{:02}-{:02}", 1 + random.below(12), 1 + random.below(28))
}
