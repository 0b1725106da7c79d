//! The list of tasks: sorted by a remembered column, and checked off in place.

use jiff::civil::Date;
use serde::Serialize;
use solohttp::sqlite::rusqlite;
use solohttp::sqlite::{Cell, List, Record as _, SortOrder};
use solohttp::{
    Html, IoList, Path, Rejection, Request, Response, Result, StatusCode, html, iolist,
};

use crate::app::{App, BOOK};
use crate::task::{Priority, Task};
use crate::{database, dates};

/// The setting with the order that was chosen last.
const ORDER: &str = "tasks sorted by";

/// A task as a row in a list.
#[derive(Serialize)]
pub(crate) struct Line {
    id: i64,
    title: String,
    priority: &'static str,
    /// Where space is tight, only high priority is shown.
    is_high: bool,
    due: Option<String>,
    is_late: bool,
    done: bool,
}

impl Line {
    fn read(row: &rusqlite::Row<'_>, today: Date) -> rusqlite::Result<Self> {
        let task = Task::from_row(row)?;
        Ok(Self {
            id: row.get("id")?,
            priority: task.priority.label(),
            is_high: task.priority == Priority::High,
            due: task.due.map(|due| dates::short(due, today)),
            is_late: !task.done && task.due.is_some_and(|due| due < today),
            done: task.done,
            title: task.title,
        })
    }
}

/// The list of all tasks.
pub(crate) fn all(today: Date) -> List<Line> {
    List::new("SELECT * FROM task", move |row| Line::read(row, today))
        .id("tasks")
        .live(BOOK)
        .label("Tasks")
        .empty("Nothing to do.")
        .row_class(|task| if task.done { "done" } else { "" })
        .column("", "done", tick)
        .column("Task", "title", |task| Cell::link(format!("/task/{}/edit", task.id), &task.title))
        .sort_one_way_by("by_title", SortOrder::Ascending)
        .column("Priority", "priority", priority)
        .sort_one_way_by("by_priority", SortOrder::Descending)
        .column("Due", "due", due)
        .sort_one_way_by("by_due", SortOrder::Ascending)
        .sort_buttons("/tasks/sort/")
        .sorted_by("due")
}

fn tick(task: &Line) -> Cell {
    let (label, mark) = if task.done { ("Not done", "✓") } else { ("Done", "&nbsp;") };
    let form = iolist!["<form method=\"post\" action=\"/task/", task.id, "/toggle\">"];
    let title = html::escape(&task.title);
    let button = iolist!["<button class=\"tick\" aria-label=\"", label, ": ", title, "\">"];
    Cell::html(iolist![form, button, mark, "</button></form>"], "")
}

fn priority(task: &Line) -> Cell {
    let class = if task.is_high { "badge high" } else { "badge" };
    let badge = iolist!["<span class=\"", class, "\">", task.priority, "</span>"];
    Cell::html(badge, task.priority)
}

fn due(task: &Line) -> Cell {
    let Some(due) = &task.due else { return Cell::default() };
    let (class, late) = if task.is_late { ("due late", " (late)") } else { ("due", "") };
    Cell::html(iolist!["<span class=\"", class, "\">", html::escape(due), late, "</span>"], due)
}

#[derive(Serialize)]
struct Page {
    list: Html,
}

pub(crate) fn list(app: &mut App, request: &Request) -> Result<IoList> {
    let order = database::setting(&app.db, ORDER)?.unwrap_or_default();
    let page = all((app.today)()).sorted_by(&order).page(&app.db, request)?;
    app.page("tasks", "Tasks", "tasks", &Page { list: page.render().into() })
}

/// The open tasks that are due first, for the week's page.
pub(crate) fn next(app: &App) -> Result<Vec<Line>> {
    select(app, "SELECT * FROM task WHERE by_due < '1' ORDER BY by_due LIMIT ?1", [8])
}

pub(crate) fn select(app: &App, sql: &str, values: impl rusqlite::Params) -> Result<Vec<Line>> {
    let today = (app.today)();
    let mut statement = app.db.prepare_cached(sql)?;
    let rows = statement.query_map(values, |row| Line::read(row, today))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Stores the order in the database.
pub(crate) fn sort(app: &mut App, Path(by): Path<String>) -> Result<Response> {
    if !all((app.today)()).has_order(&by) {
        return Err(Rejection::new(StatusCode::NOT_FOUND, "Tasks can't be sorted by this.").into());
    }
    app.write("Order of tasks", |tx| Ok(database::set(tx, ORDER, &by)?))?;
    Ok(Response::redirect("/tasks"))
}

pub(crate) fn toggle(app: &mut App, Path(id): Path<i64>, request: &Request) -> Result<Response> {
    let task = Task::get(&app.db, id)?;
    let task = Task { done: !task.done, ..task };
    app.write("Task checked off", |tx| Ok(task.update(tx, id)?))?;
    // Tasks are checked off in the list or on the week's page.
    let back = request.query().get("at") == Some("week");
    Ok(Response::redirect(if back { "/" } else { "/tasks" }))
}
