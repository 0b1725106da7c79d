//! A file that belongs to a record and has a table of its own.
//!
//! solohttp-forms shows and replaces such a file, and solohttp-sqlite-guard stores it. Neither
//! depends on the other, so they meet here.

use std::hash::{DefaultHasher, Hasher as _};

use http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, ETAG, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderValue, StatusCode};
use serde::ser::{Serialize, SerializeStruct as _, Serializer};

use crate::attachment::attachment;
use crate::body::{Body, Upload, image_type};
use crate::request::Request;
use crate::response::Response;

const OCTETS: &str = "application/octet-stream";

/// A field of a record whose bytes are in a table of their own, so that reading the record doesn't
/// read them. It says which file is stored, and what saving the record does with that file: keep it,
/// replace it, or remove it.
///
/// The element `stored_file` of solohttp-forms edits it, and a `file in "table"` column of
/// solohttp-sqlite-guard stores it. The default has no file, and saving it changes nothing. In a
/// template, a field without a file is absent.
///
/// ```
/// use solohttp_core::StoredFile;
///
/// let mut photo = StoredFile::new("cat.png", *b"\x89PNG\r\n\x1a\n");
/// assert_eq!(photo.upload().unwrap().file_name(), "cat.png");
/// photo.remove();
/// assert!(photo.upload().is_none() && photo.is_removed());
/// ```
#[derive(Debug, Clone, Default)]
pub struct StoredFile {
    info: Option<FileInfo>,
    change: Change,
}

#[derive(Debug, Clone, Default)]
enum Change {
    #[default]
    Keep,
    Replace(Upload),
    Remove,
}

/// What a record knows about its [`StoredFile`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileInfo {
    /// The key of the file's row. A file that replaces it has another one, so this is its version.
    pub id: i64,
    /// The name, safe on every system: see [`Upload::file_name`].
    pub name: String,
    /// The media type of a PNG, JPEG, GIF or WebP image, otherwise `application/octet-stream`.
    pub media_type: String,
    /// The size in bytes.
    pub len: u64,
}

impl StoredFile {
    /// A file to be stored, which replaces an earlier one.
    pub fn new(name: &str, bytes: impl Into<Vec<u8>>) -> Self {
        let content = Body::from(bytes.into());
        Upload::new(String::new(), name.to_owned(), None, content).into()
    }

    /// The file that is stored. In a record from a form, this is the one that the form has shown.
    #[must_use]
    pub fn info(&self) -> Option<&FileInfo> {
        self.info.as_ref()
    }

    /// The file that replaces the stored one when the record is saved.
    #[must_use]
    pub fn upload(&self) -> Option<&Upload> {
        match &self.change {
            Change::Replace(upload) => Some(upload),
            _ => None,
        }
    }

    /// Whether the stored file is removed when the record is saved.
    #[must_use]
    pub fn is_removed(&self) -> bool {
        matches!(self.change, Change::Remove)
    }

    /// Replaces the stored file when the record is saved.
    pub fn replace(&mut self, upload: Upload) {
        self.change = Change::Replace(upload);
    }

    /// Removes the stored file when the record is saved.
    pub fn remove(&mut self) {
        self.change = Change::Remove;
    }
}

impl From<FileInfo> for StoredFile {
    fn from(info: FileInfo) -> Self {
        Self { info: Some(info), change: Change::Keep }
    }
}

impl From<Upload> for StoredFile {
    fn from(upload: Upload) -> Self {
        Self { info: None, change: Change::Replace(upload) }
    }
}

/// The stored file, or nothing.
impl Serialize for StoredFile {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.info.serialize(serializer)
    }
}

impl FileInfo {
    /// Whether this is an image that browsers show.
    #[must_use]
    pub fn is_image(&self) -> bool {
        self.media_type.starts_with("image/")
    }

    /// The media type to store for a file that starts with these bytes.
    #[must_use]
    pub fn media_type_of(bytes: &[u8]) -> &'static str {
        image_type::of(bytes).unwrap_or(OCTETS)
    }

    /// Returns the file as a response. An image is shown; the browser saves any other file, because a
    /// file could contain a page with a script. The type is detected from the bytes.
    ///
    /// The browser asks every time whether its copy is still the current one, and then gets a short
    /// answer (304).
    pub fn into_response(self, bytes: Vec<u8>, request: &Request) -> Response {
        // Not only the id, because a database that is restored or undone reuses ids.
        let mut hasher = DefaultHasher::new();
        hasher.write(&bytes);
        let tag = format!("\"{}-{:016x}\"", self.id, hasher.finish());
        let response = if request.has_version(&tag) == Some(true) {
            Response::empty(StatusCode::NOT_MODIFIED)
        } else {
            let image = image_type::of(&bytes);
            let response = Response::bytes(OCTETS, bytes)
                .with_header(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
            match image {
                Some(image) => response.with_header(CONTENT_TYPE, image),
                None => response.with_header(CONTENT_DISPOSITION, attachment(&self.name)),
            }
        };
        response
            .with_header(ETAG, tag)
            .with_header(CACHE_CONTROL, HeaderValue::from_static("no-cache"))
    }
}

impl Serialize for FileInfo {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("FileInfo", 4)?;
        fields.serialize_field("id", &self.id)?;
        fields.serialize_field("name", &self.name)?;
        fields.serialize_field("media_type", &self.media_type)?;
        fields.serialize_field("len", &self.len)?;
        fields.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn respond(bytes: &[u8], known: Option<&str>) -> Response {
        // The stored type isn't trusted.
        let (name, media_type) = ("a ü.html".to_owned(), "text/html".to_owned());
        let file = FileInfo { id: 7, name, media_type, len: bytes.len() as u64 };
        let request = known
            .iter()
            .fold(Request::get("/"), |request, tag| request.header("if-none-match", tag));
        file.into_response(bytes.to_vec(), &request.build())
    }

    #[test]
    fn only_images_are_shown() {
        let page = respond(b"<script>alert(1)</script>", None);
        assert_eq!(page.header("content-type"), Some(OCTETS));
        let disposition = page.header("content-disposition").unwrap();
        assert!(disposition.starts_with("attachment; filename=\"a _.html\";"), "{disposition}");
        let image = respond(b"GIF89a", None);
        assert_eq!(image.header("content-type"), Some("image/gif"));
        assert_eq!(image.header("content-disposition"), None);
        for response in [page, image] {
            assert_eq!(response.header("x-content-type-options"), Some("nosniff"));
            assert_eq!(response.header("cache-control"), Some("no-cache"));
        }
    }

    #[test]
    fn a_known_file_is_not_sent_again() {
        let tag = respond(b"a", None).header("etag").unwrap().to_owned();
        for known in [tag.clone(), format!("\"x\", W/{tag}"), "*".to_owned()] {
            let response = respond(b"a", Some(&known));
            assert_eq!((response.status().as_u16(), response.header("etag")), (304, Some(&*tag)));
            assert_eq!(response.into_text(), "");
        }
        // The same id with other bytes, as after an undo.
        assert_eq!(respond(b"b", Some(&tag)).into_text(), "b");
    }
}
