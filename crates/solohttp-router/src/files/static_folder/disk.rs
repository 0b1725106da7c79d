//! The only file that asks the file system where things are.
//!
//! A path is resolved first, links and all, and then judged: what is not below the resolved root
//! does not exist.

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

/// Parts up to this size are read at once, and leave together with the response's head.
const AT_ONCE: u64 = 64 << 10;

#[derive(Debug)]
pub(super) struct Disk {
    /// Resolved once: what becomes of links above the folder later changes nothing.
    root: PathBuf,
    follows_links: bool,
    /// Files that were logged because of their names.
    logged: RefCell<BTreeSet<String>>,
}

/// More files with unportable names than this aren't logged.
const LOGGED: usize = 100;

impl Disk {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let root = fs::canonicalize(path)?;
        fs::read_dir(&root)?;
        Ok(Self { root, follows_links: false, logged: RefCell::default() })
    }

    pub(super) fn follow_links(&mut self) {
        self.follows_links = true;
    }

    /// Where a path leads in the end, unless that is outside of the folder or hidden in it.
    fn resolve(&self, path: &[&str], names: Names) -> Option<PathBuf> {
        let mut asked = self.root.clone();
        asked.extend(path);
        let real = fs::canonicalize(&asked).ok()?;
        let is_admitted = self.follows_links || self.admits(&real, names);
        (is_admitted && !differs_in_case(&asked, &real)).then_some(real)
    }

    fn admits(&self, real: &Path, names: Names) -> bool {
        let Ok(below) = real.strip_prefix(&self.root) else { return false };
        below.components().all(|component| match component {
            Component::Normal(name) => name.to_str().is_some_and(|name| names.admit(name)),
            _ => false,
        })
    }

    fn log_unportable(&self, name: &str) {
        let mut logged = self.logged.borrow_mut();
        if logged.len() < LOGGED && logged.insert(name.to_owned()) {
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
    /// Only files that exist are logged, so that a client can't fill the log with inventions.
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
        // A pipe would wait for a writer when it is opened.
        if !metadata.is_file() {
            return None;
        }
        let name = (*path.last()?).to_owned();
        match open(&real) {
            Ok(found) => to_file(name, found).ok().map(Entry::File),
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
                if names.lacks_only_portability(name) {
                    self.log_unportable(name);
                }
                names.admit(name)
            })
            .filter_map(|name| self.listed(name, path, names))
            .collect()
    }
}

/// Windows and macOS find a file by its name in any case. Routes don't: a folder that has a handler
/// mounted at `/private/` would serve `/Private/` without it. So the case counts on every platform,
/// and a link that is broken on Linux is already broken where the program is written.
fn differs_in_case(asked: &Path, real: &Path) -> bool {
    let folded = |path: &Path| path.to_string_lossy().to_uppercase().to_lowercase();
    cfg!(any(windows, target_os = "macos")) && asked != real && folded(asked) == folded(real)
}

/// Without waiting, and without following a link that took the file's place meanwhile.
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

fn to_file(name: String, mut found: fs::File) -> io::Result<File> {
    let metadata = found.metadata()?;
    if !metadata.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let len = metadata.len();
    let start = || {
        let mut start = vec![0; media_type::SNIFFED];
        let read = io::Read::read(&mut found, &mut start).unwrap_or_default();
        start.truncate(read);
        start
    };
    let content_type = media_type::of(&name, start);
    Ok(File {
        name,
        content_type,
        len,
        version: version(&metadata),
        content: Box::new(OnDisk(Unchanged::new(found, &metadata))),
    })
}

/// Two versions of a file differ in length or time: on Unix also in the time of the last change
/// of anything about it, which a program cannot set back.
fn version(metadata: &fs::Metadata) -> Version {
    let modified = metadata.modified().ok();
    let mut tag = format!("\"{:x}-{:x}", metadata.len(), modified.map_or(0, nanos));
    #[cfg(unix)]
    {
        use std::fmt::Write as _;
        use std::os::unix::fs::MetadataExt as _;
        let (seconds, nanos) = (metadata.ctime(), metadata.ctime_nsec());
        write!(tag, "-{seconds:x}.{nanos:x}").expect("a String takes everything");
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
        // The type is the file's to say.
        let untyped = "application/octet-stream";
        if len > AT_ONCE {
            return Ok(Response::stream(untyped, reader, len));
        }
        let mut bytes = vec![0; usize::try_from(len).expect("64 KiB fit in any usize")];
        io::Read::read_exact(&mut reader, &mut bytes)?;
        Ok(Response::bytes(untyped, Bytes::from(bytes)))
    }
}
