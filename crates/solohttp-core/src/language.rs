//! The application's language: sentences that can be replaced, and how numbers are written.

pub(crate) mod locale;
pub(crate) mod numerals;
pub(crate) mod sentence;
pub(crate) mod words;
