//! Form elements. An element converts a value to form fields and back, and renders its control.
//!
//! Each submodule contains one family of elements.

pub(crate) mod blank_row;
pub(crate) mod cell;
pub(crate) mod checkbox;
pub(crate) mod display;
pub(crate) mod entry;
pub(crate) mod file;
pub(crate) mod file_rules;
pub(crate) mod group;
pub(crate) mod hidden;
pub(crate) mod info;
pub(crate) mod input;
pub(crate) mod many;
pub(crate) mod radio;
pub(crate) mod reuse;
pub(crate) mod row_id;
pub(crate) mod rows;
pub(crate) mod select;
pub(crate) mod stored_file;
pub(crate) mod textarea;
pub(crate) mod widget;

use std::any::Any;
use std::fmt;

use solohttp_core::{Fields, IoList};

use crate::element::cell::CellKind;
use crate::element::file_rules::FileRules;
use crate::element::info::{ElementInfo, Layout};
use crate::element::reuse::Reuse;
use crate::form::data::FormData;
use crate::form::names::join;
use crate::markup::writer::Writer;
use crate::outline::{AnyElement, Compound, Outline};
use crate::validation::errors::ValidationErrors;
use crate::view::field::{FieldView, Render};

/// A part of a form that holds one value. Implement this trait for a custom control.
///
/// The `name` that the methods receive is the full name of the field, such as `lines.0.item`. An
/// element may use this name, and any name that starts with it followed by a dot or colon.
///
/// ```
/// use solohttp_core::{Fields, IoList, iolist};
/// use solohttp_forms::{
///     Element, ElementInfo, FieldView, FormData, ValidationError, ValidationErrors, form, tag,
/// };
///
/// /// A number of minutes, entered as hours and minutes in two inputs.
/// struct Minutes(ElementInfo);
///
/// impl Element for Minutes {
///     type Value = u32;
///
///     fn info(&self) -> &ElementInfo {
///         &self.0
///     }
///
///     fn show(&self, name: &str, value: &u32, fields: &mut Fields) {
///         fields.push(name, (value / 60).to_string());
///         fields.push(name, (value % 60).to_string());
///     }
///
///     fn parse(&self, name: &str, data: &FormData, errors: &mut ValidationErrors) -> Option<u32> {
///         let numbers: Option<Vec<u16>> = data.texts(name).map(|text| text.parse().ok()).collect();
///         match numbers.as_deref() {
///             Some(&[hours, minutes]) => Some(u32::from(hours) * 60 + u32::from(minutes)),
///             _ => {
///                 errors.add(name, ValidationError::NotANumber);
///                 None
///             }
///         }
///     }
///
///     fn control(&self, field: &FieldView) -> IoList {
///         let mut texts = field.texts();
///         let hours = tag("input").attrs(&field.attributes()).attr_if("value", texts.next());
///         let minutes = tag("input").attr("name", field.name()).attr_if("value", texts.next());
///         iolist![hours.void(), ":", minutes.void()]
///     }
/// }
///
/// struct Task { estimate: u32 }
/// let form = form!(Task { estimate: Minutes(ElementInfo::new("Estimate")) });
/// let sent = Fields::from_iter([("estimate", "1"), ("estimate", "30")]);
/// assert_eq!(form.submit(&sent).unwrap().estimate, 90);
/// ```
pub trait Element: 'static {
    /// The type of the value.
    type Value: 'static;

    /// The label, help text and attributes.
    fn info(&self) -> &ElementInfo;

    /// How the element is laid out.
    fn layout(&self) -> Layout {
        Layout::Single
    }

    /// Writes the fields for a new record.
    fn blank(&self, name: &str, fields: &mut Fields) {
        let _ = (name, fields);
    }

    /// Writes the fields for a value.
    fn show(&self, name: &str, value: &Self::Value, fields: &mut Fields);

    /// Writes the text of the only field that [`show`](Self::show) writes, or nothing if it doesn't
    /// write a field. Fails if there may be several fields.
    #[doc(hidden)]
    fn write(&self, value: &Self::Value, text: &mut dyn fmt::Write) -> fmt::Result {
        let _ = (value, text);
        Err(fmt::Error)
    }

    /// Parses the value. Returns `None` if and only if it reported an error.
    fn parse(
        &self,
        name: &str,
        data: &FormData,
        errors: &mut ValidationErrors,
    ) -> Option<Self::Value>;

    /// Renders the control with the field's current text.
    fn control(&self, field: &FieldView) -> IoList;

    /// Renders the control into the form's buffer.
    #[doc(hidden)]
    fn render_control(&self, field: &FieldView, out: &mut Writer) {
        out.push(&self.control(field));
    }

    /// Which views of the element have the same HTML. `None` if the HTML may depend on anything.
    #[doc(hidden)]
    fn reuse(&self) -> Option<Reuse> {
        None
    }

    /// Whether a value is required.
    fn is_required(&self) -> bool {
        false
    }

    /// Whether the value is a secret that must never be shown, such as a password.
    ///
    /// If the form has errors, it asks for the value again. When an existing record is edited,
    /// leaving the field blank keeps its current value. Within rows, the application must handle
    /// blank secrets itself.
    fn is_secret(&self) -> bool {
        false
    }

    /// Whether the user can change the value.
    #[doc(hidden)]
    fn is_editable(&self) -> bool {
        self.layout() != Layout::Hidden
    }

    /// Writes the fields that browsers send if the user doesn't touch the control and there is no
    /// initial value. Most controls are blank then, and need none.
    #[doc(hidden)]
    fn untouched(&self, name: &str, fields: &mut Fields) {
        let _ = (name, fields);
    }

    /// The value as text, shown when the user has to choose between two versions of a field.
    fn describe(&self, name: &str, data: &FormData) -> String {
        match self.compound() {
            Some(compound) => describe_parts(compound.outline(), compound.parts(name, data), data),
            None => data.texts(name).collect::<Vec<_>>().join(", "),
        }
    }

    /// The rules for uploaded files, if the element accepts files. If any element does, the form is
    /// sent as `multipart/form-data`.
    #[doc(hidden)]
    fn file_rules(&self) -> Option<&FileRules> {
        None
    }

    /// The elements within this one, if any.
    #[doc(hidden)]
    fn compound(&self) -> Option<&dyn Compound> {
        None
    }

    /// How a CSV file contains the value; `None` if the element isn't a column.
    #[doc(hidden)]
    fn cell(&self) -> Option<CellKind<'_>> {
        let is_column = self.is_editable()
            && !self.is_secret()
            && self.file_rules().is_none()
            && self.compound().is_none();
        is_column.then_some(CellKind::Text)
    }
}

impl<E: Element> Render for E {
    fn info(&self) -> &ElementInfo {
        Element::info(self)
    }

    fn layout(&self) -> Layout {
        Element::layout(self)
    }

    fn render_control(&self, field: &FieldView, out: &mut Writer) {
        Element::render_control(self, field, out);
    }

    fn reuse(&self) -> Option<Reuse> {
        Element::reuse(self)
    }

    fn is_required(&self) -> bool {
        Element::is_required(self)
    }

    fn is_editable(&self) -> bool {
        Element::is_editable(self)
    }

    fn has_rows(&self) -> bool {
        Element::compound(self).is_some_and(Compound::is_repeated)
    }

    fn fixed_count(&self) -> Option<usize> {
        Element::compound(self).and_then(Compound::fixed_count)
    }
}

impl<E: Element> AnyElement for E {
    fn blank(&self, name: &str, fields: &mut Fields) {
        Element::blank(self, name, fields);
    }

    fn show_any(&self, name: &str, value: &dyn Any, fields: &mut Fields) {
        let value = value.downcast_ref::<E::Value>();
        let value = value.expect("`form!` gives a field an element of the field's own type");
        self.show(name, value, fields);
    }

    fn parse_any(&self, name: &str, data: &FormData) -> Option<Box<dyn Any>> {
        let value = self.parse(name, data, &mut ValidationErrors::default())?;
        Some(Box::new(value))
    }

    fn canonical(&self, name: &str, data: &FormData) -> Option<Fields> {
        let value = self.parse(name, data, &mut ValidationErrors::default())?;
        let mut fields = Fields::new();
        self.show(name, &value, &mut fields);
        Some(fields)
    }

    fn is_secret(&self) -> bool {
        Element::is_secret(self)
    }

    fn untouched(&self, name: &str, fields: &mut Fields) {
        Element::untouched(self, name, fields);
    }

    fn describe(&self, name: &str, data: &FormData) -> String {
        Element::describe(self, name, data)
    }

    fn file_rules(&self) -> Option<&FileRules> {
        Element::file_rules(self)
    }

    fn compound(&self) -> Option<&dyn Compound> {
        Element::compound(self)
    }

    fn cell(&self) -> Option<CellKind<'_>> {
        Element::cell(self)
    }
}

pub(crate) fn describe_parts(outline: &Outline, parts: Vec<String>, data: &FormData) -> String {
    let parts = parts.into_iter().map(|prefix| {
        let part = outline.iter();
        let texts = part.map(|(name, element)| element.describe(&join(&prefix, name), data));
        texts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ")
    });
    parts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join("; ")
}
