//! Files that no other account of this machine can read, from their first moment on.
//!
//! The launch token keeps other accounts out of the program; its files must not let them in. On
//! Windows a new file inherits the access list of its folder, and the user's profile is closed to
//! others.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

/// Creates a file for reading and writing that only this user can open (mode 0600 on Unix).
///
/// # Errors
/// [`AlreadyExists`](io::ErrorKind::AlreadyExists) if there is anything at `path`, also a link;
/// otherwise whatever keeps the file from being created.
pub fn create_new(path: impl AsRef<Path>) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    for_this_user(&mut options);
    options.open(path)
}

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
    fn a_new_file_is_private_and_takes_nothing_over() {
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
