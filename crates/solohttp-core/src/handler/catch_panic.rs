//! Catches panics in handlers and turns them into [`Failure`]s.
//!
//! Requires `panic = "unwind"`, the default. With `panic = "abort"`, a panic ends the program.

use std::backtrace::Backtrace;
use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::Once;

use crate::error::Failure;
use crate::handler::Handler;
use crate::request::Request;
use crate::response::Response;

/// Calls a handler. If the handler panics, returns a response with the panic as its [`Failure`].
///
/// The server calls the outermost handler through this function. A wrapper around another handler
/// can use it to clean up after a panic, for example to roll back a transaction. The state may be
/// inconsistent after a panic.
pub fn catch_panic<S>(
    handler: &mut (impl Handler<S> + ?Sized),
    state: &mut S,
    request: &mut Request,
) -> Response {
    catch_unwind(|| handler.handle(state, request)).unwrap_or_else(Response::failed)
}

/// Calls application code and converts a panic into a failure that has the panic's message and
/// location. After a panic, the data that the code used may be inconsistent.
///
/// ```
/// let failure = solohttp_core::catch_unwind(|| panic!("out of paper")).unwrap_err();
/// assert!(failure.to_string().contains("out of paper"));
/// ```
///
/// # Errors
/// If `call` panics.
pub fn catch_unwind<T>(call: impl FnOnce() -> T) -> Result<T, Failure> {
    install_hook();
    NOTE.take();
    panic::catch_unwind(AssertUnwindSafe(call)).map_err(|payload| {
        let message = message(payload.as_ref());
        // Leaks the payload, because dropping it may panic again.
        std::mem::forget(payload);
        let Note { location, backtrace } = NOTE.take().unwrap_or_default();
        Failure::from_panic(message, location, backtrace)
    })
}

#[derive(Default)]
struct Note {
    location: Option<String>,
    backtrace: Option<Backtrace>,
}

thread_local! {
    /// Details of this thread's last panic that aren't in the panic's payload.
    static NOTE: RefCell<Option<Note>> = const { RefCell::new(None) };
}

/// Installs a panic hook that also calls the previous hook. Only the first call has an effect.
fn install_hook() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info: &PanicHookInfo<'_>| {
            let location = info.location().map(ToString::to_string);
            NOTE.set(Some(Note { location, backtrace: Some(Backtrace::force_capture()) }));
            before(info);
        }));
    });
}

fn message(payload: &(dyn std::any::Any + Send)) -> String {
    if let Some(text) = payload.downcast_ref::<&'static str>() {
        (*text).to_owned()
    } else if let Some(text) = payload.downcast_ref::<String>() {
        text.clone()
    } else {
        "a non-string payload".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::handler::IntoHandler;

    fn into_handler<M, H: IntoHandler<(), M>>(function: H) -> H::Handler {
        function.into_handler()
    }

    #[test]
    fn a_panic_becomes_a_failure_with_message_and_location() {
        let mut handler = into_handler(|| -> &'static str {
            panic!("out of {}", "paper");
        });
        let response = catch_panic(&mut handler, &mut (), &mut Request::get("/").build());
        let failure = response.failure().unwrap();
        assert_eq!(failure.to_string(), "out of paper");
        assert!(failure.error().is_none());
        assert!(failure.location().unwrap().contains("catch_panic.rs:"));
        assert!(failure.backtrace().is_some());
    }

    #[test]
    fn a_payload_may_have_any_type() {
        let mut handler = into_handler(|| -> &'static str {
            panic::panic_any(7_u8);
        });
        let response = catch_panic(&mut handler, &mut (), &mut Request::get("/").build());
        assert!(response.failure().unwrap().to_string().contains("non-string"));
    }
}
