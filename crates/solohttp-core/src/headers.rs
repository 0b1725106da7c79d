//! Header fields of requests and responses.
//!
//! Applications see a [`HeaderMap`](http::HeaderMap), which is a hash table. The server itself looks
//! up only a few fields, and building the table would cost more than all of these lookups. It is
//! therefore built when somebody asks for it.

mod request;
mod response;

pub(crate) use self::request::{RequestHeaders, visible};
pub(crate) use self::response::{ResponseFields, ResponseHeaders};
