//! Imports CSV files in two jobs, so that the datebook stays usable. The first job checks all rows
//! for a preview, and the second imports the valid ones.

use solohttp::desktop::{Job, JobResult, JobValue};
use solohttp::forms::{
    Choices, Csv, CsvRows, CsvSummary, DecimalMark, FormView, Formlet, RecordForm, Submission,
    ValidationError, choices, field, file, form, radio,
};
use solohttp::sqlite::rusqlite::{Connection, OptionalExtension as _};
use solohttp::sqlite::{Record as _, Staging};
use solohttp::{
    BodyReader, IoList, Path, Rejection, Request, Response, Result, StatusCode, Upload, values,
};

use crate::app::App;
use crate::appointment::Appointment;
use crate::contact::Contact;
use crate::task::Task;

/// The maximum size of a file in bytes. A million contacts take about sixty million bytes.
pub(crate) const LARGEST: u64 = 256 << 20;

/// The live name of the preview.
const PREVIEW: &str = "preview";

choices! {
    pub(crate) enum Kind {
        Contacts = "contacts": "Contacts",
        Appointments = "appointments": "Appointments",
        Tasks = "tasks": "Tasks",
    }
}

// The forms that users fill in also define the columns of files, and check their rows.

pub(crate) fn contact_csv() -> Csv<Contact> {
    Contact::form().csv()
}

/// In a file, contacts are names. The form needs no choices, because `contact_named` finds them.
pub(crate) fn appointment_csv() -> Csv<Appointment> {
    Appointment::form(Choices::new(Vec::<(i64, String)>::new())).csv()
}

pub(crate) fn task_csv() -> Csv<Task> {
    Task::form().csv()
}

impl Kind {
    fn columns(self) -> String {
        fn list<T>(csv: &Csv<T>) -> String {
            csv.columns().collect::<Vec<_>>().join(", ")
        }
        match self {
            Self::Contacts => list(&contact_csv()),
            Self::Appointments => list(&appointment_csv()),
            Self::Tasks => list(&task_csv()),
        }
    }
}

/// The form that uploads a file.
pub(crate) struct Import {
    kind: Kind,
    decimal: DecimalMark,
    file: Upload,
}

pub(crate) struct Uploading;

impl Formlet<App> for Uploading {
    type Record = Import;

    fn form(&mut self, _: &mut App) -> Result<RecordForm<Import>> {
        let label = |kind: &Kind| format!("{}: {}", kind.label(), kind.columns());
        let kinds = Kind::ALL.iter().map(|kind| (*kind, kind.key(), label(kind)));
        let decimals = DecimalMark::choices();
        let form = form!(Import {
            kind: radio("Contents", Choices::keyed(kinds)).initial(Kind::Contacts),
            decimal: radio("Number format", decimals).initial(DecimalMark::of_application()),
            file: file("File").accept(".csv,text/csv").max_bytes(LARGEST),
        });
        Ok(form.action("/import").button("preview", "Preview").allow_duplicates())
    }

    /// Starts the check of the file. If its columns are wrong, the form says so next to the file.
    fn save(&mut self, app: &mut App, one: Import, _: &Submission<'_>) -> Result<Response> {
        match one.kind {
            Kind::Contacts => drop(read(contact_csv(), &one)?),
            Kind::Appointments => drop(read(appointment_csv(), &one)?),
            Kind::Tasks => drop(read(task_csv(), &one)?),
        }
        app.state.uploads += 1;
        let (ticket, kind, name) = (app.state.uploads, one.kind, one.file.file_name());
        let book = app.file.clone();
        let checked = app.work.start_with_value(format!("Checking {name}"), PREVIEW, move |job| {
            let checked = check(job, &one, &book)?;
            let CsvSummary { valid, invalid, .. } = checked.summary;
            let invalid = counted(" Invalid rows: ", invalid);
            let outcome = format!("Valid rows: {valid}.{invalid}");
            Ok((checked, outcome))
        });
        app.state.pending = Some(Pending { ticket, name, kind, checked });
        Ok(Response::redirect(format!("/import/{ticket}")))
    }

    fn page(&mut self, app: &mut App, view: &FormView<Import>, _: &Request) -> Result<IoList> {
        app.page("Import and export", "files", &values! { area: "files", form: view })
    }
}

/// The file that was uploaded last.
pub(crate) struct Pending {
    ticket: u64,
    name: String,
    kind: Kind,
    checked: JobValue<Checked>,
}

/// The outcome of a check.
struct Checked {
    /// The valid rows.
    staging: Staging,
    summary: CsvSummary,
}

fn read<T>(csv: Csv<T>, import: &Import) -> Result<CsvRows<'_, T, BodyReader>> {
    Ok(csv.decimal_mark(import.decimal).read(import.file.reader())?)
}

/// Reads every row, and stages the valid ones.
fn check(job: &Job, import: &Import, book: &std::path::Path) -> Result<Checked> {
    let step = |position| {
        job.progress(position, import.file.len());
        Ok(job.check()?)
    };
    let (staging, summary);
    match import.kind {
        Kind::Contacts => {
            staging = Staging::open::<Contact>(book)?;
            let rows = read(contact_csv(), import)?.on_row(step);
            summary = rows.save_valid(|contact| Ok(contact.insert(staging.db())?))?;
        }
        Kind::Appointments => {
            // A contact may have been deleted since the rows were checked.
            staging = Staging::open::<Appointment>(book)?
                .value("contact", "(SELECT id FROM main.contact WHERE id = contact)");
            let rows = read(appointment_csv(), import)?
                .on_row(step)
                .resolve(field!(Appointment.contact), |name| contact_named(name, staging.db()))
                .check(|one, errors| {
                    let wrong = one.wrong_times();
                    wrong.into_iter().for_each(|wrong| errors.on(field!(Appointment.to), wrong));
                    Ok(())
                });
            summary = rows.save_valid(|one| Ok(one.insert(staging.db())?))?;
        }
        Kind::Tasks => {
            staging = Staging::open::<Task>(book)?;
            let rows = read(task_csv(), import)?.on_row(step);
            summary = rows.save_valid(|task| Ok(task.insert(staging.db())?))?;
        }
    }
    Ok(Checked { staging, summary })
}

/// A file refers to a contact by name, but the database refers to it by id.
fn contact_named(name: &str, db: &Connection) -> Result<Option<i64>> {
    let sql = "SELECT id FROM contact WHERE name = ?1 COLLATE NOCASE ORDER BY id LIMIT 1";
    let id = db.prepare_cached(sql)?.query_row([name], |row| row.get(0)).optional()?;
    if id.is_none() && !name.is_empty() {
        return Err(ValidationError::from(format!("No contact is named “{name}”.")).into());
    }
    Ok(id)
}

/// A sentence about a number, or nothing if it is 0.
fn counted(sentence: &str, count: u64) -> String {
    if count == 0 { String::new() } else { format!("{sentence}{count}.") }
}

/// Returns the pending file, if it has this ticket. A file that is uploaded later gets a different
/// ticket.
fn current(pending: &Option<Pending>, ticket: u64) -> Result<&Pending> {
    let pending = pending.as_ref().filter(|pending| pending.ticket == ticket);
    let gone = "This file was already imported, or its preview has expired.";
    pending.ok_or_else(|| Rejection::new(StatusCode::GONE, gone).into())
}

/// Shows the preview of the file, or that the file is still being checked.
pub(crate) fn preview(app: &mut App, Path(ticket): Path<u64>) -> Result<IoList> {
    let Pending { name: file, kind, checked, .. } = current(&app.state.pending, ticket)?;
    let has_failed = matches!(checked.result(), JobResult::Failed);
    let summary = checked.ready().map(|checked| &checked.summary);
    let preview = values! { area: "files", ticket, file, has_failed, summary };
    app.page(&format!("Import {kind}"), "preview", &preview)
}

/// Starts the import of the valid rows.
pub(crate) fn import(app: &mut App, Path(ticket): Path<u64>) -> Result<Response> {
    current(&app.state.pending, ticket)?;
    let ready = app.state.pending.take_if(|pending| pending.checked.ready().is_some());
    let ready = ready.and_then(|ready| Some((ready.kind, ready.name, ready.checked.into_ready()?)));
    let Some((kind, name, Checked { mut staging, summary })) = ready else {
        return Ok(Response::redirect(format!("/import/{ticket}")));
    };
    let (live, undo) = (app.live.clone(), app.undo.clone());
    app.work.start(format!("Importing {name}"), move |job| {
        let rows = staging.add_with_undo(&undo, format!("“{name}” imported"), |done| {
            job.check()?;
            job.progress(done, summary.valid);
            Ok(())
        })?;
        live.changed(App::LIVE);
        let skipped = counted(" Invalid rows skipped: ", summary.invalid);
        Ok(format!("Imported into {kind}: {rows}.{skipped}"))
    });
    Ok(Response::redirect(match kind {
        Kind::Contacts => "/contacts",
        Kind::Appointments => "/",
        Kind::Tasks => "/tasks",
    }))
}
