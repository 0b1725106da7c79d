//! The state that a closure is for.

use std::any::{Any, TypeId, type_name};
use std::panic::Location;

/// Which state a closure is for, and the call that handed it in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Target {
    state: TypeId,
    state_name: &'static str,
    /// The state that the handler had which made the `Remote`, where one is known.
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

    /// Whether it is a state of this type and instance.
    pub(super) fn is<S: 'static>(&self, instance: u64) -> bool {
        self.state == TypeId::of::<S>() && self.instance.is_none_or(|wanted| wanted == instance)
    }

    pub(crate) fn state_name(&self) -> &'static str {
        self.state_name
    }
}

/// A closure that takes the state; the [`Target`] beside it says which type that has to be.
pub(super) type Once = dyn FnOnce(&mut dyn Any);
pub(super) type SendOnce = dyn FnOnce(&mut dyn Any) + Send;
pub(super) type Repeated = dyn FnMut(&mut dyn Any);
pub(super) type SendRepeated = dyn FnMut(&mut dyn Any) + Send;

pub(super) fn downcast<S: 'static>(state: &mut dyn Any) -> &mut S {
    state.downcast_mut().expect("`Target` compares the type first")
}
