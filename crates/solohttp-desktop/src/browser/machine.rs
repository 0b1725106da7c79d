//! Finds a Chromium-based browser on this machine.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::family::{Brand, FAMILY, Member};
use super::packaging::SNAPS;

/// The kinds of operating systems, which differ in how browsers are found and started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum System {
    /// Linux, and other systems with X11 or Wayland.
    Linux,
    MacOs,
    Windows,
}

impl System {
    pub(super) const HERE: Self = if cfg!(windows) {
        Self::Windows
    } else if cfg!(target_os = "macos") {
        Self::MacOs
    } else {
        Self::Linux
    };
}

/// The facts on which the search for a browser depends. Tests use this type to describe other
/// machines.
pub(super) struct Machine<'a> {
    pub(super) system: System,
    pub(super) search_path: Vec<PathBuf>,
    /// The command that opens a file in the default browser.
    pub(super) default: &'a dyn Fn() -> Option<Vec<OsString>>,
    pub(super) variable: &'a dyn Fn(&str) -> Option<OsString>,
    pub(super) is_program: &'a dyn Fn(&Path) -> bool,
    /// The target of a symbolic link.
    pub(super) link: &'a dyn Fn(&Path) -> Option<PathBuf>,
}

impl Machine<'_> {
    pub(super) fn this() -> Self {
        Self {
            system: System::HERE,
            search_path: env::split_paths(&env::var_os("PATH").unwrap_or_default()).collect(),
            default: &default,
            variable: &|name| env::var_os(name).filter(|value| !value.is_empty()),
            is_program: &is_program,
            link: &|path| fs::read_link(path).ok(),
        }
    }

    pub(super) fn home(&self) -> Option<PathBuf> {
        (self.variable)("HOME").map(PathBuf::from)
    }

    /// Returns the default browser if it is Chromium-based. Otherwise, returns the first installed
    /// browser in order of preference.
    pub(super) fn find(&self) -> Option<(PathBuf, Brand)> {
        let in_place =
            || FAMILY.iter().find_map(|member| Some((self.place_of(member)?, member.brand)));
        self.find_default().or_else(in_place)
    }

    fn find_default(&self) -> Option<(PathBuf, Brand)> {
        let command = (self.default)()?;
        // The browser itself may be an argument of `env`, `flatpak` or `open`.
        command.iter().find_map(|word| {
            let name = file_name(word);
            let member = FAMILY.iter().find(|member| self.is_of(member, &name))?;
            let is_path = match self.system {
                System::Linux => name != member.flatpak,
                System::MacOs => false,
                System::Windows => true,
            };
            let program = if is_path { self.program(word.as_ref()) } else { self.place_of(member) };
            Some((program?, member.brand))
        })
    }

    /// Returns whether `name`, which is part of the default browser's command, is a name of this
    /// browser.
    fn is_of(&self, member: &Member, name: &str) -> bool {
        match self.system {
            System::Linux => {
                // A prefix is enough, for names such as `google-chrome-beta`.
                let mut commands = member.commands.iter().chain(member.snaps);
                commands.any(|command| name.starts_with(command)) || name == member.flatpak
            }
            System::MacOs => name.eq_ignore_ascii_case(member.bundle_id),
            System::Windows => name.eq_ignore_ascii_case(&file_name(member.windows.as_ref())),
        }
    }

    /// Returns the path of a browser's executable, if it is installed.
    fn place_of(&self, member: &Member) -> Option<PathBuf> {
        self.places_of(member).into_iter().find(|place| (self.is_program)(place))
    }

    /// Returns all paths where a browser's executable may be, in order of preference.
    fn places_of(&self, member: &Member) -> Vec<PathBuf> {
        match self.system {
            System::Linux => {
                let in_path = |name| self.search_path.iter().map(move |folder| folder.join(name));
                let (first, others) = member.commands.split_at(1);
                let snaps = SNAPS.iter().flat_map(|folder| {
                    member.snaps.iter().map(move |name| Path::new(folder).join(name))
                });
                let flatpaks = self.flatpaks().map(|folder| folder.join(member.flatpak));
                first
                    .iter()
                    .flat_map(in_path)
                    .chain(snaps)
                    .chain(others.iter().flat_map(in_path))
                    .chain(flatpaks)
                    .collect()
            }
            System::MacOs => {
                let inside = format!("Applications/{0}.app/Contents/MacOS/{0}", member.bundle);
                [Some(PathBuf::from("/")), self.home()]
                    .into_iter()
                    .flatten()
                    .map(|folder| folder.join(&inside))
                    .collect()
            }
            System::Windows => ["LOCALAPPDATA", "ProgramFiles", "ProgramFiles(x86)"]
                .iter()
                .filter_map(|name| {
                    // `Path::join` would use the wrong separator when the tests run on other
                    // systems.
                    let mut place = (self.variable)(name)?;
                    place.push("\\");
                    place.push(member.windows);
                    Some(place.into())
                })
                .collect(),
        }
    }

    /// Returns the folders that contain the commands of Flatpak applications: the user's folder,
    /// and the system-wide one.
    fn flatpaks(&self) -> impl Iterator<Item = PathBuf> {
        let data = (self.variable)("XDG_DATA_HOME").map(PathBuf::from);
        let data = data.or_else(|| Some(self.home()?.join(".local/share")));
        let folders = data.into_iter().chain([PathBuf::from("/var/lib")]);
        folders.map(|folder| folder.join("flatpak/exports/bin"))
    }

    /// Finds the executable that the user has specified as a path, a name on the search path, or a
    /// bundle.
    pub(super) fn program(&self, named: &Path) -> Option<PathBuf> {
        let separators: &[char] =
            if self.system == System::Windows { &['/', '\\'] } else { &['/'] };
        let mut places = if named.to_string_lossy().contains(separators) {
            vec![named.to_owned()]
        } else {
            self.search_path.iter().map(|folder| folder.join(named)).collect()
        };
        match self.system {
            System::Linux => {}
            System::MacOs if named.extension() == Some(OsStr::new("app")) => {
                let inside = named.join("Contents/MacOS").join(named.file_stem()?);
                places.insert(0, inside);
            }
            System::MacOs => {}
            System::Windows => {
                let exe = |place: &PathBuf| [place.clone(), place.with_extension("exe")];
                places = places.iter().flat_map(exe).collect();
            }
        }
        places.into_iter().find(|place| (self.is_program)(place))
    }
}

/// Returns the last component of a path in any system's syntax.
fn file_name(path: &OsStr) -> String {
    path.to_string_lossy().rsplit(['/', '\\']).next().unwrap_or_default().to_owned()
}

fn default() -> Option<Vec<OsString>> {
    // The file needn't exist, because the command isn't run.
    let command = solohttp_core::default_browser(env::temp_dir().join("page.html"))?;
    Some(words(&command))
}

fn words(command: &Command) -> Vec<OsString> {
    [command.get_program()].into_iter().chain(command.get_args()).map(OsStr::to_owned).collect()
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    let metadata = fs::metadata(path);
    metadata.is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}

#[cfg(test)]
mod tests;
