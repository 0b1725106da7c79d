//! A file that a record has in its storage, which the form shows, replaces and removes.
//!
//! The page holds what it shows of the stored file in a hidden field. That includes the file's id, so
//! a file that was replaced in another tab is a change like any other.

use std::borrow::Cow;
use std::fmt;
use std::rc::Rc;

use solohttp_core::{Fields, FileInfo, IoList, StoredFile, iolist};

use crate::element::Element;
use crate::element::file::{chosen_file, refused};
use crate::element::file_rules::{FileRules, file_methods};
use crate::element::info::{ElementInfo, info_methods};
use crate::form::data::FormData;
use crate::form::names::{GONE, REMOVE, STORED};
use crate::markup::tag::tag;
use crate::validation::ValidationError;
use crate::validation::errors::ValidationErrors;
use crate::view::field::FieldView;

/// The height of a small image, in CSS pixels.
const PREVIEW: u32 = 64;

type Url = dyn Fn(&FileInfo) -> String;

/// A control for a stored file: see [`stored_file`].
#[derive(Clone)]
pub struct StoredFileControl {
    info: ElementInfo,
    rules: FileRules,
    is_required: bool,
    url: Option<Rc<Url>>,
}

/// A file that belongs to the record, such as a photo. Shows the stored file, and lets the user
/// replace it or, with a checkbox, remove it.
///
/// If the file was replaced in another tab meanwhile, the form asks which one to keep. A new file is
/// kept while the user corrects other fields. If the record was deleted, and the user saves the input
/// as a new record, the form says that the file has to be chosen again.
///
/// The `columns!` of solohttp-sqlite-guard stores it as `photo: file in "photo"`.
///
/// ```
/// use solohttp_core::{FileInfo, StoredFile};
/// use solohttp_forms::{RecordForm, form, stored_file};
///
/// struct Cat { photo: StoredFile }
///
/// fn cat_form() -> RecordForm<Cat> {
///     form!(Cat {
///         photo: stored_file("Photo").images().max_bytes(4 << 20).url(|_| "photo".to_owned()),
///     })
/// }
///
/// let (name, media_type) = ("tom.png".to_owned(), "image/png".to_owned());
/// let photo = FileInfo { id: 7, name, media_type, len: 900 };
/// let html = cat_form().show(&Cat { photo: photo.into() }).render().to_string();
/// assert!(html.contains("<img src=\"photo\""));
/// ```
#[must_use]
pub fn stored_file(label: impl Into<Cow<'static, str>>) -> StoredFileControl {
    let (rules, is_required, url) = Default::default();
    StoredFileControl { info: ElementInfo::new(label), rules, is_required, url }
}

impl StoredFileControl {
    info_methods!();

    /// Requires a file: either the stored one or a new one. The stored file can only be replaced.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.is_required = true;
        self
    }

    file_methods!();

    /// Sets the URL of the stored file, which may be relative to the page. The form then shows a
    /// small image or, for other files, a link.
    #[must_use]
    pub fn url(mut self, url: impl Fn(&FileInfo) -> String + 'static) -> Self {
        self.url = Some(Rc::new(url));
        self
    }

    fn read(&self, name: &str, data: &FormData) -> Result<StoredFile, ValidationError> {
        let stored = decode(data.text(&STORED.of(name)));
        let is_stored = stored.is_some();
        let mut file = stored.map(StoredFile::from).unwrap_or_default();
        match data.files(name).last() {
            Some((_, upload)) => file.replace(upload.clone()),
            None if data.has(&REMOVE.of(name)) && !self.is_required => file.remove(),
            None if data.has(&GONE.of(name)) => return Err(ValidationError::FileExpired),
            None if self.is_required && !is_stored => return Err(ValidationError::Missing),
            None => {}
        }
        Ok(file)
    }

    /// The stored file, with the checkbox that removes it.
    fn stored(&self, field: &FieldView, sent: &str, info: &FileInfo) -> IoList {
        let words = field.words();
        let hidden = tag("input").attr("type", "hidden").attr("name", STORED.of(field.name()));
        let text = words.current_file.say(&[("name", &info.name), ("bytes", &info.len)]);
        let link = self.url.as_ref().map(|url| url(info));
        let image = link.as_ref().filter(|_| info.is_image()).map(|url| {
            let image = tag("img").attr("src", url).attr("alt", "").attr("height", PREVIEW);
            iolist![image.void(), " "]
        });
        let shown = match &link {
            Some(url) => tag("a").attr("href", url).text(&text),
            None => tag("span").text(&text),
        };
        let remove = (!self.is_required).then(|| {
            let id = format!("{}-remove", field.id());
            let name = REMOVE.of(field.name());
            let is_checked = !field.text_of(&name).is_empty();
            let input = tag("input").attr("type", "checkbox").attr("id", &id).attr("name", name);
            let input = input.attr("value", "yes").flag_if("checked", is_checked);
            let label = tag("label").attr("for", &id).text(&words.remove_file.to_string());
            iolist![" ", input.void(), " ", label]
        });
        let content = iolist![
            hidden.attr("value", sent).void(),
            image.unwrap_or_default(),
            shown,
            remove.unwrap_or_default()
        ];
        tag("div").attr("class", "stored").content(content)
    }
}

impl Element for StoredFileControl {
    type Value = StoredFile;

    fn info(&self) -> &ElementInfo {
        &self.info
    }

    /// A file that is to be removed is shown like none, so that two tabs may both remove it.
    fn show(&self, name: &str, file: &StoredFile, fields: &mut Fields) {
        if let Some(info) = file.info().filter(|_| !file.is_removed()) {
            fields.push(STORED.of(name), encode(info));
        }
    }

    fn parse(
        &self,
        name: &str,
        data: &FormData,
        errors: &mut ValidationErrors,
    ) -> Option<StoredFile> {
        if refused(name, data, errors) {
            return None;
        }
        self.read(name, data).map_err(|error| errors.add(name, error)).ok()
    }

    fn control(&self, field: &FieldView) -> IoList {
        let chosen = field.files().last();
        let sent = field.text_of(&STORED.of(field.name()));
        let stored = decode(sent);
        let input = tag("input")
            .attr("type", "file")
            .attr_if("accept", self.rules.accept.as_ref())
            .flag_if("required", field.is_required() && chosen.is_none() && stored.is_none())
            .attrs(&field.attributes());
        let stored = stored.map(|info| self.stored(field, sent, &info)).unwrap_or_default();
        let chosen = chosen.map(|(token, upload)| chosen_file(field, 0, token, upload));
        iolist![stored, input.void(), chosen.unwrap_or_default()]
    }

    fn is_required(&self) -> bool {
        self.is_required
    }

    fn file_rules(&self) -> Option<&FileRules> {
        Some(&self.rules)
    }

    fn describe(&self, name: &str, data: &FormData) -> String {
        decode(data.text(&STORED.of(name))).map(|info| info.name).unwrap_or_default()
    }
}

/// Writes a file as `id len media_type name`.
fn encode(FileInfo { id, name, media_type, len, .. }: &FileInfo) -> String {
    format!("{id} {len} {} {name}", media_type.replace(' ', ""))
}

fn decode(text: &str) -> Option<FileInfo> {
    let mut parts = text.splitn(4, ' ');
    let (id, len) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let (media_type, name) = (parts.next()?.to_owned(), parts.next()?.to_owned());
    Some(FileInfo { id, name, media_type, len })
}

impl fmt::Debug for StoredFileControl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredFileControl")
            .field("info", &self.info)
            .field("rules", &self.rules)
            .field("is_required", &self.is_required)
            .finish_non_exhaustive()
    }
}
