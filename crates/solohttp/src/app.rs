//! `RecordApp`: the state of a program that keeps records in a database.
//!
//! This file is the state and what handlers call. `serve` puts the guard around the handlers, `pages`
//! are the pages of a record, `list` is that of a list, `import` reads CSV files, and `words` are the sentences.

mod import;
mod list;
mod pages;
mod serve;
mod words;

use std::fmt;
use std::path::PathBuf;

use serde::Serialize;
use solohttp_core::{Html, IoList, Numerals, Response, Result, iolist, values};
use solohttp_desktop::{Live, Place, Work};
use solohttp_forms::{EditPage, Flash, STYLE};
use solohttp_sqlite_guard::rusqlite::{Connection, Transaction};
use solohttp_sqlite_guard::{Database, Error, Undo, write};
use solohttp_template::{Frame, TemplateFolder};

pub use import::{CsvImport, ImportWords};
pub use list::RecordList;
pub use serve::RecordHandler;
pub use words::RecordWords;

type FrameOf<S> = Box<dyn Fn(&RecordApp<S>, Frame) -> Result<Frame>>;
type NumeralsOf<S> = Box<dyn Fn(&RecordApp<S>) -> Result<Numerals>>;
type AfterRestore<S> = Box<dyn Fn(&mut RecordApp<S>)>;

/// The state of a program that keeps records in a database: what most such programs need, and your
/// own state in [`state`](Self::state).
///
/// A program with a list and the pages that add, edit and delete a record:
///
/// ```
/// use serde::Serialize;
/// use solohttp::prelude::*;
///
/// record! {
///     #[derive(Serialize)]
///     pub struct Item in "item" {
///         pub name: String = text("Name").required(),
///     }
/// }
///
/// type App = RecordApp;
///
/// fn app(place: &Place, database: Database) -> Result<impl Handler + use<>> {
///     let database = database
///         .migrations(["CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT"])
///         .record::<Item>();
///     let app = RecordApp::open(place, database, pages())?;
///     let mut router = Router::new();
///     router.get("/", list);
///     router.mount("/item", App::pages(|item: &Item| &item.name).titles("New item", "Item"));
///     Ok(app.serve(router))
/// }
///
/// fn list(app: &mut App) -> Result<IoList> {
///     let items = Item::select(&app.db, "ORDER BY name COLLATE names", [])?;
///     app.page("Items", "list", &values! { items })
/// }
///
/// // Usually `template_folder!("templates": "form", "list", "page")`.
/// fn pages() -> TemplateFolder {
///     TemplateFolder::embedded(&[
///         ("page", "<title>{title}</title>{flash}{work}<div id=undo data-live=records>{undo}</div>{body}"),
///         ("list", "<extend>page <?body?><?each items?><a href=\"/item/{id}/edit\">{name}</a><?end each?></extend>"),
///         ("form", "<extend>page <?body?>{form}</extend>"),
///     ])
/// }
///
/// // In `main`: `Desktop::new(ID, "Items").run(|place| app(place, Database::at(place.file("items.sqlite"))))`.
/// let mut app = app(&Place::at(""), Database::in_memory())?;
/// Request::post("/item/new").form([("name", "Tea")]).send_to(&mut app);
/// let page = Request::get("/").send_to(&mut app).into_text();
/// assert!(page.contains("“Tea” added") && page.contains("Undo: “Tea” added"));
/// # Ok::<(), solohttp::Failure>(())
/// ```
///
/// **The database** is opened by [`open`](Self::open). [`Desktop::run`](crate::Desktop::run) calls
/// its closure after it has bound the port, so a second start never touches the file.
/// [`serve`](Self::serve) adds [`SqliteGuard`](crate::SqliteGuard), [`Undo`], and the pages of the
/// copies at `/__copies/`.
///
/// **Pages** are templates that extend another one, usually `page`, which can use these values:
///
/// | value | |
/// |---|---|
/// | `{title}` | the title of the page |
/// | `{flash}` | the messages for this page |
/// | `{undo}` | the buttons of [`Undo`], for an element with `data-live="records"` |
/// | `{work}` | the list of running [`Work`] |
/// | others | whatever [`frame`](Self::frame) returns |
///
/// **Changes** are made by [`write`](Self::write), or by your own code. Open pages update all
/// elements with `data-live="records"` ([`LIVE`](Self::LIVE)).
///
/// All of this is ordinary code over public parts. If a program needs something else in its place,
/// write the struct by hand, as the [guide](crate::guide::database) shows.
#[non_exhaustive]
pub struct RecordApp<S = ()> {
    /// The database.
    pub db: Connection,
    /// The path of the database file, for jobs that open it again. Empty for an in-memory database.
    pub file: PathBuf,
    /// The templates.
    pub pages: TemplateFolder,
    /// Messages for the next page. In a handler, [`say`](Self::say) is shorter.
    pub flash: Flash,
    /// Updates open pages.
    pub live: Live,
    /// Runs jobs on threads.
    pub work: Work,
    /// The user's changes, which can be undone.
    pub undo: Undo,
    /// The program's own state.
    pub state: S,
    /// Messages to show once the response of the current request is final.
    said: Vec<String>,
    frame: Option<FrameOf<S>>,
    numerals: Option<NumeralsOf<S>>,
    after_restore: Option<AfterRestore<S>>,
}

impl RecordApp {
    /// Opens the database, which creates or migrates the file. `pages` needs a template `form` if
    /// the program uses [`form_page`](Self::form_page).
    ///
    /// # Errors
    /// Same as [`Database::open`].
    pub fn open(place: &Place, database: Database, pages: TemplateFolder) -> Result<Self, Error> {
        Ok(Self::new(place, database.open()?, pages))
    }

    /// Uses a database that is open already, for example because it has been filled with sample data.
    #[must_use]
    pub fn new(place: &Place, db: Connection, pages: TemplateFolder) -> Self {
        let live = place.live();
        let updates = live.clone();
        Self {
            file: db.path().map(PathBuf::from).unwrap_or_default(),
            db,
            pages,
            flash: Flash::new(),
            live,
            work: place.work(),
            undo: Undo::new().on_change(move || updates.changed(Self::LIVE)),
            state: (),
            said: Vec::new(),
            frame: None,
            numerals: None,
            after_restore: None,
        }
    }

    /// Adds the program's own state.
    ///
    /// ```
    /// use solohttp::prelude::*;
    ///
    /// /// What this program remembers until it ends.
    /// #[derive(Default)]
    /// struct Recent {
    ///     ids: Vec<i64>,
    /// }
    ///
    /// type App = RecordApp<Recent>;
    ///
    /// # fn open(place: &Place, database: Database, pages: TemplateFolder) -> Result<App> {
    /// let app = RecordApp::open(place, database, pages)?.with_state(Recent::default());
    /// # Ok(app)
    /// # }
    /// ```
    ///
    /// # Panics
    /// If [`frame`](Self::frame), [`numerals`](Self::numerals) or
    /// [`after_restore`](Self::after_restore) has been called before.
    #[must_use]
    #[track_caller]
    pub fn with_state<S>(self, state: S) -> RecordApp<S> {
        assert!(
            self.frame.is_none() && self.numerals.is_none() && self.after_restore.is_none(),
            "call `with_state` before `frame`, `numerals` and `after_restore`, whose closures get the \
             state"
        );
        let Self { db, file, pages, flash, live, work, undo, said, .. } = self;
        RecordApp {
            db,
            file,
            pages,
            flash,
            live,
            work,
            undo,
            state,
            said,
            frame: None,
            numerals: None,
            after_restore: None,
        }
    }
}

impl<S> RecordApp<S> {
    /// The name in `data-live` of everything that shows records.
    pub const LIVE: &'static str = "records";

    /// Sets what every page sees besides its own data and the values listed for [`RecordApp`].
    ///
    /// ```
    /// # use solohttp::prelude::*;
    /// # fn with_shop(app: RecordApp) -> RecordApp {
    /// let app = app.frame(|app| {
    ///     let shop: String = app.db.query_row("SELECT name FROM shop", [], |row| row.get(0))?;
    ///     Ok(values! { shop })
    /// });
    /// # app
    /// # }
    /// ```
    #[must_use]
    pub fn frame<V: Serialize + 'static>(
        mut self,
        values: impl Fn(&Self) -> Result<V> + 'static,
    ) -> Self {
        self.frame = Some(Box::new(move |app, frame| Ok(frame.with(values(app)?))));
        self
    }

    /// Sets the number format for each request, such as the one that the user has chosen in the
    /// settings. Pages, forms and CSV files use it.
    ///
    /// ```
    /// # use solohttp::prelude::*;
    /// # record! {
    /// #     struct Settings in "setting" {
    /// #         decimal: DecimalMark [choice] = radio("Number format", DecimalMark::choices()),
    /// #     }
    /// # }
    /// # fn with_numerals(app: RecordApp) -> RecordApp {
    /// let app = app.numerals(|app| Ok(Settings::get(&app.db, 1)?.decimal.numerals()));
    /// # app
    /// # }
    /// ```
    #[must_use]
    pub fn numerals(mut self, of: impl Fn(&Self) -> Result<Numerals> + 'static) -> Self {
        self.numerals = Some(Box::new(of));
        self
    }

    /// Excludes tables from undo; see [`Undo::except`].
    #[must_use]
    pub fn undo_except<N: Into<String>>(mut self, tables: impl IntoIterator<Item = N>) -> Self {
        self.undo = self.undo.except(tables);
        self
    }

    /// Sets a callback to run after the user has restored a copy of the database, to forget what the
    /// program has read from it. The list of changes is cleared and open pages are updated anyway.
    #[must_use]
    pub fn after_restore(mut self, then: impl Fn(&mut Self) + 'static) -> Self {
        self.after_restore = Some(Box::new(then));
        self
    }

    /// Renders a template with this data, in the frame of all pages. A name in `data` takes
    /// precedence over the same name in the frame.
    ///
    /// # Errors
    /// If the template fails, or the closure of [`frame`](Self::frame) does.
    pub fn page(&self, title: &str, template: &str, data: &impl Serialize) -> Result<IoList> {
        Ok(self.pages.render_framed(template, data, &self.frame_of(title)?)?)
    }

    /// What the page with this title sees besides its own data.
    fn frame_of(&self, title: &str) -> Result<Frame> {
        let flash = Html::from(self.flash.clone().render());
        let (title, undo, work) = (title.to_owned(), self.undo.clone(), self.work.clone());
        let frame = Frame::new().with(values! { title, flash, undo, work });
        match &self.frame {
            Some(own) => own(self, frame),
            None => Ok(frame),
        }
    }

    /// Renders the page of a form with the template `form`, which inserts `{form}`. Pass it to
    /// [`RecordPages::page`](crate::forms::RecordPages::page) or
    /// [`FormPage::page`](crate::forms::FormPage::page).
    ///
    /// # Errors
    /// Same as [`page`](Self::page).
    pub fn form_page(&mut self, page: EditPage) -> Result<IoList> {
        let form = Html::from(page.render());
        let EditPage { title, .. } = page;
        self.page(&title, "form", &values! { form })
    }

    /// A handler for a style sheet: the program's own, and that of forms, lists, undo and the other
    /// elements ([`STYLE`]).
    ///
    /// ```
    /// # use solohttp::prelude::*;
    /// # let mut router = Router::<RecordApp>::new();
    /// // Usually `include_str!("../static/style.css")`.
    /// router.get("/style.css", RecordApp::<()>::style("body { font-family: sans-serif }"));
    /// ```
    pub fn style(own: &'static str) -> impl Fn(&mut Self) -> Response {
        move |_| Response::bytes("text/css; charset=utf-8", iolist![STYLE, own])
    }

    /// Shows a message on the next page, once the response to the current request is final and
    /// reports success. There is no message if the client
    /// [prefers JSON](crate::Request::prefers_json), as a program does that uses an API.
    ///
    /// ```
    /// # use solohttp::prelude::*;
    /// fn sort(app: &mut RecordApp) -> Result<Response> {
    ///     // …
    ///     app.say("Sorted.");
    ///     Ok(Response::redirect("/"))
    /// }
    /// ```
    pub fn say(&mut self, message: impl Into<String>) {
        self.said.push(message.into());
    }

    /// Changes the database in a transaction, as [`write()`](crate::sqlite::write()) does. `what`
    /// names the change for undo, in the user's words. Open pages are updated.
    ///
    /// ```
    /// # use solohttp::prelude::*;
    /// fn sell(app: &mut RecordApp, Path(id): Path<i64>) -> Result<Response> {
    ///     app.write("Sold", |tx| {
    ///         Ok(tx.execute("UPDATE item SET amount = amount - 1 WHERE id = ?1", [id])?)
    ///     })?;
    ///     Ok(Response::redirect("/"))
    /// }
    /// ```
    ///
    /// # Errors
    /// Returns the closure's error, or SQLite's if the transaction can't begin or commit.
    #[track_caller]
    pub fn write<T>(
        &mut self,
        what: impl Into<String>,
        change: impl FnOnce(&Transaction<'_>) -> Result<T>,
    ) -> Result<T> {
        let value = write(&mut self.db, change)?;
        self.undo.name(what);
        self.live.changed(Self::LIVE);
        Ok(value)
    }
}

impl<S: fmt::Debug> fmt::Debug for RecordApp<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordApp")
            .field("file", &self.file)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
