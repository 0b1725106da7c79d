//! Where an application keeps its token, and how files are written that nobody else may read.
//!
//! The only file that opens files for the launch.

use std::env;
use std::fs::{self, DirBuilder, File, Metadata, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::thread::{Builder, sleep};
use std::time::{Duration, Instant};

use super::TOKEN_BYTES;
use super::secret::Secret;
use super::ticket::LaunchFile;

const TOKEN_FILE: &str = "launch-token";

/// How long other programs may delay the removal of a launch file, and how often it is retried.
const HELD: Duration = Duration::from_secs(30);
const AGAIN: Duration = Duration::from_millis(100);

/// Where applications of this system keep their data, in a folder that is named after the running
/// program; none if the user has no home.
pub(crate) fn data_folder() -> Option<PathBuf> {
    let program = env::current_exe().ok()?;
    let name = program.file_stem()?;
    Some(user_data()?.join("solohttp").join(name))
}

#[cfg(windows)]
fn user_data() -> Option<PathBuf> {
    variable("LOCALAPPDATA")
}

#[cfg(target_os = "macos")]
fn user_data() -> Option<PathBuf> {
    Some(variable("HOME")?.join("Library").join("Application Support"))
}

/// XDG Base Directory Specification.
#[cfg(not(any(windows, target_os = "macos")))]
fn user_data() -> Option<PathBuf> {
    variable("XDG_DATA_HOME").or_else(|| Some(variable("HOME")?.join(".local").join("share")))
}

fn variable(name: &str) -> Option<PathBuf> {
    env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute())
}

/// The token that this folder has, if there is one and others cannot have read it. Else `fresh`
/// is written there, and none returned; so it is if it shall be another one `anew`.
pub(super) fn kept_token(folder: &Path, fresh: &Secret, anew: bool) -> io::Result<Option<Secret>> {
    create_private_folder(folder)?;
    let path = folder.join(TOKEN_FILE);
    let kept = if anew { None } else { read_token(&path)? };
    if kept.is_none() {
        write_private(&path, fresh.text())?;
    }
    Ok(kept)
}

fn read_token(path: &Path) -> io::Result<Option<Secret>> {
    Ok(read_private(path)?.and_then(|text| Secret::read(&text, TOKEN_BYTES)))
}

/// The text of a file that is ours alone; none if there is no such file.
pub(super) fn read_private(path: &Path) -> io::Result<Option<String>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    if !is_private(&file.metadata()?) {
        log::warn!(target: "solohttp", "{} is open to other users; ignoring it", path.display());
        return Ok(None);
    }
    let mut text = String::new();
    // What is not UTF-8, or longer, is none of ours.
    Ok(file.take(1_024).read_to_string(&mut text).is_ok().then_some(text))
}

/// Writes the file that a browser is started with.
pub(super) fn launch_file(folder: &Path, name: &str, page: &str) -> io::Result<LaunchFile> {
    write_launch_file(folder, name, page).map(LaunchFile::at)
}

/// The same for a file that is left to the running copy, which removes it by its name.
pub(super) fn write_launch_file(folder: &Path, name: &str, page: &str) -> io::Result<PathBuf> {
    let path = launch_path(folder, name);
    write_private(&path, page)?;
    Ok(path)
}

pub(super) fn remove_launch_file(folder: &Path, name: &str) {
    remove_when_closed(launch_path(folder, name));
}

/// Removes a file now, or as soon as other programs allow it: Windows refuses while a virus scanner
/// or a browser has the file open.
pub(super) fn remove_when_closed(path: PathBuf) {
    if remove(&path).is_ok() {
        return;
    }
    let modified = |path: &Path| fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
    let retry = move || {
        let (until, seen) = (Instant::now() + HELD, modified(&path));
        // The next launch may have replaced the file.
        while modified(&path) == seen && remove(&path).is_err() && Instant::now() < until {
            sleep(AGAIN);
        }
    };
    // If the file stays, it shows a ticket that is no longer valid.
    drop(Builder::new().name("solohttp-launch-file".to_owned()).spawn(retry));
}

fn launch_path(folder: &Path, name: &str) -> PathBuf {
    let folder = readable_by_browsers().unwrap_or_else(|| folder.to_owned());
    folder.join(format!("solo_{name}.html"))
}

/// The files of a folder whose names begin so.
pub(super) fn files(folder: &Path, prefix: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let files = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix));
    files.map(|entry| entry.path()).collect()
}

/// A browser in a snap, as Ubuntu has them, reads nothing below hidden folders and only what lies
/// in the home of the user, so the file lies there for the second that it is needed.
#[cfg(target_os = "linux")]
fn readable_by_browsers() -> Option<PathBuf> {
    ["/snap/bin", "/var/lib/snapd/snap/bin"]
        .iter()
        .any(|folder| Path::new(folder).is_dir())
        .then(|| variable("HOME"))?
}

#[cfg(not(target_os = "linux"))]
fn readable_by_browsers() -> Option<PathBuf> {
    None
}

/// Removes a file that may be gone already.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Opens a file to lock it, and makes it if there is none.
pub(super) fn open_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    for_us_alone(&mut options);
    options.open(path)
}

/// Replaces a file by one that is ours alone from its first moment, whatever lay there before.
pub(super) fn write_private(path: &Path, text: &str) -> io::Result<()> {
    remove(path)?;
    let mut options = OpenOptions::new();
    // `create_new` follows no link and takes over nothing that somebody else has put there.
    options.write(true).create_new(true);
    for_us_alone(&mut options);
    options.open(path)?.write_all(text.as_bytes())
}

#[cfg(unix)]
fn for_us_alone(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt as _;
    options.mode(0o600);
}

/// On Windows the folder's access list is inherited: the user's profile is closed to others.
#[cfg(not(unix))]
fn for_us_alone(_: &mut OpenOptions) {}

#[cfg(unix)]
fn is_private(metadata: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    metadata.permissions().mode() & 0o077 == 0
}

#[cfg(not(unix))]
fn is_private(_: &Metadata) -> bool {
    true
}

/// Makes a folder that is ours alone, and refuses one that others can look into.
pub(super) fn claim_private_folder(folder: &Path) -> io::Result<()> {
    create_private_folder(folder)?;
    if !is_private(&fs::metadata(folder)?) {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "open to other users"));
    }
    Ok(())
}

#[cfg(unix)]
fn create_private_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn create_private_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).create(folder)
}
