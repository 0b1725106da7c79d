//! Imports CSV files in two jobs, so that the datebook stays usable. The first job checks all rows
//! for a preview, and the second imports the valid ones.

use std::sync::mpsc::{self, Receiver, TryRecvError};

use serde::Serialize;
use solohttp::desktop::Job;
use solohttp::{IntoResponse as _, Path, Rejection, Request, Response, Result, StatusCode};

use crate::app::{App, BOOK};
use crate::import_file::{File, Found};
use crate::import_row::{Decimal, Kind};
use crate::staged::Staged;

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
    staged: Staged,
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

/// Starts the check of an uploaded file.
pub(crate) fn upload(app: &mut App, request: &Request) -> Result<Response> {
    let decimal = request.form()?.get("decimal").unwrap_or_default();
    let decimal = Decimal::ALL.into_iter().find(|known| known.name() == decimal);
    let decimal = decimal.unwrap_or_else(Decimal::of_application);
    let kind = request.form()?.get("kind").unwrap_or_default();
    let kind = Kind::ALL.into_iter().find(|known| known.name() == kind);
    let upload = request.uploads()?.iter().find(|upload| upload.field() == "file");
    let (Some(kind), Some(upload)) = (kind, upload.filter(|upload| !upload.is_empty())) else {
        return Ok(failed(app, "Choose a file and the type of its contents."));
    };
    let file = match File::open(kind, decimal, upload.clone())? {
        Ok(file) => file,
        Err(wrong) => return Ok(failed(app, &wrong)),
    };
    app.uploads += 1;
    let ticket = app.uploads;
    let name = upload.file_name();
    let (book, live) = (app.file.clone(), app.live.clone());
    let (done, checked) = mpsc::channel();
    app.work.start(format!("Checking {name}"), move |job| {
        let checked = Staged::new(&book, kind).and_then(|staged| check(job, &file, staged));
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

/// Shows why a file can't be read at all, on the page where it was chosen.
fn failed(app: &mut App, why: &str) -> Response {
    app.flash.add(why);
    Response::redirect("/files")
}

/// Reads every row, and stages the valid ones.
fn check(job: &Job, file: &File, staged: Staged) -> Result<Checked> {
    let mut preview = Preview { columns: file.columns.clone(), ..Preview::default() };
    file.each_row(staged.db(), |found| {
        job.check()?;
        job.progress(found.position, file.upload.len());
        preview.note(&found);
        found.row.map_or(Ok(()), |row| staged.push(&row))
    })?;
    Ok(Checked { staged, preview })
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
pub(crate) fn preview(app: &mut App, Path(ticket): Path<u64>) -> Result<Response> {
    let title = format!("Import {}", current(&mut app.pending, ticket)?.kind.name());
    let frame = app.frame("files", &title);
    let pending = current(&mut app.pending, ticket)?;
    let page = Page {
        ticket,
        file: &pending.name,
        has_failed: matches!(pending.state, State::Failed),
        preview: match &pending.state {
            State::Checked(checked) => Some(&checked.preview),
            State::Checking(_) | State::Failed => None,
        },
    };
    Ok(app.pages.render_in("preview", &page, &frame)?.into_response())
}

/// Starts the import of the valid rows.
pub(crate) fn import(app: &mut App, Path(ticket): Path<u64>) -> Result<Response> {
    current(&mut app.pending, ticket)?;
    let Some(Pending { name, kind, state: State::Checked(checked), .. }) =
        app.pending.take_if(|pending| matches!(pending.state, State::Checked(_)))
    else {
        return Ok(Response::redirect(format!("/import/{ticket}")));
    };
    let (turn, live, undo) = (app.turn.clone(), app.live.clone(), app.undo.clone());
    app.work.start(format!("Importing {name}"), move |job| {
        let Checked { mut staged, preview } = *checked;
        let rows = staged.import(job, &turn, &undo, &format!("“{name}” imported"))?;
        live.changed(BOOK);
        staged.copy_log();
        let skipped = preview.bad.map(|bad| format!(" Invalid rows skipped: {bad}."));
        Ok(format!("Imported into {}: {rows}.{}", kind.name(), skipped.unwrap_or_default()))
    });
    Ok(Response::redirect(match kind {
        Kind::Contacts => "/contacts",
        Kind::Appointments => "/",
        Kind::Tasks => "/tasks",
    }))
}
