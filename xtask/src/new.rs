//! `cargo xtask new PATH`: creates a small complete program from the files in `xtask/new`.
//! Only the manifest contains the program's name.

use std::fs;
use std::path::Path;

use crate::failure::Failure;
use crate::workspace::Workspace;

/// The files, with their paths in the new folder.
const FILES: &[(&str, &str)] = &[
    ("src/main.rs", include_str!("../new/src/main.rs")),
    ("static/style.css", include_str!("../new/static/style.css")),
    ("templates/form.tpl", include_str!("../new/templates/form.tpl")),
    ("templates/list.tpl", include_str!("../new/templates/list.tpl")),
    ("templates/page.tpl", include_str!("../new/templates/page.tpl")),
    (".gitignore", "/target\n"),
    ("rustfmt.toml", include_str!("../../rustfmt.toml")),
];

pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let [path] = arguments else {
        return Err(Failure::Usage(
            "PATH is missing: `new ../shop` creates a program named `shop`".to_owned(),
        ));
    };
    let path = Path::new(path);
    let name = write(path, &Workspace::load()?.root)?;
    println!("Created {name} in {}. Next:\n\n  cd {}\n  cargo run", path.display(), path.display());
    Ok(())
}

/// Writes the program into a new or empty folder and returns the program's name, which is also the
/// folder's name.
fn write(path: &Path, root: &Path) -> Result<String, Failure> {
    let name = name(path)?;
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| Failure::Write { path, source }
    };
    fs::create_dir_all(path).map_err(failed(path))?;
    if fs::read_dir(path).map_err(failed(path))?.next().is_some() {
        let detail = format!("{} is not empty: choose a new folder", path.display());
        return Err(Failure::Usage(detail));
    }
    let manifest = manifest(&name, &root.join("crates").join("solohttp"));
    for (file, text) in FILES.iter().copied().chain([("Cargo.toml", manifest.as_str())]) {
        let file = path.join(file);
        let folder = file.parent().expect("every file is in the new folder");
        fs::create_dir_all(folder).map_err(failed(folder))?;
        fs::write(&file, text).map_err(failed(&file))?;
    }
    Ok(name)
}

/// Writes the program for a test. Uses the workspace's lock file, so that nothing is downloaded.
/// Always uses the same folder, so that cargo builds only what has changed.
pub(crate) fn write_to_test(path: &Path, root: &Path) -> Result<(), Failure> {
    let failed = |source| Failure::Write { path: path.to_owned(), source };
    if path.exists() {
        fs::remove_dir_all(path).map_err(failed)?;
    }
    write(path, root)?;
    fs::copy(root.join("Cargo.lock"), path.join("Cargo.lock")).map_err(failed)?;
    Ok(())
}

/// Returns the last part of the path if it is a valid package name.
fn name(path: &Path) -> Result<String, Failure> {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let is_letter = |letter: char| letter.is_ascii_lowercase();
    let is_fine = name.starts_with(is_letter)
        && name.chars().all(|letter| is_letter(letter) || letter.is_ascii_digit() || "-_".contains(letter))
        // These names are used by cargo or by the library.
        && !["build", "deps", "examples", "incremental", "solohttp", "test"].contains(&name);
    if is_fine {
        return Ok(name.to_owned());
    }
    let detail = format!(
        "{name:?} is not a valid program name: use lowercase letters, digits, `-` and `_`, starting \
         with a letter, as in `new ../shop`"
    );
    Err(Failure::Usage(detail))
}

fn manifest(name: &str, library: &Path) -> String {
    // A literal string in TOML keeps backslashes, but can't contain an apostrophe.
    let library = library.display().to_string();
    let library =
        if library.contains('\'') { format!("{library:?}") } else { format!("'{library}'") };
    format!(
        "[package]\n\
         name = \"{name}\"\n\
         version = \"0.1.0\"\n\
         edition = \"2024\"\n\
         rust-version = \"1.89\"\n\
         \n\
         [dependencies]\n\
         serde = {{ version = \"1\", features = [\"derive\"] }} # for records in templates\n\
         solohttp = {{ path = {library} }}\n\
         \n\
         [dev-dependencies]\n\
         solohttp = {{ path = {library}, features = [\"test-client\"] }}\n\
         \n\
         # Builds are quicker if backtraces have line numbers only for this program. To use a\n\
         # debugger, delete these four lines.\n\
         [profile.dev]\n\
         debug = \"line-tables-only\"\n\
         [profile.dev.package.\"*\"]\n\
         debug = false\n\
         \n\
         [profile.release]\n\
         strip = true\n\
         \n\
         # Its own workspace, wherever it is.\n\
         [workspace]\n"
    )
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;
    use crate::workspace::cargo;

    #[track_caller]
    fn refuses(path: &str, says: &str) {
        let failure = write(Path::new(path), Path::new("root")).unwrap_err();
        assert_eq!(failure.exit_status(), 2, "{failure}");
        assert!(failure.to_string().contains(says), "{failure}");
    }

    #[test]
    fn rejects_invalid_package_names_and_folders_in_use() {
        refuses("../My shop", "\"My shop\" is not a valid program name");
        refuses("../7up", "starting with a letter");
        refuses("..", "as in `new ../shop`");
        refuses("../test", "not a valid program name");
        refuses(concat!(env!("CARGO_MANIFEST_DIR"), "/src"), "is not empty");
    }

    #[test]
    fn the_manifest_takes_paths_of_any_system() {
        assert!(
            manifest("shop", Path::new(r"C:\it\solohttp")).contains(r"path = 'C:\it\solohttp'")
        );
        assert!(manifest("shop", Path::new("/it's")).contains("path = \"/it's\""));
    }

    #[test]
    fn the_new_program_passes_its_own_tests() {
        let root = Workspace::load().unwrap().root;
        let target = root.join("target");
        let path = target.join("new").join("shop");
        write_to_test(&path, &root).unwrap();
        let format = Command::new(cargo()).args(["fmt", "--check"]).current_dir(&path).status();
        assert!(format.unwrap().success(), "the program isn't formatted as its rustfmt.toml says");
        let output = Command::new(cargo())
            .args(["test", "--quiet", "--offline", "--target-dir"])
            .arg(&target)
            .current_dir(&path)
            .output()
            .unwrap();
        let said =
            String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && said.contains("2 passed"), "{said}");
        assert!(!said.contains("warning"), "{said}");
    }
}
