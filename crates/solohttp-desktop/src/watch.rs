//! Detects changes to templates and style sheets while a program is being developed.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The limits of the search. Deeper folders and additional files are ignored.
const MAX_DEPTH: u32 = 5;
const MAX_FILES: usize = 2_000;

const EXTENSIONS: [&str; 6] = ["tpl", "html", "css", "js", "svg", "md"];

/// The files of a program's source folder.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    folder: Option<PathBuf>,
    /// The time of the last change, and the number of files.
    seen: (Option<SystemTime>, usize),
}

impl Watch {
    /// Watches the package's folder in a debug build started by cargo. Otherwise, watches nothing.
    pub(crate) fn of_debug_builds() -> Self {
        let folder = std::env::var_os("CARGO_MANIFEST_DIR").filter(|_| cfg!(debug_assertions));
        Self::new(folder.map(PathBuf::from))
    }

    fn new(folder: Option<PathBuf>) -> Self {
        let mut watch = Self { folder, ..Self::default() };
        watch.has_changed();
        watch
    }

    /// Returns whether a file has changed since the last call.
    pub(crate) fn has_changed(&mut self) -> bool {
        let Some(folder) = &self.folder else { return false };
        let mut seen = (None, 0);
        look(folder, MAX_DEPTH, &mut seen);
        std::mem::replace(&mut self.seen, seen) != seen
    }
}

fn look(folder: &Path, depth: u32, seen: &mut (Option<SystemTime>, usize)) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        let is_hidden = name.to_string_lossy().starts_with('.') || name == "target";
        let Ok(kind) = entry.file_type() else { continue };
        if is_hidden || seen.1 >= MAX_FILES {
            continue;
        }
        if kind.is_dir() && depth > 0 {
            look(&path, depth - 1, seen);
        } else if path.extension().is_some_and(|it| EXTENSIONS.iter().any(|known| it == *known)) {
            seen.0 = seen.0.max(entry.metadata().and_then(|metadata| metadata.modified()).ok());
            seen.1 += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_changed_or_new_template_is_noticed_once() {
        let folder = tempfile::tempdir().unwrap();
        let templates = folder.path().join("templates");
        fs::create_dir_all(folder.path().join("target")).unwrap();
        fs::create_dir(&templates).unwrap();
        let page = templates.join("page.tpl");
        fs::write(&page, "a").unwrap();
        let mut watch = Watch::new(Some(folder.path().to_owned()));
        assert!(!watch.has_changed());
        let later = SystemTime::now() + Duration::from_secs(5);
        fs::File::options().write(true).open(&page).unwrap().set_modified(later).unwrap();
        assert!(watch.has_changed());
        assert!(!watch.has_changed());
        fs::write(templates.join("style.css"), "").unwrap();
        assert!(watch.has_changed());
        fs::write(folder.path().join("target").join("out.css"), "").unwrap();
        fs::write(templates.join("notes.txt"), "").unwrap();
        assert!(!watch.has_changed());
        assert!(!Watch::new(None).has_changed());
    }
}
