//! Custom checks, conversions and messages.

use solohttp_core::Numerals;

use crate::lens::{Choice, Lens};
use crate::markup::attributes::Attributes;
use crate::validation::ValidationError;

/// Rejects values that fail a custom check.
#[derive(Debug, Clone)]
pub struct Check<L, F> {
    pub(crate) lens: L,
    pub(crate) check: F,
    pub(crate) error: ValidationError,
}

impl<L: Lens, F: Fn(&L::Value) -> bool + 'static> Lens for Check<L, F> {
    type Value = L::Value;

    fn show(&self, value: &L::Value) -> String {
        self.lens.show(value)
    }

    fn parse(&self, text: &str) -> Result<L::Value, ValidationError> {
        let value = self.lens.parse(text)?;
        if (self.check)(&value) { Ok(value) } else { Err(self.error.clone()) }
    }

    fn attributes(&self, attributes: &mut Attributes) {
        self.lens.attributes(attributes);
    }

    fn is_cyclic(&self) -> bool {
        self.lens.is_cyclic()
    }

    fn is_absent(&self, value: &L::Value) -> bool {
        self.lens.is_absent(value)
    }

    fn choices(&self) -> Option<&[Choice]> {
        self.lens.choices()
    }

    fn numerals(&self) -> Option<Numerals> {
        self.lens.numerals()
    }
}

/// Converts values with a pair of inverse functions.
#[derive(Debug, Clone)]
pub struct Through<L, P, S> {
    pub(crate) lens: L,
    pub(crate) parse: P,
    pub(crate) show: S,
}

impl<L, P, S, V, E> Lens for Through<L, P, S>
where
    L: Lens,
    P: Fn(L::Value) -> Result<V, E> + 'static,
    S: Fn(&V) -> L::Value + 'static,
    E: Into<ValidationError>,
    V: 'static,
{
    type Value = V;

    fn show(&self, value: &V) -> String {
        self.lens.show(&(self.show)(value))
    }

    fn parse(&self, text: &str) -> Result<V, ValidationError> {
        (self.parse)(self.lens.parse(text)?).map_err(Into::into)
    }

    fn attributes(&self, attributes: &mut Attributes) {
        self.lens.attributes(attributes);
    }

    fn choices(&self) -> Option<&[Choice]> {
        self.lens.choices()
    }

    fn numerals(&self) -> Option<Numerals> {
        self.lens.numerals()
    }
}

/// Replaces every error with the same custom error.
#[derive(Debug, Clone)]
pub struct Reworded<L> {
    pub(crate) lens: L,
    pub(crate) error: ValidationError,
}

impl<L: Lens> Lens for Reworded<L> {
    type Value = L::Value;

    fn show(&self, value: &L::Value) -> String {
        self.lens.show(value)
    }

    fn parse(&self, text: &str) -> Result<L::Value, ValidationError> {
        self.lens.parse(text).map_err(|_| self.error.clone())
    }

    fn attributes(&self, attributes: &mut Attributes) {
        self.lens.attributes(attributes);
    }

    fn is_cyclic(&self) -> bool {
        self.lens.is_cyclic()
    }

    fn is_absent(&self, value: &L::Value) -> bool {
        self.lens.is_absent(value)
    }

    fn choices(&self) -> Option<&[Choice]> {
        self.lens.choices()
    }

    fn numerals(&self) -> Option<Numerals> {
        self.lens.numerals()
    }
}
