//! Menu entries on Windows: a shortcut in the user's Start menu.

use std::io;
use std::path::Path;

use super::ico::ico;
use super::shortcut::shortcut;
use super::{Entry, EntryFile, Plan};
use crate::place::own_folder;

/// Returns the shortcut in the folder `menu` and its icon in the folder `data`.
pub(super) fn plan(entry: &Entry<'_>, menu: &Path, data: &Path) -> io::Result<Plan> {
    let icon_path = own_folder(data).join("icon.ico");
    let mut files = Vec::new();
    if let Some(image) = entry.icon {
        files.push(EntryFile::new(icon_path.clone(), ico(image)?));
    }
    let icon = entry.icon.and(icon_path.to_str());
    let path = menu.join(format!("{}.lnk", entry.file_name()));
    files.push(EntryFile::new(path, shortcut(entry, icon)?));
    let outdated = if entry.icon.is_none() { vec![icon_path] } else { Vec::new() };
    Ok(Plan { files, outdated, folders: Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::install::png;

    #[test]
    fn is_a_shortcut_named_by_the_title() {
        let image = png::image(256, 256);
        let program = Path::new("C:\\stock.exe");
        let entry = Entry {
            id: "org.x",
            title: "CON",
            icon: Some(&image),
            wayland_name: None,
            program,
            arguments: &[],
        };
        let plan_of = |entry| plan(entry, Path::new("/menu"), Path::new("/data/org.x")).unwrap();
        let plan = plan_of(&entry);
        let [icon, link] = &plan.files[..] else { panic!("{plan:?}") };
        assert_eq!(icon.path, Path::new("/data/org.x/desktop/icon.ico"));
        assert_eq!(link.path, Path::new("/menu/_CON.lnk"));
        let plan = plan_of(&Entry { icon: None, wayland_name: None, ..entry });
        assert_eq!((plan.files.len(), &plan.outdated[..]), (1, &[icon.path.clone()][..]));
    }
}
