//! Puts the program into the system's menu.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

#[derive(Debug)]
pub(crate) struct Entry<'a> {
    pub(crate) id: &'a str,
    pub(crate) title: &'a str,
    pub(crate) icon: Option<&'a [u8]>,
    pub(crate) program: &'a Path,
    pub(crate) arguments: &'a [OsString],
}

pub(crate) fn install(_: &Entry<'_>) -> io::Result<Vec<PathBuf>> {
    Err(io::ErrorKind::Unsupported.into())
}

pub(crate) fn uninstall(_: &Entry<'_>) -> io::Result<Vec<PathBuf>> {
    Err(io::ErrorKind::Unsupported.into())
}
