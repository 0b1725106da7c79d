//! The token file, and files that only this user can read.
//!
//! This module contains all of the file access for `launch`.

use std::env;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::thread::{Builder, sleep};
use std::time::{Duration, Instant};

use super::secret::Secret;
use crate::access::private_file;
use crate::folders;

/// The size of a token: 256 bits.
pub(super) const TOKEN_BYTES: usize = 32;

const TOKEN_FILE: &str = "launch-token";

/// How long to keep trying to remove a launch file that another program has open.
const REMOVAL_TIMEOUT: Duration = Duration::from_secs(30);
const RETRY_INTERVAL: Duration = Duration::from_millis(100);

/// Returns the default data folder, which is named after the program and is in the system's
/// standard location for application data. Returns `None` if the user has no home folder.
pub(crate) fn data_folder() -> Option<PathBuf> {
    let program = env::current_exe().ok()?;
    let name = program.file_stem()?;
    Some(folders::data("solohttp")?.join(name))
}

/// Returns the token stored in the folder. Stores `fresh` and returns `None` if there is no token,
/// if other users could have read it, or if `rotates` is set.
pub(super) fn stored_token(
    folder: &Path,
    fresh: &Secret,
    rotates: bool,
) -> io::Result<Option<Secret>> {
    private_file::create_folder(folder)?;
    let path = folder.join(TOKEN_FILE);
    let stored = if rotates { None } else { read_token(&path)? };
    if stored.is_none() {
        write_private(&path, fresh.text())?;
    }
    Ok(stored)
}

fn read_token(path: &Path) -> io::Result<Option<Secret>> {
    Ok(read_private(path)?.and_then(|text| Secret::read(&text, TOKEN_BYTES)))
}

/// Reads a file that only this user can access. Returns `None` if the file doesn't exist or other
/// users could have read it.
pub(super) fn read_private(path: &Path) -> io::Result<Option<String>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    if !is_private(&file.metadata()?) {
        log::warn!(target: "solohttp", "{} is accessible to other users; ignoring it", path.display());
        return Ok(None);
    }
    let mut text = String::new();
    // A longer file, or one that isn't UTF-8, wasn't written by this program.
    Ok(file.take(1_024).read_to_string(&mut text).is_ok().then_some(text))
}

/// Writes the file to open in a browser. The file is removed when the returned value is dropped.
pub(super) fn launch_file(folder: &Path, name: &str, page: &str) -> io::Result<LaunchFile> {
    write_launch_file(folder, name, page).map(LaunchFile)
}

/// Like [`launch_file`], but leaves the file to the running instance, which removes it by name.
pub(super) fn write_launch_file(folder: &Path, name: &str, page: &str) -> io::Result<PathBuf> {
    let path = launch_path(folder, name);
    write_private(&path, page)?;
    Ok(path)
}

/// A file that is removed when this value is dropped.
#[derive(Debug)]
pub(super) struct LaunchFile(PathBuf);

impl LaunchFile {
    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for LaunchFile {
    fn drop(&mut self) {
        remove_when_closed(std::mem::take(&mut self.0));
    }
}

pub(super) fn remove_launch_file(folder: &Path, name: &str) {
    remove_when_closed(launch_path(folder, name));
}

/// Removes a file. Retries in the background if that fails, because Windows doesn't remove a file
/// while a virus scanner or browser has it open.
fn remove_when_closed(path: PathBuf) {
    if remove(&path).is_ok() {
        return;
    }
    let modified = |path: &Path| fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
    let retry = move || {
        let (until, seen) = (Instant::now() + REMOVAL_TIMEOUT, modified(&path));
        // Stop if the next launch has replaced the file.
        while modified(&path) == seen && remove(&path).is_err() && Instant::now() < until {
            sleep(RETRY_INTERVAL);
        }
    };
    // The ticket in the file is no longer valid, even if the file stays.
    drop(Builder::new().name("solohttp-launch-file".to_owned()).spawn(retry));
}

pub(super) fn launch_path(folder: &Path, name: &str) -> PathBuf {
    let folder = readable_by_browsers().unwrap_or_else(|| folder.to_owned());
    folder.join(format!("solo_{name}.html"))
}

/// Whether the file exists and was written less than `within` ago.
pub(super) fn is_newer_than(file: &Path, within: Duration) -> bool {
    let modified = fs::metadata(file).and_then(|metadata| metadata.modified());
    modified.is_ok_and(|at| at.elapsed().is_ok_and(|age| age < within))
}

/// Returns the files in a folder whose names start with `prefix`.
pub(super) fn files(folder: &Path, prefix: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let files = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix));
    files.map(|entry| entry.path()).collect()
}

/// Returns the home folder if browsers may be snaps, as on Ubuntu. A snap can read only the user's
/// home folder, and nothing inside hidden folders. The launch file exists for about a second.
#[cfg(target_os = "linux")]
fn readable_by_browsers() -> Option<PathBuf> {
    ["/snap/bin", "/var/lib/snapd/snap/bin"]
        .iter()
        .any(|folder| Path::new(folder).is_dir())
        .then(|| folders::variable("HOME"))?
}

#[cfg(not(target_os = "linux"))]
fn readable_by_browsers() -> Option<PathBuf> {
    None
}

/// Removes a file if it exists.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Opens a file for locking, and creates it if necessary.
pub(super) fn open_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    for_this_user(&mut options);
    options.open(path)
}

/// Replaces a file with one that was never accessible to other users.
pub(super) fn write_private(path: &Path, text: &str) -> io::Result<()> {
    remove(path)?;
    let mut options = OpenOptions::new();
    // `create_new` doesn't follow links and never opens an existing file.
    options.write(true).create_new(true);
    for_this_user(&mut options);
    options.open(path)?.write_all(text.as_bytes())
}

#[cfg(unix)]
fn for_this_user(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt as _;
    options.mode(0o600);
}

/// On Windows, the file inherits the folder's access control list (ACL), and other users can't read
/// a user's profile.
#[cfg(not(unix))]
fn for_this_user(_: &mut OpenOptions) {}

#[cfg(unix)]
fn is_private(metadata: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    metadata.permissions().mode() & 0o077 == 0
}

#[cfg(not(unix))]
fn is_private(_: &Metadata) -> bool {
    true
}

/// Creates a folder that only this user can access. Fails if the folder already exists and other
/// users can access it.
pub(super) fn claim_private_folder(folder: &Path) -> io::Result<()> {
    private_file::create_folder(folder)?;
    if !is_private(&fs::metadata(folder)?) {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "accessible to other users"));
    }
    Ok(())
}
