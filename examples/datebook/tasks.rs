//! The list of tasks: sorted by a remembered column, and checked off in place.

use jiff::civil::Date;
use serde::Serialize;
use solohttp::sqlite::Record as _;
use solohttp::sqlite::rusqlite::{self, Connection};
use solohttp::{Html, IoList, Path, Rejection, Request, Response, Result, StatusCode};

use crate::app::{App, not_found};
use crate::task::{Priority, Task};
use crate::{database, dates, paging};

/// The sort orders, each with the label of its column and its database column.
const ORDERS: [(&str, &str, &str); 3] = [
    ("title", "Task", "by_title"),
    ("priority", "Priority", "by_priority"),
    ("due", "Due", "by_due"),
];

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

#[derive(Serialize)]
struct List {
    columns: Vec<Column>,
    tasks: Vec<Line>,
    pager: Html,
}

#[derive(Serialize)]
struct Column {
    order: &'static str,
    label: &'static str,
    is_sorted: bool,
    /// For `aria-sort`: high priority comes first.
    direction: &'static str,
}

pub(crate) fn list(app: &mut App, request: &Request) -> Result<IoList> {
    let (order, today) = (order(&app.db)?, (app.today)());
    let all = paging::List {
        select: "SELECT * FROM task WHERE true",
        values: &[],
        column: order.2,
        newest_first: false,
    };
    let page = all.page(&app.db, request, |row| Line::read(row, today))?;
    let (pager, tasks) = (page.pager(&app.pages)?, page.rows);
    let columns = ORDERS.map(|(name, label, _)| Column {
        order: name,
        label,
        is_sorted: name == order.0,
        direction: match name == order.0 {
            true if name == "priority" => "descending",
            true => "ascending",
            false => "none",
        },
    });
    app.page("tasks", "Tasks", "tasks", &List { columns: columns.into(), tasks, pager })
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

fn order(db: &Connection) -> rusqlite::Result<(&'static str, &'static str, &'static str)> {
    let kept = database::setting(db, "tasks sorted by")?;
    let known = ORDERS.into_iter().find(|order| Some(order.0) == kept.as_deref());
    Ok(known.unwrap_or(ORDERS[2]))
}

/// Stores the order in the database.
pub(crate) fn sort(app: &mut App, Path(by): Path<String>) -> Result<Response> {
    if !ORDERS.iter().any(|order| order.0 == by) {
        return Err(Rejection::new(StatusCode::NOT_FOUND, "Tasks can't be sorted by this.").into());
    }
    app.write("Order of tasks", |tx| Ok(database::set(tx, "tasks sorted by", &by)?))?;
    Ok(Response::redirect("/tasks"))
}

pub(crate) fn toggle(app: &mut App, Path(id): Path<i64>, request: &Request) -> Result<Response> {
    let sql = "UPDATE task SET done = NOT done WHERE id = ?1";
    if app.write("Task checked off", |tx| Ok(tx.execute(sql, [id])?))? == 0 {
        return Err(not_found("task").into());
    }
    // Tasks are checked off in the list or on the week's page.
    let back = request.query().get("at") == Some("week");
    Ok(Response::redirect(if back { "/" } else { "/tasks" }))
}

pub(crate) fn delete(app: &mut App, Path(id): Path<i64>) -> Result<Response> {
    let task = Task::find(&app.db, id)?.ok_or_else(|| not_found("task"))?;
    app.write(format!("“{}” deleted", task.title), |tx| Ok(Task::delete(tx, id)?))?;
    Ok(Response::redirect("/tasks"))
}
