//! Files that are sent with a form, and kept while it is corrected.
//!
//! A browser never sends a file twice by itself, and cannot be given one to send. So each file
//! that is right goes to the desk at once, and the page carries its token, in a hidden field
//! `NAME:kept`; a box `NAME:drop` beside it takes the file back.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use solohttp_core::{Fields, IoList, Oversized, Upload, iolist};

use crate::element::{Element, Face, face_methods};
use crate::form::field::beside;
use crate::form::sent::Sent;
use crate::markup::tag::tag;
use crate::validation::ValidationError;
use crate::validation::errors::ValidationErrors;
use crate::view::FieldView;

/// Which files are taken.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FileRules {
    accept: Option<Cow<'static, str>>,
    most_bytes: Option<u64>,
    /// Can several be chosen, so that a mistake has to name one?
    is_multiple: bool,
}

impl FileRules {
    /// Is this file one that is taken?
    ///
    /// The type is what the browser believes, most often from the name: widget into the file before
    /// relying on it.
    ///
    /// # Errors
    /// Why not.
    pub fn check(&self, upload: &Upload) -> Result<(), ValidationError> {
        let name = || upload.raw_file_name().to_owned();
        if let Some(most) = self.most_bytes.filter(|most| upload.len() > *most) {
            return Err(self.too_large(upload.raw_file_name(), upload.len(), most));
        }
        match &self.accept {
            Some(accept) if !accept.split(',').any(|kind| is_of(upload, kind.trim())) => {
                Err(ValidationError::WrongFileType { name: name(), accepted: accept.to_string() })
            }
            _ => Ok(()),
        }
    }
}

impl FileRules {
    /// Why a file is not taken that the server did not keep.
    pub(crate) fn oversized(&self, file: &Oversized) -> ValidationError {
        let most = self.most_bytes.map_or(file.limit, |most| most.min(file.limit));
        if file.len <= most {
            return ValidationError::NoRoomForFile {
                name: file.raw_file_name.clone(),
                most: file.limit,
            };
        }
        self.too_large(&file.raw_file_name, file.len, most)
    }

    fn too_large(&self, name: &str, len: u64, most: u64) -> ValidationError {
        let name = self.is_multiple.then(|| name.to_owned());
        ValidationError::FileTooLarge { name, len, most }
    }
}

/// As the attribute `accept` is read: `.pdf`, `image/*`, `text/plain` (WHATWG HTML 4.10.5.1.17).
fn is_of(upload: &Upload, kind: &str) -> bool {
    if kind.starts_with('.') {
        let name = upload.raw_file_name().to_lowercase();
        return name.ends_with(&kind.to_lowercase());
    }
    let mut sent = upload.content_type().split(';').next().unwrap_or_default().trim();
    if sent.is_empty() || sent.eq_ignore_ascii_case("application/octet-stream") {
        // A system that doesn't know the type sends this, as Windows does for `IMG_1.HEIC`, though
        // its file chooser offers the file.
        sent = type_by_name(upload.raw_file_name()).unwrap_or(sent);
    }
    match kind.strip_suffix("/*") {
        Some(family) => {
            sent.split('/').next().is_some_and(|sent| sent.eq_ignore_ascii_case(family))
        }
        None => sent.eq_ignore_ascii_case(kind),
    }
}

/// The type of files that people choose for the families of `accept`, by the end of the name.
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

/// What a record keeps of its files: an [`Upload`], an `Option` of it, or a `Vec`.
pub trait FileValue: Sized + 'static {
    /// Can there be more than one?
    const MULTIPLE: bool;
    /// Must there be one?
    const REQUIRED: bool;

    /// The value, if there are as many files as there must be.
    fn from_files(files: Vec<Upload>) -> Option<Self>;
}

impl FileValue for Upload {
    const MULTIPLE: bool = false;
    const REQUIRED: bool = true;

    fn from_files(files: Vec<Upload>) -> Option<Self> {
        files.into_iter().next_back()
    }
}

impl FileValue for Option<Upload> {
    const MULTIPLE: bool = false;
    const REQUIRED: bool = false;

    fn from_files(files: Vec<Upload>) -> Option<Self> {
        Some(files.into_iter().next_back())
    }
}

impl FileValue for Vec<Upload> {
    const MULTIPLE: bool = true;
    const REQUIRED: bool = false;

    fn from_files(files: Vec<Upload>) -> Option<Self> {
        Some(files)
    }
}

/// A control to choose a file, or several.
#[derive(Clone)]
pub struct File<V> {
    face: Face,
    rules: FileRules,
    least: usize,
    most: usize,
    value: PhantomData<fn() -> V>,
}

/// A file, as the record's field says: [`Upload`] must be there, `Option<Upload>` may, and
/// `Vec<Upload>` is any number.
///
/// A file that a record holds already is not shown: show what is stored in your own way, and say
/// which one it is with [`version`](File::version), so that two tabs don't replace each other's
/// file without asking.
pub fn file<V: FileValue>(label: impl Into<Cow<'static, str>>) -> File<V> {
    File {
        face: Face::new(label),
        rules: FileRules { is_multiple: V::MULTIPLE, ..FileRules::default() },
        least: usize::from(V::REQUIRED),
        most: if V::MULTIPLE { usize::MAX } else { 1 },
        value: PhantomData,
    }
}

impl<V: FileValue> File<V> {
    face_methods!();

    /// The types to choose from, for example `image/*,.pdf`.
    #[must_use]
    pub fn accept(mut self, types: impl Into<Cow<'static, str>>) -> Self {
        self.rules.accept = Some(types.into());
        self
    }

    /// The most bytes of one file.
    #[must_use]
    pub fn max_bytes(mut self, most: u64) -> Self {
        self.rules.most_bytes = Some(most);
        self
    }

    fn files(&self, name: &str, sent: &Sent) -> Vec<Upload> {
        let files: Vec<Upload> = sent.files(name).map(|(_, upload)| upload.clone()).collect();
        // Of a control for one file, the one that was chosen last counts.
        let from = if V::MULTIPLE { 0 } else { files.len().saturating_sub(1) };
        files[from..].to_vec()
    }

    fn read(&self, name: &str, sent: &Sent) -> Result<V, ValidationError> {
        let files = self.files(name, sent);
        if sent.has(&beside(name, "gone")) && (V::MULTIPLE || files.is_empty()) {
            return Err(ValidationError::FileGone);
        }
        match files.len() {
            0 if self.least == 1 => Err(ValidationError::Missing),
            is if is < self.least => Err(ValidationError::TooFew { least: self.least }),
            is if is > self.most => Err(ValidationError::TooMany { most: self.most }),
            _ => V::from_files(files).ok_or(ValidationError::Missing),
        }
    }
}

impl File<Vec<Upload>> {
    /// At least so many files.
    #[must_use]
    pub fn at_least(mut self, least: usize) -> Self {
        self.least = least;
        self
    }

    /// At most so many files.
    #[must_use]
    pub fn at_most(mut self, most: usize) -> Self {
        self.most = most;
        self
    }
}

impl<V: FileValue> Element for File<V> {
    type Value = V;

    fn face(&self) -> &Face {
        &self.face
    }

    fn show(&self, _: &str, _: &V, _: &mut Fields) {}

    fn parse(&self, name: &str, sent: &Sent, mistakes: &mut ValidationErrors) -> Option<V> {
        let mut refused = sent.refused(name).peekable();
        if refused.peek().is_some() {
            refused.for_each(|mistake| mistakes.add(name, mistake.clone()));
            return None;
        }
        match self.read(name, sent) {
            Ok(value) => Some(value),
            Err(mistake) => {
                mistakes.add(name, mistake);
                None
            }
        }
    }

    fn control(&self, at: &FieldView) -> IoList {
        let kept: Vec<(&str, &Upload)> = at.files().collect();
        let shown = if V::MULTIPLE { 0 } else { kept.len().saturating_sub(1) };
        let input = tag("input")
            .attr("type", "file")
            .flag_if("multiple", V::MULTIPLE)
            .attr_if("accept", self.rules.accept.as_ref())
            .flag_if("required", self.is_required() && kept.is_empty())
            .attrs(&at.attributes());
        let kept = kept[shown..].iter().enumerate();
        let kept = kept.map(|(place, (token, upload))| kept_file(at, place, token, upload));
        iolist![input.void(), kept.collect::<IoList>()]
    }

    fn is_required(&self) -> bool {
        self.least > 0
    }

    fn file_rules(&self) -> Option<&FileRules> {
        Some(&self.rules)
    }
}

fn kept_file(at: &FieldView, place: usize, token: &str, upload: &Upload) -> IoList {
    let words = at.words();
    let id = format!("{}-drop-{place}", at.id());
    let hidden = tag("input").attr("type", "hidden").attr("name", beside(at.name(), "kept"));
    let drop = tag("input").attr("type", "checkbox").attr("id", &id);
    let drop = drop.attr("name", beside(at.name(), "drop")).attr("value", token);
    let said = words.kept.say(&[("name", &upload.raw_file_name()), ("bytes", &upload.len())]);
    tag("div").attr("class", "kept").content(iolist![
        hidden.attr("value", token).void(),
        tag("span").text(&said),
        " ",
        drop.void(),
        " ",
        tag("label").attr("for", &id).text(&words.drop.to_string())
    ])
}

impl<V> fmt::Debug for File<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("File").field("face", &self.face).field("rules", &self.rules).finish()
    }
}
