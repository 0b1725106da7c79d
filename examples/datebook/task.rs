//! Tasks: the record, its SQL, its form, and the page to add or edit one.

use jiff::civil::Date;
use solohttp::forms::{
    Choices, FormView, Formlet, RecordForm, Submission, checkbox, choices, date, form, radio, text,
    textarea,
};
use solohttp::sqlite::rusqlite::{self, Connection, OptionalExtension as _, Row, params};
use solohttp::{IoList, Request, Response, Result};

use crate::app::{App, not_found};
use crate::database::maybe_parsed;
use crate::{contact, dates};

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Task {
    pub(crate) title: String,
    pub(crate) priority: Priority,
    pub(crate) due: Option<Date>,
    pub(crate) done: bool,
    pub(crate) notes: String,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Priority {
    Low = 1,
    Normal = 2,
    High = 3,
}

pub(crate) fn priorities() -> Choices<Priority> {
    choices!(Priority { High: "High", Normal: "Normal", Low: "Low" })
}

// This one definition yields the controls, labels, attributes, checks and messages, as well as the
// record. The CSV import uses it, too.
pub(crate) fn task_form() -> RecordForm<Task> {
    form!(Task {
        title: text("Task").required().max_length(200).attr("autocomplete", "off").autofocus(),
        priority: radio("Priority", priorities()).initial(Priority::Normal),
        due: date("Due").min(dates::FIRST).max(dates::LAST).optional(),
        done: checkbox("Done"),
        notes: textarea("Notes").max_length(10_000),
    })
}

impl Task {
    pub(crate) fn load(db: &Connection, id: i64) -> rusqlite::Result<Option<Self>> {
        let sql = "SELECT * FROM task WHERE id = ?1";
        db.prepare_cached(sql)?.query_row([id], Self::read).optional()
    }

    pub(crate) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            title: row.get("title")?,
            priority: match row.get("priority")? {
                1 => Priority::Low,
                2 => Priority::Normal,
                3 => Priority::High,
                other => return Err(rusqlite::Error::IntegralValueOutOfRange(2, other)),
            },
            due: maybe_parsed(row, "due")?,
            done: row.get("done")?,
            notes: row.get("notes")?,
        })
    }

    /// Inserts the task, or replaces the one with this id. Returns the id.
    pub(crate) fn save(&self, db: &Connection, id: Option<i64>) -> rusqlite::Result<i64> {
        let sql = "INSERT INTO task (id, title, sort_key, priority, due, done, notes)
            VALUES (?1, ?2, sort_key(?2), ?3, ?4, ?5, ?6) ON CONFLICT (id) DO UPDATE SET
            title = ?2, sort_key = sort_key(?2), priority = ?3, due = ?4, done = ?5, notes = ?6 RETURNING id";
        let due = self.due.map(|due| due.to_string());
        let values = params![id, self.title, self.priority as i64, due, self.done, self.notes];
        db.prepare_cached(sql)?.query_row(values, |row| row.get(0))
    }
}

pub(crate) struct Editing {
    pub(crate) id: Option<i64>,
}

impl Formlet<App> for Editing {
    type Record = Task;

    fn form(&mut self, _: &mut App) -> Result<RecordForm<Task>> {
        Ok(task_form().button("save", "Save").button("again", "Save and add another"))
    }

    fn load(&mut self, app: &mut App, _: &Request) -> Result<Option<Task>> {
        let Some(id) = self.id else { return Ok(None) };
        Ok(Some(Task::load(&app.db, id)?.ok_or_else(|| not_found("task"))?))
    }

    fn can_save_as_new(&self) -> bool {
        true
    }

    fn save(&mut self, app: &mut App, task: Task, sent: &Submission<'_>) -> Result<Response> {
        let id = self.id.filter(|_| !sent.is_new());
        app.write(format!("“{}” saved", task.title), |tx| Ok(task.save(tx, id)?))?;
        app.flash.add(format!("Saved the task “{}”.", task.title));
        Ok(Response::redirect(if sent.button() == "again" { "/task/new" } else { "/tasks" }))
    }

    fn page(&mut self, app: &mut App, view: &FormView<Task>, _: &Request) -> Result<IoList> {
        let delete = self.id.map(|id| format!("/task/{id}/delete"));
        let form =
            contact::FormPage { form: view.render().into(), delete, cancel: "/tasks".into() };
        app.page("tasks", if self.id.is_some() { "Task" } else { "New task" }, "form", &form)
    }
}
