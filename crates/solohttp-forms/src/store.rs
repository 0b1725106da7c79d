//! State that outlives a request: submissions, pending uploads, drafts and one-shot messages.
//!
//! Everything here is limited in size, and independent of elements and HTML.

pub(crate) mod drafts;
pub(crate) mod flash;
pub(crate) mod form_store;
pub(crate) mod saved_pages;
pub(crate) mod submissions;
pub(crate) mod token;
pub(crate) mod uploads;
