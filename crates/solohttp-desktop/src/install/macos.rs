//! Menu entries on macOS: a bundle in the user's `Applications` folder.

use std::io;
use std::path::Path;

use super::icns::icns;
use super::info_plist::info_plist;
use super::{Entry, EntryFile, Plan};

const LAUNCHER: &str = "launcher";
const ICON: &str = "icon";

/// Returns the files of a bundle in the folder `applications`.
pub(super) fn plan(entry: &Entry<'_>, applications: &Path) -> io::Result<Plan> {
    let bundle = applications.join(format!("{}.app", entry.file_name()));
    let contents = bundle.join("Contents");
    let (programs, resources) = (contents.join("MacOS"), contents.join("Resources"));
    let icon = entry.icon.map(icns).transpose()?;
    let list = info_plist(entry, LAUNCHER, icon.as_ref().map(|_| ICON));
    let launcher = EntryFile::new(programs.join(LAUNCHER), launcher(&entry.words()?));
    let mut files = vec![EntryFile { is_program: true, ..launcher }];
    let icon = icon.map(|icon| EntryFile::new(resources.join(ICON).with_extension("icns"), icon));
    files.extend(icon);
    // Written last, because this file makes the folder a bundle.
    files.push(EntryFile::new(contents.join("Info.plist"), list));
    Ok(Plan { files, outdated: Vec::new(), folders: vec![programs, resources, contents, bundle] })
}

/// Returns the script that starts the program and exits. While a bundle's own executable runs, a
/// double click doesn't start it again, so the user couldn't open another window.
fn launcher(words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|word| quoted(word)).collect();
    format!("#!/bin/sh\nnohup {} </dev/null >/dev/null 2>&1 &\n", words.join(" "))
}

/// Quotes a word for the shell.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::*;
    use crate::install::png;

    #[test]
    fn is_a_bundle_named_by_the_title() {
        let image = png::image(512, 512);
        let arguments = [OsString::from("--data"), OsString::from("it's")];
        let program = Path::new("/a b/$x");
        let entry = Entry {
            id: "org.x",
            title: "In/Out: 100%",
            icon: Some(&image),
            wayland_name: None,
            program,
            arguments: &arguments,
        };
        let plan = plan(&entry, Path::new("/A")).unwrap();
        let [launcher, icon, list] = &plan.files[..] else { panic!("{plan:?}") };
        let contents = Path::new("/A/In_Out_ 100%.app/Contents");
        assert_eq!(launcher.path, contents.join("MacOS/launcher"));
        assert_eq!(icon.path, contents.join("Resources/icon.icns"));
        assert_eq!(list.path, contents.join("Info.plist"));
        assert!(launcher.is_program && !icon.is_program && !list.is_program);
        let script = String::from_utf8(launcher.contents.clone()).unwrap();
        let expect = r"nohup '/a b/$x' '--data' 'it'\''s' </dev/null >/dev/null 2>&1 &";
        assert_eq!(script, format!("#!/bin/sh\n{expect}\n"));
    }
}
