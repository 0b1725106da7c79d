//! What outlives a request: drafts, uploads, submissions, one-shot messages.

pub(crate) mod digests;
pub(crate) mod drafts;
pub(crate) mod flash;
pub(crate) mod form_store;
pub(crate) mod submissions;
pub(crate) mod uploads;
