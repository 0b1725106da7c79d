//! Rules for uploaded files: type and size.

use std::borrow::Cow;

use solohttp_core::{Oversized, Upload};

use crate::validation::ValidationError;

/// The files that a field accepts.
#[doc(hidden)]
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FileRules {
    pub(crate) accept: Option<Cow<'static, str>>,
    /// Whether the content must be that of an image.
    pub(crate) are_images: bool,
    pub(crate) max_bytes: Option<u64>,
    /// Whether the field takes several files, in which case errors have to name the file.
    pub(crate) is_multiple: bool,
}

/// The builder methods of the elements for files.
macro_rules! file_methods {
    () => {
        /// Sets the accepted file types, for example `image/*,.pdf`.
        #[must_use]
        pub fn accept(mut self, types: impl Into<std::borrow::Cow<'static, str>>) -> Self {
            self.rules.accept = Some(types.into());
            self
        }

        /// Accepts only PNG, JPEG, GIF and WebP images, which it recognizes by their content, not by
        /// their names. [`Upload::image_type`](solohttp_core::Upload::image_type) returns the type.
        ///
        /// ```
        /// use solohttp_core::Upload;
        /// use solohttp_forms::{RecordForm, file, form};
        ///
        /// struct Person { photo: Option<Upload> }
        ///
        /// fn person_form() -> RecordForm<Person> {
        ///     form!(Person { photo: file("Photo").images().max_bytes(4 << 20) })
        /// }
        /// # assert!(person_form().blank().render().to_string().contains("accept=\"image/png,"));
        /// ```
        #[must_use]
        pub fn images(mut self) -> Self {
            self.rules.are_images = true;
            self.accept("image/png,image/jpeg,image/gif,image/webp")
        }

        /// Sets the maximum size of each file, in bytes.
        #[must_use]
        pub fn max_bytes(mut self, max: u64) -> Self {
            self.rules.max_bytes = Some(max);
            self
        }
    };
}

pub(crate) use file_methods;

impl FileRules {
    /// Checks the file's size and type. Except for images, the type is the browser's guess, usually
    /// from the file name.
    pub(crate) fn check(&self, upload: &Upload) -> Result<(), ValidationError> {
        let name = || upload.raw_file_name().to_owned();
        if let Some(max) = self.max_bytes.filter(|max| upload.len() > *max) {
            return Err(self.too_large(upload.raw_file_name(), upload.len(), max));
        }
        if self.are_images {
            // A file that can't be read isn't accepted either.
            return match upload.image_type() {
                Ok(Some(_)) => Ok(()),
                Ok(None) | Err(_) => {
                    let name = self.is_multiple.then(name);
                    Err(ValidationError::NotAnImage { name })
                }
            };
        }
        match &self.accept {
            Some(accept) if !accept.split(',').any(|kind| is_of(upload, kind.trim())) => {
                Err(ValidationError::WrongFileType { name: name(), accepted: accept.to_string() })
            }
            _ => Ok(()),
        }
    }

    /// The error for a file that the server discarded because of its size.
    pub(crate) fn oversized(&self, file: &Oversized) -> ValidationError {
        let max = self.max_bytes.map_or(file.limit, |max| max.min(file.limit));
        if file.len <= max {
            return ValidationError::NoRoomForFile {
                name: file.raw_file_name.clone(),
                max: file.limit,
            };
        }
        self.too_large(&file.raw_file_name, file.len, max)
    }

    fn too_large(&self, name: &str, len: u64, max: u64) -> ValidationError {
        let name = self.is_multiple.then(|| name.to_owned());
        ValidationError::FileTooLarge { name, len, max }
    }
}

/// Whether a file matches one item of the `accept` attribute: `.pdf`, `image/*` or `text/plain`
/// (WHATWG HTML 4.10.5.1.17).
fn is_of(upload: &Upload, kind: &str) -> bool {
    if kind.starts_with('.') {
        let name = upload.raw_file_name().to_lowercase();
        return name.ends_with(&kind.to_lowercase());
    }
    let mut sent = upload.content_type().split(';').next().unwrap_or_default().trim();
    if sent.is_empty() || sent.eq_ignore_ascii_case("application/octet-stream") {
        // Browsers send this if the operating system doesn't know the type, as with `IMG_1.HEIC` on
        // Windows. The file chooser offers the file anyway.
        sent = type_by_name(upload.raw_file_name()).unwrap_or(sent);
    }
    match kind.strip_suffix("/*") {
        Some(family) => {
            sent.split('/').next().is_some_and(|sent| sent.eq_ignore_ascii_case(family))
        }
        None => sent.eq_ignore_ascii_case(kind),
    }
}

/// The media type of a common image, sound, video or document, based on its file extension.
fn type_by_name(name: &str) -> Option<&'static str> {
    let (_, extension) = name.rsplit_once('.')?;
    Some(match extension.to_ascii_lowercase().as_str() {
        "jpg" | "jpeg" | "jfif" => "image/jpeg",
        "png" => "image/png",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "heic" => "image/heic",
        "heif" => "image/heif",
        "bmp" => "image/bmp",
        "svg" => "image/svg+xml",
        "tif" | "tiff" => "image/tiff",
        "mp3" => "audio/mpeg",
        "m4a" => "audio/mp4",
        "ogg" | "oga" | "opus" => "audio/ogg",
        "wav" => "audio/wav",
        "flac" => "audio/flac",
        "aac" => "audio/aac",
        "mp4" | "m4v" => "video/mp4",
        "mov" => "video/quicktime",
        "webm" => "video/webm",
        "mkv" => "video/x-matroska",
        "pdf" => "application/pdf",
        "csv" => "text/csv",
        "txt" => "text/plain",
        _ => return None,
    })
}
