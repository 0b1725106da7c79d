//! A handler for files embedded in the program, for single-file distribution.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::ops::Range;

use solohttp_core::{Bytes, Handler, Request, Response};

use crate::files::file::{Content, File, Version};
use crate::files::folder::{Entry, Folder, Listed, ListedKind, Names, Source, media_type};

/// Serves files embedded in the program, just as [`StaticFolder`](crate::StaticFolder) serves files
/// on disk.
///
/// ```
/// use solohttp_core::Request;
/// use solohttp_router::{EmbeddedFolder, Router};
///
/// const FILES: &[(&str, &[u8])] = &[
///     ("style.css", b"body { margin: 2rem }"),
///     ("img/dot.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
/// ];
///
/// let mut router = Router::<()>::new();
/// router.mount_folder("/static/", EmbeddedFolder::new(FILES));
/// let response = Request::get("/static/style.css").send_to(&mut router);
/// assert_eq!(response.header("content-type"), Some("text/css; charset=utf-8"));
/// ```
///
/// [`embed!`](crate::embed) builds such a table from file names.
pub struct EmbeddedFolder {
    folder: Folder<Embedded>,
}

/// Embeds files from this package. Takes the path of a folder, relative to the one that contains
/// `Cargo.toml`, and the names of files in that folder.
///
/// ```
/// use solohttp_router::{EmbeddedFolder, embed};
///
/// let folder = EmbeddedFolder::new(embed!("src", ["lib.rs", "files/static_folder/disk.rs"]));
/// ```
#[macro_export]
macro_rules! embed {
    ($folder:literal, [$($name:literal),* $(,)?]) => {{
        const FILES: &[(&str, &[u8])] = &[$((
            $name,
            include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/", $folder, "/", $name)),
        )),*];
        FILES
    }};
}

impl EmbeddedFolder {
    /// Serves these files, each given by its slash-separated path and its content.
    ///
    /// # Panics
    /// If a path contains a name that is never served, is a duplicate, or lies below the path of
    /// another file.
    #[must_use]
    #[track_caller]
    pub fn new(files: &'static [(&'static str, &'static [u8])]) -> Self {
        let mut source = Embedded { entries: BTreeMap::new() };
        for &(path, bytes) in files {
            if let Err(problem) = source.add(path, bytes) {
                panic!("embedded file {path:?}: {problem}");
            }
        }
        let mut folder = Folder::new(source);
        // The programmer has listed each file explicitly.
        folder.names.with_hidden = true;
        Self { folder }
    }

    /// Sets whether a folder without `index.html` shows a listing instead of a 404.
    #[must_use]
    pub fn listing(mut self, has_listing: bool) -> Self {
        self.folder.has_listing = has_listing;
        self
    }
}

impl<S> Handler<S> for EmbeddedFolder {
    fn handle(&mut self, _: &mut S, request: &mut Request) -> Response {
        self.folder.handle(request)
    }
}

impl fmt::Debug for EmbeddedFolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let files = self.folder.source.entries.len();
        f.debug_struct("EmbeddedFolder").field("entries", &files).finish_non_exhaustive()
    }
}

#[derive(Debug)]
struct Embedded {
    /// Files and folders by path, without leading or trailing slashes; the root is `""`.
    entries: BTreeMap<&'static str, Embed>,
}

#[derive(Debug, Clone)]
enum Embed {
    Folder,
    File { bytes: &'static [u8], tag: String },
}

impl Embedded {
    fn add(&mut self, path: &'static str, bytes: &'static [u8]) -> Result<(), String> {
        let names = Names { with_hidden: true, with_unportable: false };
        if let Some(name) = path.split('/').find(|name| !names.allows(name)) {
            return Err(format!("{name:?} is not a portable file name: rename it"));
        }
        self.entries.insert("", Embed::Folder);
        for (end, _) in path.match_indices('/') {
            if let Embed::File { .. } = self.entries.entry(&path[..end]).or_insert(Embed::Folder) {
                return Err(format!("{:?} is also a file: rename one of them", &path[..end]));
            }
        }
        let tag = format!("\"{:x}-{:016x}\"", bytes.len(), fnv1a(bytes));
        match self.entries.insert(path, Embed::File { bytes, tag }) {
            None => Ok(()),
            Some(_) => Err("duplicate path: remove one".to_owned()),
        }
    }
}

/// A non-cryptographic hash is enough, since the files are the programmer's own.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

fn len(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).expect("a length fits in 64 bits")
}

impl Source for Embedded {
    fn find(&self, path: &[&str], _: Names) -> Option<Entry> {
        match self.entries.get(path.join("/").as_str())? {
            Embed::Folder => Some(Entry::Folder),
            Embed::File { bytes, tag } => {
                let name = (*path.last()?).to_owned();
                let start = || bytes[..bytes.len().min(media_type::SNIFFED)].to_vec();
                Some(Entry::File(File {
                    content_type: media_type::of(&name, start),
                    name,
                    len: len(bytes),
                    version: Version { tag: tag.clone(), modified: None },
                    content: Box::new(InProgram(bytes)),
                }))
            }
        }
    }

    fn list(&self, path: &[&str], _: Names) -> Vec<Listed> {
        let folder = path.join("/");
        let is_root = folder.is_empty();
        let inside = self.entries.iter().filter_map(|(path, entry)| {
            let rest = path.strip_prefix(folder.as_str())?;
            let name = if is_root { rest } else { rest.strip_prefix('/')? };
            (!name.is_empty() && !name.contains('/')).then_some((name, entry))
        });
        inside
            .map(|(name, entry)| Listed {
                name: name.to_owned(),
                kind: match entry {
                    Embed::Folder => ListedKind::Folder,
                    Embed::File { bytes, .. } => ListedKind::File { len: len(bytes) },
                },
                modified: None,
            })
            .collect()
    }
}

struct InProgram(&'static [u8]);

impl Content for InProgram {
    fn into_response(self: Box<Self>, part: Range<u64>) -> io::Result<Response> {
        let at = |index| usize::try_from(index).expect("a part lies within the bytes in memory");
        let bytes = Bytes::from_static(&self.0[at(part.start)..at(part.end)]);
        Ok(Response::bytes("application/octet-stream", bytes))
    }
}
