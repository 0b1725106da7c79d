//! What an element is: it shows a value into fields, reads it back, and renders its control.
//!
//! One file per family is below. None of them knows of a whole form or of a request.

mod checkbox;
pub(crate) mod choice;
mod entry;
mod file;
mod group;
mod hidden;
mod input;
mod many;
mod radio;
mod rows;
mod select;
mod textarea;

use std::any::Any;
use std::borrow::Cow;
use std::fmt::Display;

use solohttp_core::{Fields, IoList};

pub use checkbox::{Checkbox, checkbox, switch};
pub use entry::{Entry, entry};
pub use file::{File, FileRules, FileValue, file};
pub use group::{Group, group};
pub use hidden::hidden;
pub use input::{
    color, date, date_time, email, fixed_point, month, number, password, range, search, tel, text,
    time, url, week,
};
pub use many::{Many, checkboxes, multi_select};
pub use radio::radio;
pub use rows::{Rows, rows};
pub use select::select;
pub use textarea::textarea;

use crate::form::field::join;
use crate::form::outline::Outline;
use crate::form::sent::Sent;
use crate::markup::attributes::Attributes;
use crate::validation::errors::ValidationErrors;
use crate::view::FieldView;

/// What all elements have: a label, perhaps a help text, and attributes of the user's own.
#[derive(Debug, Clone)]
pub struct Face {
    pub(crate) label: Cow<'static, str>,
    pub(crate) help: Option<Cow<'static, str>>,
    pub(crate) attributes: Attributes,
    pub(crate) autofocus: bool,
    pub(crate) version: Option<Cow<'static, str>>,
}

impl Face {
    /// A face with a label, which every control needs: it is what a screen reader reads out.
    pub fn new(label: impl Into<Cow<'static, str>>) -> Self {
        let label = label.into();
        Self { label, help: None, attributes: Attributes::new(), autofocus: false, version: None }
    }

    #[track_caller]
    pub(crate) fn set(&mut self, name: &'static str, value: impl Display) {
        const OWNED: &[&str] =
            &["id", "name", "value", "type", "aria-describedby", "aria-invalid", "autofocus"];
        assert!(
            !OWNED.contains(&name),
            "the attribute `{name}` belongs to the form: it ties labels, errors and values together"
        );
        self.attributes.set(name, value);
    }
}

/// How an element is laid out, and which role it has for those who do not see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Shape {
    /// One control under its label.
    Single,
    /// A box to check, before its label.
    Check,
    /// Several radio buttons, of which one is chosen.
    RadioGroup,
    /// Several check boxes.
    CheckGroup,
    /// Fields of their own within a frame.
    Frame,
    /// Nothing to see.
    Hidden,
}

/// A part of a form that holds one value: implement it for a control that is not here.
///
/// The name in the calls is the full name of its field, such as `lines.0.item`; an element may
/// use this name, and names that go on from it with a point or a colon.
pub trait Element: 'static {
    /// The native value.
    type Value: 'static;

    /// Its label and the like.
    fn face(&self) -> &Face;

    /// How it is laid out.
    fn shape(&self) -> Shape {
        Shape::Single
    }

    /// Writes what the control holds in a form for a new record.
    fn blank(&self, name: &str, fields: &mut Fields) {
        let _ = (name, fields);
    }

    /// Writes what the control holds for this value.
    fn show(&self, name: &str, value: &Self::Value, fields: &mut Fields);

    /// Reads the value; `None` if and only if a mistake was reported.
    fn parse(
        &self,
        name: &str,
        sent: &Sent,
        mistakes: &mut ValidationErrors,
    ) -> Option<Self::Value>;

    /// The control as HTML, with what is typed in `at`.
    fn control(&self, at: &FieldView) -> IoList;

    /// Must something be typed or chosen?
    fn is_required(&self) -> bool {
        false
    }

    /// Is its value never shown, as a password isn't?
    ///
    /// Then a form that comes back asks for it again. Where it is left blank, a record that is edited
    /// keeps the one it has; within rows, that is up to the program.
    fn is_secret(&self) -> bool {
        false
    }

    /// What the control holds in these fields, as a person reads it: where somebody else has
    /// changed it too, the user reads this to choose between the two.
    fn say(&self, name: &str, sent: &Sent) -> String {
        match self.compound() {
            Some(compound) => say_parts(compound, name, sent),
            None => sent.texts(name).collect::<Vec<_>>().join(", "),
        }
    }

    /// Which files it takes, if it takes any. Then the form is sent as `multipart/form-data`, and
    /// its files are found in [`Sent::files`].
    fn file_rules(&self) -> Option<&FileRules> {
        None
    }

    /// The elements within, if it has any.
    #[doc(hidden)]
    fn compound(&self) -> Option<&dyn Compound> {
        None
    }
}

/// An element made of elements.
#[doc(hidden)]
pub trait Compound {
    /// The elements of each part.
    fn outline(&self) -> &Outline;

    /// The prefixes of the names of its parts.
    fn parts(&self, name: &str, sent: &Sent) -> Vec<String>;

    /// Are its parts rows, any number of them?
    fn is_repeated(&self) -> bool {
        false
    }

    /// Numbers the parts from 0 in the order in which they were sent. `own` are all fields below
    /// the name.
    fn settle(&self, name: &str, own: Fields) -> Fields {
        self.outline().settle(name, own)
    }

    /// Does what a row's button says; false if it cannot.
    fn rearrange(&self, name: &str, change: RowChange, fields: &mut Fields) -> bool {
        let _ = (name, change, fields);
        false
    }
}

/// What the buttons at rows do.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowChange {
    Add,
    Remove(usize),
    Up(usize),
    Down(usize),
}

/// An element whose value's type is known to its slot only.
pub(crate) trait AnyElement {
    fn face(&self) -> &Face;
    fn shape(&self) -> Shape;
    fn blank(&self, name: &str, fields: &mut Fields);
    fn show_any(&self, name: &str, value: &dyn Any, fields: &mut Fields);
    /// What it shows for the value that was sent, if that is one.
    fn normal(&self, name: &str, sent: &Sent) -> Option<Fields>;
    fn control(&self, at: &FieldView) -> IoList;
    fn is_required(&self) -> bool;
    fn is_secret(&self) -> bool;
    fn say(&self, name: &str, sent: &Sent) -> String;
    fn file_rules(&self) -> Option<&FileRules>;
    fn compound(&self) -> Option<&dyn Compound>;
}

impl<E: Element> AnyElement for E {
    fn face(&self) -> &Face {
        Element::face(self)
    }

    fn shape(&self) -> Shape {
        Element::shape(self)
    }

    fn blank(&self, name: &str, fields: &mut Fields) {
        Element::blank(self, name, fields);
    }

    fn show_any(&self, name: &str, value: &dyn Any, fields: &mut Fields) {
        let value = value.downcast_ref::<E::Value>();
        let value = value.expect("`form!` gives a field an element of the field's own type");
        self.show(name, value, fields);
    }

    fn normal(&self, name: &str, sent: &Sent) -> Option<Fields> {
        let value = self.parse(name, sent, &mut ValidationErrors::default())?;
        let mut fields = Fields::new();
        self.show(name, &value, &mut fields);
        Some(fields)
    }

    fn control(&self, at: &FieldView) -> IoList {
        Element::control(self, at)
    }

    fn is_required(&self) -> bool {
        Element::is_required(self)
    }

    fn is_secret(&self) -> bool {
        Element::is_secret(self)
    }

    fn say(&self, name: &str, sent: &Sent) -> String {
        Element::say(self, name, sent)
    }

    fn file_rules(&self) -> Option<&FileRules> {
        Element::file_rules(self)
    }

    fn compound(&self) -> Option<&dyn Compound> {
        Element::compound(self)
    }
}

fn say_parts(compound: &dyn Compound, name: &str, sent: &Sent) -> String {
    let parts = compound.parts(name, sent).into_iter().map(|prefix| {
        let part = compound.outline().iter();
        let said = part.map(|(name, element)| element.say(&join(&prefix, name), sent));
        said.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ")
    });
    parts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join("; ")
}

/// The methods that every element has, written once.
macro_rules! face_methods {
    () => {
        /// A sentence beside the control, read out with it.
        #[must_use]
        pub fn help(mut self, help: impl Into<std::borrow::Cow<'static, str>>) -> Self {
            self.face.help = Some(help.into());
            self
        }

        /// Sets an HTML attribute of the control, for example `class` or `autocomplete`.
        ///
        /// # Panics
        /// For the attributes that the form itself needs, such as `id` and `name`.
        #[must_use]
        #[track_caller]
        pub fn attr(mut self, name: &'static str, value: impl std::fmt::Display) -> Self {
            self.face.set(name, value);
            self
        }

        /// The version of what this field replaces but doesn't show, such as a digest of the
        /// stored file; empty if there is none.
        ///
        /// If it has changed when the form is sent, and the user has changed the field, too, the
        /// form asks which one to save. Only for the fields of a record, not within rows or groups:
        /// there the rows or the group can have one.
        #[must_use]
        pub fn version(mut self, version: impl Into<std::borrow::Cow<'static, str>>) -> Self {
            self.face.version = Some(version.into());
            self
        }

        /// The cursor starts here, unless there are errors: then it starts at the first.
        #[must_use]
        pub fn autofocus(mut self) -> Self {
            self.face.autofocus = true;
            self
        }
    };
}
use face_methods;
