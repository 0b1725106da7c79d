//! Tests which browser is found on each kind of machine.

use super::*;

/// Checks which browser is found on a machine with these programs. `default` is the command that
/// opens the machine's default browser.
#[track_caller]
fn check(system: System, default: &[&str], programs: &[&str], expect: &str) {
    let found = on(system, default, programs, |machine| machine.find());
    assert_eq!(found.unwrap().0, Path::new(expect));
}

fn on<T>(
    system: System,
    default: &[&str],
    programs: &[&str],
    run: impl FnOnce(&Machine<'_>) -> T,
) -> T {
    let variables = [
        ("HOME", "/h/u"),
        ("LOCALAPPDATA", r"C:\Local"),
        ("ProgramFiles", r"D:\Programs"),
        ("ProgramFiles(x86)", r"D:\Programs (x86)"),
    ];
    let variable = |name: &str| {
        let found = variables.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| OsString::from(value))
    };
    let words = || (!default.is_empty()).then(|| default.iter().map(OsString::from).collect());
    run(&Machine {
        system,
        search_path: vec![PathBuf::from("/usr/local/bin"), PathBuf::from("/usr/bin")],
        default: &words,
        variable: &variable,
        is_program: &|path| programs.iter().any(|program| path == Path::new(program)),
        link: &|_| None,
    })
}

#[test]
fn the_default_browser_comes_first() {
    let linux = [
        "/usr/bin/google-chrome-stable",
        "/usr/bin/chromium",
        "/opt/chrome-beta/google-chrome-beta",
    ];
    check(System::Linux, &["/usr/bin/chromium", "/l.html"], &linux, "/usr/bin/chromium");
    check(System::Linux, &["chromium", "/l.html"], &linux, "/usr/bin/chromium");
    check(System::Linux, &[linux[2], "/l.html"], &linux, linux[2]);
    check(System::Linux, &["firefox", "/l.html"], &linux, linux[0]);
    check(System::Linux, &[], &linux, linux[0]);

    let edge = r"D:\Programs (x86)\Microsoft\Edge\Application\msedge.exe";
    let brave = r"E:\My Brave\brave.exe";
    check(System::Windows, &[brave, "--single-argument", "l"], &[edge, brave], brave);
    check(System::Windows, &[r"C:\firefox.exe", "l"], &[edge, brave], edge);

    let chrome = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
    let vivaldi = "/h/u/Applications/Vivaldi.app/Contents/MacOS/Vivaldi";
    let open = |bundle| ["open", "-b", bundle, "/l.html"];
    check(System::MacOs, &open("com.vivaldi.Vivaldi"), &[chrome, vivaldi], vivaldi);
    check(System::MacOs, &open("com.apple.safari"), &[chrome, vivaldi], chrome);
}

#[test]
fn the_default_browser_may_be_in_a_sandbox() {
    let (chrome, snap) = ("/usr/bin/google-chrome", "/snap/bin/chromium");
    let env =
        "BAMF_DESKTOP_FILE_HINT=/var/lib/snapd/desktop/applications/chromium_chromium.desktop";
    check(System::Linux, &["env", env, snap, "/l.html"], &[chrome, snap], snap);
    let flatpak = "/h/u/.local/share/flatpak/exports/bin/com.brave.Browser";
    let run = ["/usr/bin/flatpak", "run", "--command=brave", "com.brave.Browser", "@@u", "/l.html"];
    check(System::Linux, &run, &[chrome, flatpak], flatpak);
}

#[test]
fn without_a_default_of_the_family_there_is_an_order() {
    let order = [
        "/usr/local/bin/google-chrome",
        "/usr/bin/google-chrome",
        "/var/lib/flatpak/exports/bin/com.google.Chrome",
        "/usr/bin/microsoft-edge-stable",
        "/snap/bin/brave",
        "/usr/bin/chromium",
        "/snap/bin/chromium",
        // A script that starts the snap.
        "/usr/bin/chromium-browser",
        "/usr/bin/vivaldi-stable",
    ];
    for (index, first) in order.iter().enumerate() {
        check(System::Linux, &[], &order[index..], first);
    }
    let order = [
        r"C:\Local\Google\Chrome\Application\chrome.exe",
        r"D:\Programs\Google\Chrome\Application\chrome.exe",
        r"D:\Programs (x86)\Google\Chrome\Application\chrome.exe",
        r"D:\Programs (x86)\Microsoft\Edge\Application\msedge.exe",
        r"D:\Programs\BraveSoftware\Brave-Browser\Application\brave.exe",
        r"C:\Local\Chromium\Application\chrome.exe",
        r"C:\Local\Vivaldi\Application\vivaldi.exe",
    ];
    for (index, first) in order.iter().enumerate() {
        check(System::Windows, &[], &order[index..], first);
    }
    for system in [System::Linux, System::MacOs, System::Windows] {
        assert_eq!(on(system, &[], &["/usr/bin/firefox"], |machine| machine.find()), None);
    }
}

#[test]
fn a_browser_is_named_by_path_by_name_or_by_bundle() {
    let programs = ["/usr/bin/mine", "/opt/x/brave", "/usr/bin/edge.exe"];
    let named =
        |system, name: &str| on(system, &[], &programs, |machine| machine.program(Path::new(name)));
    assert_eq!(named(System::Linux, "mine"), Some(PathBuf::from("/usr/bin/mine")));
    assert_eq!(named(System::Linux, "/opt/x/brave"), Some(PathBuf::from("/opt/x/brave")));
    assert_eq!(named(System::Linux, "edge"), None);
    assert_eq!(named(System::Windows, "edge"), Some(PathBuf::from("/usr/bin/edge.exe")));
    let inside = "/A/Brave Browser.app/Contents/MacOS/Brave Browser";
    let found = on(System::MacOs, &[], &[inside], |machine| {
        machine.program(Path::new("/A/Brave Browser.app"))
    });
    assert_eq!(found, Some(PathBuf::from(inside)));
}
