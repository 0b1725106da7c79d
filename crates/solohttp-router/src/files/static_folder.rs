//! A folder of the disk as a handler: the choices that a program has.
//!
//! `folder` answers; `disk` finds and reads.

mod disk;
mod unchanged;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use solohttp_core::{Handler, HeaderValue, Request, Response};

use crate::files::folder::Folder;
use disk::Disk;

#[doc = include_str!("../../docs/static_folder.md")]
pub struct StaticFolder {
    folder: Folder<Disk>,
}

impl StaticFolder {
    /// Serves the files of a folder, which is part of the program's set-up.
    ///
    /// # Panics
    /// If there is no such folder. For one that the user names, see [`open`](Self::open).
    #[must_use]
    #[track_caller]
    pub fn new(path: impl AsRef<Path>) -> Self {
        let path = path.as_ref();
        match Self::open(path) {
            Ok(folder) => folder,
            Err(error) => panic!(
                "static folder {}: {error}; it is looked for from {}",
                path.display(),
                std::env::current_dir().unwrap_or_else(|_| PathBuf::from("here")).display(),
            ),
        }
    }

    /// The same, and browsers may look what is in it: a folder without `index.html` answers with
    /// a list of its files.
    ///
    /// # Panics
    /// As [`new`](Self::new).
    #[must_use]
    #[track_caller]
    pub fn browsable(path: impl AsRef<Path>) -> Self {
        Self::new(path).listing(true)
    }

    /// Serves the files of a folder that need not be there, because the user names it.
    ///
    /// # Errors
    /// If there is no such folder, or it cannot be read.
    pub fn open(path: impl AsRef<Path>) -> io::Result<Self> {
        Ok(Self { folder: Folder::new(Disk::open(path.as_ref())?) })
    }

    /// Is there a list of the files of a folder without `index.html`? Else it is a 404.
    #[must_use]
    pub fn listing(mut self, has_listing: bool) -> Self {
        self.folder.has_listing = has_listing;
        self
    }

    /// Serves and lists names that start with a dot or an underscore as well.
    #[must_use]
    pub fn with_hidden(mut self) -> Self {
        self.folder.names.with_hidden = true;
        self
    }

    /// Serves and lists names that Windows doesn't allow, such as `12:30.txt`, `aux.png` or `a*.txt`.
    ///
    /// Without this such a file is a 404, and is logged once. On Windows this changes nothing.
    #[must_use]
    pub fn with_unportable_names(mut self) -> Self {
        self.folder.names.with_unportable = true;
        self
    }

    /// Follows symbolic links that lead out of the folder.
    ///
    /// Whoever can put a link into the folder can then have any file of this user served.
    #[must_use]
    pub fn follow_links(mut self) -> Self {
        self.folder.source.follow_links();
        self
    }

    /// Has browsers save every file instead of showing it. Use it for files from other people:
    /// a page among them, when shown, could do all that this program's own pages can.
    #[must_use]
    pub fn as_downloads(mut self) -> Self {
        self.folder.sending.as_downloads = true;
        self
    }

    /// Another `Cache-Control` than `no-cache`, with which browsers ask each time whether the
    /// file has changed.
    #[must_use]
    pub fn cache_control(mut self, value: &'static str) -> Self {
        self.folder.sending.cache_control = HeaderValue::from_static(value);
        self
    }
}

impl<S> Handler<S> for StaticFolder {
    fn handle(&mut self, _: &mut S, request: &mut Request) -> Response {
        self.folder.answer(request)
    }
}

impl fmt::Debug for StaticFolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StaticFolder").field("folder", &self.folder).finish()
    }
}
