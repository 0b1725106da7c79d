//! Where a Chromium (or Chrome, or Edge) is on this machine, and how one gets here.
//! Only finds and installs; who drives it is not known here.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::apt::{self, NotInstalled};

/// The environment variable that names the browser to use.
pub const VARIABLE: &str = "CHROME";

const NAMES: &[&str] = &[
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
    "microsoft-edge",
];

/// Places outside the search path. `%NAME%` stands for an environment variable.
const PLACES: &[&str] = &[
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "%ProgramFiles%/Google/Chrome/Application/chrome.exe",
    "%ProgramFiles(x86)%/Google/Chrome/Application/chrome.exe",
    "%LocalAppData%/Google/Chrome/Application/chrome.exe",
    "%LocalAppData%/Chromium/Application/chrome.exe",
    "%ProgramFiles%/Microsoft/Edge/Application/msedge.exe",
    "%ProgramFiles(x86)%/Microsoft/Edge/Application/msedge.exe",
];

/// Why there is no browser to test with.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Missing {
    /// The variable names something that is not there.
    #[error("the variable {VARIABLE} names {}, which is no program", .0.display())]
    Named(PathBuf),
    /// No browser was found.
    #[error("{HOW_TO_GET_ONE}")]
    Everywhere,
    /// It was not there, and the package manager could not install it.
    #[error("{HOW_TO_GET_ONE}\n`{command}` failed:\n{output}")]
    Installing {
        /// What was tried.
        command: String,
        /// What it said.
        output: String,
    },
}

const HOW_TO_GET_ONE: &str = "\
the browser tests need Chromium, Chrome or Edge, and none was found. To get one:
  Debian, Ubuntu  sudo apt-get install chromium
  Fedora          sudo dnf install chromium
  macOS           brew install --cask chromium
  Windows         winget install Google.Chrome (Edge, part of Windows, will do)
If it is in an unusual place, name it: CHROME=/the/path/of/chrome cargo xtask test";

/// The browser that the variable `CHROME` names, or else the first found on the search path and
/// in the usual places of macOS and Windows.
///
/// # Errors
///
/// [`Missing`], whose text says how to get one.
pub fn find() -> Result<PathBuf, Missing> {
    let machine = Machine {
        variable: |name: &str| env::var_os(name),
        is_program: |path: &Path| path.is_file(),
    };
    machine.find()
}

/// Finds the browser, or installs it where the package manager is apt and we may use it.
///
/// # Errors
///
/// [`Missing`], whose text says how to get one.
pub fn ensure() -> Result<PathBuf, Missing> {
    match find() {
        Err(Missing::Everywhere) => match apt::install(&["chromium"]) {
            Ok(()) => find(),
            Err(NotInstalled::NoApt) => Err(Missing::Everywhere),
            Err(NotInstalled::Failed { command, output }) => {
                Err(Missing::Installing { command, output })
            }
        },
        found => found,
    }
}

/// True if this process may do anything: Chromium's sandbox refuses to start then.
#[must_use]
pub fn is_root() -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        // Linux shows each process as a folder of its effective user. macOS has no such folder,
        // and there Chromium's sandbox does not mind root.
        Path::new("/proc/self").metadata().is_ok_and(|folder| folder.uid() == 0)
    }
    #[cfg(not(unix))]
    {
        false
    }
}

/// What `find` may ask, so that it can be asked about machines that we are not on.
struct Machine<V, P> {
    variable: V,
    is_program: P,
}

impl<V: Fn(&str) -> Option<OsString>, P: Fn(&Path) -> bool> Machine<V, P> {
    fn find(&self) -> Result<PathBuf, Missing> {
        if let Some(named) = (self.variable)(VARIABLE).filter(|named| !named.is_empty()) {
            let named = PathBuf::from(named);
            return self.on_search_path(&named).ok_or(Missing::Named(named));
        }
        let on_path = NAMES.iter().find_map(|name| self.on_search_path(Path::new(name)));
        let in_place = || {
            let places = PLACES.iter().filter_map(|place| self.expand(place));
            places.into_iter().find(|place| (self.is_program)(place))
        };
        on_path.or_else(in_place).ok_or(Missing::Everywhere)
    }

    /// A name is looked up in every folder of `PATH`; a path of several parts stands for itself.
    fn on_search_path(&self, program: &Path) -> Option<PathBuf> {
        let folders = (self.variable)("PATH").unwrap_or_default();
        let candidates: Vec<PathBuf> = if program.components().count() > 1 {
            vec![program.to_owned()]
        } else {
            env::split_paths(&folders).map(|folder| folder.join(program)).collect()
        };
        let spellings =
            candidates.into_iter().flat_map(|path| [path.clone(), path.with_extension("exe")]);
        spellings.into_iter().find(|path| (self.is_program)(path))
    }

    fn expand(&self, place: &str) -> Option<PathBuf> {
        let Some((name, rest)) = place.strip_prefix('%').and_then(|rest| rest.split_once('%'))
        else {
            return Some(PathBuf::from(place));
        };
        Some(PathBuf::from((self.variable)(name)?).join(rest.trim_start_matches('/')))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Finds the browser on a machine with these variables and programs.
    fn check(variables: &[(&str, &str)], programs: &[&str], expect: Result<&str, &str>) {
        let machine = Machine {
            variable: |name: &str| {
                let found = variables.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| OsString::from(value))
            },
            is_program: |path: &Path| programs.iter().any(|program| Path::new(program) == path),
        };
        match (machine.find(), expect) {
            (Ok(found), Ok(expect)) => assert_eq!(found, Path::new(expect)),
            (Err(missing), Err(says)) => {
                assert!(missing.to_string().contains(says), "{missing}");
            }
            (found, expect) => panic!("{found:?} instead of {expect:?}"),
        }
    }

    #[test]
    fn the_variable_comes_first_and_must_be_right() {
        let programs = ["/bin/chromium", "/opt/chrome", "/bin/mine"];
        let path = ("PATH", "/bin");
        check(&[("CHROME", "/opt/chrome"), path], &programs, Ok("/opt/chrome"));
        check(&[("CHROME", "mine"), path], &programs, Ok("/bin/mine"));
        check(&[("CHROME", "/opt/none"), path], &programs, Err("CHROME names /opt/none"));
        check(&[("CHROME", ""), path], &programs, Ok("/bin/chromium"));
    }

    #[test]
    fn the_search_path_comes_before_the_usual_places() {
        let in_place = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
        check(&[], &[in_place], Ok(in_place));
        check(&[("PATH", "/bin")], &[in_place, "/bin/google-chrome"], Ok("/bin/google-chrome"));
    }

    #[test]
    fn looks_into_the_folders_that_windows_names_by_variables() {
        let edge = "D:/Programs (x86)/Microsoft/Edge/Application/msedge.exe";
        check(&[("ProgramFiles(x86)", "D:/Programs (x86)")], &[edge], Ok(edge));
        check(&[("PATH", "/bin")], &["/bin/chrome.exe"], Ok("/bin/chrome.exe"));
    }

    #[test]
    fn without_a_browser_says_how_to_get_one_everywhere() {
        for system in ["Debian", "macOS", "Windows", "CHROME="] {
            check(&[("PATH", "/bin")], &["/bin/firefox"], Err(system));
        }
    }
}
