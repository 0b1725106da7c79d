//! The state of the program, and what all pages show.
//!
//! There is one user and one thread, so plain fields hold what other programs keep in sessions.

use std::path::PathBuf;

use jiff::civil::Date;
use serde::Serialize;
use solohttp::forms::{Drafts, EditPage, Flash};
use solohttp::sqlite::rusqlite::{Connection, Transaction};
use solohttp::sqlite::{Undo, write};
use solohttp::template::{FormatError, Sink, Value, template_folder};
use solohttp::{Dialect, Html, IoList, Live, Place, Result, TemplateFolder, Work, values};

use crate::database;
use crate::import::Pending;

/// The live name of elements that show records. Such elements update themselves in all open pages.
pub(crate) const BOOK: &str = "book";

pub(crate) struct App {
    pub(crate) db: Connection,
    /// The path of the database file, for jobs.
    pub(crate) file: PathBuf,
    /// Updates open pages.
    pub(crate) live: Live,
    /// Runs imports.
    pub(crate) work: Work,
    pub(crate) pages: TemplateFolder,
    pub(crate) flash: Flash,
    /// The user's changes, which can be undone.
    pub(crate) undo: Undo,
    /// Appointments waiting for a contact to be picked.
    pub(crate) picking: Drafts<Option<i64>>,
    /// The contacts picked recently, latest first.
    pub(crate) picked: Vec<i64>,
    /// A file that has been uploaded but not yet imported.
    pub(crate) pending: Option<Pending>,
    /// The number of files that have been uploaded.
    pub(crate) uploads: u64,
    /// Returns the current day. In tests, it is fixed.
    pub(crate) today: fn() -> Date,
}

impl App {
    pub(crate) fn new(db: Connection, place: &Place, today: fn() -> Date) -> Self {
        let live = place.live();
        let updates = live.clone();
        // Settings only change how records are shown, so Undo ignores them.
        let undo = Undo::new().except(["setting"]).on_change(move || updates.changed(BOOK));
        Self {
            db,
            file: database::file(place),
            live,
            work: place.work(),
            pages: pages(),
            flash: Flash::new(),
            undo,
            picking: Drafts::new(),
            picked: Vec::new(),
            pending: None,
            uploads: 0,
            today,
        }
    }

    /// Forgets references to records that may not exist after a restore.
    pub(crate) fn restored(&mut self) {
        self.picked.clear();
        self.live.changed(BOOK);
    }

    /// Renders this template with this data. The template extends `page.tpl`.
    pub(crate) fn page(
        &mut self,
        area: &'static str,
        title: &str,
        template: &str,
        data: &impl Serialize,
    ) -> Result<IoList> {
        let frame = self.frame(area, title);
        Ok(self.pages.render_in(template, data, &frame)?)
    }

    /// Renders the page around a form.
    pub(crate) fn form_page(&mut self, area: &'static str, page: &EditPage) -> Result<IoList> {
        self.page(area, &page.title, "form", &values! { form: Html::from(page.render()) })
    }

    /// What `page.tpl` shows around every page. `area` is the menu entry of the page.
    pub(crate) fn frame<'a>(
        &mut self,
        area: &'static str,
        title: &'a str,
    ) -> impl Serialize + use<'a> {
        let flash = Html::from(self.flash.render());
        values! { area, title, flash, undo: self.undo.clone(), work: self.work.clone() }
    }

    /// Changes the database in a transaction, and updates open pages. `what` names the change for
    /// undo.
    #[track_caller]
    pub(crate) fn write<T>(
        &mut self,
        what: impl Into<String>,
        change: impl FnOnce(&Transaction<'_>) -> Result<T>,
    ) -> Result<T> {
        let value = write(&mut self.db, change)?;
        self.undo.name(what);
        self.live.changed(BOOK);
        Ok(value)
    }
}

/// The templates, with a formatter for the menu. In debug builds, you can change the files while
/// the program runs.
pub(crate) fn pages() -> TemplateFolder {
    let pages = template_folder!("datebook/templates":
        "appointment", "contact", "contacts", "day", "files", "form", "month", "page",
        "preview", "search", "tasks", "time", "week"
    );
    pages.dialect(Dialect::new().format_with("current", current))
}

/// For `aria-current="{area:current|week}"` in the menu.
fn current(area: Value<'_>, entry: &str, out: &mut Sink<'_>) -> Result<(), FormatError> {
    out.push_str(if area == Value::Text(entry) { "page" } else { "false" });
    Ok(())
}
