//! Files that other users of this machine can't read.
//!
//! The launch token keeps other users from using the program, so they must not be able to read its
//! files either. On Windows, a new file inherits its folder's access control list (ACL), and other
//! users can't read a user's profile.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::path::Path;

/// Creates a file that only the current user can open (mode 0600 on Unix), and opens it for reading
/// and writing.
///
/// # Errors
/// Returns [`AlreadyExists`](io::ErrorKind::AlreadyExists) if `path` exists, even as a symlink.
/// Also returns any other error from creating the file.
pub fn create_new(path: impl AsRef<Path>) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    for_this_user(&mut options);
    options.open(path)
}

/// Creates a folder that only the current user can open (mode 0700 on Unix), along with its
/// parents. If the folder exists, it isn't changed.
///
/// # Errors
/// If the folder can't be created.
pub fn create_folder(path: impl AsRef<Path>) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    folder_for_this_user(&mut builder);
    builder.create(path)
}

#[cfg(unix)]
fn folder_for_this_user(builder: &mut DirBuilder) {
    use std::os::unix::fs::DirBuilderExt as _;
    builder.mode(0o700);
}

#[cfg(not(unix))]
fn folder_for_this_user(_: &mut DirBuilder) {}

#[cfg(unix)]
fn for_this_user(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt as _;
    options.mode(0o600);
}

#[cfg(not(unix))]
fn for_this_user(_: &mut OpenOptions) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_file_is_private_and_replaces_nothing() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("notes");
        let file = create_new(&path).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        }
        drop(file);
        assert_eq!(create_new(&path).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
    }
}
