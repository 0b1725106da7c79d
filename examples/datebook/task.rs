//! Tasks: the record, its columns, its form, and the page to add or edit one.

use jiff::civil::Date;
use solohttp::forms::{
    FormView, Formlet, RecordForm, Submission, checkbox, choices, date, form, radio, text, textarea,
};
use solohttp::sqlite::{Record as _, columns};
use solohttp::{IoList, Request, Response, Result};

use crate::app::App;
use crate::dates;

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Task {
    pub(crate) title: String,
    pub(crate) priority: Priority,
    pub(crate) due: Option<Date>,
    pub(crate) done: bool,
    pub(crate) notes: String,
}

columns!(Task in "task" {
    title, priority: choice, due: text, done, notes,
} with {
    sort_key = "sort_key(:title)",
});

choices! {
    pub(crate) enum Priority: i64 { High = 3: "High", Normal = 2: "Normal", Low = 1: "Low" }
}

// This one definition yields the controls, labels, attributes, checks and messages, as well as the
// record. The CSV import uses it, too.
pub(crate) fn task_form() -> RecordForm<Task> {
    form!(Task {
        title: text("Task").required().max_length(200).attr("autocomplete", "off").autofocus(),
        priority: radio("Priority", Priority::choices()).initial(Priority::Normal),
        due: date("Due").min(dates::FIRST).max(dates::LAST).optional(),
        done: checkbox("Done"),
        notes: textarea("Notes").max_length(10_000),
    })
}

pub(crate) struct Editing {
    pub(crate) id: Option<i64>,
}

impl Formlet<App> for Editing {
    type Record = Task;

    fn form(&mut self, _: &mut App) -> Result<RecordForm<Task>> {
        Ok(RecordForm::cached(|| {
            task_form().button("save", "Save").button("again", "Save and add another")
        }))
    }

    fn load(&mut self, app: &mut App, _: &Request) -> Result<Option<Task>> {
        self.id.map(|id| Task::get(&app.db, id)).transpose()
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
        let title = if self.id.is_some() { "Task" } else { "New task" };
        app.form_page("tasks", title, view.render(), delete, "/tasks")
    }
}
