//! What a form says of its own accord, replaceable for another language or another tone.
//!
//! What is wrong with a text is not here: see [`Mistake`](crate::Mistake).

use std::borrow::Cow;

/// The words of buttons, of the summary of errors, and for choices that are gone.
///
/// ```
/// let mut words = solohttp_forms::Words::default();
/// words.save = "Speichern".into();
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Words {
    /// The button of a form that declares none.
    pub save: Cow<'static, str>,
    /// Above the summary of errors.
    pub summary: Cow<'static, str>,
    /// The radio button for no choice.
    pub none: Cow<'static, str>,
    /// After a choice that is no longer offered.
    pub unavailable: Cow<'static, str>,
    /// The button that adds a row.
    pub add: Cow<'static, str>,
    /// The button that removes a row.
    pub remove: Cow<'static, str>,
    /// The button that moves a row up.
    pub up: Cow<'static, str>,
    /// The button that moves a row down.
    pub down: Cow<'static, str>,
    /// Before the name of a file that was sent and is kept until the form is saved.
    pub kept: Cow<'static, str>,
    /// The box that drops such a file.
    pub drop: Cow<'static, str>,
    /// When a form was sent again that had been saved.
    pub already: Cow<'static, str>,
    /// When a form was set aside and is no longer there.
    pub gone: Cow<'static, str>,
}

impl Default for Words {
    fn default() -> Self {
        Self {
            save: "Save".into(),
            summary: "Please correct this:".into(),
            none: "None".into(),
            unavailable: "(not available)".into(),
            add: "Add".into(),
            remove: "Remove".into(),
            up: "Move up".into(),
            down: "Move down".into(),
            kept: "Chosen:".into(),
            drop: "Do not use this file".into(),
            already: "This has been saved already.".into(),
            gone: "What you had typed here before is no longer kept.".into(),
        }
    }
}
