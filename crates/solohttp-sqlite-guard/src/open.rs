//! Opening a database file: settings, schema, backups, and the background thread.

pub(crate) mod collation;
pub(crate) mod copy;
pub(crate) mod database;
pub(crate) mod error;
pub(crate) mod exclusive;
pub(crate) mod full_text;
pub(crate) mod keeper;
pub(crate) mod migrate;
pub(crate) mod settings;
