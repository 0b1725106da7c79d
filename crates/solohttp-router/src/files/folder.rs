//! Serves a folder: resolves paths to files, index pages and listings. Independent of where the
//! files are stored.

mod listing;
pub(crate) mod media_type;
pub(crate) mod names;

use std::time::SystemTime;

use solohttp_core::{Allow, IntoResponse as _, Method, Request, Response, StatusCode};

use crate::files::file::File;
use crate::links::redirect;

/// A source of files. All names in `path` have been checked by [`Names`].
pub(crate) trait Source {
    fn find(&self, path: &[&str], names: Names) -> Option<Entry>;

    /// Called for a request that is rejected only because of an unportable name.
    fn note_unportable(&self, path: &[&str]) {
        let _ = path;
    }

    /// Returns the allowed entries of an existing folder.
    fn list(&self, path: &[&str], names: Names) -> Vec<Listed>;
}

pub(crate) enum Entry {
    File(File),
    Folder,
}

/// An entry of a folder listing.
#[derive(Debug)]
pub(crate) struct Listed {
    pub(crate) name: String,
    pub(crate) kind: ListedKind,
    pub(crate) modified: Option<SystemTime>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ListedKind {
    Folder,
    File { len: u64 },
}

/// The rules that decide which names are served.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Names {
    pub(crate) with_hidden: bool,
    pub(crate) with_unportable: bool,
}

impl Names {
    pub(crate) fn allows(self, name: &str) -> bool {
        !names::is_impossible(name)
            && (self.with_hidden || !names::is_hidden(name))
            && (self.with_unportable || !names::is_unportable(name))
    }

    /// Returns whether only the portability rule rejects the name.
    pub(crate) fn rejects_as_unportable(self, name: &str) -> bool {
        !self.allows(name) && Self { with_unportable: true, ..self }.allows(name)
    }
}

/// A source of files and its options.
#[derive(Debug)]
pub(crate) struct Folder<F> {
    pub(crate) source: F,
    pub(crate) names: Names,
    pub(crate) has_listing: bool,
    pub(crate) as_downloads: bool,
}

impl<F: Source> Folder<F> {
    pub(crate) fn new(source: F) -> Self {
        Self { source, names: Names::default(), has_listing: false, as_downloads: false }
    }

    pub(crate) fn handle(&self, request: &Request) -> Response {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return Allow::new([Method::GET]).respond(request);
        }
        let mut path: Vec<&str> = request.suffix().collect();
        let is_folder_path = match path.last() {
            // The folder was mounted and requested without a trailing slash.
            None => return redirect::to_slash(request),
            Some(last) => last.is_empty(),
        };
        if is_folder_path {
            path.pop();
        }
        if !path.iter().all(|name| self.names.allows(name)) {
            if path.iter().any(|name| self.names.rejects_as_unportable(name)) {
                self.source.note_unportable(&path);
            }
            return not_found();
        }
        match self.source.find(&path, self.names) {
            Some(Entry::File(file)) if !is_folder_path => {
                file.into_response(request, self.as_downloads)
            }
            Some(Entry::Folder) if is_folder_path => self.handle_folder(path, request),
            Some(Entry::Folder) => redirect::to_slash(request),
            Some(Entry::File(_)) | None => not_found(),
        }
    }

    fn handle_folder(&self, mut path: Vec<&str>, request: &Request) -> Response {
        path.push("index.html");
        if let Some(Entry::File(index)) = self.source.find(&path, self.names) {
            return index.into_response(request, self.as_downloads);
        }
        path.pop();
        if self.has_listing {
            listing::page(request, self.source.list(&path, self.names))
        } else {
            not_found()
        }
    }
}

/// Missing and rejected files get the same response, so that it doesn't reveal which files exist.
fn not_found() -> Response {
    StatusCode::NOT_FOUND.into_response()
}
