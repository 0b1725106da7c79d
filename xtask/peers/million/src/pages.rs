//! Every kind of page, by itself.

use std::time::{Duration, Instant};

use program::{Client, Failure, Program};
use race::{Report, Row, progress};

use crate::book::{APPOINTMENTS, COMMON, CONTACTS, OTHER, RARE, Random};
use crate::machine::Machine;
use crate::{row, time};

/// The most for every page, in milliseconds.
const MEDIAN: f64 = 20.0;
const P99: f64 = 50.0;

const REQUESTS: usize = 200;

/// Requests between two checks of the [machine](Machine).
const BATCH: usize = 10;

/// How long a page may wait for the machine.
const PATIENCE: Duration = Duration::from_secs(60);

pub fn measure(program: &Program, report: &Report) -> Result<Vec<Row>, Failure> {
    let asked: Vec<_> = kinds().into_iter().filter(|kind| report.asks_for(kind.name)).collect();
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let (mut rows, mut machine) = (Vec::new(), Machine::new());
    for kind in asked {
        progress(kind.name);
        let [times, disturbed] = kind.times(&program.client, &mut machine)?;
        let all = race::median([&times[..], &disturbed].concat());
        let beside = [("disturbed", disturbed.len() as f64), ("median of all", all)];
        rows.push(row(kind.name, times, MEDIAN, P99, &beside));
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
    /// Returns the times of the requests, and those of disturbed ones, which were sent again. If the
    /// machine doesn't get quiet, all times count.
    fn times(&self, client: &Client, machine: &mut Machine) -> Result<[Vec<f64>; 2], Failure> {
        let mut requests = Requests { client, kind: self, random: Random(5), path: String::new() };
        requests.send()?;
        let (mut times, mut disturbed, start) = (Vec::new(), Vec::new(), Instant::now());
        while times.len() < REQUESTS && start.elapsed() < PATIENCE {
            let was_quiet = machine.is_quiet();
            let batch: Vec<f64> = (0..BATCH).map(|_| requests.send()).collect::<Result<_, _>>()?;
            let is_quiet = was_quiet && machine.is_quiet();
            if is_quiet { &mut times } else { &mut disturbed }.extend(batch);
        }
        if times.len() < REQUESTS {
            times.append(&mut disturbed);
        }
        Ok([times, disturbed])
    }
}

/// The requests for one kind of page.
struct Requests<'a> {
    client: &'a Client,
    kind: &'a Kind,
    random: Random,
    /// The next page of a walk.
    path: String,
}

impl Requests<'_> {
    /// Sends the next one, and returns its time.
    fn send(&mut self) -> Result<f64, Failure> {
        match &self.kind.paths {
            Paths::Of(path) => {
                let path = path(&mut self.random);
                time(|| self.client.get(&path))
            }
            Paths::Walk(start, link) => {
                let path = if self.path.is_empty() { start } else { &*self.path };
                let mut page = Vec::new();
                let took = time(|| {
                    page = self.client.get(path)?.body;
                    Ok(())
                })?;
                self.path = match next(&String::from_utf8(page)?, link, path) {
                    Ok(next) => next,
                    Err(error) if self.path.is_empty() => return Err(error),
                    // After the last page, it starts anew.
                    Err(_) => String::new(),
                };
                Ok(took)
            }
        }
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
