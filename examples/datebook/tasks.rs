//! The list of tasks: sorted by a remembered column, and checked off in place.

use jiff::civil::Date;
use serde::Serialize;
use solohttp::sqlite::rusqlite::ToSql;
use solohttp::sqlite::{Cell, List, Record as _, SortOrder, Stored};
use solohttp::{IoList, Path, Rejection, Request, Response, Result, StatusCode, values};

use crate::app::App;
use crate::task::{Priority, Task};
use crate::{database, dates};

/// The setting with the order that was chosen last.
const ORDER: &str = "tasks sorted by";

/// The list of all tasks.
pub(crate) fn all(today: Date) -> List<Stored<Task>> {
    Task::list()
        .id("tasks")
        .live(App::LIVE)
        .label("Tasks")
        .empty("Nothing to do.")
        .row_class(|task| if task.done { "done" } else { "" })
        .column("", "done", |task| {
            let (mark, label) = if task.done { ("✓", "Not done") } else { ("\u{a0}", "Done") };
            let path = format!("/task/{}/toggle", task.id);
            Cell::button(path, mark, format!("{label}: {}", task.title)).class("tick")
        })
        .column("Task", "title", |task| Cell::link(format!("/task/{}/edit", task.id), &task.title))
        .sort_one_way_by("by_title", SortOrder::Ascending)
        .column("Priority", "priority", |task| {
            let class = if task.priority == Priority::High { "badge high" } else { "badge" };
            Cell::text(task.priority.label()).class(class)
        })
        .sort_one_way_by("by_priority", SortOrder::Descending)
        .column("Due", "due", move |task| {
            due(task, today).map(|(due, class)| Cell::text(due).class(class)).into()
        })
        .sort_one_way_by("by_due", SortOrder::Ascending)
        .sort_buttons("/tasks/sort/")
        .sorted_by("due")
}

/// When a task is due, and the class of this text.
fn due(task: &Task, today: Date) -> Option<(String, &'static str)> {
    let due = dates::short(task.due?, today);
    let is_late = !task.done && task.due < Some(today);
    Some(if is_late { (due + " (late)", "due late") } else { (due, "due") })
}

pub(crate) fn list(app: &mut App, request: &Request) -> Result<IoList> {
    let order = database::setting(&app.db, ORDER)?.unwrap_or_default();
    let list = all((app.state.today)()).sorted_by(&order).page(&app.db, request)?;
    app.page("Tasks", "tasks", &values! { area: "tasks", list })
}

/// Selects tasks for other pages.
pub(crate) fn select(
    app: &App,
    rest: &str,
    params: &[&dyn ToSql],
) -> Result<Vec<impl Serialize + use<>>> {
    let line = |task: Stored<Task>| {
        let (due, class) = due(&task, (app.state.today)()).unzip();
        let Stored { id, record: Task { title, priority, done, .. } } = task;
        // Where space is tight, only high priority is shown.
        values! { id, title, is_high: priority == Priority::High, due, class, done }
    };
    Ok(Task::select(&app.db, rest, params)?.into_iter().map(line).collect())
}

/// Stores the order in the database.
pub(crate) fn sort(app: &mut App, Path(by): Path<String>) -> Result<Response> {
    if !all((app.state.today)()).has_order(&by) {
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
