//! The rows of a file as records.

use std::any::Any;
use std::fmt;
use std::io::Read;

use solohttp_core::{Failure, Fields, Result};

use crate::csv::row::{Cells, CsvRow, CsvRowErrors};
use crate::csv::split::{Defect, MAX_RECORD, Record, Splitter};
use crate::csv::{Csv, CsvError, CsvSummary, without_guard};
use crate::form::data::FormData;
use crate::form::field::Field;
use crate::formlet::constraint;
use crate::lens::invisible;
use crate::outline::BlankRows;
use crate::validation::ValidationError;
use crate::validation::errors::Errors;

/// How many invalid rows [`CsvRows::save_all`] lists.
const INVALID_SHOWN: usize = 20;

type Resolve<'a> = Box<dyn FnMut(&str) -> Result<Box<dyn Any>> + 'a>;
type OnRow<'a> = Box<dyn FnMut(u64) -> Result<()> + 'a>;
type Check<'a, T> = Box<dyn FnMut(&T, &mut Errors<T>) -> Result<()> + 'a>;

/// The rows of a CSV file, read one at a time. Memory holds only one row, which is at most 4 MB long.
/// Created by [`Csv::read`].
///
/// The items are errors if the file can't be read, or if a function of the program fails. Invalid
/// rows are not errors: see [`CsvRow::record`].
#[must_use = "iterate over the rows"]
pub struct CsvRows<'a, T, R> {
    pub(super) csv: Csv<T>,
    pub(super) splitter: Splitter<R>,
    pub(super) record: Record,
    /// The names of the columns in the file.
    pub(super) heads: Vec<String>,
    /// The index of each of these columns in `csv`.
    pub(super) order: Vec<usize>,
    /// The initial values of fields without a column.
    pub(super) base: Fields,
    pub(super) resolve: Vec<(usize, Resolve<'a>)>,
    pub(super) check: Option<Check<'a, T>>,
    pub(super) on_row: Option<OnRow<'a>>,
    pub(super) has_failed: bool,
}

/// A row with its fields, which tell where a violated constraint belongs.
struct ReadRow<T> {
    row: CsvRow<T>,
    data: FormData,
}

impl<'a, T: 'static, R: Read> CsvRows<'a, T, R> {
    /// The names of the columns, as they are in the file.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.heads
    }

    /// Reads this column with a function instead of the form's element. The function gets the
    /// trimmed text of the cell, which is empty if the file doesn't have the column. A
    /// [`ValidationError`] is an error of the row; any other error ends the reading.
    ///
    /// ```
    /// use solohttp_forms::{Choices, ValidationError, field, form, select, text};
    ///
    /// struct Visit { what: String, with: Option<i64> }
    ///
    /// fn person_named(name: &str) -> solohttp_core::Result<Option<i64>> {
    ///     match name {
    ///         "" => Ok(None),
    ///         "Ada" => Ok(Some(7)), // … from the database
    ///         _ => Err(ValidationError::from(format!("Nobody is named “{name}”.")).into()),
    ///     }
    /// }
    ///
    /// let people = Choices::new(Vec::<(i64, String)>::new());
    /// let form = form!(Visit { what: text("What"), with: select("With", people).optional() });
    /// let rows = form.read_csv("what,with\nTea,Ada\nCake,Bob\n".as_bytes())?;
    /// let rows = rows.resolve(field!(Visit.with), person_named);
    /// let rows = rows.collect::<Result<Vec<_>, _>>()?;
    /// assert_eq!(rows[0].record.as_ref().unwrap().with, Some(7));
    /// let errors = rows[1].record.as_ref().map_err(ToString::to_string);
    /// assert_eq!(errors.err().unwrap(), "with: Nobody is named “Bob”.");
    /// # Ok::<(), solohttp_core::Failure>(())
    /// ```
    ///
    /// # Panics
    /// If the field isn't a column.
    #[track_caller]
    #[expect(clippy::needless_pass_by_value, reason = "`field!` creates them in place")]
    pub fn resolve<V: 'static>(
        mut self,
        field: Field<T, V>,
        mut resolve: impl FnMut(&str) -> Result<V> + 'a,
    ) -> Self {
        let index = self.csv.index_of(field.name());
        let resolve = move |text: &str| Ok(Box::new(resolve(text)?) as Box<dyn Any>);
        self.resolve.push((index, Box::new(resolve)));
        self
    }

    /// Checks each record as a whole, like [`Formlet::check`](crate::Formlet::check). Add validation
    /// errors to the last argument. An error of the function ends the reading.
    pub fn check(mut self, check: impl FnMut(&T, &mut Errors<T>) -> Result<()> + 'a) -> Self {
        self.check = Some(Box::new(check));
        self
    }

    /// Calls this function before each row with the number of bytes before the row, for example to
    /// report the progress of a job. An error of the function ends the reading.
    ///
    /// ```
    /// # use solohttp_core::Result;
    /// # use solohttp_forms::{form, text};
    /// # struct Sample { code: String }
    /// # struct Job;
    /// # impl Job {
    /// #     fn progress(&self, _: u64, _: u64) {}
    /// #     fn check(&self) -> std::io::Result<()> { Ok(()) }
    /// # }
    /// # fn check(job: &Job, file: &[u8]) -> Result<()> {
    /// # let sample_form = || form!(Sample { code: text("Code") });
    /// # let (reader, len) = (file, 3);
    /// let rows = sample_form().read_csv(reader)?.on_row(|position| {
    ///     job.progress(position, len);
    ///     Ok(job.check()?)
    /// });
    /// # drop(rows);
    /// # Ok(())
    /// # }
    /// # check(&Job, b"code").unwrap();
    /// ```
    pub fn on_row(mut self, on_row: impl FnMut(u64) -> Result<()> + 'a) -> Self {
        self.on_row = Some(Box::new(on_row));
        self
    }

    /// Saves all records with this function, and returns their number. Call it in a transaction: if
    /// any row is invalid, some records have already been saved.
    ///
    /// A row is also invalid if the function returns [`Errors`], a [`ValidationError`], or a
    /// violated constraint of the database, such as a code that already exists.
    ///
    /// ```
    /// # use solohttp_core::{IoList, Request, Response, Result, Upload};
    /// # use solohttp_forms::{FormView, Formlet, RecordForm, Submission, file, form, text};
    /// # #[derive(Clone)]
    /// # struct Sample { code: String }
    /// # fn sample_form() -> RecordForm<Sample> { form!(Sample { code: text("Code").required() }) }
    /// struct Import { file: Upload }
    /// struct ImportPage;
    ///
    /// impl Formlet<Vec<Sample>> for ImportPage {
    ///     type Record = Import;
    ///
    ///     fn form(&mut self, _: &mut Vec<Sample>) -> Result<RecordForm<Import>> {
    ///         Ok(form!(Import { file: file("CSV file").accept(".csv") }))
    ///     }
    ///
    ///     fn save(
    ///         &mut self,
    ///         samples: &mut Vec<Sample>,
    ///         import: Import,
    ///         _: &Submission<'_>,
    ///     ) -> Result<Response> {
    ///         let mut new = Vec::new();
    ///         let rows = sample_form().read_csv(import.file.reader())?;
    ///         rows.save_all(|sample| Ok(new.push(sample)))?; // errors are shown at the file
    ///         samples.append(&mut new);
    ///         Ok(Response::redirect("/samples"))
    ///     }
    ///     // …
    /// #     fn page(&mut self, _: &mut Vec<Sample>, view: &FormView<Import>, _: &Request) -> Result<IoList> {
    /// #         Ok(view.render())
    /// #     }
    /// }
    /// # use solohttp_core::Handler;
    /// # let mut app = solohttp_forms::formlet(ImportPage).with_state(Vec::new());
    /// # let mut send = |file: &str| {
    /// #     Request::post("/").upload("file", "a.csv", "text/csv", file).send_to(&mut app).into_text()
    /// # };
    /// # let page = send("code\n\"\"\n");
    /// # assert!(page.contains("Line 2: code: Fill in this field."), "{page}");
    /// # let page = send("colour\n");
    /// # assert!(page.contains("Unknown column “colour”. The columns are code."), "{page}");
    /// # send("code\nA\nB\n");
    /// # assert_eq!(app.state().len(), 2);
    /// ```
    ///
    /// # Errors
    /// [`CsvError::InvalidRows`] with the first 20 invalid rows, or an error that ended the reading.
    pub fn save_all<V>(self, save: impl FnMut(T) -> Result<V>) -> Result<u64> {
        let summary = self.save_valid(save)?;
        if summary.invalid == 0 {
            return Ok(summary.valid);
        }
        let mut rows: Vec<_> =
            summary.invalid_rows.into_iter().map(|row| (row.line, row.error)).collect();
        rows.truncate(INVALID_SHOWN);
        let more = summary.invalid - rows.len() as u64;
        Err(CsvError::InvalidRows { rows, more }.into())
    }

    /// Saves the valid records with this function, and skips invalid rows. Returns the numbers of
    /// both, and the first rows, which a page can show.
    ///
    /// A row is also invalid if the function returns an error that
    /// [`save_all`](Self::save_all) accepts.
    ///
    /// # Errors
    /// An error that ended the reading.
    pub fn save_valid<V>(mut self, mut save: impl FnMut(T) -> Result<V>) -> Result<CsvSummary> {
        let mut summary = CsvSummary { columns: self.heads.clone(), ..CsvSummary::default() };
        while let Some(ReadRow { row, data }) = self.next_row()? {
            let CsvRow { line, record, cells, .. } = row;
            let saved = match record.map(&mut save) {
                Ok(Ok(_)) => Ok(()),
                Ok(Err(failure)) => Err(self.errors_of(failure, &data)?),
                Err(errors) => Err(errors),
            };
            match saved {
                Ok(()) => summary.add_valid(line, cells.iter()),
                Err(errors) => summary.add_invalid(line, cells.iter(), errors.text),
            }
        }
        Ok(summary)
    }

    fn next_row(&mut self) -> Result<Option<ReadRow<T>>> {
        if !self.splitter.read(&mut self.record)? {
            return Ok(None);
        }
        if let Some(on_row) = &mut self.on_row {
            on_row(self.record.position)?;
        }
        let (cells, mut data) = (Cells::of(&self.record), FormData::default());
        let record = match self.defect(&cells) {
            Some(sentence) => Err(self.errors(vec![(String::new(), sentence)])),
            None => self.parse(&cells, &mut data)?.map_err(|errors| self.show(&errors)),
        };
        let Record { line, position, .. } = self.record;
        Ok(Some(ReadRow { row: CsvRow { line, position, record, cells }, data }))
    }

    /// What is wrong with the row as a whole.
    fn defect(&self, row: &Cells) -> Option<String> {
        let (words, columns) = (&self.csv.form.settings().words, self.heads.len());
        let cells = row.iter().len();
        match self.record.defect {
            Some(Defect::OpenQuote) => Some(words.csv_open_quote.to_string()),
            Some(Defect::TooLong) => Some(words.csv_long_row.say(&[("max", &MAX_RECORD)])),
            None if cells != columns => {
                Some(words.csv_wrong_width.say(&[("cells", &cells), ("columns", &columns)]))
            }
            None => (!row.is_utf8).then(|| words.csv_not_utf8.to_string()),
        }
    }

    fn parse(&mut self, row: &Cells, data: &mut FormData) -> Result<Result<T, Errors<T>>> {
        let Self { csv, order, base, resolve, check, .. } = self;
        let (mut fields, mut errors) = (base.clone(), Errors::new());
        let words = &csv.form.settings().words;
        for (&index, cell) in order.iter().zip(row.iter()) {
            if resolve.iter().any(|(resolved, _)| *resolved == index) {
                continue;
            }
            let column = &csv.columns[index];
            if let Err(error) = column.read(without_guard(cell), csv.decimal, words, &mut fields) {
                errors.list.add(&column.name, error);
            }
        }
        *data = FormData::from(fields);
        for (index, resolve) in resolve {
            let place = order.iter().position(|column| column == index);
            let cell = place.and_then(|place| row.iter().nth(place)).unwrap_or_default();
            let name = &csv.columns[*index].name;
            match resolve(invisible::trim(without_guard(cell))) {
                Ok(value) => data.give(name, value),
                Err(failure) => errors.list.add(name, validation_error(failure)?),
            }
        }
        csv.form.normalize(data, BlankRows::Last);
        let record = csv.form.parse_after(data, &mut errors);
        if let (Some(record), Some(check)) = (&record, check)
            && errors.is_empty()
        {
            check(record, &mut errors)?;
        }
        Ok(record.filter(|_| errors.is_empty()).ok_or(errors))
    }

    /// The errors of a row because of which it couldn't be saved.
    fn errors_of(&self, failure: Failure, data: &FormData) -> Result<CsvRowErrors> {
        let mut errors = Errors::<T>::new();
        if let Some(error) = failure.error() {
            if let Some(found) = error.downcast_ref::<ValidationError>() {
                errors.on_form(found.clone());
            } else if let Some(found) = error.downcast_ref::<Errors<T>>() {
                errors.list = found.list.clone();
            } else {
                constraint::add_error(self.csv.form.outline(), data, error, &mut errors.list);
            }
        }
        if errors.is_empty() { Err(failure) } else { Ok(self.show(&errors)) }
    }

    fn errors(&self, list: Vec<(String, String)>) -> CsvRowErrors {
        CsvRowErrors::of(list, &self.csv.form.settings().words)
    }

    /// The sentences with the names of their columns in the file.
    fn show(&self, errors: &Errors<T>) -> CsvRowErrors {
        let list = errors.iter().map(|(name, error)| {
            let is_named = |index: &usize| self.csv.columns[*index].name == name;
            (self.order.iter().position(is_named), name, error)
        });
        let mut list: Vec<_> = list.collect();
        // In the order of the file. Errors without a column come last.
        list.sort_by_key(|(place, ..)| place.unwrap_or(usize::MAX));
        let list = list.into_iter().map(|(place, name, error)| {
            let head = place.map_or(name, |place| &self.heads[place]);
            (head.to_owned(), self.csv.form.settings().message(error).into_owned())
        });
        self.errors(list.collect())
    }
}

/// The error for the user, if the failure is one.
fn validation_error(failure: Failure) -> Result<ValidationError> {
    let error = failure.error().and_then(|error| error.downcast_ref::<ValidationError>());
    error.cloned().ok_or(failure)
}

impl<T: 'static, R: Read> Iterator for CsvRows<'_, T, R> {
    type Item = Result<CsvRow<T>>;

    fn next(&mut self) -> Option<Result<CsvRow<T>>> {
        if self.has_failed {
            return None;
        }
        let row = self.next_row();
        self.has_failed = row.is_err();
        row.transpose().map(|read| read.map(|read| read.row))
    }
}

impl<T, R> fmt::Debug for CsvRows<'_, T, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CsvRows").field("columns", &self.heads).finish_non_exhaustive()
    }
}
