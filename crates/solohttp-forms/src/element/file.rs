//! File uploads, which are kept while the user corrects the rest of the form.
//!
//! When a form is sent again, the browser doesn't resend earlier files, and a page can't preselect
//! a file. Each accepted file is therefore stored immediately, and the page holds the file's token
//! in a hidden field. A checkbox next to the file's name discards the file.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use solohttp_core::{Fields, IoList, Upload, iolist};

use crate::element::Element;
use crate::element::file_rules::{FileRules, file_methods};
use crate::element::info::{ElementInfo, info_methods};
use crate::form::data::FormData;
use crate::form::names::{DROP, GONE, KEPT};
use crate::markup::tag::tag;
use crate::validation::ValidationError;
use crate::validation::errors::ValidationErrors;
use crate::view::field::FieldView;

/// The type of a record field that holds files: [`Upload`], `Option<Upload>` or `Vec<Upload>`.
pub trait FileValue: Sized + 'static {
    /// Whether several files are allowed.
    const MULTIPLE: bool;
    /// Whether a file is required.
    const REQUIRED: bool;

    /// Converts the files to the field's value. Returns `None` if there are too few.
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

/// A control for choosing one or more files.
#[derive(Clone)]
pub struct File<V> {
    info: ElementInfo,
    rules: FileRules,
    min: usize,
    max: usize,
    value: PhantomData<fn() -> V>,
}

/// A file upload. The type of the record's field determines how many files are allowed: [`Upload`]
/// means one required file, `Option<Upload>` one optional file, and `Vec<Upload>` any number of
/// files.
///
/// The form doesn't show a file that the record already has. For such a file, use
/// [`stored_file`](crate::stored_file). If you show it elsewhere on the page, set this element's
/// [`version`](File::version), so that two tabs don't silently replace each other's files.
///
/// An [`Upload`] is `Send`, so `save` can move it to a thread that processes it.
///
/// The file type is the browser's guess, usually from the file name. Inspect the content before you
/// rely on the type. [`images`](File::images) does so for images.
pub fn file<V: FileValue>(label: impl Into<Cow<'static, str>>) -> File<V> {
    File {
        info: ElementInfo::new(label),
        rules: FileRules { is_multiple: V::MULTIPLE, ..FileRules::default() },
        min: usize::from(V::REQUIRED),
        max: if V::MULTIPLE { usize::MAX } else { 1 },
        value: PhantomData,
    }
}

impl<V: FileValue> File<V> {
    info_methods!();

    file_methods!();

    fn files(&self, name: &str, data: &FormData) -> Vec<Upload> {
        let files: Vec<Upload> = data.files(name).map(|(_, upload)| upload.clone()).collect();
        // A control for a single file uses the latest one.
        let from = if V::MULTIPLE { 0 } else { files.len().saturating_sub(1) };
        files[from..].to_vec()
    }

    fn read(&self, name: &str, data: &FormData) -> Result<V, ValidationError> {
        let files = self.files(name, data);
        if data.has(&GONE.of(name)) && (V::MULTIPLE || files.is_empty()) {
            return Err(ValidationError::FileExpired);
        }
        match files.len() {
            0 if self.min == 1 => Err(ValidationError::Missing),
            count if count < self.min => Err(ValidationError::TooFew { min: self.min }),
            count if count > self.max => Err(ValidationError::TooMany { max: self.max }),
            _ => V::from_files(files).ok_or(ValidationError::Missing),
        }
    }
}

impl File<Vec<Upload>> {
    /// Sets the minimum number of files.
    #[must_use]
    pub fn at_least(mut self, min: usize) -> Self {
        self.min = min;
        self
    }

    /// Sets the maximum number of files.
    #[must_use]
    pub fn at_most(mut self, max: usize) -> Self {
        self.max = max;
        self
    }
}

impl<V: FileValue> Element for File<V> {
    type Value = V;

    fn info(&self) -> &ElementInfo {
        &self.info
    }

    fn show(&self, _: &str, _: &V, _: &mut Fields) {}

    fn parse(&self, name: &str, data: &FormData, errors: &mut ValidationErrors) -> Option<V> {
        if refused(name, data, errors) {
            return None;
        }
        self.read(name, data).map_err(|error| errors.add(name, error)).ok()
    }

    fn control(&self, field: &FieldView) -> IoList {
        let files: Vec<(&str, &Upload)> = field.files().collect();
        let first = if V::MULTIPLE { 0 } else { files.len().saturating_sub(1) };
        let input = tag("input")
            .attr("type", "file")
            .flag_if("multiple", V::MULTIPLE)
            .attr_if("accept", self.rules.accept.as_ref())
            .flag_if("required", field.is_required() && files.is_empty())
            .attrs(&field.attributes());
        let files = files[first..].iter().enumerate();
        let files = files.map(|(index, (token, upload))| chosen_file(field, index, token, upload));
        iolist![input.void(), files.collect::<IoList>()]
    }

    fn is_required(&self) -> bool {
        self.min > 0
    }

    fn file_rules(&self) -> Option<&FileRules> {
        Some(&self.rules)
    }
}

/// Adds the errors for a field's rejected files. Returns whether there are any.
pub(crate) fn refused(name: &str, data: &FormData, errors: &mut ValidationErrors) -> bool {
    let mut refused = data.refused(name).peekable();
    let is_any = refused.peek().is_some();
    refused.for_each(|error| errors.add(name, error.clone()));
    is_any
}

/// A file that was uploaded earlier, with the checkbox that discards it.
pub(crate) fn chosen_file(field: &FieldView, index: usize, token: &str, upload: &Upload) -> IoList {
    let words = field.words();
    let id = format!("{}-drop-{index}", field.id());
    let hidden = tag("input").attr("type", "hidden").attr("name", KEPT.of(field.name()));
    let discard = tag("input").attr("type", "checkbox").attr("id", &id);
    let discard = discard.attr("name", DROP.of(field.name())).attr("value", token);
    let text =
        words.chosen_file.say(&[("name", &upload.raw_file_name()), ("bytes", &upload.len())]);
    tag("div").attr("class", "kept").content(iolist![
        hidden.attr("value", token).void(),
        tag("span").text(&text),
        " ",
        discard.void(),
        " ",
        tag("label").attr("for", &id).text(&words.remove_file.to_string())
    ])
}

impl<V> fmt::Debug for File<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("File").field("info", &self.info).field("rules", &self.rules).finish()
    }
}
