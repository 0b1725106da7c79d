//! Builds requests from plain data, runs closures and fills in forms, so that handlers can be
//! tested without a socket.

#[cfg(feature = "test-client")]
mod client;
mod form_content;
#[cfg(feature = "test-client")]
mod page;
mod request_builder;
mod test_loop;

#[cfg(feature = "test-client")]
pub use self::client::TestClient;
#[cfg(feature = "test-client")]
pub use self::page::TestPage;
pub use self::request_builder::RequestBuilder;
pub use self::test_loop::TestLoop;
