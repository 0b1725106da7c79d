//! The data that all fields of a page share.

use std::cell::OnceCell;
use std::rc::Rc;

use crate::form::data::FormData;
use crate::form::settings::Settings;
use crate::merge::conflict::RecordChanges;
use crate::validation::errors::ValidationErrors;

#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) data: FormData,
    pub(crate) errors: ValidationErrors,
    pub(crate) settings: Rc<Settings>,
    pub(crate) changes: RecordChanges,
    /// The name of the field that gets the initial focus, or the command of a row button. Commands
    /// contain spaces, so they differ from all names.
    pub(crate) focus: OnceCell<String>,
    /// The step that is shown, or `None` if the form is shown as a whole.
    pub(crate) step: Option<usize>,
    /// The submission's token.
    pub(crate) token: OnceCell<String>,
}

impl Context {
    #[inline]
    pub(crate) fn new(
        data: FormData,
        errors: ValidationErrors,
        settings: Rc<Settings>,
        changes: RecordChanges,
    ) -> Self {
        let (focus, token) = (OnceCell::new(), OnceCell::new());
        Self { data, errors, settings, changes, focus, step: None, token }
    }

    /// Whether the field with this name has errors.
    pub(crate) fn has_errors(&self, name: &str) -> bool {
        self.errors.has(name)
    }

    /// Whether the field with this name is on the page, and not in another step.
    pub(crate) fn shows(&self, name: &str) -> bool {
        self.step.is_none_or(|step| self.settings.steps.of(name).is_none_or(|own| own == step))
    }

    /// Whether the field with this name, or the row button with this command, gets the focus.
    pub(crate) fn has_focus(&self, name: &str) -> bool {
        self.focus.get().is_some_and(|focus| focus == name)
    }
}
