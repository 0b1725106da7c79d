//! A single-threaded HTTP/1.0 server for localhost: event loop, requests, responses and handlers.
//!
//! ```no_run
//! use solohttp_core::{Error, Request, serve_http};
//!
//! fn main() -> Result<(), Error> {
//!     serve_http(|request: &Request| format!("You asked for {}", request.path()))
//! }
//! ```
//!
//! A single thread serves all connections at once, so an idle, slow or broken connection doesn't
//! delay the others. Handlers take their state as `&mut`, without locks, `Send` or async.
//!
//! **In scope:** HTTP/1.0 with one request per connection (clients may speak 1.1); access control;
//! limits and timeouts; plain functions as handlers; typed query and form fields; JSON; uploads;
//! error pages; streamed bodies; closures sent from other threads; timers; server-sent events; testing
//! without a socket.
//!
//! **Out of scope:** routing (solohttp-router), templates, forms and the database guard (in their
//! own crates), TLS, HTTP/2, threads, sessions, compression.
//!
//! **Map:** [`serve_http`], [`Server`] and [`Listening`] run a [`Handler`]. Functions become
//! handlers through [`IntoHandler`], take [`Query`], [`Form`], `Json` or another [`FromRequest`] from the
//! [`Request`], and return any [`IntoResponse`]. A [`Servlet`] has a method for each HTTP method. A
//! client error is a [`Rejection`], and a program error is a [`Failure`]; both become pages.
//! [`values!`] makes a
//! record for a template or a document, and [`Html`] is text that templates don't escape. [`confirm()`] asks a [`Question`] before a handler runs. With a [`Remote`], other threads run
//! closures on the state. An [`EventChannel`] sends events to pages.

mod access;
mod attachment;
mod body;
mod confirm;
mod conn;
mod error;
mod event_loop;
mod event_stream;
mod extract;
pub mod folders;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod handler;
mod headers;
pub mod html;
#[cfg(feature = "json")]
mod json;
mod language;
mod limits;
mod log_line;
mod remote;
mod request;
mod response;
mod server;
mod stored_choice;
mod stored_file;
mod testing;
mod url;
#[doc(hidden)]
pub mod values;
mod wire;

pub use bytes::Bytes;
pub use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
pub use solohttp_iolist as iolist;
pub use solohttp_iolist::{IoList, iolist};

pub use access::private_file;
pub use attachment::attachment;
pub use body::{Body, BodyReader, Oversized, Upload, multipart, safe_file_name};
pub use confirm::{Confirm, Question, QuestionForm, confirm};
pub use conn::Transfers;
pub use error::{ConstraintError, ConstraintKind, Error, Failure, Rejection};
pub use event_loop::StopHandle;
pub use event_stream::{Event, EventChannel};
pub use extract::typed;
pub use extract::{Extract, Form, FromRequest, Query};
pub use handler::{
    Allow, FunctionHandler, Handler, IntoHandler, IsHandler, RequestFn, RequestMethod, Servlet,
    WithState, catch_panic, catch_unwind, respond,
};
pub use html::Html;
#[cfg(feature = "json")]
pub use json::{Json, Problem};
pub use language::{
    DateError, DatePattern, DatePatternError, Dates, Locale, LocalePart, NumeralError, Numerals,
    Oaths, Sentence, ServerWords, Values,
};
pub use limits::Limits;
pub use remote::{AskError, Ended, Remote, Timer};
pub use request::{Request, SentForm, Wildcard, is_preview};
pub use response::{IntoResponse, Response};
pub use server::{
    AlreadyRunning, LaunchPage, Listening, PendingLaunches, Server, default_browser,
    open_in_browser, serve_http,
};
pub use stored_choice::{StoredChoice, StoredKey};
pub use stored_file::{FileInfo, StoredFile};
pub use testing::{RequestBuilder, TestLoop};
#[cfg(feature = "test-client")]
pub use testing::{TestClient, TestPage};
pub use url::{Fields, LocalUrl};

#[doc(hidden)]
pub use language::check_sentence;

/// The result type for handlers. `?` converts any error into a [`Failure`].
pub type Result<T, E = Failure> = std::result::Result<T, E>;

/// Compiles the README's examples.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
