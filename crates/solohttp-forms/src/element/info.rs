//! The settings and the layout of an element.

use std::borrow::Cow;
use std::fmt::Display;

use crate::markup::attributes::Attributes;

/// The label, help text and HTML attributes of an element.
#[derive(Debug, Clone)]
pub struct ElementInfo {
    pub(crate) label: Cow<'static, str>,
    pub(crate) help: Option<Cow<'static, str>>,
    pub(crate) attributes: Attributes,
    pub(crate) autofocus: bool,
    pub(crate) version: Option<Cow<'static, str>>,
}

impl ElementInfo {
    /// Creates the settings for an element with this label. Screen readers read the label aloud, so
    /// every control needs one.
    pub fn new(label: impl Into<Cow<'static, str>>) -> Self {
        let label = label.into();
        Self { label, help: None, attributes: Attributes::new(), autofocus: false, version: None }
    }

    /// Whether `attr` has set any attribute. It may have the same name as one that the control sets.
    pub(crate) fn has_attributes(&self) -> bool {
        !self.attributes.is_empty()
    }

    #[track_caller]
    pub(crate) fn set(&mut self, name: &'static str, value: impl Display) {
        const RESERVED: &[&str] =
            &["id", "name", "value", "type", "aria-describedby", "aria-invalid", "autofocus"];
        assert!(
            !RESERVED.contains(&name),
            "the form sets the attribute `{name}` itself, to connect labels, errors and values"
        );
        assert!(
            name != "required",
            "call `required()` instead of setting the attribute, so that the program checks it too"
        );
        self.attributes.set(name, value);
    }
}

/// How an element is laid out, and which ARIA role it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Layout {
    /// One control below its label.
    Single,
    /// A checkbox before its label.
    Check,
    /// A group of radio buttons.
    RadioGroup,
    /// A group of checkboxes.
    CheckGroup,
    /// A `<fieldset>` around other fields.
    Frame,
    /// Invisible.
    Hidden,
}

/// The builder methods that every element has.
macro_rules! info_methods {
    () => {
        /// Adds help text next to the control. Screen readers read it aloud together with the
        /// control.
        #[must_use]
        pub fn help(mut self, help: impl Into<std::borrow::Cow<'static, str>>) -> Self {
            self.info.help = Some(help.into());
            self
        }

        /// Sets an HTML attribute of the control, for example `class` or `autocomplete`.
        ///
        /// # Panics
        /// If the form sets this attribute itself, as it does with `id`, `name` and `required`.
        #[must_use]
        #[track_caller]
        pub fn attr(mut self, name: &'static str, value: impl std::fmt::Display) -> Self {
            self.info.set(name, value);
            self
        }

        /// Sets the version of stored data that this field replaces but doesn't show. The version
        /// of a stored file, for example, can be its digest. An empty string means that nothing is
        /// stored yet.
        ///
        /// If the version has changed by the time the form is sent, and the user has changed the
        /// field too, the form asks which version to save. This has no effect within rows or
        /// groups; set a version on the rows or the group instead.
        #[must_use]
        pub fn version(mut self, version: impl Into<std::borrow::Cow<'static, str>>) -> Self {
            self.info.version = Some(version.into());
            self
        }

        /// Focuses this control when the page opens. If there are errors, the first invalid field
        /// receives focus instead.
        #[must_use]
        pub fn autofocus(mut self) -> Self {
            self.info.autofocus = true;
            self
        }
    };
}
pub(crate) use info_methods;
