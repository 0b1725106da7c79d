//! Serves folders of files, from disk or embedded in the program.

pub(crate) mod date;
pub(crate) mod embedded_folder;
pub(crate) mod file;
pub(crate) mod folder;
pub(crate) mod static_folder;
