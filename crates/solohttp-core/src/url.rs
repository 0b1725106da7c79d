//! URLs: the target of a request, its path and fields, and links within this server.

pub(crate) mod fields;
mod local_url;
pub(crate) mod path;
mod target;

pub use self::fields::Fields;
pub use self::local_url::LocalUrl;

pub(crate) use self::path::Path;
pub(crate) use self::target::Target;
