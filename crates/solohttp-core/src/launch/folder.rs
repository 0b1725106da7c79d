//! Where an application keeps its token, and how files are written that nobody else may read.
//!
//! The only file that opens files for the launch.

use std::env;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use super::TOKEN_BYTES;
use super::secret::Secret;
use super::ticket::LaunchFile;

const TOKEN_FILE: &str = "launch-token";

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
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    if !is_private(&file)? {
        log::warn!(target: "solohttp", "others could read {}; making another", path.display());
        return Ok(None);
    }
    let mut text = String::new();
    // What is not UTF-8, or longer, is no token.
    let read = file.take(1_024).read_to_string(&mut text);
    Ok(read.ok().and_then(|_| Secret::read(&text, TOKEN_BYTES)))
}

/// Writes the file that a browser is started with.
pub(super) fn launch_file(folder: &Path, name: &str, page: &str) -> io::Result<LaunchFile> {
    let name = format!("{}.html", name.trim_end_matches('='));
    let path = readable_by_browsers().unwrap_or_else(|| folder.to_owned()).join(name);
    write_private(&path, page)?;
    Ok(LaunchFile::at(path))
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

/// Replaces a file by one that is ours alone from its first moment, whatever lay there before.
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
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
fn is_private(file: &File) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(file.metadata()?.permissions().mode() & 0o077 == 0)
}

#[cfg(not(unix))]
fn is_private(_: &File) -> io::Result<bool> {
    Ok(true)
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
