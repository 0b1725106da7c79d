//! Tests with scripts in place of browsers, and with real windows.

#[cfg(target_os = "linux")]
mod window;

use super::*;

#[test]
fn a_tab_or_nothing_needs_no_browser_of_our_own() {
    let data = Path::new("/d");
    assert_eq!(Browser::find(&Choice::Tab, "o.x", data), None);
    assert_eq!(Browser::find(&Choice::None, "o.x", data), None);
    let missing = Choice::Program("/no such browser".into());
    assert_eq!(Browser::find(&missing, "o.x", data), None);
}

#[cfg(unix)]
#[test]
fn a_windows_name_on_wayland_is_made_of_its_pages_path() {
    let browser = |profile| Browser {
        program: "/usr/bin/chromium".into(),
        id: "o.x-y".to_owned(),
        profile,
        is_edge: false,
    };
    // Observed with Chromium 156.
    let expect = "chrome-__t_x_a%2Eb_o%2Ex-y%2Ehtml-Default";
    let name = browser(Some("/t/x/a.b".into())).wayland_name();
    assert_eq!(name.as_deref(), Some(expect));
    assert_eq!(browser(None).wayland_name(), None);
}

/// Tests with scripts in place of browsers.
#[cfg(unix)]
mod with_a_script {
    use std::os::unix::fs::PermissionsExt as _;
    use std::thread::sleep;
    use std::time::{Duration, Instant};

    use tempfile::TempDir;

    use super::*;

    /// Creates a folder that contains a page and a browser with this name. The browser writes its
    /// arguments to the file `arguments`. Returns the folder, the browser and the page.
    fn installed(name: &str, script: &str) -> (TempDir, Browser, PathBuf) {
        let folder = tempfile::Builder::new().prefix("a ü'%").tempdir().unwrap();
        let program = folder.path().join(name);
        let log = folder.path().join("arguments");
        let text = format!(
            "#!/bin/sh\nprintf '%s\\n' \"$@\" >\"${{0%/*}}/part\"\nmv \"${{0%/*}}/part\" \"${{0%/*}}/arguments\"\n{script}\n"
        );
        assert!(!log.exists());
        fs::write(&program, text).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let page = folder.path().join("solo_1.html");
        fs::write(&page, "the page").unwrap();
        let choice = Choice::Program(program);
        let browser = Browser::find(&choice, "org.x", &folder.path().join("data")).unwrap();
        (folder, browser, page)
    }

    fn arguments(folder: &TempDir, child: &mut Child) -> Vec<String> {
        assert!(child.wait().unwrap().success());
        let text = fs::read_to_string(folder.path().join("arguments")).unwrap();
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn a_window_has_a_private_profile_with_a_copy_of_its_page() {
        let (folder, browser, page) = installed("chromium", "");
        let mut child = browser.open(&page, Some((800, 600))).unwrap();
        let profile = folder.path().join("data/browser/chromium");
        let copy = profile.join("org.x.html");
        let arguments = arguments(&folder, &mut child);
        assert_eq!(arguments[0], format!("--app={}", file_url::file_url(copy.as_os_str())));
        assert_eq!(arguments[1], format!("--user-data-dir={}", profile.display()));
        assert!(browser.is_window());
        assert_eq!(fs::read_to_string(&copy).unwrap(), "the page");
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&profile), mode(&copy)), (0o700, 0o600));
        // The next page replaces the copy.
        fs::write(&page, "another").unwrap();
        browser.open(&page, None).unwrap().wait().unwrap();
        assert_eq!(fs::read_to_string(&copy).unwrap(), "another");
    }

    #[test]
    fn the_size_is_only_for_the_first_window() {
        let (folder, browser, page) = installed("chromium", "");
        let size = "--window-size=800,600".to_owned();
        let mut child = browser.open(&page, Some((800, 600))).unwrap();
        assert!(arguments(&folder, &mut child).contains(&size));
        fs::create_dir(folder.path().join("data/browser/chromium/Default")).unwrap();
        let mut child = browser.open(&page, Some((800, 600))).unwrap();
        assert!(!arguments(&folder, &mut child).contains(&size));
    }

    #[test]
    fn another_browser_gets_nothing_but_the_page() {
        let (folder, browser, page) = installed("firefox", "");
        assert!(!browser.is_window());
        let mut child = browser.open(&page, Some((800, 600))).unwrap();
        assert_eq!(arguments(&folder, &mut child), [file_url::file_url(page.as_os_str())]);
        assert!(!folder.path().join("data").exists());
    }

    #[test]
    fn a_browser_is_asked_to_end() {
        let (folder, browser, page) = installed("chromium", "exec sleep 600");
        let mut child = browser.open(&page, None).unwrap();
        // The script has replaced itself with `sleep`, or is about to. Neither handles signals.
        let until = Instant::now() + Duration::from_secs(60);
        while !folder.path().join("arguments").exists() {
            assert!(Instant::now() < until);
            sleep(Duration::from_millis(10));
        }
        Browser::close(&mut child).unwrap();
        assert_eq!(child.wait().unwrap().code(), None, "ended by a signal");
        Browser::close(&mut child).unwrap();
    }

    #[test]
    fn a_profile_that_cannot_be_created_is_an_error() {
        let (folder, browser, page) = installed("chromium", "");
        fs::write(folder.path().join("data"), "in the way").unwrap();
        assert!(browser.open(&page, None).is_err());
        assert!(!folder.path().join("arguments").exists());
    }
}
