//! Finds and installs the browsers for the tests.

use std::env;
use std::error::Error;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

use crate::apt::{self, NotInstalled};

mod chromium;
mod firefox;

pub use chromium::CHROMIUM;
pub use firefox::FIREFOX;

/// A browser and the locations where it is usually installed.
#[derive(Debug)]
pub struct Kind {
    /// Its common name.
    pub name: &'static str,
    /// The environment variable that overrides the program.
    pub variable: &'static str,
    /// The names of its programs, preferred first.
    names: &'static [&'static str],
    /// Places outside the search path. `%NAME%` stands for an environment variable.
    places: &'static [&'static str],
    /// The Debian package.
    package: &'static str,
    how_to_get_one: &'static str,
}

/// Why no browser was found.
#[derive(Debug)]
#[non_exhaustive]
pub enum Missing {
    /// The variable names a program that doesn't exist.
    Named {
        /// The variable.
        variable: &'static str,
        /// Its value.
        program: PathBuf,
    },
    /// No browser was found; the message says how to get one.
    Everywhere(&'static str),
    /// The package manager could not install it.
    Installing {
        /// How to install one by hand.
        how_to_get_one: &'static str,
        /// The command.
        command: String,
        /// Its stderr.
        output: String,
    },
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named { variable, program } => {
                write!(f, "{variable} names {}, which is not a program", program.display())
            }
            Self::Everywhere(how_to_get_one) => f.write_str(how_to_get_one),
            Self::Installing { how_to_get_one, command, output } => {
                write!(f, "{how_to_get_one}\n`{command}` failed:\n{output}")
            }
        }
    }
}

impl Error for Missing {}

impl Kind {
    /// Finds the browser named by the variable. If the variable isn't set, finds the first one on
    /// the search path or in the usual locations on macOS and Windows.
    ///
    /// # Errors
    ///
    /// Returns [`Missing`], whose message says how to get one.
    pub fn find(&self) -> Result<PathBuf, Missing> {
        let machine = Machine {
            variable: |name: &str| env::var_os(name),
            is_program: |path: &Path| path.is_file(),
        };
        machine.find(self)
    }

    /// Finds the browser, or installs it with apt.
    ///
    /// # Errors
    ///
    /// Returns [`Missing`], whose message says how to get one.
    pub fn ensure(&self) -> Result<PathBuf, Missing> {
        match self.find() {
            Err(Missing::Everywhere(_)) => {
                self.install()?;
                self.find()
            }
            found => found,
        }
    }

    fn install(&self) -> Result<(), Missing> {
        let how_to_get_one = self.how_to_get_one;
        apt::install(&[self.package]).map_err(|error| match error {
            NotInstalled::NoApt => Missing::Everywhere(how_to_get_one),
            NotInstalled::Failed { command, output } => {
                Missing::Installing { how_to_get_one, command, output }
            }
        })
    }
}

/// Whether this process runs as root. Chromium's sandbox refuses to start as root.
#[must_use]
pub fn is_root() -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        // On Linux, this folder belongs to the effective user. On macOS, there is no such folder,
        // and Chromium's sandbox accepts root.
        Path::new("/proc/self").metadata().is_ok_and(|folder| folder.uid() == 0)
    }
    #[cfg(not(unix))]
    {
        false
    }
}

/// What `find` needs to know about a machine. Tests use it to simulate other machines.
struct Machine<V, P> {
    variable: V,
    is_program: P,
}

impl<V: Fn(&str) -> Option<OsString>, P: Fn(&Path) -> bool> Machine<V, P> {
    fn find(&self, kind: &Kind) -> Result<PathBuf, Missing> {
        let variable = kind.variable;
        if let Some(named) = (self.variable)(variable).filter(|named| !named.is_empty()) {
            let program = PathBuf::from(named);
            let found = self.on_search_path(&program);
            return found.ok_or(Missing::Named { variable, program });
        }
        let on_path = kind.names.iter().find_map(|name| self.on_search_path(Path::new(name)));
        let in_place = || {
            let places = kind.places.iter().filter_map(|place| self.expand(place));
            places.into_iter().find(|place| (self.is_program)(place))
        };
        on_path.or_else(in_place).ok_or(Missing::Everywhere(kind.how_to_get_one))
    }

    /// Looks up a bare name in `PATH`; uses a path with several parts as is.
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
    #[track_caller]
    fn check_kind(
        kind: &Kind,
        variables: &[(&str, &str)],
        programs: &[&str],
        expect: Result<&str, &str>,
    ) {
        let machine = Machine {
            variable: |name: &str| {
                let found = variables.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| OsString::from(value))
            },
            is_program: |path: &Path| programs.iter().any(|program| Path::new(program) == path),
        };
        match (machine.find(kind), expect) {
            (Ok(found), Ok(expect)) => assert_eq!(found, Path::new(expect)),
            (Err(missing), Err(says)) => {
                assert!(missing.to_string().contains(says), "{missing}");
            }
            (found, expect) => panic!("{found:?} instead of {expect:?}"),
        }
    }

    #[track_caller]
    fn check(variables: &[(&str, &str)], programs: &[&str], expect: Result<&str, &str>) {
        check_kind(&CHROMIUM, variables, programs, expect);
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

    #[test]
    fn each_browser_has_a_variable_places_and_words_of_its_own() {
        let firefox =
            |variables: &[(&str, &str)], programs: &[&str], expect: Result<&str, &str>| {
                check_kind(&FIREFOX, variables, programs, expect);
            };
        let both = ["/bin/chromium", "/bin/firefox-esr", "/opt/fx"];
        firefox(&[("PATH", "/bin")], &both, Ok("/bin/firefox-esr"));
        firefox(&[("PATH", "/bin"), ("FIREFOX", "/opt/fx")], &both, Ok("/opt/fx"));
        firefox(&[("PATH", "/bin"), ("FIREFOX", "/no")], &both, Err("FIREFOX names /no"));
        check(&[("PATH", "/bin"), ("FIREFOX", "/opt/fx")], &both, Ok("/bin/chromium"));
        let on_windows = "C:/Programs/Mozilla Firefox/firefox.exe";
        firefox(&[("ProgramFiles", "C:/Programs")], &[on_windows], Ok(on_windows));
        let on_macos = "/Applications/Firefox.app/Contents/MacOS/firefox";
        firefox(&[], &[on_macos], Ok(on_macos));
        for words in ["Debian", "macOS", "Windows", "FIREFOX="] {
            firefox(&[("PATH", "/bin")], &["/bin/chromium"], Err(words));
        }
    }
}
