//! Optional values: blank text is `None`.

use solohttp_core::Numerals;

use crate::lens::{Choice, Lens, invisible};
use crate::markup::attributes::Attributes;
use crate::validation::ValidationError;

/// An optional value. `None` is shown as blank text.
///
/// For strings, this makes `Some("")` the same as `None`.
#[derive(Debug, Clone)]
pub struct Optional<L>(pub(crate) L);

impl<L: Lens> Lens for Optional<L> {
    type Value = Option<L::Value>;

    fn show(&self, value: &Self::Value) -> String {
        value.as_ref().map(|value| self.0.show(value)).unwrap_or_default()
    }

    fn parse(&self, text: &str) -> Result<Self::Value, ValidationError> {
        if invisible::is_blank(text) { Ok(None) } else { self.0.parse(text).map(Some) }
    }

    fn attributes(&self, attributes: &mut Attributes) {
        self.0.attributes(attributes);
        attributes.remove("required");
    }

    fn is_cyclic(&self) -> bool {
        self.0.is_cyclic()
    }

    fn is_absent(&self, value: &Self::Value) -> bool {
        value.is_none()
    }

    fn choices(&self) -> Option<&[Choice]> {
        self.0.choices()
    }

    fn numerals(&self) -> Option<Numerals> {
        self.0.numerals()
    }
}
