//! State that outlives a request: submissions, pending uploads, drafts and one-shot messages.
//!
//! Everything here is bounded, and independent of forms and elements.

pub(crate) mod drafts;
pub(crate) mod flash;
pub(crate) mod form_store;
pub(crate) mod saved_pages;
pub(crate) mod submissions;
pub(crate) mod token;
pub(crate) mod uploads;
