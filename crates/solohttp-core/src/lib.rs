//! A single-threaded HTTP/1.0 server for localhost: the loop, requests, responses and handlers.
//!
//! ```no_run
//! use solohttp_core::{Error, Request, serve_http};
//!
//! fn main() -> Result<(), Error> {
//!     serve_http(|request: &Request| format!("You asked for {}", request.path()))
//! }
//! ```
//!
//! One thread waits for all connections at once, so an idle, slow or broken one costs an honest
//! request nothing. Handlers get their state as `&mut`: no locks, no `Send`, no async.
//!
//! **In scope:** HTTP/1.0 with one request per connection (clients may speak 1.1); who may ask;
//! limits and time-outs; functions of every shape as handlers; typed query and form fields; uploads;
//! error pages; streamed bodies; requests from plain data for tests.
//!
//! **Out of scope:** which function answers (solohttp-router), templates, forms and the database
//! guard (their own crates), TLS, HTTP/2, threads, sessions, compression.
//!
//! **Map:** [`serve_http`], [`Server`], [`Listening`] run a [`Handler`]; functions become one by
//! [`IntoHandler`], take [`Query`], [`Form`] or another [`FromRequest`] from the [`Request`], and
//! return anything [`IntoResponse`]; a [`Servlet`] has a method for each HTTP verb. A mistake of the peer is a [`Rejection`], one of the program
//! a [`Failure`]; both become pages.

mod access;
mod allow;
mod answer;
mod body;
mod browser;
mod caught;
mod chunked;
mod conn;
mod encode;
mod error;
mod error_page;
mod event_loop;
mod extract;
mod failure;
mod fields;
mod framing;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod handler;
pub mod html;
mod into_response;
mod launch;
mod limits;
mod local_url;
mod locale;
mod log_line;
mod notice;
mod numerals;
mod oath;
mod parse;
mod path;
mod preview;
pub mod private_file;
mod rejection;
mod request;
mod response;
mod sentence;
mod server;
mod servlet;
mod signals;
mod stack;
mod stale_pages;
pub mod typed;
mod watchdog;
mod words;

pub use bytes::Bytes;
pub use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
pub use solohttp_iolist as iolist;
pub use solohttp_iolist::{IoList, iolist};

pub use allow::Allow;
pub use body::{Body, BodyReader, Oversized, Upload, multipart};
pub use caught::handle_caught;
pub use error::Error;
pub use event_loop::StopHandle;
pub use extract::{Form, FromRequest, Query};
pub use failure::Failure;
pub use fields::Fields;
pub use handler::{FunctionHandler, Handler, IntoHandler, IsHandler, WithState};
pub use into_response::IntoResponse;
pub use limits::Limits;
pub use local_url::LocalUrl;
pub use locale::{Locale, LocalePart};
pub use numerals::{NumeralError, Numerals};
pub use preview::is_preview;
pub use rejection::Rejection;
pub use request::{Request, RequestBuilder, SentForm, Wildcard};
pub use response::Response;
pub use sentence::{Sentence, Values};
pub use server::{AlreadyRunning, Listening, Server, serve_http};
pub use servlet::{Servlet, respond};
pub use words::{Oaths, ServerWords};

#[doc(hidden)]
pub use sentence::check_sentence;

/// What a handler returns that may fail: `?` takes any error in.
pub type Result<T, E = Failure> = std::result::Result<T, E>;

/// What introduces the crate elsewhere is checked too.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
