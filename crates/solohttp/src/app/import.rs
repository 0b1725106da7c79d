//! A page that imports a CSV file, in a `RecordApp`.

use std::path::Path;

use solohttp_core::{Locale, Numerals, Result, Upload, sentences};
use solohttp_desktop::Job;
use solohttp_forms::{
    CsvSummary, DecimalMark, FormPage, FormWords, RecordForm, checkbox, file, form, radio,
};
use solohttp_sqlite_guard::rusqlite::Connection;
use solohttp_sqlite_guard::{Record, Staging, Undo, open};

use super::RecordApp;

/// How many invalid rows the outcome of an import lists.
const LISTED: usize = 20;

sentences! {
    /// The sentences of [`RecordApp::import`](crate::RecordApp::import). Set them once, in the
    /// application's [`Locale`](crate::Locale). {name} is the name of the file.
    pub struct ImportWords {
        /// The title of the page.
        title: "Import",
        /// The label of the file.
        file: "CSV file",
        /// The help text of the file. {columns} are the names of its columns.
        columns: "The first line has the names of the columns, in any order: {columns}.",
        /// The label of the number format.
        decimal: "Number format",
        /// The label of the check box that imports a file with invalid rows.
        skip: "Skip invalid rows",
        /// The button.
        import: "Import",
        /// The name of the job while it runs.
        job: "Importing {name}",
        /// The name of the change, for undo.
        imported: "“{name}” imported",
        /// The outcome. {count} is the number of rows.
        rows: "Rows imported: {count}.",
        /// Follows the outcome if rows were skipped. {count} is their number. The sentences about the
        /// first of them come after it.
        skipped: "Rows skipped: {count}.",
    }
}

/// What the page asks for.
#[derive(Debug)]
pub struct CsvImport {
    file: Upload,
    decimal: DecimalMark,
    skips: bool,
}

impl<S: 'static> RecordApp<S> {
    /// A page that imports a CSV file, with the rules of a record's form. Set the
    /// [title](FormPage::title) and where to go [afterwards](FormPage::back_to).
    ///
    /// A wrong column is reported at once. Then a job reads the file, while pages are served, and the
    /// list of jobs shows its progress: `{work}` in the template. Either all rows are added or none,
    /// or the user chooses to skip those that are invalid; in either case, their lines and errors are
    /// listed. The import is one change, which can be undone.
    ///
    /// `form` is called by the page, and again by the job, with a connection of its own. The sentences
    /// of the form, the number format and those of the page are those of the application's
    /// [`Locale`](crate::Locale) in the job too. If `form` needs anything else of it, such as the
    /// labels of choices in another language, it has to install that part itself.
    ///
    /// ```
    /// use solohttp::prelude::*;
    ///
    /// type App = RecordApp;
    ///
    /// record! {
    ///     pub struct Shelf in "shelf" {
    ///         pub name: String = text("Name").required(),
    ///     }
    /// }
    ///
    /// record! {
    ///     pub struct Sample in "sample" form(shelves: Choices<i64>) {
    ///         pub code: String = text("Code").required(),
    ///         pub shelf: Option<i64> = select("Shelf", shelves).optional(),
    ///     }
    /// }
    ///
    /// fn sample_form(db: &Connection) -> Result<RecordForm<Sample>> {
    ///     Ok(Sample::form(Choices::new(Shelf::labels(db, |shelf| &shelf.name)?)))
    /// }
    ///
    /// # let mut router = Router::<App>::new();
    /// router.any("/import", App::import(sample_form).title("Import samples").back_to("/samples"));
    /// ```
    ///
    /// The sentences are [`ImportWords`](crate::ImportWords).
    pub fn import<R: Record + 'static>(
        form: impl Fn(&Connection) -> Result<RecordForm<R>> + Clone + Send + 'static,
    ) -> FormPage<Self, CsvImport> {
        let form_of_page = form.clone();
        Self::form(
            move |app, _| {
                let words = Locale::current::<ImportWords>();
                let columns = form_of_page(&app.db)?.csv().columns().collect::<Vec<_>>().join(", ");
                Ok(import_form(&words, &columns))
            },
            move |app, import: CsvImport, submission| {
                // If the columns are wrong, the form says so.
                drop(form(&app.db)?.read_csv(import.file.reader())?);
                let words = Words::of_this_thread();
                let name = import.file.file_name().to_owned();
                let title = words.import.job.say(&[("name", &name)]);
                let (path, undo, form) = (app.file.clone(), app.undo.clone(), form.clone());
                app.work.start(title, move |job| {
                    words.install();
                    run(job, &path, &undo, &import, form)
                });
                Ok(submission.back())
            },
        )
        .title_with(|_, _| Ok(Locale::current::<ImportWords>().title.to_string()))
    }
}

fn import_form(words: &ImportWords, columns: &str) -> RecordForm<CsvImport> {
    let form = form!(CsvImport {
        file: file(words.file.to_string())
            .accept(".csv,text/csv")
            .help(words.columns.say(&[("columns", &columns)])),
        decimal: radio(words.decimal.to_string(), DecimalMark::choices())
            .initial(DecimalMark::of_application()),
        skips: checkbox(words.skip.to_string()),
    });
    // The same file may be imported twice.
    form.button("import", words.import.to_string()).allow_duplicates()
}

/// What the job needs of the locale, which belongs to the server's thread.
struct Words {
    import: ImportWords,
    form: FormWords,
    numerals: Numerals,
}

impl Words {
    fn of_this_thread() -> Self {
        Self {
            import: ImportWords::clone(&Locale::current()),
            form: FormWords::clone(&Locale::current()),
            numerals: Numerals::clone(&Locale::current()),
        }
    }

    fn install(self) {
        Locale::new().with(self.import).with(self.form).with(self.numerals).install();
    }
}

/// Reads and adds the rows, on the job's thread. Returns the outcome.
fn run<R: Record + 'static>(
    job: &Job,
    path: &Path,
    undo: &Undo,
    import: &CsvImport,
    form: impl Fn(&Connection) -> Result<RecordForm<R>>,
) -> Result<String> {
    // The connection for staging hides the rows of the record's table, to which a form may refer.
    let csv = form(&open(path)?)?.csv().decimal_mark(import.decimal);
    let mut staging = Staging::open::<R>(path)?;
    let rows = csv.read(import.file.reader())?.on_row(|position| {
        job.progress(position, import.file.len());
        Ok(job.check()?)
    });
    let skipped = if import.skips {
        rows.save_valid(|row| Ok(row.insert(staging.db())?))?
    } else {
        rows.save_all(|row| Ok(row.insert(staging.db())?))?;
        CsvSummary::default()
    };
    let words = Locale::current::<ImportWords>();
    let (name, total) = (import.file.file_name(), staging.rows()?);
    let imported = words.imported.say(&[("name", &name)]);
    let added = staging.add_with_undo(undo, imported, |done| {
        job.progress(done, total);
        Ok(job.check()?)
    })?;
    Ok(outcome(&words, added, &skipped))
}

fn outcome(words: &ImportWords, added: u64, skipped: &CsvSummary) -> String {
    let mut sentences = vec![words.rows.say(&[("count", &added)])];
    if skipped.invalid > 0 {
        let form_words = Locale::current::<FormWords>();
        sentences.push(words.skipped.say(&[("count", &skipped.invalid)]));
        sentences.extend(
            skipped
                .invalid_rows
                .iter()
                .take(LISTED)
                .map(|row| form_words.csv_line.say(&[("line", &row.line), ("error", &row.error)])),
        );
        let more = skipped.invalid.saturating_sub(LISTED as u64);
        sentences.extend((more > 0).then(|| form_words.csv_more.say(&[("count", &more)])));
    }
    sentences.join(" ")
}

#[cfg(test)]
mod tests;
