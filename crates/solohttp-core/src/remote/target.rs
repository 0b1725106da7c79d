//! The state that a closure needs.

use std::any::{Any, TypeId, type_name};
use std::panic::Location;

/// The state that a closure needs, and the call that sent it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Target {
    state: TypeId,
    state_name: &'static str,
    /// The state of the handler that made the `Remote`, if known.
    instance: Option<u64>,
    pub(crate) location: &'static Location<'static>,
}

impl Target {
    pub(crate) fn new<S: 'static>(
        instance: Option<u64>,
        location: &'static Location<'static>,
    ) -> Self {
        Self { state: TypeId::of::<S>(), state_name: type_name::<S>(), instance, location }
    }

    /// Whether the target is a state of this type and instance.
    pub(super) fn is<S: 'static>(&self, instance: u64) -> bool {
        self.state == TypeId::of::<S>() && self.instance.is_none_or(|wanted| wanted == instance)
    }

    pub(crate) fn state_name(&self) -> &'static str {
        self.state_name
    }
}

/// A closure that takes the state; the [`Target`] next to it says which type the state has to be.
pub(super) type Once = dyn FnOnce(&mut dyn Any);
pub(super) type SendOnce = dyn FnOnce(&mut dyn Any) + Send;
pub(super) type Repeated = dyn FnMut(&mut dyn Any);
pub(super) type SendRepeated = dyn FnMut(&mut dyn Any) + Send;

pub(super) fn downcast<S: 'static>(state: &mut dyn Any) -> &mut S {
    state.downcast_mut().expect("`Target` compares the type first")
}
