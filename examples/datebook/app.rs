//! The state of the program, and what all pages show.
//!
//! There is one user and one thread, so plain fields hold what other programs keep in sessions.

use jiff::civil::Date;
use solohttp::forms::{Drafts, EditPage};
use solohttp::sqlite::rusqlite::Connection;
use solohttp::template::{FormatError, Sink, Value, template_folder};
use solohttp::{Dialect, Html, IoList, Place, RecordApp, Result, TemplateFolder, values};

use crate::import::Pending;

/// The state: the database, undo, messages and the like, and the datebook's own in `app.state`.
/// Every page says which menu entry it belongs to, with the value `area`.
pub(crate) type App = RecordApp<Own>;

pub(crate) struct Own {
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

pub(crate) fn new(db: Connection, place: &Place, today: fn() -> Date) -> App {
    let (picking, picked) = (Drafts::new(), Vec::new());
    RecordApp::new(place, db, pages())
        .with_state(Own { picking, picked, pending: None, uploads: 0, today })
        // Settings only change how records are shown, so Undo ignores them.
        .undo_except(["setting"])
        // References to records that may not exist anymore.
        .after_restore(|app| app.state.picked.clear())
}

/// Renders the page around a form. `area` is its menu entry.
pub(crate) fn form_page(app: &App, area: &str, page: &EditPage) -> Result<IoList> {
    let form = Html::from(page.render());
    app.page(&page.title, "form", &values! { area, form })
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
