//! A handler for a folder on disk, and its options.
//!
//! `folder` handles requests; `disk` finds and reads files.

mod disk;
mod unchanged;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use solohttp_core::{Handler, Request, Response};

use crate::files::folder::Folder;
use disk::Disk;

#[doc = include_str!("../../docs/static_folder.md")]
pub struct StaticFolder {
    folder: Folder<Disk>,
}

impl StaticFolder {
    /// Serves the files of a folder that belongs to the program.
    ///
    /// # Panics
    /// If the folder doesn't exist. For a folder chosen by the user, see [`open`](Self::open).
    #[must_use]
    #[track_caller]
    pub fn new(path: impl AsRef<Path>) -> Self {
        let path = path.as_ref();
        match Self::open(path) {
            Ok(folder) => folder,
            Err(error) => panic!(
                "static folder {}: {error} (relative to {})",
                path.display(),
                std::env::current_dir().unwrap_or_else(|_| PathBuf::from("here")).display(),
            ),
        }
    }

    /// Like [`new`](Self::new), but with [`listing`](Self::listing) turned on.
    ///
    /// # Panics
    /// See [`new`](Self::new).
    #[must_use]
    #[track_caller]
    pub fn browsable(path: impl AsRef<Path>) -> Self {
        Self::new(path).listing(true)
    }

    /// Serves the files of a folder that may not exist, for example one chosen by the user.
    ///
    /// # Errors
    /// If the folder doesn't exist or can't be read.
    pub fn open(path: impl AsRef<Path>) -> io::Result<Self> {
        Ok(Self { folder: Folder::new(Disk::open(path.as_ref())?) })
    }

    /// Sets whether a folder without `index.html` shows a listing instead of a 404.
    #[must_use]
    pub fn listing(mut self, has_listing: bool) -> Self {
        self.folder.has_listing = has_listing;
        self
    }

    /// Also serves and lists names that start with a dot or an underscore.
    #[must_use]
    pub fn with_hidden(mut self) -> Self {
        self.folder.names.with_hidden = true;
        self
    }

    /// Also serves and lists names that Windows doesn't allow, such as `12:30.txt`, `aux.png` or
    /// `a*.txt`.
    ///
    /// Without this option, a request for such a file results in a 404, and the file is logged
    /// once. Has no effect on Windows.
    #[must_use]
    pub fn with_unportable_names(mut self) -> Self {
        self.folder.names.with_unportable = true;
        self
    }

    /// Follows symbolic links to files outside the folder.
    ///
    /// Anyone who can create a link in the folder can then expose any of this user's files.
    #[must_use]
    pub fn follow_links(mut self) -> Self {
        self.folder.source.follow_links();
        self
    }

    /// Makes browsers save every file instead of displaying it. Use this for untrusted files: an
    /// HTML page among them could do anything that this program's own pages can.
    #[must_use]
    pub fn as_downloads(mut self) -> Self {
        self.folder.as_downloads = true;
        self
    }
}

impl<S> Handler<S> for StaticFolder {
    fn handle(&mut self, _: &mut S, request: &mut Request) -> Response {
        self.folder.handle(request)
    }
}

impl fmt::Debug for StaticFolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StaticFolder").field("folder", &self.folder).finish()
    }
}
