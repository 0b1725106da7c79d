//! The start page while the program does long work.

use std::thread;
use std::time::Duration;

use program::{Client, Failure, Program};
use race::{Report, Row, progress};

use crate::book::{self, Book};
use crate::{datebook, row, time};

const IMPORTED: u32 = 100_000;

/// The pause between two requests.
const PAUSE: Duration = Duration::from_millis(5);

pub fn measure(book: &Book, program: &Program, report: &Report) -> Result<Vec<Row>, Failure> {
    let mut rows = Vec::new();
    for (what, path) in [
        ("the week during the export of 1,000,000 contacts", "/export/contacts.csv"),
        ("the week during the export of 3,000,000 appointments", "/export/appointments.ics"),
    ] {
        if report.asks_for(what) {
            progress(what);
            rows.push(during_download(program, what, path)?);
        }
    }
    let what = "the week during the import of 100,000 contacts";
    if report.asks_for(what) {
        progress(what);
        rows.extend(during_import(book, what)?);
    }
    progress("");
    Ok(rows)
}

fn during_download(program: &Program, what: &str, path: &'static str) -> Result<Row, Failure> {
    let client = &program.client;
    let download = {
        let client = client.clone();
        thread::spawn(move || client.download(path).map_err(|error| error.to_string()))
    };
    let (mut times, mut memory) = (Vec::new(), 0_f64);
    while !download.is_finished() {
        times.push(time(|| client.get("/"))?);
        memory = program.memory().unwrap_or(f64::NAN).max(memory);
        thread::sleep(PAUSE);
    }
    let bytes = download.join().map_err(|_| "the download panicked")??;
    let what = format!("{what} ({} MB; memory at most {memory:.0} MB)", bytes / 1_000_000);
    Ok(row(&what, times, 5.0, 5.0))
}

/// The check of the file, and then the import.
fn during_import(book: &Book, what: &str) -> Result<[Row; 2], Failure> {
    let folder = book.copy()?;
    let program = datebook::start(folder.path())?;
    let client = &program.client;
    let boundary = "----------boundary";
    let mut body = String::new();
    for (name, value) in [("kind", "contacts"), ("decimal", "point")] {
        body += &field(boundary, name, value);
    }
    body += &format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"many.csv\"\r\n\
         Content-Type: text/csv\r\n\r\n{}\r\n",
        book::csv(IMPORTED)
    );
    body += &hidden(client, boundary)?;
    body += &format!("--{boundary}--\r\n");
    let media_type = format!("multipart/form-data; boundary={boundary}");
    let preview = client.post("/import", &media_type, body.as_bytes())?;
    let checked = until(client, || contains(client, &preview, "Import 100"))?;
    client.post(&preview, "application/x-www-form-urlencoded", b"")?;
    let imported = until(client, || contains(client, "/", "Imported into"))?;
    Ok([
        row(&format!("{what}: check"), checked, 20.0, 20.0),
        row(&format!("{what}: add"), imported, 20.0, 20.0),
    ])
}

/// Times the start page until `is_done`, which is asked twice a second.
fn until(
    client: &Client,
    is_done: impl Fn() -> Result<bool, Failure>,
) -> Result<Vec<f64>, Failure> {
    let mut times = Vec::new();
    while !is_done()? {
        for _ in 0..50 {
            times.push(time(|| client.get("/"))?);
            thread::sleep(PAUSE);
        }
    }
    Ok(times)
}

fn contains(client: &Client, path: &str, text: &str) -> Result<bool, Failure> {
    Ok(String::from_utf8_lossy(&client.get(path)?.body).contains(text))
}

fn field(boundary: &str, name: &str, value: &str) -> String {
    format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
}

/// The hidden fields of the form that imports a file.
fn hidden(client: &Client, boundary: &str) -> Result<String, Failure> {
    let page = String::from_utf8(client.get("/files")?.body)?;
    let inputs = page.split("<input ").skip(1).filter(|input| input.contains("type=\"hidden\""));
    let attribute = |input: &str, name: &str| {
        let value =
            input.split(&format!("{name}=\"")).nth(1).and_then(|rest| rest.split('"').next());
        value.unwrap_or_default().to_owned()
    };
    Ok(inputs
        .map(|input| field(boundary, &attribute(input, "name"), &attribute(input, "value")))
        .collect())
}
