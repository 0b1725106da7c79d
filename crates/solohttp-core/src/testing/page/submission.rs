//! The request that a browser makes when a form is submitted (WHATWG HTML section 4.10.21).

use super::control::Control;
use super::document::{Document, NodeId, ROOT};
use crate::testing::form_content::{File, FormContent};

/// A form as it is sent.
#[derive(Debug)]
pub(in crate::testing) struct Submission {
    /// The URL as written in the page; blank if it is that of the page.
    pub(in crate::testing) action: String,
    pub(in crate::testing) method: Method,
    pub(in crate::testing) content: FormContent,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::testing) enum Method {
    Get,
    Post(Encoding),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::testing) enum Encoding {
    Urlencoded,
    Multipart,
    PlainText,
}

impl Submission {
    /// Returns the submission of a form by the button `controls[pressed]`. The error says why
    /// nothing is sent.
    pub(super) fn new(
        document: &Document,
        controls: &[Control],
        form: NodeId,
        pressed: usize,
    ) -> Result<Self, String> {
        let button = controls[pressed].id;
        let attribute = |name: &str| {
            let own = document.attribute(button, &format!("form{name}"));
            own.or_else(|| document.attribute(form, name)).unwrap_or_default()
        };
        let method = match attribute("method").to_ascii_lowercase().as_str() {
            "post" => Method::Post(match attribute("enctype").to_ascii_lowercase().as_str() {
                "multipart/form-data" => Encoding::Multipart,
                "text/plain" => Encoding::PlainText,
                _ => Encoding::Urlencoded,
            }),
            "dialog" => return Err("it closes a dialog and sends nothing".to_owned()),
            _ => Method::Get,
        };
        let action = attribute("action").to_owned();
        Ok(Self { action, method, content: content(document, controls, form, pressed) })
    }
}

/// Whether the browser checks the form before it is sent by this button.
pub(super) fn is_checked(document: &Document, form: NodeId, button: NodeId) -> bool {
    !document.has(form, "novalidate") && !document.has(button, "formnovalidate")
}

/// Constructs the entry list (section 4.10.21.4). Contrary to the standard, browsers also send the
/// controls in a datalist (Chromium 156, Firefox 153), and so does this.
fn content(document: &Document, controls: &[Control], form: NodeId, pressed: usize) -> FormContent {
    let mut content = FormContent::default();
    for (index, control) in controls.iter().enumerate() {
        let is_left_out = control.form != Some(form)
            || control.is_disabled
            || (control.is_button() && index != pressed)
            || (matches!(control.kind.as_str(), "checkbox" | "radio") && !control.is_checked);
        if !is_left_out {
            push(document, control, &mut content);
        }
    }
    content
}

fn push(document: &Document, control: &Control, content: &mut FormContent) {
    let name = with_line_breaks(document.attribute(control.id, "name").unwrap_or_default());
    if control.kind == "image" {
        // The place that was clicked; a key press sends the corner.
        let prefix = if name.is_empty() { String::new() } else { format!("{name}.") };
        content.push_text(format!("{prefix}x"), "0");
        content.push_text(format!("{prefix}y"), "0");
        return;
    }
    if name.is_empty() {
        return;
    }
    match control.kind.as_str() {
        "select" => {
            let chosen = control.options.iter();
            for choice in chosen.filter(|choice| choice.is_selected && !choice.is_disabled) {
                content.push_text(name.as_str(), with_line_breaks(&choice.value));
            }
        }
        "file" if control.files.is_empty() => {
            let content_type = "application/octet-stream".to_owned();
            let nothing = File { name: String::new(), content_type, bytes: Vec::new() };
            content.push_file(name, nothing);
        }
        "file" => {
            for file in &control.files {
                content.push_file(name.as_str(), file.clone());
            }
        }
        "hidden" if name.eq_ignore_ascii_case("_charset_") => content.push_text(name, "UTF-8"),
        // Browsers send the label of a button without a value.
        "submit" if document.name(control.id) == "input" && !document.has(control.id, "value") => {
            content.push_text(name, "Submit");
        }
        _ => content.push_text(name, with_line_breaks(&control.value)),
    }
    let dirname = document.attribute(control.id, "dirname").unwrap_or_default();
    let has_direction = matches!(
        control.kind.as_str(),
        "textarea" | "hidden" | "text" | "search" | "tel" | "url" | "email" | "password" | "submit"
    );
    if has_direction && !dirname.is_empty() {
        content.push_text(dirname, direction(document, control));
    }
}

/// Line breaks are sent as CRLF.
fn with_line_breaks(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").replace('\n', "\r\n")
}

/// The direction of a control's text. For `dir=auto`, only Hebrew and Arabic letters count as
/// written from right to left.
fn direction(document: &Document, control: &Control) -> &'static str {
    let around = std::iter::once(control.id).chain(document.ancestors(control.id));
    let known = around.filter(|&id| id != ROOT).find_map(|id| {
        let dir = document.attribute(id, "dir")?.to_ascii_lowercase();
        ["ltr", "rtl", "auto"].into_iter().find(|known| *known == dir)
    });
    let is_rtl = |letter: &char| ('\u{590}'..='\u{8FF}').contains(letter);
    match known {
        Some("auto") => match control.value.chars().find(|letter| letter.is_alphabetic()) {
            Some(letter) if is_rtl(&letter) => "rtl",
            _ => "ltr",
        },
        Some(known) => known,
        // A telephone number is written from left to right.
        None => "ltr",
    }
}
