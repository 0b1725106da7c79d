//! Builds requests from plain data and runs closures, so that handlers can be tested without a
//! socket.

mod form_content;
mod request_builder;
mod test_loop;

pub use self::request_builder::RequestBuilder;
pub use self::test_loop::TestLoop;
