//! The state of the program, and the page around every page.
//!
//! There is one user and one thread: what other web programs keep in sessions are plain fields.

use jiff::civil::Date;
use serde::Serialize;
use solohttp::forms::{Drafts, Flash};
use solohttp::sqlite::rusqlite::Connection;
use solohttp::template::{FormatError, Sink, Value, embedded};
use solohttp::{Dialect, Html, IoList, Rejection, Result, StatusCode, TemplateFolder};

use crate::import::Pending;
use crate::undo::{Offer, Undo};

/// The templates as the program that is given away has them.
pub(crate) const EMBEDDED: &[(&str, &str)] = embedded!(
    "templates": "bye", "contact", "contacts", "day", "files", "form", "month", "page", "pager",
    "preview", "search", "tasks", "week"
);

pub(crate) struct App {
    pub(crate) db: Connection,
    pub(crate) pages: TemplateFolder,
    /// Messages for the next page.
    pub(crate) flash: Flash,
    /// What was deleted, and can be had back.
    pub(crate) undo: Undo,
    /// Appointments that wait for a contact.
    pub(crate) picking: Drafts<Option<i64>>,
    /// The contacts picked lately, the latest first.
    pub(crate) picked: Vec<i64>,
    /// A file that was looked at and is not imported yet.
    pub(crate) pending: Option<Pending>,
    /// Tests live on another day.
    pub(crate) today: fn() -> Date,
}

impl App {
    pub(crate) fn new(db: Connection, today: fn() -> Date) -> Self {
        // While you develop, templates are files that you can change while the program runs; the
        // program that you give away has them within itself.
        let pages = if cfg!(debug_assertions) {
            TemplateFolder::new(concat!(env!("CARGO_MANIFEST_DIR"), "/datebook/templates"))
                .expect("the folder of the templates is part of this tutorial")
        } else {
            TemplateFolder::embedded(EMBEDDED)
        };
        Self {
            db,
            pages: pages.dialect(dialect()),
            flash: Flash::new(),
            undo: Undo::default(),
            picking: Drafts::new(),
            picked: Vec::new(),
            pending: None,
            today,
        }
    }

    /// A page: this template with this data, and around it the menu and what there is to tell.
    pub(crate) fn page(
        &mut self,
        area: &'static str,
        title: &str,
        template: &str,
        data: &impl Serialize,
    ) -> Result<IoList> {
        let body = self.pages.render(template, data)?.into();
        let (flash, undo) = (self.flash.render().into(), self.undo.offer());
        Ok(self.pages.render("page", &Page { area, title, body, flash, undo })?)
    }
}

#[derive(Serialize)]
struct Page<'a> {
    /// Which entry of the menu this belongs to.
    area: &'static str,
    title: &'a str,
    flash: Html,
    undo: Option<Offer<'a>>,
    body: Html,
}

/// The language of the templates, with a formatter of our own.
pub(crate) fn dialect() -> Dialect {
    Dialect::new().format_with("current", current)
}

/// For `aria-current="{area:current|week}"` in the menu.
fn current(area: Value<'_>, entry: &str, out: &mut Sink<'_>) -> Result<(), FormatError> {
    out.push_str(if area == Value::Text(entry) { "page" } else { "false" });
    Ok(())
}

/// The answer to who asks for a record that is gone.
pub(crate) fn not_found(what: &str) -> Rejection {
    Rejection::new(StatusCode::NOT_FOUND, format!("There is no such {what}. It may be deleted."))
}
