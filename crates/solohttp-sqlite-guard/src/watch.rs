//! Tracks what a request did to a connection, from SQLite's hook calls to the final report.

pub(crate) mod facts;
pub(crate) mod hooks;
pub(crate) mod moved;
pub(crate) mod purpose;
pub(crate) mod report;
pub(crate) mod rescue;
pub(crate) mod scans;
pub(crate) mod statement;
