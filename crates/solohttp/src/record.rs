//! The `record!` macro, which joins the declarations of the forms and sqlite-guard crates.

use solohttp_forms::RecordForm;

/// Declares a struct, its table and its form at once. The table may be left out.
///
/// Expands to the struct, [`columns!`](crate::sqlite::columns), and a function `form` with
/// [`form!`](crate::forms::form!). Use these two directly if a record has several forms, or none.
///
/// ```
/// use solohttp::forms::jiff::civil::Date;
/// use solohttp::forms::{checkbox, choices, date, radio, text};
/// use solohttp::record;
/// use solohttp::sqlite::{Database, Record as _};
///
/// choices! {
///     pub enum Priority: i64 { High = 2: "High", Normal = 1: "Normal" }
/// }
///
/// record! {
///     /// Something to do.
///     #[derive(Debug, Clone, PartialEq)]
///     pub struct Task in "task" {
///         pub title: String = text("Task").required().max_length(200),
///         pub priority: Priority [choice] = radio("Priority", Priority::choices()),
///         pub due: Option<Date> [text] as "due_on" = date("Due").optional(),
///         pub done: bool = checkbox("Done"),
///     } with {
///         sort_key = "sort_key(:title)",
///     }
/// }
///
/// let db = Database::in_memory()
///     .migrations(["CREATE TABLE task (
///         id INTEGER PRIMARY KEY,
///         title TEXT NOT NULL,
///         priority INTEGER NOT NULL,
///         due_on TEXT,
///         done INTEGER NOT NULL,
///         sort_key TEXT NOT NULL
///     ) STRICT"])
///     .record::<Task>()
///     .open()?;
/// let sent = solohttp::Fields::from_iter([("title", "Tea"), ("priority", "Normal")]);
/// let task = Task::form().submit(&sent).expect("a valid form");
/// let id = task.insert(&db)?;
/// assert_eq!(Task::find(&db, id)?, Some(task));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A field has these parts, in this order:
///
/// | part | meaning |
/// |---|---|
/// | `#[serde(skip)] pub due: Option<Date>` | the field of the struct, with attributes and visibility |
/// | `[text]` | how the field is stored: `text`, `choice`, `with(write, read)`, `rows`, `file in "table"`, `skip` or `key`, as in [`columns!`](crate::sqlite::columns) |
/// | `as "due_on"` | the name of the column, if it isn't the name of the field |
/// | `= date("Due").optional()` | the element of the form |
/// | `=> created.clone()` | in place of an element: the value of a field that isn't in the form |
///
/// `by "number"` and `of "parent" placed "place"` after the name of the table, and `with { … }` and
/// `except { … }` after the fields are the same as in `columns!`.
///
/// **Arguments** of `form` are listed in the head. Elements can use them, and so can the values after
/// `=>`, which are evaluated every time a record is parsed:
///
/// ```
/// # use solohttp::forms::{Choices, select, text};
/// use solohttp::record;
///
/// record! {
///     pub struct Sample in "sample" by "number" form(sites: Choices<i64>, added_by: String) {
///         pub code: String = text("Code").required(),
///         pub site: Option<i64> = select("Site", sites).optional(),
///         added_by: String => added_by.clone(),
///     }
/// }
///
/// let form = Sample::form(Choices::new([(1, "Mill"), (2, "Weir")]), "Ada".to_owned());
/// # let sent = solohttp::Fields::from_iter([("code", "A-7"), ("site", "2")]);
/// # let sample = form.submit(&sent).expect("a valid form");
/// # assert_eq!((sample.site, &*sample.added_by), (Some(2), "Ada"));
/// ```
///
/// **Child rows** are a `Vec` of a record that is declared with `of`. They are read and saved together
/// with their parent, and only the differences are written:
///
/// ```
/// use solohttp::forms::{number, row_id, rows, text};
/// use solohttp::record;
/// use solohttp::sqlite::{Database, Record as _};
///
/// record! {
///     pub struct Invoice in "invoice" {
///         pub customer: String = text("Customer").required(),
///         pub lines: Vec<Line> [rows] = rows("Lines", Line::form()).as_table().extra(1),
///     }
/// }
///
/// record! {
///     #[derive(Debug, PartialEq)]
///     pub struct Line in "line" of "invoice" placed "place" {
///         pub id: Option<i64> [key] = row_id(),
///         pub item: String = text("Item").required(),
///         pub count: i64 = number("Count").initial(1).min(1),
///     }
/// }
///
/// let db = Database::in_memory()
///     .migrations(["CREATE TABLE invoice (id INTEGER PRIMARY KEY, customer TEXT NOT NULL) STRICT;
///         CREATE TABLE line (
///             id INTEGER PRIMARY KEY,
///             invoice INTEGER NOT NULL REFERENCES invoice ON DELETE CASCADE,
///             place INTEGER NOT NULL,
///             item TEXT NOT NULL,
///             count INTEGER NOT NULL
///         ) STRICT;
///         CREATE INDEX line_of_invoice ON line (invoice, place)"])
///     .record::<Invoice>()
///     .open()?;
/// # let sent = [("customer", "Ada"), ("lines:row", "0"), ("lines.0.item", "Nut"), ("lines.0.count", "6")];
/// # let sent = solohttp::Fields::from_iter(sent);
/// let invoice = Invoice::form().submit(&sent).expect("a valid form");
/// let id = invoice.insert(&db)?;
/// assert_eq!(
///     Invoice::get(&db, id)?.lines,
///     [Line { id: Some(1), item: "Nut".into(), count: 6 }]
/// );
/// # Ok::<(), solohttp::Failure>(())
/// ```
///
/// **A file** that belongs to the record is a [`StoredFile`](crate::StoredFile) with a table of its own,
/// so that lists don't read its bytes. The form shows it, replaces it and removes it:
///
/// ```
/// use solohttp::forms::{stored_file, text};
/// use solohttp::sqlite::rusqlite::Connection;
/// use solohttp::sqlite::{Database, Record as _};
/// use solohttp::{Path, Request, Response, Result, StoredFile, record};
///
/// record! {
///     pub struct Cat in "cat" {
///         pub name: String = text("Name").required(),
///         pub photo: StoredFile [file in "photo"] =
///             stored_file("Photo").images().max_bytes(4 << 20).url(|_| "photo".to_owned()),
///     }
/// }
///
/// /// The page `/cat/{id}/photo`.
/// fn photo(db: &mut Connection, Path(id): Path<i64>, request: &Request) -> Result<Response> {
///     Cat::serve_file(db, id, "photo", request)
/// }
///
/// let db = Database::in_memory()
///     .migrations(["CREATE TABLE cat (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
///         CREATE TABLE photo (
///             id INTEGER PRIMARY KEY AUTOINCREMENT,
///             cat INTEGER NOT NULL UNIQUE REFERENCES cat ON DELETE CASCADE,
///             name TEXT NOT NULL,
///             media_type TEXT NOT NULL,
///             bytes BLOB NOT NULL
///         ) STRICT"])
///     .record::<Cat>()
///     .open()?;
/// let photo = StoredFile::new("tom.gif", *b"GIF89a");
/// let id = Cat { name: "Tom".into(), photo }.insert(&db)?;
/// assert_eq!(Cat::get(&db, id)?.photo.info().unwrap().name, "tom.gif");
/// # Ok::<(), solohttp::Failure>(())
/// ```
///
/// **Without a table**, it declares what a form asks for that isn't stored as it is, such as a delivery
/// of several samples:
///
/// ```
/// # use solohttp::forms::{Choices, select, textarea};
/// use solohttp::record;
///
/// record! {
///     struct Delivery form(shelves: Choices<i64>) {
///         codes: String = textarea("Codes").required().help("One for each sample, in lines."),
///         shelf: i64 = select("Shelf", shelves),
///     }
/// }
///
/// let form = Delivery::form(Choices::new([(1, "Cellar"), (2, "Attic")]));
/// # let sent = solohttp::Fields::from_iter([("codes", "A-1 A-2"), ("shelf", "2")]);
/// # assert_eq!(form.submit(&sent).expect("a valid form").shelf, 2);
/// ```
///
/// Saving a record writes all of its fields. So a field with neither an element nor a value is a
/// compile error, because its column would lose its content:
///
/// ```compile_fail,E0277
/// # use solohttp::forms::text;
/// # use solohttp::record;
/// record! {
///     struct Sample in "sample" {
///         code: String = text("Code"),
///         added_by: String, // needs `= element` or `=> value`
///     }
/// }
/// ```
///
/// When a record is edited, pass the stored value to `form`, as `added_by` above. If the form need
/// not know a column at all, leave it out of the struct and list it under `except`.
///
/// An element of the wrong type:
///
/// ```compile_fail,E0308
/// # use solohttp::forms::checkbox;
/// # use solohttp::record;
/// record! {
///     struct Sample in "sample" {
///         code: String = checkbox("Code"),
///     }
/// }
/// ```
///
/// A type that needs a conversion to be stored:
///
/// ```compile_fail,E0277
/// # use solohttp::forms::{jiff::civil::Date, date};
/// # use solohttp::record;
/// record! {
///     struct Sample in "sample" {
///         taken: Date = date("Taken"), // should be `Date [text]`
///     }
/// }
/// ```
#[macro_export]
macro_rules! record {
    (
        $(#[$meta:meta])*
        $vis:vis struct $Record:ident in $table:literal $(by $key:literal)?
        $(of $parent:literal $(placed $place:literal)?)?
        $(form($($argument:ident : $Argument:ty),+ $(,)?))?
        {
            $(
                $(#[$field_meta:meta])*
                $field_vis:vis $field:ident : $Field:ty
                $([$how:ident $(in $file:literal)? $(($write:expr, $read:expr $(,)?))?])?
                $(as $column:literal)?
                $(= $element:expr)?
                $(=> $value:expr)?
            ),+ $(,)?
        }
        $(with { $($with:tt)* })?
        $(except { $($except:tt)* })?
    ) => {
        $(#[$meta])*
        $vis struct $Record {
            $($(#[$field_meta])* $field_vis $field: $Field,)+
        }

        // Reports a type that can't be stored at the type itself.
        const _: fn() = || { $($crate::record!(@stored $Field [$($how)?]);)+ };

        $crate::sqlite::columns!($Record in $table $(by $key)? $(of $parent $(placed $place)?)? {
            $($field $(: $how $(in $file)? $(($write, $read))?)? $(as $column)?),+
        } $(with { $($with)* })? $(except { $($except)* })?);

        $crate::record!(
            @form $vis $Record [$($($argument: $Argument),+)?]
            $($field: $Field, [$($element)?] [$($value)?];)+
        );
        $crate::record!(@declared $Record [$($($argument)+)?]);
    };

    (
        $(#[$meta:meta])*
        $vis:vis struct $Record:ident
        $(form($($argument:ident : $Argument:ty),+ $(,)?))?
        {
            $(
                $(#[$field_meta:meta])*
                $field_vis:vis $field:ident : $Field:ty $(= $element:expr)? $(=> $value:expr)?
            ),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        $vis struct $Record {
            $($(#[$field_meta])* $field_vis $field: $Field,)+
        }

        $crate::record!(
            @form $vis $Record [$($($argument: $Argument),+)?]
            $($field: $Field, [$($element)?] [$($value)?];)+
        );
        $crate::record!(@declared $Record [$($($argument)+)?]);
    };

    (
        @form $vis:vis $Record:ident [$($argument:ident : $Argument:ty),*]
        $($field:ident : $Field:ty, [$($element:expr)?] [$($value:expr)?];)+
    ) => {
        impl $Record {
            /// Creates the form that edits the record.
            #[must_use]
            $vis fn form($($argument: $Argument),*) -> $crate::forms::RecordForm<Self> {
                $($crate::record!(@part $Field, [$($element)?] [$($value)?]);)+
                $crate::forms::form!(
                    @ [$Record] { $($($field: $element,)?)+ } => { $($($field: $value,)?)+ }
                )
            }
        }
    };

    (@declared $Record:ident []) => {
        impl $crate::DeclaredForm for $Record {
            fn declared_form() -> $crate::forms::RecordForm<Self> {
                Self::form()
            }
        }
    };
    (@declared $Record:ident [$($argument:ident)+]) => {};

    (@stored $Field:ty []) => { $crate::sqlite::declare_record::plain::<_, $Field>() };
    (@stored $Field:ty [$how:ident]) => {};

    (@part $Field:ty, [] []) => { $crate::in_form::<$Field>() };
    (@part $Field:ty, $element:tt $value:tt) => {};
}

/// A record with a form that needs no arguments. Implemented by [`record!`](crate::record!), so that
/// generic code can call the form.
///
/// A record whose form has arguments needs a function that passes them:
///
/// ```compile_fail,E0277
/// use solohttp::prelude::*;
///
/// record! {
///     struct Sample in "sample" form(shelves: Choices<i64>) {
///         code: String = text("Code"),
///         shelf: i64 = select("Shelf", shelves),
///     }
/// }
///
/// // should be `pages_with_form(|sample| &sample.code, |app, _| Ok(Sample::form(…)))`
/// let pages = RecordApp::<()>::pages(|sample: &Sample| &sample.code);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no form without arguments",
    note = "if it is declared with `record! {{ … form(…) }}`, pass a function that calls `{Self}::form`, \
            for example to `RecordApp::pages_with_form`"
)]
pub trait DeclaredForm: Sized {
    /// Creates the form that edits the record.
    fn declared_form() -> RecordForm<Self>;
}

/// A field that has a part in `record!`. Not implemented, so that the compiler reports a field
/// without one at its type.
#[diagnostic::on_unimplemented(
    message = "a field of `record!` has neither an element nor a value",
    label = "needs `= element`, or `=> value` if it isn't in the form"
)]
pub trait ElementOrValue {}

/// Compiles only if the field has a part.
pub const fn in_form<T: ElementOrValue>() {}
