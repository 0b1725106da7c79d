//! The standard folders for a program's files on each platform.
//!
//! Linux and the BSDs: XDG Base Directory Specification 0.8. macOS: File System Programming Guide,
//! "The Library Directory". Windows: `%LOCALAPPDATA%`, because the files of an open database must
//! not roam to other machines.

use std::env;
use std::path::PathBuf;

/// Returns the data folder for the program with this name: `~/.local/share/NAME`,
/// `~/Library/Application Support/NAME` or `%LOCALAPPDATA%\\NAME`. Returns `None` if the user has
/// no home folder.
#[must_use]
pub fn data(name: &str) -> Option<PathBuf> {
    Some(system::data()?.join(name))
}

/// Returns the folder for files that the program can recreate: `~/.cache/NAME`,
/// `~/Library/Caches/NAME` or `%LOCALAPPDATA%\\NAME\\Cache`.
#[must_use]
pub fn cache(name: &str) -> Option<PathBuf> {
    system::cache(name)
}

/// Returns the folder for logs: `~/.local/state/NAME`, `~/Library/Logs/NAME` or
/// `%LOCALAPPDATA%\\NAME\\Logs`.
#[must_use]
pub fn logs(name: &str) -> Option<PathBuf> {
    system::logs(name)
}

/// Returns the value of an environment variable if it is an absolute path. The XDG specification
/// says to ignore relative paths.
pub(crate) fn variable(name: &str) -> Option<PathBuf> {
    env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute())
}

#[cfg(windows)]
mod system {
    use std::path::PathBuf;

    use super::variable;

    pub(super) fn data() -> Option<PathBuf> {
        variable("LOCALAPPDATA")
    }

    pub(super) fn cache(name: &str) -> Option<PathBuf> {
        Some(data()?.join(name).join("Cache"))
    }

    pub(super) fn logs(name: &str) -> Option<PathBuf> {
        Some(data()?.join(name).join("Logs"))
    }
}

#[cfg(target_os = "macos")]
mod system {
    use std::path::PathBuf;

    use super::variable;

    fn library() -> Option<PathBuf> {
        Some(variable("HOME")?.join("Library"))
    }

    pub(super) fn data() -> Option<PathBuf> {
        Some(library()?.join("Application Support"))
    }

    pub(super) fn cache(name: &str) -> Option<PathBuf> {
        Some(library()?.join("Caches").join(name))
    }

    pub(super) fn logs(name: &str) -> Option<PathBuf> {
        Some(library()?.join("Logs").join(name))
    }
}

#[cfg(not(any(windows, target_os = "macos")))]
mod system {
    use std::path::PathBuf;

    use super::variable;

    fn home(name: &str, usual: &[&str]) -> Option<PathBuf> {
        let usual = || Some(variable("HOME")?.join(usual.iter().collect::<PathBuf>()));
        variable(name).or_else(usual)
    }

    pub(super) fn data() -> Option<PathBuf> {
        home("XDG_DATA_HOME", &[".local", "share"])
    }

    pub(super) fn cache(name: &str) -> Option<PathBuf> {
        Some(home("XDG_CACHE_HOME", &[".cache"])?.join(name))
    }

    pub(super) fn logs(name: &str) -> Option<PathBuf> {
        Some(home("XDG_STATE_HOME", &[".local", "state"])?.join(name))
    }
}
