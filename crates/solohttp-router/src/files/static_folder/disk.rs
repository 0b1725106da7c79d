//! The only file that accesses the file system.
//!
//! Resolves each path first, including links, and then checks that the result is inside the root.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io;
use std::ops::Range;
use std::path::{Component, Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use solohttp_core::{Bytes, Response};

use super::unchanged::Unchanged;
use crate::files::file::{Content, File, Version};
use crate::files::folder::{Entry, Listed, ListedKind, Names, Source, media_type};

/// Content up to this size is read all at once and sent together with the response's head.
const MAX_BUFFERED: u64 = 64 << 10;

#[derive(Debug)]
pub(super) struct Disk {
    /// Resolved once; later changes to links above the folder have no effect.
    root: PathBuf,
    follows_links: bool,
    /// Unportable names that have already been logged.
    logged: RefCell<BTreeSet<String>>,
}

/// The maximum number of unportable names that are logged.
const MAX_LOGGED: usize = 100;

impl Disk {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let root = fs::canonicalize(path)?;
        fs::read_dir(&root)?;
        Ok(Self { root, follows_links: false, logged: RefCell::default() })
    }

    pub(super) fn follow_links(&mut self) {
        self.follows_links = true;
    }

    /// Resolves a path, unless it leads out of the folder or to a hidden file.
    fn resolve(&self, path: &[&str], names: Names) -> Option<PathBuf> {
        let mut requested = self.root.clone();
        requested.extend(path);
        let real = fs::canonicalize(&requested).ok()?;
        let is_allowed = self.follows_links || self.allows(&real, names);
        (is_allowed && !differs_in_case(&requested, &real)).then_some(real)
    }

    fn allows(&self, real: &Path, names: Names) -> bool {
        let Ok(below) = real.strip_prefix(&self.root) else { return false };
        below.components().all(|component| match component {
            Component::Normal(name) => name.to_str().is_some_and(|name| names.allows(name)),
            _ => false,
        })
    }

    fn log_unportable(&self, name: &str) {
        let mut logged = self.logged.borrow_mut();
        if logged.len() < MAX_LOGGED && logged.insert(name.to_owned()) {
            log::warn!(
                target: "solohttp",
                "{name:?} in {} is not served because Windows does not allow this name; \
                 `with_unportable_names` serves it on other systems",
                self.root.display(),
            );
        }
    }

    fn listed(&self, name: String, path: &[&str], names: Names) -> Option<Listed> {
        let inside: Vec<&str> = path.iter().copied().chain([name.as_str()]).collect();
        let metadata = fs::metadata(self.resolve(&inside, names)?).ok()?;
        let kind = if metadata.is_dir() {
            ListedKind::Folder
        } else if metadata.is_file() {
            ListedKind::File { len: metadata.len() }
        } else {
            return None;
        };
        Some(Listed { name, kind, modified: metadata.modified().ok() })
    }
}

impl Source for Disk {
    /// Logs only files that exist, so that clients can't fill the log with made-up names.
    fn note_unportable(&self, path: &[&str]) {
        let any = Names { with_hidden: true, with_unportable: true };
        if self.resolve(path, any).is_some() {
            self.log_unportable(&path.join("/"));
        }
    }

    fn find(&self, path: &[&str], names: Names) -> Option<Entry> {
        let real = self.resolve(path, names)?;
        let metadata = fs::metadata(&real).ok()?;
        if metadata.is_dir() {
            return Some(Entry::Folder);
        }
        // Opening a pipe would block until there is a writer.
        if !metadata.is_file() {
            return None;
        }
        let name = (*path.last()?).to_owned();
        match open(&real) {
            Ok(opened) => to_file(name, opened).ok().map(Entry::File),
            Err(error) => {
                log::warn!(target: "solohttp", "{} cannot be read: {error}", real.display());
                None
            }
        }
    }

    fn list(&self, path: &[&str], names: Names) -> Vec<Listed> {
        let Some(entries) = self.resolve(path, names).and_then(|real| fs::read_dir(real).ok())
        else {
            return Vec::new();
        };
        entries
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|name| {
                if names.rejects_as_unportable(name) {
                    self.log_unportable(name);
                }
                names.allows(name)
            })
            .filter_map(|name| self.listed(name, path, names))
            .collect()
    }
}

/// Returns whether two paths differ only in case, on a system that ignores case. The file systems
/// of Windows and macOS ignore case, but routes don't, so `/Private/` would bypass a handler
/// mounted at `/private/`. File names are therefore case-sensitive on every platform. As a result,
/// a link that would break on Linux also breaks on the developer's machine.
fn differs_in_case(requested: &Path, real: &Path) -> bool {
    let folded = |path: &Path| path.to_string_lossy().to_uppercase().to_lowercase();
    cfg!(any(windows, target_os = "macos"))
        && requested != real
        && folded(requested) == folded(real)
}

/// Opens the file without blocking, and without following a link that has replaced the file since
/// it was resolved.
fn open(real: &Path) -> io::Result<fs::File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.custom_flags(libc::O_NONBLOCK | libc::O_NOFOLLOW);
    }
    options.open(real)
}

fn to_file(name: String, mut opened: fs::File) -> io::Result<File> {
    let metadata = opened.metadata()?;
    if !metadata.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let len = metadata.len();
    let start = || {
        let mut start = vec![0; media_type::SNIFFED];
        let read = io::Read::read(&mut opened, &mut start).unwrap_or_default();
        start.truncate(read);
        start
    };
    let content_type = media_type::of(&name, start);
    Ok(File {
        name,
        content_type,
        len,
        version: version(&metadata),
        content: Box::new(OnDisk(Unchanged::new(opened, &metadata))),
    })
}

/// Distinguishes versions by their length and modification time, and on Unix also by the time of
/// the last status change, which programs can't reset.
fn version(metadata: &fs::Metadata) -> Version {
    let modified = metadata.modified().ok();
    let mut tag = format!("\"{:x}-{:x}", metadata.len(), modified.map_or(0, nanos));
    #[cfg(unix)]
    {
        use std::fmt::Write as _;
        use std::os::unix::fs::MetadataExt as _;
        let (seconds, nanos) = (metadata.ctime(), metadata.ctime_nsec());
        write!(tag, "-{seconds:x}.{nanos:x}").expect("writing to a String never fails");
    }
    tag.push('"');
    Version { tag, modified }
}

fn nanos(time: SystemTime) -> u128 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos())
}

struct OnDisk(Unchanged);

impl Content for OnDisk {
    fn into_response(self: Box<Self>, part: Range<u64>) -> io::Result<Response> {
        let mut reader = self.0;
        reader.seek_to(&part)?;
        let len = part.end - part.start;
        // The caller sets the actual type.
        let untyped = "application/octet-stream";
        if len > MAX_BUFFERED {
            return Ok(Response::stream(untyped, reader, len));
        }
        let mut bytes = vec![0; usize::try_from(len).expect("64 KiB fit in any usize")];
        io::Read::read_exact(&mut reader, &mut bytes)?;
        Ok(Response::bytes(untyped, Bytes::from(bytes)))
    }
}
