//! Everything that a record-keeping program normally uses: `use solohttp::prelude::*;`
//!
//! | from | names |
//! |---|---|
//! | the server | [`Request`], [`Response`], [`Result`], [`Failure`], [`Rejection`], [`StatusCode`], [`Method`], [`Handler`], [`IntoResponse`], [`Query`], [`Form`], [`Upload`], [`StoredFile`], [`Fields`], [`Question`], [`Locale`], [`Numerals`], [`header`], [`html`](mod@html) |
//! | pages | [`IoList`], [`iolist!`], [`Html`], [`values!`], [`TemplateFolder`], [`template_folder!`], [`Template`], [`Dialect`], [`Chart`] |
//! | routes | [`Router`], [`Path`], [`StaticFolder`], [`EmbeddedFolder`], [`embed!`], [`path_to`], [`query_of`] |
//! | JSON | `Json`, `Problem`, with the feature `json` |
//! | records | [`record!`], [`RecordApp`], [`RecordHandler`], [`RecordList`], [`RecordPages`], [`EditPage`], [`EditRequest`], [`SavedRecord`] |
//! | forms | [`RecordForm`], [`form!`], [`field!`], [`fields!`], [`choices!`], [`Choices`], [`FormView`], [`FieldView`], [`FormPage`], [`Formlet`], [`formlet`], [`FormStore`], [`Submission`], [`Draft`], [`Drafts`], [`Errors`], [`ValidationError`], [`Flash`], [`RowDiff`], [`Csv`], [`DecimalMark`], [`STYLE`] |
//! | the elements of a form | [`text`], [`textarea`], [`number`], [`fixed_point`], [`range`], [`date`], [`time`], [`date_time`], [`month`], [`week`], [`select`], [`multi_select`], [`radio`], [`checkbox`], [`checkboxes`], [`switch`], [`email`], [`tel`], [`url`], [`password`], [`color`], [`search`], [`file`](fn@file), [`stored_file`], [`hidden`], [`group`], [`rows`], [`row_id`] |
//! | days and times | [`Date`], [`Time`], [`DateTime`], [`today`], [`jiff`] |
//! | the database | [`Database`], [`Record`], [`Stored`], [`Text`], [`List`], [`ListView`], [`BulkRows`], [`BulkAction`], [`Cell`], [`SortOrder`], [`Export`], [`Staging`], [`Undo`], [`SqliteGuard`], [`write`](fn@write) |
//! | rusqlite | [`rusqlite`], [`Connection`], [`Transaction`], [`Row`], [`OptionalExtension`], [`params!`] |
//! | the desktop | [`Desktop`], [`Place`], [`Live`], [`Work`], [`Job`], [`JobValue`], [`JobResult`] |
//! | tests | `TestClient` and `TestPage`, with the feature `test-client` |
//!
//! Your own names, and names that you import one by one, take precedence. [`Result`] is the only name
//! that replaces one of Rust's own: `Result<T>` is a handler's result, and `Result<T, E>` is still
//! the same type.
//!
//! The traits `Serialize` and `Deserialize`, for `#[derive(…)]`, come from your program's own
//! dependency `serde`.

pub use solohttp_core::{
    Failure, Fields, Form, Handler, Html, IntoResponse, IoList, Locale, Method, Numerals, Query,
    Question, Rejection, Request, Response, Result, StatusCode, StoredFile, Upload, header, html,
    iolist, values,
};
#[cfg(feature = "json")]
pub use solohttp_core::{Json, Problem};
#[cfg(feature = "test-client")]
pub use solohttp_core::{TestClient, TestPage};

#[cfg(feature = "desktop")]
pub use solohttp_desktop::{Desktop, Job, JobResult, JobValue, Live, Place, Work};
#[cfg(feature = "forms")]
pub use solohttp_forms::{
    Choices, Csv, DecimalMark, Draft, Drafts, EditPage, EditRequest, Errors, FieldView, Flash,
    FormPage, FormStore, FormView, Formlet, RecordForm, RecordPages, RowDiff, STYLE, SavedRecord,
    Submission, ValidationError, checkbox, checkboxes, choices, color, date, date_time, email,
    field, fields, file, fixed_point, form, formlet, group, hidden, month, multi_select, number,
    password, radio, range, row_id, rows, search, select, stored_file, switch, tel, text, textarea,
    time, today, url, week,
};
// Its docs, like those of rusqlite, have links that lead nowhere from here.
#[cfg(feature = "forms")]
#[doc(no_inline)]
pub use solohttp_forms::jiff::{
    self,
    civil::{Date, DateTime, Time},
};
#[cfg(feature = "router")]
pub use solohttp_router::{EmbeddedFolder, Path, Router, StaticFolder, embed, path_to, query_of};
#[cfg(feature = "sqlite")]
#[doc(no_inline)]
pub use solohttp_sqlite_guard::rusqlite::{
    self, Connection, OptionalExtension, Row, Transaction, params,
};
#[cfg(feature = "sqlite")]
pub use solohttp_sqlite_guard::{
    BulkAction, BulkRows, Cell, Database, Export, List, ListView, Record, SortOrder, SqliteGuard,
    Staging, Stored, Text, Undo, write,
};
#[cfg(feature = "template")]
pub use solohttp_template::{Chart, Dialect, Template, TemplateFolder, template_folder};

#[cfg(all(
    feature = "desktop",
    feature = "forms",
    feature = "router",
    feature = "sqlite",
    feature = "template"
))]
pub use crate::app::{RecordApp, RecordHandler, RecordList};
#[cfg(all(feature = "forms", feature = "sqlite"))]
pub use crate::record;

#[cfg(test)]
#[cfg(feature = "forms")]
mod tests {
    use super::*;

    /// A module of a program may have these names.
    fn list(text: &str) -> Result<String> {
        let date = text.parse::<Date>()?;
        let write = Vec::from([Some(date), None]);
        Ok(format!("{write:?}"))
    }

    #[test]
    fn names_of_the_program_take_precedence_and_those_of_rust_are_left() {
        assert!(list("2026-11-28").is_ok() && list("tomorrow").is_err());
        let typed: Result<u8, std::num::ParseIntError> = "7".parse();
        assert_eq!(typed, Ok(7));
        let boxed: Box<dyn Fn(Option<String>) -> usize> =
            Box::new(|text| text.map_or(0, |it| it.len()));
        assert_eq!(boxed(Some("ab".to_owned())), 2);
    }

    #[test]
    fn a_record_with_days_can_be_json() {
        const fn is_json<T: serde::Serialize + for<'de> serde::Deserialize<'de>>() {}
        is_json::<(Date, Time, DateTime)>();
    }

    #[test]
    fn the_docs_list_every_name() {
        let source = include_str!("prelude.rs").split("\n#[cfg(test)]").next().unwrap();
        let (docs, code) = source.split_once("\npub use").unwrap();
        let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
        let words = code
            .lines()
            .filter(|line| !line.starts_with(['#', '/']) && !line.contains("feature ="));
        let words = words.flat_map(|line| line.split(|letter| !is_part(letter)));
        let paths = ["pub", "use", "self", "crate", "app", "civil", ""];
        let names = words.filter(|word| !paths.contains(word) && !word.starts_with("solohttp_"));
        for name in names {
            let is_listed = [format!("`{name}`"), format!("`{name}!`")];
            assert!(is_listed.iter().any(|it| docs.contains(it.as_str())), "{name} isn't listed");
        }
    }
}
