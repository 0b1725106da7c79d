//! Parses a body in either encoding into fields and uploads.
//!
//! Text is held in memory and therefore has its own limit. Uploads share the body's storage.

use std::io;

use bytes::Bytes;
use http::StatusCode;

use super::multipart::{Multipart, Part};
use super::{Body, Oversized, Upload};
use crate::error::Rejection;
use crate::language::ServerWords;
use crate::limits::Limits;
use crate::url::Fields;

/// The content of a form.
#[derive(Debug, Default)]
pub(crate) struct FormData {
    pub(crate) fields: Fields,
    pub(crate) uploads: Vec<Upload>,
}

/// The [`Limits`] that apply to forms.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FormLimits {
    pub(crate) fields: usize,
    parts: usize,
    text: usize,
}

impl From<&Limits> for FormLimits {
    fn from(limits: &Limits) -> Self {
        Self { fields: limits.form_fields, parts: limits.form_parts, text: limits.form_text }
    }
}

impl FormData {
    /// Parses a body with this `Content-Type`.
    pub(crate) fn parse(
        kind: &str,
        body: &Body,
        oversized: &[Oversized],
        limits: FormLimits,
    ) -> Result<Self, Rejection> {
        // Parameters are ignored, because some clients add `; charset=UTF-8`.
        let essence = kind.split(';').next().unwrap_or_default().trim();
        if essence.eq_ignore_ascii_case("multipart/form-data") {
            Self::from_parts(kind, body, oversized, limits)
        } else if body.is_empty() {
            Ok(Self::default())
        } else if essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            let bytes = limits.read_text(body)?;
            let fields = Fields::parse(&bytes, limits.fields)?;
            Ok(Self { fields, uploads: Vec::new() })
        } else {
            Err(Rejection::localized(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                |words: &ServerWords| &words.form_expected,
                &[("type", &essence)],
            ))
        }
    }

    fn from_parts(
        kind: &str,
        body: &Body,
        oversized: &[Oversized],
        limits: FormLimits,
    ) -> Result<Self, Rejection> {
        let mut scanner = Multipart::new(kind, limits.parts)?;
        body.for_each_piece(|piece| scanner.feed(piece).map_err(Stop::Rejected))?;
        let mut form = Self::default();
        let mut text = 0;
        // Both lists are in the order of the body.
        let mut oversized = oversized.iter().map(|file| file.part).peekable();
        for (number, part) in scanner.finish()?.into_iter().enumerate() {
            let Part { name, file_name, content_type, content } = part;
            let content = body.slice(content);
            match file_name {
                Some(_) if oversized.next_if_eq(&number).is_some() => {}
                // Browsers send this for an empty file input.
                Some(file_name) if file_name.is_empty() && content.is_empty() => {}
                Some(file_name) => {
                    form.uploads.push(Upload::new(name, file_name, content_type, content));
                }
                None => {
                    text += content.len();
                    limits.check_text(text)?;
                    form.fields.push(name, utf8(&content)?);
                }
            }
        }
        Ok(form)
    }
}

impl FormLimits {
    /// Returns a body that contains only text.
    pub(crate) fn read_text(self, body: &Body) -> Result<Bytes, Rejection> {
        self.check_text(body.len())?;
        body.to_bytes().map_err(|error| cannot_read(&error))
    }

    fn check_text(self, len: u64) -> Result<(), Rejection> {
        let limit = self.text;
        if usize::try_from(len).is_ok_and(|len| len <= limit) {
            return Ok(());
        }
        Err(Rejection::localized(
            StatusCode::PAYLOAD_TOO_LARGE,
            |words: &ServerWords| &words.text_too_large,
            &[("limit", &limit)],
        ))
    }
}

fn utf8(content: &Body) -> Result<String, Rejection> {
    let bytes = content.to_bytes().map_err(|error| cannot_read(&error))?;
    let text = std::str::from_utf8(&bytes);
    text.map(str::to_owned)
        .map_err(|_| Rejection::bad_request("A field of this form is not UTF-8 text."))
}

/// Why reading a body stopped early.
enum Stop {
    Rejected(Rejection),
    Failed(io::Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Failed(error)
    }
}

impl From<Stop> for Rejection {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Rejected(rejection) => rejection,
            Stop::Failed(error) => cannot_read(&error),
        }
    }
}

fn cannot_read(error: &io::Error) -> Rejection {
    log::error!(target: "solohttp", "cannot read the temporary file of a request body: {error}");
    Rejection::localized(
        StatusCode::INTERNAL_SERVER_ERROR,
        |words: &ServerWords| &words.not_read,
        &[("error", error)],
    )
}
