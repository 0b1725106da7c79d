//! The pages for the user: the list of copies, the confirmation page, and the restore.

use std::fmt;
use std::time::{Duration, Instant, SystemTime};

use rusqlite::Connection;
use solohttp_core::{
    Allow, Dates, Fields, IoList, Locale, Method, Numerals, Question, Request, Response,
    StatusCode, iolist,
};

use super::{Copies, CopiesWords, CopyError, CopyKind, DatabaseCopy};
use crate::page::text;

const FOLDER: &str = "/__copies";
const LIST: &str = "/__copies/";
const RESTORE: &str = "/__copies/restore";

/// The time limit for counting the rows of all listed copies. Other requests wait during the count.
const COUNTING: Duration = Duration::from_millis(200);

/// Returns the connection to restore into.
type ToConnection<S> = Box<dyn Fn(&mut S) -> &mut Connection>;

type AfterRestore<S> = Box<dyn Fn(&mut S)>;

/// The application's closures for these pages.
pub(crate) struct CopiesPage<S> {
    pub(crate) connection: Option<ToConnection<S>>,
    pub(crate) after_restore: Option<AfterRestore<S>>,
}

impl<S> Default for CopiesPage<S> {
    fn default() -> Self {
        Self { connection: None, after_restore: None }
    }
}

impl<S> CopiesPage<S> {
    /// Responds to a request for one of the pages. The flag tells whether a copy was restored.
    /// Returns `None` if the request is for the application.
    pub(crate) fn respond(
        &self,
        state: &mut S,
        request: &Request,
        has_moved: impl FnOnce(&S) -> bool,
    ) -> Option<(Response, bool)> {
        let connection = self.connection.as_ref()?;
        let path = request.path();
        if ![FOLDER, LIST, RESTORE].contains(&path) {
            return None;
        }
        let words = &*Locale::current::<CopiesWords>();
        let response = match (request.method(), path) {
            (&Method::GET | &Method::HEAD, FOLDER) => Response::redirect(LIST),
            (&Method::GET | &Method::HEAD, LIST) => list(connection(state), request, words),
            (&Method::GET | &Method::HEAD, _) => confirm(connection(state), request, words),
            (&Method::POST, RESTORE) if has_moved(state) => {
                refused(StatusCode::CONFLICT, &words.moved.to_string(), words)
            }
            (&Method::POST, RESTORE) => {
                let response = restore(connection(state), request, words);
                let is_restored = response.status().is_redirection();
                if let Some(then) = self.after_restore.as_ref().filter(|_| is_restored) {
                    then(state);
                }
                return Some((response, is_restored));
            }
            (_, RESTORE) => Allow::new([Method::GET, Method::HEAD, Method::POST]).respond(request),
            _ => Allow::new([Method::GET, Method::HEAD]).respond(request),
        };
        Some((response, false))
    }
}

/// Restores a copy. Redirects to the list on success.
fn restore(db: &mut Connection, request: &Request, words: &CopiesWords) -> Response {
    let name = request.form().ok().and_then(|form| form.get("copy")).unwrap_or_default();
    let missing = || CopyError::Missing { name: name.to_owned() };
    let restored = Copies::of(db).ok_or_else(missing).and_then(|copies| copies.restore(db, name));
    match restored {
        Ok(kept) => {
            let fields = Fields::from_iter([("restored", name), ("kept", &*kept.name)]);
            Response::redirect(request.root_url(["__copies", ""]).with_query(&fields))
        }
        Err(error) => {
            log::warn!(target: "solohttp", "cannot restore {name:?}: {error}");
            let status = match error {
                CopyError::Failed(_) => StatusCode::INTERNAL_SERVER_ERROR,
                _ => StatusCode::CONFLICT,
            };
            refused(status, &reason(&error, name, words), words)
        }
    }
}

fn reason(error: &CopyError, copy: &str, words: &CopiesWords) -> String {
    let sentence = match error {
        CopyError::InUse => &words.in_use,
        CopyError::Missing { .. } => &words.missing,
        CopyError::Damaged { found, .. } => {
            return words.damaged.say(&[("copy", &copy), ("error", found)]);
        }
        CopyError::NewerSchema { .. } => &words.newer,
        CopyError::OtherSchema { .. } => &words.other_schema,
        CopyError::Failed(error) => {
            return words.failed.say(&[("copy", &copy), ("error", &chain(&**error))]);
        }
    };
    sentence.say(&[("copy", &copy)])
}

/// An error with its causes.
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

fn refused(status: StatusCode, reason: &str, words: &CopiesWords) -> Response {
    let mut body = IoList::new();
    body.push(iolist!["<p role=\"alert\">", text(reason), "</p>\n"]);
    body.push(iolist!["<p>", text(&words.unchanged.to_string()), "</p>\n"]);
    body.push(link(LIST, &words.back.to_string()));
    Response::page(&words.refused.to_string(), body).with_status(status)
}

fn confirm(db: &Connection, request: &Request, words: &CopiesWords) -> Response {
    let name = request.query().get("copy").unwrap_or_default();
    let copies = Copies::of(db).and_then(|copies| copies.list().ok()).unwrap_or_default();
    let Some(copy) = copies.iter().find(|copy| copy.name == name) else {
        let missing = words.missing.say(&[("copy", &name)]);
        return refused(StatusCode::NOT_FOUND, &missing, words);
    };
    let question =
        Question::new(words.confirm.say(&[("time", &shown(&local_time(db, copy.as_of)))]))
            .detail(words.confirm_what.say(&[("file", &file_name(db))]))
            .detail(words.confirm_kept.to_string())
            .detail(contents(copy, COUNTING, words));
    let button = words.restore.to_string();
    question.form(RESTORE, &button).field("copy", name).cancel_link(LIST).page()
}

fn list(db: &Connection, request: &Request, words: &CopiesWords) -> Response {
    let title = words.title.say(&[("file", &file_name(db))]);
    let copies = match Copies::of(db).map_or_else(|| Ok(Vec::new()), |copies| copies.list()) {
        Ok(copies) => copies,
        Err(error) => return Response::failed(error.into()),
    };
    let mut body = IoList::new();
    // The names come from the URL, so they are only shown if copies with these names exist.
    let named = |field| {
        let name = request.query().get(field)?;
        copies.iter().find(|copy| copy.name == name)
    };
    if let (Some(copy), Some(kept)) = (named("restored"), named("kept")) {
        let restored = words.restored.say(&[("copy", &copy.name), ("kept", &kept.name)]);
        body.push(iolist!["<p role=\"status\">", text(&restored), "</p>\n"]);
    }
    if copies.is_empty() {
        body.push(iolist!["<p>", text(&words.none.to_string()), "</p>\n"]);
    } else {
        push_list(&mut body, db, request, &copies, words);
    }
    body.push(link("/", &words.home.to_string()));
    Response::page(&title, body)
}

fn push_list(
    body: &mut IoList,
    db: &Connection,
    request: &Request,
    copies: &[DatabaseCopy],
    words: &CopiesWords,
) {
    body.push("<ul>\n");
    let until = Instant::now() + COUNTING;
    for copy in copies {
        let iso = local_time(db, copy.as_of);
        let time = shown(&iso);
        let rows = contents(copy, until.saturating_duration_since(Instant::now()), words);
        let what = [kind(copy.kind, words), size(copy.bytes, words), rows].join("; ");
        let to = request.root_url(["__copies", "restore"]).with("copy", &copy.name).to_string();
        let label = words.restore_of.say(&[("time", &time)]);
        body.push(iolist!["<li><p><strong><time datetime=\"", text(&iso), "\">", text(&time)]);
        body.push_str("</time></strong><br>\n");
        body.push(iolist![text(&what), "<br>\n<a href=\"", text(&to), "\" aria-label=\""]);
        body.push(iolist![
            text(&label),
            "\">",
            text(&words.restore.to_string()),
            "</a></p></li>\n"
        ]);
    }
    body.push("</ul>\n");
}

fn kind(kind: CopyKind, words: &CopiesWords) -> String {
    match kind {
        CopyKind::Daily => words.daily.to_string(),
        CopyKind::BeforeMigration(version) => words.before_migration.say(&[("version", &version)]),
        CopyKind::Replaced => words.replaced.to_string(),
    }
}

/// The tables of a copy, each with its number of rows.
fn contents(copy: &DatabaseCopy, limit: Duration, words: &CopiesWords) -> String {
    let numerals = Locale::current::<Numerals>();
    let tables = match copy.tables(limit) {
        Ok(tables) if tables.is_empty() => return words.empty.to_string(),
        Ok(tables) => tables,
        Err(error) => return words.unreadable.say(&[("error", &error)]),
    };
    let shown = tables.iter().map(|table| match table.rows {
        Some(rows) => {
            let rows = numerals.show(&rows.to_string());
            words.table.say(&[("table", &table.table), ("rows", &rows)])
        }
        None => words.large_table.say(&[("table", &table.table)]),
    });
    shown.collect::<Vec<_>>().join(", ")
}

fn size(bytes: u64, words: &CopiesWords) -> String {
    let (unit, sentence) = match bytes {
        0..1_000_000 => (1_000, &words.kilobytes),
        1_000_000..1_000_000_000 => (1_000_000, &words.megabytes),
        _ => (1_000_000_000, &words.gigabytes),
    };
    let tenths = bytes.saturating_mul(10).div_ceil(unit);
    let plain = format!("{}.{}", tenths / 10, tenths % 10);
    sentence.say(&[("size", &Locale::current::<Numerals>().show(&plain))])
}

/// The date and time in the application's format.
fn shown(iso: &str) -> String {
    let dates = Locale::current::<Dates>();
    // The application's pattern may need what this time doesn't have, such as a time zone.
    dates.show(iso, dates.date_time_pattern()).unwrap_or_else(|_| iso.replace('T', " "))
}

/// `2026-11-28T14:05`, in the computer's time zone, which SQLite knows.
fn local_time(db: &Connection, time: SystemTime) -> String {
    let since_1970 = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let seconds = i64::try_from(since_1970.as_secs()).unwrap_or_default();
    let time = "SELECT strftime('%Y-%m-%dT%H:%M', ?1, 'unixepoch', 'localtime')";
    db.query_row(time, [seconds], |row| row.get(0)).unwrap_or_default()
}

fn file_name(db: &Connection) -> String {
    let path = std::path::Path::new(db.path().unwrap_or_default());
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn link(to: &'static str, label: &str) -> IoList {
    iolist!["<p><a href=\"", to, "\">", text(label), "</a></p>\n"]
}

impl<S> fmt::Debug for CopiesPage<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CopiesPage").finish_non_exhaustive()
    }
}
