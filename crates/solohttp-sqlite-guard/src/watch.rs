//! What a request did to a connection: from SQLite's hooks to a report.

pub(crate) mod facts;
pub(crate) mod hooks;
pub(crate) mod purpose;
pub(crate) mod report;
pub(crate) mod rescue;
pub(crate) mod statement;
