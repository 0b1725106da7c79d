//! Imports CSV files in two jobs, so that the datebook stays usable. The first job checks all rows
//! for a preview, and the second imports the valid ones.

use std::error::Error;
use std::sync::mpsc::{self, Receiver, TryRecvError};

use serde::Serialize;
use solohttp::desktop::Job;
use solohttp::forms::{
    Choices, Errors, FormView, Formlet, RecordForm, Submission, field, file, form, radio,
};
use solohttp::sqlite::Staging;
use solohttp::{Html, IoList, Path, Rejection, Request, Response, Result, StatusCode, Upload};

use crate::app::{App, BOOK};
use crate::appointment::Appointment;
use crate::contact::Contact;
use crate::import_file::{File, Found};
use crate::import_row::{Decimal, Kind, Mistake};
use crate::task::Task;

/// The maximum size of a file in bytes. A million contacts take about sixty million bytes.
pub(crate) const LARGEST: u64 = 256 << 20;

/// The maximum numbers of valid and invalid rows in the preview.
const GOOD_SHOWN: usize = 10;
const BAD_SHOWN: usize = 100;

/// The live name of the preview.
const PREVIEW: &str = "preview";

/// The file that was uploaded last.
pub(crate) struct Pending {
    ticket: u64,
    name: String,
    kind: Kind,
    state: State,
}

enum State {
    Checking(Receiver<Checked>),
    Checked(Box<Checked>),
    /// The check was cancelled, or it failed. The list of work shows the reason.
    Failed,
}

/// The outcome of a check.
struct Checked {
    staging: Staging,
    preview: Preview,
}

#[derive(Serialize)]
struct Page<'a> {
    ticket: u64,
    file: &'a str,
    has_failed: bool,
    preview: Option<&'a Preview>,
}

#[derive(Default, Serialize)]
struct Preview {
    /// `None` for zero, because `<?if?>` treats 0 as present.
    good: Option<u64>,
    bad: Option<u64>,
    /// Invalid rows that aren't shown.
    unseen: Option<u64>,
    wrong: Vec<Wrong>,
    columns: Vec<String>,
    rows: Vec<Cells>,
}

#[derive(Serialize)]
struct Wrong {
    line: u64,
    why: String,
    row: String,
}

#[derive(Serialize)]
struct Cells {
    cells: Vec<String>,
}

/// The form that uploads a file.
pub(crate) struct Import {
    kind: Kind,
    decimal: Decimal,
    file: Upload,
}

pub(crate) struct Uploading;

impl Formlet<App> for Uploading {
    type Record = Import;

    fn form(&mut self, _: &mut App) -> Result<RecordForm<Import>> {
        let label = |kind: &Kind| format!("{}: {}", kind.label(), kind.columns().join(", "));
        let kinds = Kind::ALL.iter().map(|kind| (*kind, kind.key(), label(kind)));
        let form = form!(Import {
            kind: radio("Contents", Choices::keyed(kinds)).initial(Kind::Contacts),
            decimal: radio("Number format", Decimal::choices()).initial(Decimal::of_application()),
            file: file("File").accept(".csv,text/csv").max_bytes(LARGEST),
        });
        Ok(form.action("/import").button("preview", "Preview").allow_duplicates())
    }

    /// Starts the check of the file.
    fn save(&mut self, app: &mut App, one: Import, _: &Submission<'_>) -> Result<Response> {
        let (kind, name) = (one.kind, one.file.file_name());
        let file = File::open(kind, one.decimal, one.file)?;
        app.uploads += 1;
        let ticket = app.uploads;
        let (book, live) = (app.file.clone(), app.live.clone());
        let (done, checked) = mpsc::channel();
        app.work.start(format!("Checking {name}"), move |job| {
            let checked = stage(&book, kind).and_then(|staging| check(job, &file, staging));
            let outcome = checked.map(|checked| {
                let outcome = checked.preview.outcome();
                // Fails if another file has been uploaded in the meantime.
                drop(done.send(checked));
                outcome
            });
            // If the check failed, this lets the page know that there will be no outcome.
            drop(done);
            live.changed(PREVIEW);
            outcome
        });
        app.pending = Some(Pending { ticket, name, kind, state: State::Checking(checked) });
        Ok(Response::redirect(format!("/import/{ticket}")))
    }

    /// Shows a mistake in the names of the columns next to the file.
    fn map_error(&mut self, error: &(dyn Error + 'static), errors: &mut Errors<Import>) {
        if let Some(Mistake(wrong)) = error.downcast_ref() {
            errors.on(field!(Import.file), wrong.clone());
        }
    }

    fn page(&mut self, app: &mut App, view: &FormView<Import>, _: &Request) -> Result<IoList> {
        #[derive(Serialize)]
        struct Files {
            form: Html,
        }
        app.page("files", "Import and export", "files", &Files { form: view.render().into() })
    }
}

/// A temporary table for the valid rows.
fn stage(book: &std::path::Path, kind: Kind) -> Result<Staging> {
    Ok(match kind {
        Kind::Contacts => Staging::open::<Contact>(book)?,
        // A contact may have been deleted since the rows were checked.
        Kind::Appointments => Staging::open::<Appointment>(book)?
            .value("contact", "(SELECT id FROM main.contact WHERE id = contact)"),
        Kind::Tasks => Staging::open::<Task>(book)?,
    })
}

/// Reads every row, and stages the valid ones.
fn check(job: &Job, file: &File, staging: Staging) -> Result<Checked> {
    let mut preview = Preview { columns: file.columns.clone(), ..Preview::default() };
    file.insert_rows(staging.db(), |found| {
        job.check()?;
        job.progress(found.position, file.upload.len());
        preview.note(&found);
        Ok(())
    })?;
    Ok(Checked { staging, preview })
}

impl Preview {
    fn note(&mut self, found: &Found<'_>) {
        match &found.row {
            Ok(_) => {
                self.good = Some(self.good.unwrap_or(0) + 1);
                if self.rows.len() < GOOD_SHOWN {
                    let cells = found.cells.iter().map(|cell| (*cell).to_owned()).collect();
                    self.rows.push(Cells { cells });
                }
            }
            Err(why) => {
                self.bad = Some(self.bad.unwrap_or(0) + 1);
                if self.wrong.len() < BAD_SHOWN {
                    let row = found.cells.join(", ");
                    self.wrong.push(Wrong { line: found.line, why: why.clone(), row });
                } else {
                    self.unseen = Some(self.unseen.unwrap_or(0) + 1);
                }
            }
        }
    }

    fn outcome(&self) -> String {
        let valid = format!("Valid rows: {}.", self.good.unwrap_or(0));
        self.bad.map_or(valid.clone(), |bad| format!("{valid} Invalid rows: {bad}."))
    }
}

impl Pending {
    /// Updates the state if the check has ended.
    fn update(&mut self) {
        if let State::Checking(checked) = &self.state {
            self.state = match checked.try_recv() {
                Ok(checked) => State::Checked(Box::new(checked)),
                Err(TryRecvError::Disconnected) => State::Failed,
                Err(TryRecvError::Empty) => return,
            };
        }
    }
}

/// Returns the pending file, if it has this ticket. A file that is uploaded later gets a different
/// ticket.
fn current(pending: &mut Option<Pending>, ticket: u64) -> Result<&mut Pending> {
    let pending = pending.as_mut().filter(|pending| pending.ticket == ticket);
    let pending = pending.ok_or_else(|| {
        let detail = "This file was already imported, or its preview has expired.";
        Rejection::new(StatusCode::GONE, detail)
    })?;
    pending.update();
    Ok(pending)
}

/// Shows the preview of the file, or that the file is still being checked.
pub(crate) fn preview(app: &mut App, Path(ticket): Path<u64>) -> Result<IoList> {
    let title = format!("Import {}", current(&mut app.pending, ticket)?.kind);
    let frame = app.frame("files", &title);
    let Pending { name, state, .. } = &*current(&mut app.pending, ticket)?;
    let preview = match state {
        State::Checked(checked) => Some(&checked.preview),
        State::Checking(_) | State::Failed => None,
    };
    let has_failed = matches!(state, State::Failed);
    let page = Page { ticket, file: name, has_failed, preview };
    Ok(app.pages.render_in("preview", &page, &frame)?)
}

/// Starts the import of the valid rows.
pub(crate) fn import(app: &mut App, Path(ticket): Path<u64>) -> Result<Response> {
    current(&mut app.pending, ticket)?;
    let Some(Pending { name, kind, state: State::Checked(checked), .. }) =
        app.pending.take_if(|pending| matches!(pending.state, State::Checked(_)))
    else {
        return Ok(Response::redirect(format!("/import/{ticket}")));
    };
    let (live, undo) = (app.live.clone(), app.undo.clone());
    app.work.start(format!("Importing {name}"), move |job| {
        let Checked { mut staging, preview } = *checked;
        let all = staging.rows()?;
        let rows = staging.add_with_undo(&undo, format!("“{name}” imported"), |done| {
            job.check()?;
            job.progress(done, all);
            Ok(())
        })?;
        live.changed(BOOK);
        let skipped = preview.bad.map(|bad| format!(" Invalid rows skipped: {bad}."));
        Ok(format!("Imported into {}: {rows}.{}", kind, skipped.unwrap_or_default()))
    });
    Ok(Response::redirect(match kind {
        Kind::Contacts => "/contacts",
        Kind::Appointments => "/",
        Kind::Tasks => "/tasks",
    }))
}
