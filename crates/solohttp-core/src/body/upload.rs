//! An uploaded file.
//!
//! The client chooses the raw file name, which is never used to open a file.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use bytes::Bytes;

use super::{Body, BodyReader, Content, file_name, image_type, too_large_to_read};
use crate::access::private_file;

/// Cameras reuse file names, but hardly any folder has this many files with the same name.
const MAX_ATTEMPTS: u32 = 100_000;

/// An uploaded file, as returned by [`Request::uploads`](crate::Request::uploads).
///
/// The content shares the body's storage, which is in memory or in a temporary file. A clone keeps
/// that storage alive after the request, without copying it. You can send a clone to another
/// thread, for example to process a large file.
///
/// ```
/// use solohttp_core::{Request, Response, Result};
///
/// fn import(request: &Request) -> Result<Response> {
///     let Some(upload) = request.uploads()?.first() else {
///         return Ok(Response::text("Choose a file."));
///     };
///     let text = std::io::read_to_string(upload.reader())?;
///     Ok(Response::text(format!("{} has {} lines.", upload.file_name(), text.lines().count())))
/// }
///
/// let response = Request::post("/").upload("list", "tea.txt", "text/plain", "a\nb").send_to(import);
/// assert_eq!(response.into_text(), "tea.txt has 2 lines.");
/// ```
#[derive(Debug, Clone)]
pub struct Upload {
    field: String,
    raw_file_name: String,
    content_type: Option<String>,
    content: Body,
}

impl Upload {
    pub(crate) fn new(
        field: String,
        raw_file_name: String,
        content_type: Option<String>,
        content: Body,
    ) -> Self {
        Self { field, raw_file_name, content_type, content }
    }

    /// The name of the form control.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }

    /// The file name as sent, for display only. It may be empty or a path, and may contain any
    /// character.
    #[must_use]
    pub fn raw_file_name(&self) -> &str {
        &self.raw_file_name
    }

    /// Returns a file name that is safe on any system and at most 200 bytes long.
    ///
    /// This is the part of the original name after the last slash or backslash. Control characters
    /// and characters with a special meaning on any system are replaced with `_`. Windows device
    /// names get a leading `_`, and an empty name becomes `unnamed`. Several uploads may have the
    /// same name.
    #[must_use]
    pub fn file_name(&self) -> String {
        file_name::safe(&self.raw_file_name)
    }

    /// The media type that the client claims. Defaults to `text/plain` (RFC 7578 section 4.4).
    #[must_use]
    pub fn content_type(&self) -> &str {
        self.content_type.as_deref().unwrap_or("text/plain")
    }

    /// Returns the media type of a PNG, JPEG, GIF or WebP image, detected from its first bytes.
    /// Returns `None` for any other file, whatever its name and [`content_type`](Self::content_type)
    /// say.
    ///
    /// ```
    /// # use solohttp_core::{Request, Result};
    /// fn kind(request: &Request) -> Result<&'static str> {
    ///     Ok(request.uploads()?[0].image_type()?.unwrap_or("not an image"))
    /// }
    /// let photo = Request::post("/").upload("photo", "a.png", "image/png", "GIF89a…");
    /// assert_eq!(photo.send_to(kind).into_text(), "image/gif");
    /// ```
    ///
    /// # Errors
    /// If the temporary file can't be read.
    pub fn image_type(&self) -> io::Result<Option<&'static str>> {
        let mut start = Vec::new();
        self.reader().take(image_type::LEN).read_to_end(&mut start)?;
        Ok(image_type::of(&start))
    }

    /// The size in bytes.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.content.len()
    }

    /// Whether the file is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.content.is_empty()
    }

    /// Returns a reader that starts at the first byte. Each reader has its own position.
    #[must_use]
    pub fn reader(&self) -> BodyReader {
        self.content.reader()
    }

    /// Returns the whole content. This is cheap if the body is in memory. If not, it reads the file
    /// into memory.
    ///
    /// # Errors
    /// If the temporary file can't be read.
    pub fn to_bytes(&self) -> io::Result<Bytes> {
        self.content.to_bytes()
    }

    /// Writes the content to a new file at `path`. Never overwrites an existing file. Other users
    /// of this machine can't read the new file.
    ///
    /// Copies the content, within the kernel if possible. The temporary file can't simply be
    /// renamed, because it also contains the other parts of the form.
    ///
    /// # Errors
    /// Returns [`AlreadyExists`](io::ErrorKind::AlreadyExists) if `path` exists, and any error from
    /// creating or writing the file, for example if the disk is full. A partially written file is
    /// removed.
    pub fn persist(&self, path: impl AsRef<Path>) -> io::Result<()> {
        let path = path.as_ref();
        let mut to = private_file::create_new(path)?;
        self.write_to(&mut to).inspect_err(|_| {
            drop(to);
            // Only the first error is reported.
            drop(fs::remove_file(path));
        })
    }

    /// Writes the file into `folder` under its [`file_name`](Self::file_name). If that name is
    /// taken, adds a number, as in `scan-2.pdf`. Returns the path.
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
    /// The same as for [`persist`](Self::persist), except that an existing file with this name
    /// isn't an error.
    pub fn persist_in(&self, folder: impl AsRef<Path>) -> io::Result<PathBuf> {
        let (folder, name) = (folder.as_ref(), self.file_name());
        let mut count = 1;
        loop {
            let path = folder.join(file_name::numbered(&name, count));
            match self.persist(&path) {
                Err(error)
                    if error.kind() == io::ErrorKind::AlreadyExists && count < MAX_ATTEMPTS =>
                {
                    count += 1;
                }
                result => return result.map(|()| path),
            }
        }
    }

    fn write_to(&self, to: &mut File) -> io::Result<()> {
        match &self.content.0 {
            Content::Memory(bytes) => to.write_all(bytes),
            Content::File { file, start, len } => match file.copy_to(to, *start, *len)? {
                copied if copied == *len => Ok(()),
                _ => Err(io::ErrorKind::UnexpectedEof.into()),
            },
            Content::TooLarge { limit, .. } => Err(too_large_to_read(*limit)),
        }
    }
}
