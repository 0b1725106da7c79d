//! Shows an error in the browser without a server.

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process;

use solohttp_core::{html, open_in_browser, private_file};

/// Opens a file with the message in the browser. Without this, a program started from a menu would
/// seem to do nothing, because it has no terminal.
pub(crate) fn show(title: &str, message: &str) {
    if let Err(error) = write(title, message).and_then(open_in_browser) {
        log::error!("cannot show the error: {error}");
    }
}

fn write(title: &str, message: &str) -> io::Result<PathBuf> {
    let [title, message] = [title, message].map(html::escape);
    let page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n<style>\n\
         body {{ font: 1.1em/1.5 system-ui, sans-serif; max-width: 40em; margin: 3em auto; \
         padding: 0 1em; }}\np {{ white-space: pre-line; }}\n</style>\n</head>\n<body>\n\
         <h1>{title} cannot be opened</h1>\n<p>{message}</p>\n</body>\n</html>\n"
    );
    // The program's own folders may be unwritable, so the file is in the temporary folder.
    let folder = std::env::temp_dir();
    let mut tries = 0..100_u32;
    loop {
        let number = tries.next().ok_or(io::ErrorKind::AlreadyExists)?;
        let path = folder.join(format!("solohttp-error-{}-{number}.html", process::id()));
        match private_file::create_new(&path) {
            Ok(mut file) => {
                file.write_all(page.as_bytes())?;
                return Ok(path);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
}
