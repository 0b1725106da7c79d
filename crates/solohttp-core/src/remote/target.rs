//! The state that a closure needs.

use std::any::{Any, TypeId, type_name};
use std::panic::Location;

/// The state that a closure needs, and the source location from which the closure was sent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Target {
    state: TypeId,
    state_name: &'static str,
    /// The instance of that state, if the `Remote` was created for a handler.
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

    /// Whether the closure needs `state`, whose instance number is `instance`.
    pub(super) fn is(&self, state: &dyn Any, instance: u64) -> bool {
        self.state == state.type_id() && self.instance.is_none_or(|wanted| wanted == instance)
    }

    pub(crate) fn state_name(&self) -> &'static str {
        self.state_name
    }
}

/// A closure that takes the state. The [`Target`] that is stored with the closure specifies the
/// state's type.
pub(super) type Once = dyn FnOnce(&mut dyn Any);
pub(super) type SendOnce = dyn FnOnce(&mut dyn Any) + Send;
pub(crate) type Repeated = dyn FnMut(&mut dyn Any);
pub(super) type SendRepeated = dyn FnMut(&mut dyn Any) + Send;

/// Adapts a closure that runs repeatedly.
pub(crate) fn repeated<S: 'static>(
    mut closure: impl FnMut(&mut S) + 'static,
) -> impl FnMut(&mut dyn Any) + 'static {
    move |state| closure(downcast(state))
}

/// Adapts a closure that runs only once.
pub(crate) fn once<S: 'static>(
    closure: impl FnOnce(&mut S) + 'static,
) -> impl FnMut(&mut dyn Any) + 'static {
    let mut closure = Some(closure);
    move |state| {
        if let Some(closure) = closure.take() {
            closure(downcast(state));
        }
    }
}

pub(super) fn downcast<S: 'static>(state: &mut dyn Any) -> &mut S {
    state.downcast_mut().expect("`Target` compares the type first")
}
