//! Writes and removes the entries of each system, and starts programs with the current system's
//! entries.

use std::collections::BTreeSet;

use tempfile::TempDir;

use super::*;

/// A name that needs quoting in every format. Contains only characters that the system allows in
/// file names.
const AWKWARD: &str = if cfg!(windows) { "it's a ü$&% `" } else { "it's a ü$&%=\\ \"`" };

const ID: &str = "org.example.stock";

fn awkward_folder() -> TempDir {
    tempfile::Builder::new().prefix(AWKWARD).tempdir().unwrap()
}

/// Returns each system's plan for an entry with this program.
fn plans(home: &Path, program: &Path, arguments: &[OsString]) -> [Plan; 3] {
    let image = png::image(256, 256);
    let entry = Entry {
        id: ID,
        title: "In & \"Out\": 50%",
        icon: Some(&image),
        wayland_name: None,
        program,
        arguments,
    };
    [
        linux::plan(&entry, &home.join("share")).unwrap(),
        macos::plan(&entry, &home.join("Applications")).unwrap(),
        windows::plan(&entry, &home.join("menu"), &home.join("share").join(ID)).unwrap(),
    ]
}

/// Returns all files and all empty folders under a folder.
fn leaves(folder: &Path) -> BTreeSet<PathBuf> {
    let entries: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    let inside = entries.iter().flat_map(|path| match path.is_dir() {
        true => leaves(path),
        false => BTreeSet::from([path.clone()]),
    });
    let inside: BTreeSet<PathBuf> = inside.collect();
    if inside.is_empty() { BTreeSet::from([folder.to_owned()]) } else { inside }
}

#[test]
fn takes_away_exactly_what_it_has_written() {
    for system in 0..3 {
        let home = awkward_folder();
        // The program's data, and another program's entry.
        let mine = ["share/org.example.stock/stock.sqlite", "share/applications/other.desktop"];
        for name in mine {
            let file = home.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, "mine").unwrap();
        }
        let before = leaves(home.path());
        let plan = &plans(home.path(), Path::new("/p"), &[])[system];
        assert_eq!(plan.remove().unwrap(), [] as [PathBuf; 0], "nothing is there yet");
        let written = plan.write().unwrap();
        assert_eq!(plan.write().unwrap(), written, "over itself");
        let mut with_entry = before.clone();
        with_entry.extend(written.iter().cloned());
        assert!(leaves(home.path()).is_superset(&with_entry));
        let removed = plan.remove().unwrap();
        assert_eq!(BTreeSet::from_iter(removed), BTreeSet::from_iter(written));
        assert!(leaves(home.path()).is_superset(&before));
        assert!(leaves(home.path()).iter().all(|leaf| leaf.is_dir() || before.contains(leaf)));
    }
}

#[test]
fn a_bundle_goes_with_its_folders_unless_there_is_more_in_it() {
    let home = awkward_folder();
    let [_, plan, _] = plans(home.path(), Path::new("/p"), &[]);
    plan.write().unwrap();
    plan.remove().unwrap();
    assert_eq!(leaves(home.path()), BTreeSet::from([home.path().join("Applications")]));
    plan.write().unwrap();
    let bundle = plan.folders.last().unwrap();
    fs::write(bundle.join("notes"), "mine").unwrap();
    plan.remove().unwrap();
    assert_eq!(leaves(home.path()), BTreeSet::from([bundle.join("notes")]));
}

#[test]
fn an_icon_of_an_earlier_version_is_removed() {
    let home = awkward_folder();
    let (old, new) = (png::image(48, 48), png::image(50, 50));
    let program = Path::new("/p");
    let entry =
        Entry { id: ID, title: "X", icon: Some(&old), wayland_name: None, program, arguments: &[] };
    let plan_of = |entry: &Entry<'_>| linux::plan(entry, home.path()).unwrap();
    let old = plan_of(&entry).write().unwrap();
    let new = plan_of(&Entry { icon: Some(&new), wayland_name: None, ..entry }).write().unwrap();
    assert!(!old[0].exists() && new[0].exists());
    // The current version may have no icon.
    let removed = plan_of(&Entry { icon: None, wayland_name: None, ..entry }).remove().unwrap();
    assert_eq!(BTreeSet::from_iter(removed), BTreeSet::from_iter(new));
}

#[test]
fn an_icon_that_is_no_image_is_an_error_before_anything_is_written() {
    let icon = Some(&b"GIF89a"[..]);
    let entry = Entry {
        id: ID,
        title: "X",
        icon,
        wayland_name: None,
        program: Path::new("/p"),
        arguments: &[],
    };
    let folder = Path::new("/no such folder");
    assert!(linux::plan(&entry, folder).is_err() && macos::plan(&entry, folder).is_err());
    assert!(windows::plan(&entry, folder, folder).is_err());
}

/// Tests that the written entries start a program.
#[cfg(target_os = "linux")]
mod on_linux {
    use std::ffi::OsStr;
    use std::process::Command;
    use std::thread::sleep;
    use std::time::{Duration, Instant};

    use xtask::tools;

    use super::*;

    const ARGUMENTS: &[&str] = &["--data", AWKWARD, "", "%f", "a\tb", "$HOME", "~", "*", "\\\\"];

    /// Writes a program that records its arguments, and returns its path.
    fn program(home: &Path) -> PathBuf {
        let program = home.join("stock 1");
        let script = "#!/bin/sh\n\
            for argument in \"$0\" \"$@\"; do printf '%s\\n' \"$argument\"; done >\"${0%/*}/part\"\n\
            mv \"${0%/*}/part\" \"${0%/*}/told\"\n";
        fs::write(&program, script).unwrap();
        make_executable(&program).unwrap();
        program
    }

    fn arguments() -> Vec<OsString> {
        ARGUMENTS.iter().map(OsString::from).collect()
    }

    /// Waits until the program has recorded its arguments, and checks them.
    #[track_caller]
    fn check_told(home: &Path, program: &Path) {
        let until = Instant::now() + Duration::from_secs(60);
        while !home.join("told").exists() {
            assert!(Instant::now() < until, "the program was not started");
            sleep(Duration::from_millis(20));
        }
        let told = fs::read_to_string(home.join("told")).unwrap();
        let expect = [program.to_str().unwrap()].into_iter().chain(ARGUMENTS.iter().copied());
        assert_eq!(told.lines().collect::<Vec<_>>(), expect.collect::<Vec<_>>());
    }

    /// Runs a command and returns its output.
    #[track_caller]
    fn run(program: impl AsRef<OsStr>, arguments: &[&OsStr]) -> String {
        let output = Command::new(program).args(arguments).output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8_lossy(&text).into_owned();
        assert!(output.status.success(), "{text}");
        text
    }

    #[test]
    fn an_entry_is_valid_and_starts_the_program_with_its_arguments() {
        let validate = tools::desktop("desktop-file-validate").unwrap_or_else(|e| panic!("{e}"));
        let gio = tools::desktop("gio").unwrap_or_else(|e| panic!("{e}"));
        for name in ["plain", AWKWARD] {
            let home = tempfile::Builder::new().prefix(name).tempdir().unwrap();
            let program = program(home.path());
            let [plan, ..] = plans(home.path(), &program, &arguments());
            let written = plan.write().unwrap();
            let entry = written.iter().find(|path| path.ends_with("org.example.stock.desktop"));
            let entry = entry.unwrap().as_os_str();
            assert_eq!(run(&validate, &[entry]), "");
            run(&gio, &["launch".as_ref(), entry]);
            check_told(home.path(), &program);
        }
    }

    /// The script in a bundle is the same on every system.
    #[test]
    fn a_bundle_starts_the_program_and_ends() {
        let home = awkward_folder();
        let program = program(home.path());
        let [_, plan, _] = plans(home.path(), &program, &arguments());
        let written = plan.write().unwrap();
        assert_eq!(run(&written[0], &[]), "");
        check_told(home.path(), &program);
    }
}

/// Tests that a shortcut starts a program. The program is a copy of this test program.
#[cfg(windows)]
mod on_windows {
    use std::env;
    use std::process::Command;
    use std::thread::sleep;
    use std::time::{Duration, Instant};

    use super::*;

    /// The environment variable that names an output file. The program started by a shortcut writes
    /// its arguments to that file.
    const VARIABLE: &str = "SOLOHTTP_TOLD";

    /// These arguments make a test program run only the test [`tells_its_arguments`]. The other
    /// words match no test, because `--exact` compares whole names.
    const ARGUMENTS: &[&str] = &[
        "--exact",
        "install::tests::on_windows::tells_its_arguments",
        AWKWARD,
        "",
        "a \\\\\"b\\\\",
        "%PATH%",
    ];

    #[test]
    fn tells_its_arguments() {
        let Some(told) = env::var_os(VARIABLE).map(PathBuf::from) else { return };
        let arguments: Vec<String> = env::args().collect();
        let part = told.with_extension("part");
        fs::write(&part, arguments.join("\n")).unwrap();
        fs::rename(part, told).unwrap();
    }

    #[test]
    fn a_shortcut_starts_the_program_with_its_arguments() {
        // If the program that this test starts also ran the test, it would keep starting itself
        // forever.
        assert!(env::var_os(VARIABLE).is_none(), "started by a shortcut");
        let home = awkward_folder();
        let program = home.path().join("stock.exe");
        fs::copy(env::current_exe().unwrap(), &program).unwrap();
        let arguments: Vec<OsString> = ARGUMENTS.iter().map(OsString::from).collect();
        let entry = Entry {
            id: ID,
            title: "Stock",
            icon: None,
            wayland_name: None,
            program: &program,
            arguments: &arguments,
        };
        let menu = home.path().join("menu");
        windows::plan(&entry, &menu, home.path()).unwrap().write().unwrap();

        let told = home.path().join("told");
        let mut start = Command::new("cmd");
        start.args(["/c", "start", "Stock.lnk"]).current_dir(menu).env(VARIABLE, &told);
        assert!(start.status().unwrap().success());
        let until = Instant::now() + Duration::from_secs(60);
        while !told.exists() {
            assert!(Instant::now() < until, "the program was not started");
            sleep(Duration::from_millis(20));
        }
        let told = fs::read_to_string(told).unwrap();
        let expect = [program.to_str().unwrap()].into_iter().chain(ARGUMENTS.iter().copied());
        assert_eq!(told.lines().collect::<Vec<_>>(), expect.collect::<Vec<_>>());
    }
}
