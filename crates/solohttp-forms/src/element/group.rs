//! Nested records.

use std::borrow::Cow;
use std::fmt;

use solohttp_core::{Fields, IoList};

use crate::element::Element;
use crate::element::info::{ElementInfo, Layout, info_methods};
use crate::form::RecordForm;
use crate::form::data::FormData;
use crate::form::plan::Plan;
use crate::markup::writer::Writer;
use crate::outline::{Compound, Outline};
use crate::validation::errors::ValidationErrors;
use crate::view::field::FieldView;

/// A record nested in another one, rendered as a `<fieldset>`.
pub struct Group<T> {
    info: ElementInfo,
    plan: Plan<T>,
}

/// A nested record, such as an address.
///
/// ```
/// use solohttp_forms::{RecordForm, form, group, text};
///
/// struct Address { street: String, town: String }
/// struct Person { name: String, home: Address }
///
/// fn person_form() -> RecordForm<Person> {
///     let address = form!(Address { street: text("Street"), town: text("Town") });
///     form!(Person { name: text("Name"), home: group("Home", address) })
/// }
/// ```
pub fn group<T: 'static>(label: impl Into<Cow<'static, str>>, form: RecordForm<T>) -> Group<T> {
    Group { info: ElementInfo::new(label), plan: form.into_plan() }
}

impl<T> Group<T> {
    info_methods!();
}

impl<T: 'static> Element for Group<T> {
    type Value = T;

    fn info(&self) -> &ElementInfo {
        &self.info
    }

    fn layout(&self) -> Layout {
        Layout::Frame
    }

    fn blank(&self, name: &str, fields: &mut Fields) {
        self.plan.outline.blank(name, fields);
    }

    fn show(&self, name: &str, value: &T, fields: &mut Fields) {
        self.plan.show(name, value, fields);
    }

    fn parse(&self, name: &str, data: &FormData, errors: &mut ValidationErrors) -> Option<T> {
        self.plan.parse(name, data, errors)
    }

    fn control(&self, field: &FieldView) -> IoList {
        Writer::list(|out| self.render_control(field, out))
    }

    fn render_control(&self, field: &FieldView, out: &mut Writer) {
        let fields = field.rows().iter().flat_map(|part| part.fields());
        fields.for_each(|field| field.render_into(out));
    }

    fn compound(&self) -> Option<&dyn Compound> {
        Some(self)
    }
}

impl<T> Compound for Group<T> {
    fn outline(&self) -> &Outline {
        &self.plan.outline
    }

    fn parts(&self, name: &str, _: &FormData) -> Vec<String> {
        vec![name.to_owned()]
    }
}

impl<T> fmt::Debug for Group<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Group").field("info", &self.info).finish_non_exhaustive()
    }
}
