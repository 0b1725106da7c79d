//! A page in a [`TestClient`](crate::TestClient), and what a person does with it.

mod control;
mod document;
mod find;
mod media_type;
mod names;
mod submission;
mod text;
mod validity;
mod values;

use std::borrow::Cow;
use std::fmt;

use http::{HeaderMap, StatusCode};

use self::control::{Control, check_radio};
use self::document::{Document, ROOT};
use self::find::{Field, quoted};
pub(super) use self::submission::{Encoding, Method, Submission};
use self::text::{on_one_line, visible_text};
use self::values::Rules;
use crate::response::Response;
use crate::testing::form_content::File;

/// A response as a browser shows it: a page whose forms can be filled in.
///
/// A control is found by its label: the text of a `<label>`, `aria-label` or `aria-labelledby`. If
/// several controls have the same label, put the name of a group around it first, as in `Lines 2,
/// Item`. A group is a fieldset with a legend, an element with an `aria-label`, a table with a
/// caption, or a row with a header.
///
/// Every method that changes a control panics if a person couldn't do the same: if there is no such
/// control, if it is hidden, disabled or read-only, or if it doesn't accept the value. The message
/// lists the controls on the page. Rules for the whole form, such as `required`, are checked when a
/// button is pressed, as in a browser.
///
/// See [`TestClient`](crate::TestClient) for an example.
#[derive(Clone)]
pub struct TestPage {
    status: StatusCode,
    headers: HeaderMap,
    url: String,
    bytes: Vec<u8>,
    title: String,
    text: String,
    document: Document,
    controls: Vec<Control>,
    fields: Vec<Field>,
}

impl TestPage {
    /// `url` is the path, query and fragment of the page.
    pub(super) fn new(url: String, response: Response) -> Self {
        let (status, headers) = (response.status(), response.headers().clone());
        let kind = response.header("content-type").unwrap_or_default();
        let is_html = kind.to_ascii_lowercase().starts_with("text/html");
        let bytes =
            response.into_bytes().unwrap_or_else(|error| panic!("cannot read {url}: {error}"));
        let content = String::from_utf8_lossy(&bytes).into_owned();
        let document = Document::parse(if is_html { &content } else { "" });
        let title = document.all("title").next().map(|id| on_one_line(&document.inner_text(id)));
        let controls = Control::all(&document);
        Self {
            status,
            headers,
            url,
            bytes,
            title: title.unwrap_or_default(),
            text: if is_html { visible_text(&document, ROOT) } else { content },
            fields: Field::all(&document, &controls),
            controls,
            document,
        }
    }

    /// The status of the response.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The path, query and fragment of the page, after redirects.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The first value of a header field, if it is visible ASCII.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body as text. Invalid UTF-8 becomes `U+FFFD`.
    #[must_use]
    pub fn html(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.bytes)
    }

    /// The body, which may be a file that was downloaded.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The page's title.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The page's text, without what is hidden or entered. Each block is on its own line, and the
    /// cells of a table are separated by tabs, even blank ones. If the response isn't HTML, this is
    /// the whole body.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Replaces the value of a control that a person types into. Dates, times and numbers are
    /// written as in HTML: `2026-03-31`, `17:30`, `1.5`.
    ///
    /// # Panics
    /// If there is no such control, more than one, or if it doesn't accept the value.
    #[track_caller]
    pub fn fill(&mut self, label: &str, value: impl fmt::Display) -> &mut Self {
        let index = self.find(label, "fill", Control::is_entry);
        let (value, control) = (value.to_string(), &self.controls[index]);
        let kind = control.kind.as_str();
        let kept = Rules::of(&self.document, control.id, kind).sanitize(&value);
        let is_free = matches!(
            kind,
            "text" | "search" | "tel" | "password" | "email" | "url" | "textarea" | "color"
        );
        let is_same_moment = kind == "datetime-local" && !kept.is_empty();
        let is_kept = kept == value || is_same_moment || is_free;
        let is_kept = is_kept && (kind != "color" || kept.eq_ignore_ascii_case(&value));
        assert!(
            is_kept,
            "{}: a browser doesn't accept {} in <input type={kind}>",
            self.about(label),
            quoted(&value)
        );
        if let Some(max) = validity::max_length(&self.document, control) {
            let len = validity::length(&kept);
            assert!(
                len <= max,
                "{}: {} has {len} characters, and `maxlength` is {max}",
                self.about(label),
                quoted(&value)
            );
        }
        let control = &mut self.controls[index];
        (control.value, control.is_edited) = (kept, true);
        self
    }

    /// Chooses an option of a select, or a radio button, by its text. If the select accepts several
    /// options, adds this one.
    ///
    /// # Panics
    /// If there is no such control or option, or more than one control.
    #[track_caller]
    pub fn choose(&mut self, label: &str, option: &str) -> &mut Self {
        let button = format!("{label}, {option}");
        let radios = self.visible(&button, |control| control.kind == "radio");
        if radios.is_empty() {
            self.select(label, option, true);
        } else {
            let index = self.only_one(&button, &radios);
            self.assert_usable(label, index);
            check_radio(&self.document, &mut self.controls, index);
        }
        self
    }

    /// Deselects an option of a select that accepts several options.
    #[track_caller]
    pub fn deselect(&mut self, label: &str, option: &str) -> &mut Self {
        self.select(label, option, false);
        self
    }

    #[track_caller]
    fn select(&mut self, label: &str, option: &str, selects: bool) {
        let index = self.find(label, "choose", Control::is_select);
        let control = &self.controls[index];
        let is_multiple = self.document.has(control.id, "multiple");
        let found = control.options.iter().position(|choice| choice.text == option);
        let Some(chosen) = found.filter(|&index| !control.options[index].is_disabled) else {
            let problem = if found.is_some() { "the option is disabled" } else { "no such option" };
            panic!(
                "{}: {problem}: {}; the options are {}",
                self.about(label),
                quoted(option),
                find::options(control)
            );
        };
        assert!(
            selects || is_multiple,
            "{}: a select for a single option always has one: choose another",
            self.about(label)
        );
        for (other, choice) in self.controls[index].options.iter_mut().enumerate() {
            if other == chosen {
                choice.is_selected = selects;
            } else if !is_multiple {
                choice.is_selected = false;
            }
        }
    }

    /// Checks a checkbox or a radio button.
    #[track_caller]
    pub fn check(&mut self, label: &str) -> &mut Self {
        let index = self
            .find(label, "check", |control| matches!(control.kind.as_str(), "checkbox" | "radio"));
        if self.controls[index].kind == "radio" {
            check_radio(&self.document, &mut self.controls, index);
        }
        self.controls[index].is_checked = true;
        self
    }

    /// Unchecks a checkbox.
    #[track_caller]
    pub fn uncheck(&mut self, label: &str) -> &mut Self {
        let index = self.find(label, "uncheck", |control| control.kind == "checkbox");
        self.controls[index].is_checked = false;
        self
    }

    /// Chooses a file. The media type follows from the file name, as in a browser. If the control
    /// accepts several files, adds this one.
    #[track_caller]
    pub fn upload(&mut self, label: &str, file_name: &str, bytes: impl Into<Vec<u8>>) -> &mut Self {
        let index = self.find(label, "upload", |control| control.kind == "file");
        let file = File {
            name: file_name.to_owned(),
            content_type: media_type::by_extension(file_name).to_owned(),
            bytes: bytes.into(),
        };
        if !self.document.has(self.controls[index].id, "multiple") {
            self.controls[index].files.clear();
        }
        self.controls[index].files.push(file);
        self
    }

    /// The value of a control: the text in it, or the labels of what is chosen, separated by
    /// commas.
    ///
    /// # Panics
    /// If there is no such control, or more than one.
    #[must_use]
    #[track_caller]
    pub fn value(&self, label: &str) -> String {
        let radios = self.radios_of(label);
        if !radios.is_empty() {
            let checked = radios.into_iter().find(|&index| self.controls[index].is_checked);
            return checked
                .map(|index| self.controls[index].name.own().to_owned())
                .unwrap_or_default();
        }
        let control = &self.controls[self.find_any(label)];
        let texts: Vec<&str> = match control.kind.as_str() {
            "select" => {
                let chosen = control.options.iter().filter(|choice| choice.is_selected);
                chosen.map(|choice| choice.text.as_str()).collect()
            }
            "file" => control.files.iter().map(|file| file.name.as_str()).collect(),
            "checkbox" | "radio" => panic!("{}: use `is_checked`", self.about(label)),
            _ => vec![&control.value],
        };
        texts.join(", ")
    }

    /// Whether a checkbox or a radio button is checked.
    ///
    /// # Panics
    /// If there is no such control, or more than one.
    #[must_use]
    #[track_caller]
    pub fn is_checked(&self, label: &str) -> bool {
        let index = self.find_any(label);
        let control = &self.controls[index];
        let has_state = matches!(control.kind.as_str(), "checkbox" | "radio");
        assert!(has_state, "{}: it isn't a checkbox or radio button", self.about(label));
        control.is_checked
    }

    /// The error shown for a control or a group: the text of the element that its
    /// `aria-errormessage` or `aria-describedby` refers to. Among several descriptions, the errors
    /// are those with a class or id that contains `error`.
    ///
    /// # Panics
    /// If there is no such control or group.
    #[must_use]
    #[track_caller]
    pub fn error_at(&self, label: &str) -> Option<&str> {
        let found: Vec<&Field> = self.fields.iter().filter(|field| field.fits(label)).collect();
        if found.is_empty() {
            self.find_any(label);
        }
        found.into_iter().find_map(Field::error)
    }

    /// Whether the page has a control with this label.
    #[must_use]
    pub fn has_field(&self, label: &str) -> bool {
        self.fields.iter().any(|field| field.fits(label))
    }

    /// Whether the page has a button with this name that can be pressed.
    #[must_use]
    pub fn has_button(&self, name: &str) -> bool {
        let pressable = |control: &Control| control.is_button() && !control.is_disabled;
        !self.visible_of(name, pressable).is_empty()
    }

    /// Whether the page has a link with this text.
    #[must_use]
    pub fn has_link(&self, text: &str) -> bool {
        self.links().any(|(name, _)| name.fits(text))
    }

    /// The target of the link with this text, as written in the page.
    #[track_caller]
    pub(super) fn link(&self, text: &str) -> &str {
        let mut found = self.links().filter(|(name, _)| name.fits(text)).map(|(_, href)| href);
        let Some(first) = found.next() else {
            let names = self.links().map(|(name, _)| name.to_string());
            panic!("{}", self.no_such("link", text, names))
        };
        let is_ambiguous = found.any(|other| other != first);
        assert!(!is_ambiguous, "{}", self.ambiguous("links", text));
        first
    }

    /// The URL on which the page's links are based.
    pub(super) fn base(&self) -> Option<&str> {
        let mut bases = self.document.all("base");
        bases.find_map(|id| self.document.attribute(id, "href"))
    }

    /// What a browser sends if this button is pressed.
    #[track_caller]
    pub(super) fn press(&self, name: &str) -> Submission {
        let pressed = self.find_button(name);
        let button = &self.controls[pressed];
        let form = match button.kind.as_str() {
            _ if button.is_disabled => Err("the button is disabled"),
            "reset" | "button" => Err("it sends nothing, and there are no scripts"),
            _ => button.form.ok_or("the button isn't in a form"),
        };
        let cannot = |why: String| format!("cannot press {} on {}: {why}", quoted(name), self.url);
        let form = form.unwrap_or_else(|why| panic!("{}", cannot(why.to_owned())));
        if submission::is_checked(&self.document, form, button.id) {
            let problems = self.problems(form);
            let why = format!("a browser doesn't send this form:\n  {}", problems.join("\n  "));
            assert!(problems.is_empty(), "{}", cannot(why));
        }
        Submission::new(&self.document, &self.controls, form, pressed)
            .unwrap_or_else(|why| panic!("{}", cannot(why)))
    }

    /// What a browser would complain about before it sends a form.
    fn problems(&self, form: document::NodeId) -> Vec<String> {
        let in_form =
            (0..self.controls.len()).filter(|&index| self.controls[index].form == Some(form));
        let problems = in_form.filter_map(|index| {
            let problem = validity::problem(&self.document, &self.controls, index)?;
            Some(format!("{}: {problem}", self.controls[index].name))
        });
        let mut problems: Vec<String> = problems.collect();
        problems.dedup();
        problems
    }
}

impl fmt::Debug for TestPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("TestPage");
        shown.field("status", &self.status).field("url", &self.url).field("title", &self.title);
        shown.field("text", &self.text).finish_non_exhaustive()
    }
}
