//! Menu entries on Linux and the BSDs (Desktop Menu and Icon Theme Specifications).

use std::io;
use std::path::{Path, PathBuf};

use super::desktop_entry::desktop_entry;
use super::{Entry, EntryFile, Plan, png};
use crate::place::own_folder;

/// The icon sizes in the theme `hicolor`, which all programs search.
const SIZES: &[u32] = &[16, 22, 24, 32, 36, 48, 64, 72, 96, 128, 192, 256, 512];

/// Returns the files to write below the user's data folder, `~/.local/share`.
pub(super) fn plan(entry: &Entry<'_>, data: &Path) -> io::Result<Plan> {
    let in_theme = |size: u32| -> PathBuf {
        let folder = data.join(format!("icons/hicolor/{size}x{size}/apps"));
        folder.join(format!("{}.png", entry.id))
    };
    let of_own = own_folder(&data.join(entry.id)).join("icon.png");
    let mut files = Vec::new();
    let mut icon = None;
    if let Some(image) = entry.icon {
        let size = png::width(image)?;
        let (name, path) = match SIZES.contains(&size) {
            true => (entry.id.to_owned(), in_theme(size)),
            // The entry refers to this icon by its path, as a string.
            false => (of_own.to_string_lossy().into_owned(), of_own.clone()),
        };
        icon = Some(name);
        files.push(EntryFile::new(path, image));
    }
    let entry_file = data.join("applications").join(format!("{}.desktop", entry.id));
    files.push(EntryFile::new(entry_file, desktop_entry(entry, icon.as_deref())?));
    let mut outdated: Vec<PathBuf> = SIZES.iter().map(|size| in_theme(*size)).collect();
    outdated.push(of_own);
    outdated.retain(|path| !files.iter().any(|file| file.path == *path));
    Ok(Plan { files, outdated, folders: Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn icon_of(size: u32) -> (PathBuf, String) {
        let image = png::image(size, size);
        let program = Path::new("/p");
        let entry = Entry {
            id: "org.x",
            title: "X",
            icon: Some(&image),
            wayland_name: None,
            program,
            arguments: &[],
        };
        let plan = plan(&entry, Path::new("/h/d")).unwrap();
        let [icon, file] = &plan.files[..] else { panic!("{plan:?}") };
        assert_eq!(file.path, Path::new("/h/d/applications/org.x.desktop"));
        assert!(icon.contents == image && !plan.outdated.contains(&icon.path));
        let text = String::from_utf8(file.contents.clone()).unwrap();
        let name = text.lines().find_map(|line| line.strip_prefix("Icon=")).unwrap();
        (icon.path.clone(), name.to_owned())
    }

    #[test]
    fn an_icon_of_a_usual_size_goes_into_the_theme() {
        let (path, name) = icon_of(256);
        assert_eq!(path, Path::new("/h/d/icons/hicolor/256x256/apps/org.x.png"));
        assert_eq!(name, "org.x");
    }

    #[cfg(unix)]
    #[test]
    fn an_icon_of_another_size_is_named_by_its_path() {
        let (path, name) = icon_of(100);
        assert_eq!(
            (path.to_str(), &*name),
            (Some("/h/d/org.x/desktop/icon.png"), "/h/d/org.x/desktop/icon.png")
        );
    }
}
