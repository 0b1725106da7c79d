//! The one place where a panic of a handler is caught.
//!
//! Knows nothing of pages: it makes a [`Failure`] of the panic. Needs `panic = "unwind"`, which
//! is the default; with `panic = "abort"` a panic ends the program.

use std::backtrace::Backtrace;
use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::Once;

use crate::error::Failure;
use crate::handler::Handler;
use crate::request::Request;
use crate::response::Response;

/// Calls a handler; if it panics, the response holds the panic as its [`Failure`].
///
/// The server calls the outermost handler like this. A handler around another one calls this
/// too if it has something to put in order after a panic, such as a transaction left open.
/// The state may then be half changed: that is what a guard is for.
pub fn catch_panic<S>(
    handler: &mut (impl Handler<S> + ?Sized),
    state: &mut S,
    request: &mut Request,
) -> Response {
    catch(|| handler.handle(state, request)).unwrap_or_else(Response::failed)
}

/// Calls code of the application; a panic of it is a failure, and not the end of the program.
pub(crate) fn catch<T>(call: impl FnOnce() -> T) -> Result<T, Failure> {
    note_where_panics_happen();
    NOTE.take();
    panic::catch_unwind(AssertUnwindSafe(call)).map_err(|payload| {
        let message = message(payload.as_ref());
        // A payload may have a `Drop` that panics again; leaking it is the lesser evil.
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
    /// What the hook saw of the last panic on this thread; the payload does not carry it.
    static NOTE: RefCell<Option<Note>> = const { RefCell::new(None) };
}

/// Adds to the process's panic hook, once; the hook that was there still runs.
fn note_where_panics_happen() {
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
    fn a_panic_leaves_its_message_and_its_place() {
        let mut handler = into_handler(|| -> &'static str {
            panic!("out of {}", "paper");
        });
        let response = catch_panic(&mut handler, &mut (), &mut Request::get("/").build());
        let failure = response.failure().unwrap();
        assert_eq!(failure.to_string(), "out of paper");
        assert!(failure.is_panic());
        assert!(failure.location().unwrap().contains("catch_panic.rs:"));
        assert!(failure.backtrace().is_some());
    }

    #[test]
    fn a_payload_of_any_kind_is_survived() {
        let mut handler = into_handler(|| -> &'static str {
            panic::panic_any(7_u8);
        });
        let response = catch_panic(&mut handler, &mut (), &mut Request::get("/").build());
        assert!(response.failure().unwrap().to_string().contains("non-string"));
    }
}
