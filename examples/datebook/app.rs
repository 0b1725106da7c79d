//! The state of the program, and the layout of all pages.
//!
//! There is one user and one thread, so what other programs keep in sessions is kept in plain
//! fields.

use jiff::civil::Date;
use serde::Serialize;
use solohttp::forms::{Drafts, Flash};
use solohttp::sqlite::rusqlite::Connection;
use solohttp::template::{FormatError, Sink, Value, embedded};
use solohttp::{Dialect, Html, IoList, Rejection, Result, StatusCode, TemplateFolder};

use crate::import::Pending;
use crate::undo::{Offer, Undo};

/// The templates for release builds.
pub(crate) const EMBEDDED: &[(&str, &str)] = embedded!(
    "templates": "bye", "contact", "contacts", "day", "files", "form", "month", "page", "pager",
    "preview", "search", "tasks", "week"
);

pub(crate) struct App {
    pub(crate) db: Connection,
    pub(crate) pages: TemplateFolder,
    pub(crate) flash: Flash,
    /// Deleted records that can be restored.
    pub(crate) undo: Undo,
    /// Appointments waiting for a contact to be picked.
    pub(crate) picking: Drafts<Option<i64>>,
    /// The contacts picked recently, latest first.
    pub(crate) picked: Vec<i64>,
    /// A file that has been previewed but not yet imported.
    pub(crate) pending: Option<Pending>,
    /// Tests use a fixed day.
    pub(crate) today: fn() -> Date,
}

impl App {
    pub(crate) fn new(db: Connection, today: fn() -> Date) -> Self {
        // In debug builds, templates are files that you can change while the program runs. Release
        // builds embed them.
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

    /// Renders this template with this data, and surrounds it with the menu and messages.
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
    /// The menu entry of this page.
    area: &'static str,
    title: &'a str,
    flash: Html,
    undo: Option<Offer<'a>>,
    body: Html,
}

/// The template dialect, with a formatter for the menu.
pub(crate) fn dialect() -> Dialect {
    Dialect::new().format_with("current", current)
}

/// For `aria-current="{area:current|week}"` in the menu.
fn current(area: Value<'_>, entry: &str, out: &mut Sink<'_>) -> Result<(), FormatError> {
    out.push_str(if area == Value::Text(entry) { "page" } else { "false" });
    Ok(())
}

/// The response for a record that doesn't exist.
pub(crate) fn not_found(what: &str) -> Rejection {
    Rejection::new(
        StatusCode::NOT_FOUND,
        format!("This {what} doesn't exist. It may have been deleted."),
    )
}
