//! Builds requests from plain data, so that handlers can be tested without a socket.

mod form_content;
mod request_builder;

pub use self::request_builder::RequestBuilder;
