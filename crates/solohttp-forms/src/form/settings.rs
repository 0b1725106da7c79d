//! A form's settings, apart from its fields.

use std::borrow::Cow;
use std::rc::Rc;

use crate::form::steps::Steps;
use crate::markup::button::{self, Button};
use crate::validation::ValidationError;
use crate::validation::words::FormWords;

/// A form's settings, apart from its fields.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) buttons: Vec<Button>,
    pub(crate) words: Rc<FormWords>,
    pub(crate) wording: fn(&ValidationError) -> Option<String>,
    pub(crate) prefix: Cow<'static, str>,
    pub(crate) action: Option<String>,
    pub(crate) browser_checks: bool,
    pub(crate) duplicates: bool,
    pub(crate) last_wins: bool,
    pub(crate) steps: Steps,
}

impl Settings {
    /// Whether to merge changes that were saved in the meantime.
    pub(crate) fn merges(&self) -> bool {
        !self.last_wins
    }

    /// The URL that row buttons submit to: the form's own, with a fragment that no element has. If the
    /// page's URL had the fragment of an element, browsers would ignore `autofocus` (WHATWG HTML
    /// 6.6.7). If the fragment were empty, they would scroll to the top.
    pub(crate) fn row_action(&self) -> String {
        let action = self.action.as_deref().unwrap_or_default();
        format!("{}#:row", action.split('#').next().unwrap_or_default())
    }

    /// The sentence for an error.
    pub(crate) fn message<'a>(&'a self, error: &'a ValidationError) -> Cow<'a, str> {
        (self.wording)(error).map_or_else(|| error.sentence(&self.words), Cow::Owned)
    }

    /// Adds the default button if there are no buttons.
    pub(crate) fn complete_buttons(&mut self) {
        if self.buttons.is_empty() {
            let label = self.words.save.say(&[]).into();
            self.buttons.push(Button::new("save", label, true));
        }
    }

    /// Makes the save buttons save a new record.
    pub(crate) fn offer_new(&mut self) {
        button::offer_new(&mut self.buttons, &self.words);
    }

    /// Replaces the buttons with those of a step.
    pub(crate) fn enter_step(&mut self, step: usize) {
        self.steps.buttons(step, &mut self.buttons, &self.words);
    }

    /// The label of the button with this name, or the name if there is none.
    pub(crate) fn label<'a>(&'a self, name: &'a str) -> &'a str {
        let button = self.buttons.iter().find(|button| button.name == name);
        button.map_or(name, |button| &button.label)
    }

    /// The name of the pressed button, and whether it saves. If there is no name, for example
    /// because a script sent the form, the first button that saves counts as pressed.
    pub(crate) fn pressed(&self, name: Option<&str>) -> Option<(&str, bool)> {
        let buttons = &self.buttons;
        let found = match name {
            Some(name) => buttons.iter().find(|button| button.name == name),
            None => buttons.iter().find(|button| button.saves),
        };
        match found {
            Some(button) => Some((button.name, button.saves)),
            None if buttons.iter().any(|button| button.saves) => None,
            None => name.is_none_or(|name| name == "save").then_some(("save", true)),
        }
    }
}
