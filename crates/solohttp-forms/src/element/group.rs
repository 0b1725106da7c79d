//! Fields of a record within a record.

use std::borrow::Cow;
use std::fmt;

use solohttp_core::{Fields, IoList};

use crate::element::{Compound, Element, Face, Shape, face_methods};
use crate::form::RecordForm;
use crate::form::outline::{Outline, Plan};
use crate::form::sent::Sent;
use crate::validation::errors::ValidationErrors;
use crate::view::FieldView;

/// A record within a record, in a frame of its own.
pub struct Group<T> {
    face: Face,
    plan: Plan<T>,
}

/// A record within a record, such as an address.
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
    Group { face: Face::new(label), plan: form.into_plan() }
}

impl<T> Group<T> {
    face_methods!();
}

impl<T: 'static> Element for Group<T> {
    type Value = T;

    fn face(&self) -> &Face {
        &self.face
    }

    fn shape(&self) -> Shape {
        Shape::Frame
    }

    fn blank(&self, name: &str, fields: &mut Fields) {
        self.plan.outline.blank(name, fields);
    }

    fn show(&self, name: &str, value: &T, fields: &mut Fields) {
        self.plan.show(name, value, fields);
    }

    fn parse(&self, name: &str, sent: &Sent, mistakes: &mut ValidationErrors) -> Option<T> {
        self.plan.parse(name, sent, mistakes)
    }

    fn control(&self, at: &FieldView) -> IoList {
        at.rows().iter().flat_map(|part| part.fields()).map(FieldView::render).collect()
    }

    fn compound(&self) -> Option<&dyn Compound> {
        Some(self)
    }
}

impl<T> Compound for Group<T> {
    fn outline(&self) -> &Outline {
        &self.plan.outline
    }

    fn parts(&self, name: &str, _: &Sent) -> Vec<String> {
        vec![name.to_owned()]
    }
}

impl<T> fmt::Debug for Group<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Group").field("face", &self.face).finish_non_exhaustive()
    }
}
