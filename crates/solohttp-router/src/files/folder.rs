//! A folder of files as a handler: which file answers a path, the index of a folder, refusals.
//!
//! Knows nothing of where the files are: on disk or in the program.

mod listing;
pub(crate) mod media_type;
pub(crate) mod names;

use std::time::SystemTime;

use solohttp_core::{Allow, HeaderValue, IntoResponse as _, Method, Request, Response, StatusCode};

use crate::files::file::{File, Sending};
use crate::links::redirect;

/// Where files come from. Every name in a path was admitted before.
pub(crate) trait Source {
    fn find(&self, path: &[&str], names: Names) -> Option<Entry>;

    /// Notes that this path was asked for and isn't served because a name in it is unportable.
    fn note_unportable(&self, path: &[&str]) {
        let _ = path;
    }

    /// The admitted entries of a folder that was found.
    fn list(&self, path: &[&str], names: Names) -> Vec<Listed>;
}

pub(crate) enum Entry {
    File(File),
    Folder,
}

/// A line of a folder's index.
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

/// Which names are served.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Names {
    pub(crate) with_hidden: bool,
    pub(crate) with_unportable: bool,
}

impl Names {
    pub(crate) fn admit(self, name: &str) -> bool {
        !names::is_impossible(name)
            && (self.with_hidden || !names::is_hidden(name))
            && (self.with_unportable || !names::is_unportable(name))
    }

    /// Would the name be served if unportable ones were?
    pub(crate) fn lacks_only_portability(self, name: &str) -> bool {
        !self.admit(name) && Self { with_unportable: true, ..self }.admit(name)
    }
}

/// A source of files with the choices of the program about it.
#[derive(Debug)]
pub(crate) struct Folder<F> {
    pub(crate) source: F,
    pub(crate) names: Names,
    pub(crate) has_listing: bool,
    pub(crate) sending: Sending,
}

impl<F: Source> Folder<F> {
    pub(crate) fn new(source: F) -> Self {
        Self {
            source,
            names: Names::default(),
            has_listing: false,
            sending: Sending {
                cache_control: HeaderValue::from_static("no-cache"),
                as_downloads: false,
            },
        }
    }

    pub(crate) fn answer(&self, request: &Request) -> Response {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return Allow::new([Method::GET]).respond(request);
        }
        let mut path: Vec<&str> = request.suffix().collect();
        let asks_for_folder = match path.last() {
            // Mounted without a slash, and asked for just so.
            None => return redirect::to_slash(request),
            Some(last) => last.is_empty(),
        };
        if asks_for_folder {
            path.pop();
        }
        if !path.iter().all(|name| self.names.admit(name)) {
            if path.iter().any(|name| self.names.lacks_only_portability(name)) {
                self.source.note_unportable(&path);
            }
            return missing();
        }
        match self.source.find(&path, self.names) {
            Some(Entry::File(file)) if !asks_for_folder => {
                file.into_response(request, &self.sending)
            }
            Some(Entry::Folder) if asks_for_folder => self.answer_folder(path, request),
            Some(Entry::Folder) => redirect::to_slash(request),
            Some(Entry::File(_)) | None => missing(),
        }
    }

    fn answer_folder(&self, mut path: Vec<&str>, request: &Request) -> Response {
        path.push("index.html");
        if let Some(Entry::File(index)) = self.source.find(&path, self.names) {
            return index.into_response(request, &self.sending);
        }
        path.pop();
        if self.has_listing {
            listing::page(request, self.source.list(&path, self.names))
        } else {
            missing()
        }
    }
}

/// One answer for what is not there and for what is refused, so that it tells nothing.
fn missing() -> Response {
    StatusCode::NOT_FOUND.into_response()
}
