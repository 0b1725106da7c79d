//! The packaging of a browser, which determines where its profile can be. A sandboxed browser can
//! write only to its own folders.

use std::path::{Component, Path, PathBuf};

/// How a browser is packaged.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Packaging {
    /// Not in a sandbox.
    Plain,
    /// A snap with this name.
    Snap(String),
    /// A Flatpak application with this id.
    Flatpak(String),
}

/// The folders that contain the commands of snaps. Each command is a symbolic link to `snap`
/// itself.
pub(super) const SNAPS: [&str; 2] = ["/snap/bin", "/var/lib/snapd/snap/bin"];

/// The maximum number of symbolic links to follow. A longer chain may be a cycle.
const MAX_LINKS: usize = 8;

impl Packaging {
    /// Determines the packaging from the path of the executable. `link` resolves symbolic links.
    pub(super) fn of(program: &Path, link: &dyn Fn(&Path) -> Option<PathBuf>) -> Self {
        let mut program = program.to_owned();
        for _ in 0..MAX_LINKS {
            let (Some(folder), Some(name)) = (program.parent(), program.file_name()) else { break };
            let name = name.to_string_lossy();
            if SNAPS.iter().any(|snaps| folder == Path::new(snaps)) {
                // The other commands of a snap have names such as `chromium.chromedriver`.
                let snap = name.split('.').next().unwrap_or_default();
                return Self::Snap(snap.to_owned());
            }
            if folder.ends_with("flatpak/exports/bin") {
                return Self::Flatpak(name.into_owned());
            }
            let Some(target) = link(&program) else { break };
            program = folder.join(target);
        }
        Self::Plain
    }

    /// Returns the profile folder that the browser uses for the program with this id and data
    /// folder.
    ///
    /// Each browser has its own profile, because a browser rejects the profile of a newer one. A
    /// sandboxed browser keeps the profiles of all programs in the same folder, so the profile's
    /// path includes the path of the data folder.
    pub(super) fn profile(
        &self,
        browser: &Path,
        home: Option<&Path>,
        id: &str,
        data: &Path,
    ) -> PathBuf {
        let shared = match (self, home) {
            (Self::Snap(name), Some(home)) => home.join("snap").join(name).join("common"),
            (Self::Flatpak(name), Some(home)) => home.join(".var/app").join(name).join("data"),
            _ => return data.join("browser").join(browser.file_stem().unwrap_or_default()),
        };
        let names = data.components().filter(|part| matches!(part, Component::Normal(_)));
        shared.join(id).join(names.collect::<PathBuf>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(program: &str, links: &[(&str, &str)], expect: &str) {
        let link = |path: &Path| {
            let found = links.iter().find(|(from, _)| path == Path::new(from));
            found.map(|(_, to)| PathBuf::from(to))
        };
        let packaging = Packaging::of(Path::new(program), &link);
        let (home, data) = (Path::new("/h/u"), Path::new("/d/.s/o.x"));
        let profile = packaging.profile(Path::new(program), Some(home), "o.x", data);
        assert_eq!(profile, Path::new(expect), "{packaging:?}");
    }

    #[test]
    fn a_profile_is_where_the_browser_may_write() {
        check("/usr/bin/chromium", &[], "/d/.s/o.x/browser/chromium");
        check("/snap/bin/chromium", &[], "/h/u/snap/chromium/common/o.x/d/.s/o.x");
        let flatpak = "/var/lib/flatpak/exports/bin/com.google.Chrome";
        check(flatpak, &[], "/h/u/.var/app/com.google.Chrome/data/o.x/d/.s/o.x");
    }

    #[test]
    fn follows_links_to_a_sandbox_but_not_in_circles() {
        let links = [("/usr/bin/chromium", "brave"), ("/usr/bin/brave", "/snap/bin/brave")];
        check("/usr/bin/chromium", &links, "/h/u/snap/brave/common/o.x/d/.s/o.x");
        check("/a/b", &[("/a/b", "b")], "/d/.s/o.x/browser/b");
    }
}
