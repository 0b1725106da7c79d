//! What a request's target is made of, and links to pages of this server.

pub(crate) mod fields;
pub(crate) mod local_url;
pub(crate) mod path;
