//! Tasks: the record, its columns, its form, and the pages to add or edit one.

use jiff::civil::Date;
use solohttp::forms::{RecordForm, RecordPages, checkbox, choices, date, radio, text, textarea};
use solohttp::{Response, record};

use crate::app::App;
use crate::{dates, editing};

// This one definition yields the struct, its columns in the table, and the form: controls, labels,
// attributes, checks and messages. The CSV import uses it, too.
record! {
    #[derive(Debug, Clone, PartialEq)]
    pub(crate) struct Task in "task" {
        pub(crate) title: String =
            text("Task").required().max_length(200).attr("autocomplete", "off").autofocus(),
        pub(crate) priority: Priority [choice] =
            radio("Priority", Priority::choices()).initial(Priority::Normal),
        pub(crate) due: Option<Date> [text] =
            date("Due").min(dates::FIRST).max(dates::LAST).optional(),
        pub(crate) done: bool = checkbox("Done"),
        pub(crate) notes: String = textarea("Notes").max_length(10_000),
    } with {
        sort_key = "sort_key(:title)",
    }
}

choices! {
    pub(crate) enum Priority: i64 { High = 3: "High", Normal = 2: "Normal", Low = 1: "Low" }
}

pub(crate) fn pages() -> RecordPages<App, Task> {
    let form = || Task::form().button("save", "Save").button("again", "Save and add another");
    editing::pages("tasks", |task: &Task| &task.title, move |_, _| Ok(RecordForm::cached(form)))
        .titles("New task", "Task")
        .back_to("/tasks")
        .after_save(|_, saved| {
            let again = saved.submission.button() == "again";
            Ok(Response::redirect(if again { "/task/new" } else { "/tasks" }))
        })
}
