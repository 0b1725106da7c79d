//! A file that was sent with a form.
//!
//! Its name is a label that the peer chose, and nothing here ever opens a file by it.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use bytes::Bytes;

use super::{Body, BodyReader, Kept, file_name, too_large_to_read};
use crate::access::private_file;

/// Cameras call every picture the same, but nobody keeps this many in one folder.
const TRIES: u32 = 100_000;

/// A file that was sent with a form: see [`Request::uploads`](crate::Request::uploads).
///
/// Its content stays where the body is, in memory or in a temporary file; a clone keeps it there
/// beyond the request, without copying.
///
/// ```
/// use solohttp_core::{Request, Response, Result};
///
/// fn import(request: &Request) -> Result<Response> {
///     let Some(upload) = request.uploads()?.first() else {
///         return Ok(Response::text("Please choose a file."));
///     };
///     let text = std::io::read_to_string(upload.reader())?;
///     Ok(Response::text(format!("{} has {} lines.", upload.file_name(), text.lines().count())))
/// }
///
/// let answer = Request::post("/").upload("list", "tea.txt", "text/plain", "a\nb").send_to(import);
/// assert_eq!(answer.into_text(), "tea.txt has 2 lines.");
/// ```
#[derive(Debug, Clone)]
pub struct Upload {
    field: String,
    raw_file_name: String,
    content_type: Option<String>,
    content: Body,
}

impl Upload {
    pub(super) fn new(
        field: String,
        raw_file_name: String,
        content_type: Option<String>,
        content: Body,
    ) -> Self {
        Self { field, raw_file_name, content_type, content }
    }

    /// The name of the control that the file was chosen in.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }

    /// The name of the file as sent, to be shown and never to be opened: it may be blank, a path,
    /// or hold any character.
    #[must_use]
    pub fn raw_file_name(&self) -> &str {
        &self.raw_file_name
    }

    /// A name that can be given to a file on any system, of at most 200 bytes.
    ///
    /// It is what is behind the last slash or backslash of the name that was sent, with controls
    /// and other characters that some system gives a meaning replaced by `_`, and with a `_`
    /// before the names of Windows' devices. A name of which nothing is left is `unnamed`. Two
    /// uploads may well have the same.
    #[must_use]
    pub fn file_name(&self) -> String {
        file_name::safe(&self.raw_file_name)
    }

    /// The media type that the peer believes the file to have; `text/plain` if it did not say
    /// (RFC 7578 section 4.4).
    #[must_use]
    pub fn content_type(&self) -> &str {
        self.content_type.as_deref().unwrap_or("text/plain")
    }

    /// The number of bytes.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.content.len()
    }

    /// Is it an empty file?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.content.is_empty()
    }

    /// Reads the file from its first byte on; every reader has a position of its own.
    #[must_use]
    pub fn reader(&self) -> BodyReader {
        self.content.reader()
    }

    /// The whole file; costs as much memory as the file is long, if the body is not in memory.
    ///
    /// # Errors
    /// If the temporary file cannot be read.
    pub fn to_bytes(&self) -> io::Result<Bytes> {
        self.content.to_bytes()
    }

    /// Writes the file to `path`, where there must be none yet: nothing is ever overwritten.
    ///
    /// It is copied, by the kernel where that can be: the temporary file cannot simply be renamed,
    /// because the form's other parts and boundaries are in it too. No other account of this
    /// machine can read it.
    ///
    /// # Errors
    /// [`AlreadyExists`](io::ErrorKind::AlreadyExists) if there is something at `path`; else
    /// whatever keeps it from being written, such as a full disk. Nothing is left there then.
    pub fn persist(&self, path: impl AsRef<Path>) -> io::Result<()> {
        let path = path.as_ref();
        let mut to = private_file::create_new(path)?;
        self.write_to(&mut to).inspect_err(|_| {
            drop(to);
            // The first error is the one to tell.
            drop(fs::remove_file(path));
        })
    }

    /// Writes the file into `folder` under its [`file_name`](Self::file_name), or if that is taken
    /// with a number behind it, such as `scan-2.pdf`. Returns the path.
    ///
    /// ```no_run
    /// # use solohttp_core::{Request, Result};
    /// # fn save(request: &Request) -> Result<()> {
    /// for picture in request.uploads()? {
    ///     let path = picture.persist_in("pictures")?;
    ///     println!("{}", path.display());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of [`persist`](Self::persist), but for a name that is taken.
    pub fn persist_in(&self, folder: impl AsRef<Path>) -> io::Result<PathBuf> {
        let (folder, name) = (folder.as_ref(), self.file_name());
        let mut count = 1;
        loop {
            let path = folder.join(file_name::numbered(&name, count));
            match self.persist(&path) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && count < TRIES => {
                    count += 1;
                }
                done => return done.map(|()| path),
            }
        }
    }

    fn write_to(&self, to: &mut File) -> io::Result<()> {
        match &self.content.0 {
            Kept::Memory(bytes) => to.write_all(bytes),
            Kept::File { file, start, len } => match file.copy_to(to, *start, *len)? {
                copied if copied == *len => Ok(()),
                _ => Err(io::ErrorKind::UnexpectedEof.into()),
            },
            Kept::TooLarge { most, .. } => Err(too_large_to_read(*most)),
        }
    }
}
