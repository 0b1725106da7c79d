//! Files in a real browser: browsing a folder with the mouse, seeking in audio, and reloading
//! changed and unchanged files.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

use solohttp::{Handler, Response, Router, StaticFolder};
use solohttp_tests::browser::{Browser, Engine, PATIENCE, Page};
use solohttp_tests::program;
use solohttp_tests::served::{Served, serve};
use tempfile::TempDir;

fn serve_folder(files: &[(&str, &[u8])]) -> (Served, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        write(folder.path(), name, bytes);
    }
    let path = folder.path().to_owned();
    let server = serve(move || app(&path));
    (server, folder)
}

fn app(path: &Path) -> impl Handler + use<> {
    let mut router: Router<()> = Router::new();
    router.get("/", || "<!DOCTYPE html><title>Empty</title>");
    router.get("/favicon.ico", || Response::empty(solohttp::StatusCode::NO_CONTENT));
    router.mount_folder("/files/", StaticFolder::browsable(path));
    router
}

/// Writes a file and backdates it, because browsers trust only modification dates that are well in
/// the past.
fn write(folder: &Path, name: &str, bytes: &[u8]) {
    fs::write(folder.join(name), bytes).unwrap();
    let past = SystemTime::now() - Duration::from_secs(3_600);
    fs::File::options().write(true).open(folder.join(name)).unwrap().set_modified(past).unwrap();
}

/// Returns the statuses of all requests so far whose URL ends in `path`.
fn statuses(page: &mut Page<'_>, path: &str) -> Vec<u16> {
    let log = page.network_log();
    log.into_iter()
        .filter(|entry| entry.url.ends_with(path))
        .filter_map(|entry| entry.status)
        .collect()
}

fn the_tutorial_shows_its_folder_by_mouse(browser: &Browser) {
    let mut command = program::example("static_content");
    command.args(["--port", "0", "--no-browser"]);
    let tutorial = program::launch(command);
    let mut page = browser.page();
    page.open(&tutorial.url);
    page.navigate(|page| page.click("a[href='/static/']"));
    assert!(page.text().contains("static_content.rs"), "{}", page.text());
    page.navigate(|page| page.click("a[href$='intro.rs']"));
    assert!(page.text().starts_with("//! A first application"), "{}", page.text());
    let mut complaints = page.console_errors();
    // Browsers request an icon on their own.
    complaints.retain(|complaint| !complaint.contains("/favicon.ico"));
    assert_eq!(complaints, Vec::<String>::new());
}

fn names_of_any_kind_are_links_that_work(browser: &Browser) {
    let names =
        ["a b.txt", "100%.txt", "what?.txt", "#1.txt", "<i>&'\".txt", "été €.txt", "a+b;c.txt"];
    let names: Vec<&str> =
        if cfg!(windows) { vec!["a b.txt", "100%.txt", "été €.txt"] } else { names.into() };
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (*name, name.as_bytes())).collect();
    let (server, _folder) = serve_folder(&files);
    let mut page = browser.page();
    let list = format!("{}files/", server.url);
    page.open(&list);
    let links =
        "[...document.querySelectorAll('a')].map(a => a.href).filter(a => a.includes('.txt'))";
    let links = page.eval(links);
    let links: Vec<String> = serde_json::from_value(links).unwrap();
    // Names that would mean something else on Windows are neither served nor listed.
    let served: Vec<&&str> = names.iter().filter(|name| !name.contains(['<', '"'])).collect();
    assert_eq!(links.len(), served.len(), "{links:?}");
    for link in links {
        page.open(&link);
        let text = page.text();
        assert!(served.iter().any(|name| **name == text), "{link} shows {text}");
    }
}

fn downloads_keep_names_of_any_kind(browser: &Browser) {
    let names = ["a b.txt", "été €.txt", "a+b;c.txt", "#1.txt", "it's 😀.txt", "100%.txt"];
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (*name, name.as_bytes())).collect();
    let (server, _folder) = serve_folder(&files);
    let mut page = browser.page();
    page.open(&format!("{}files/", server.url));
    page.eval("document.querySelectorAll('a').forEach(a => { a.search = 'download'; })");
    for (number, name) in names.iter().enumerate() {
        page.eval(&format!(
            "[...document.querySelectorAll('a')].find(a => \
             decodeURIComponent(a.pathname).endsWith({name:?})).id = 'n{number}'"
        ));
        page.click(&format!("#n{number}"));
        let deadline = Instant::now() + PATIENCE;
        while page.downloads().len() == number {
            assert!(Instant::now() < deadline, "{name} is not saved");
        }
    }
    // Firefox replaces percent signs in saved file names.
    let engine = page.engine();
    let saved = |name: &str| match engine {
        Engine::Chromium => name.to_owned(),
        Engine::Firefox => name.replace('%', "_"),
    };
    assert_eq!(page.downloads(), names.map(saved));
}

fn an_unchanged_file_is_not_sent_again_and_a_changed_one_is_seen(browser: &Browser) {
    let (server, folder) = serve_folder(&[("note.txt", b"first")]);
    let mut page = browser.page();
    let note = format!("{}files/note.txt", server.url);
    page.open(&note);
    page.open(&note);
    assert_eq!(page.text(), "first");
    assert_eq!(statuses(&mut page, "note.txt"), [200, 304]);
    fs::write(folder.path().join("note.txt"), "second").unwrap();
    page.open(&note);
    assert_eq!(page.text(), "second");
    assert_eq!(statuses(&mut page, "note.txt"), [200, 304, 200]);
}

/// Ten minutes of silence, as 8-bit mono at 8 kHz.
fn sound() -> Vec<u8> {
    let samples = vec![128_u8; 8_000 * 600];
    let length = u32::try_from(samples.len()).unwrap();
    let mut wave = Vec::new();
    wave.extend(b"RIFF");
    wave.extend((length + 36).to_le_bytes());
    wave.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    wave.extend(8_000_u32.to_le_bytes());
    wave.extend(8_000_u32.to_le_bytes());
    wave.extend(b"\x01\0\x08\0data");
    wave.extend(length.to_le_bytes());
    wave.extend(samples);
    wave
}

fn a_sound_seeks_by_range(browser: &Browser) {
    let (server, _folder) = serve_folder(&[("sound.wav", &sound())]);
    let mut page = browser.page();
    page.open(&server.url);
    let seek = "new Promise((done, fail) => {
        const sound = new Audio('/files/sound.wav');
        sound.onerror = () => fail(new Error('the sound does not load'));
        sound.onloadedmetadata = () => { sound.currentTime = 590; };
        sound.onseeked = () => done([Math.round(sound.duration), sound.currentTime]);
        sound.load();
    })";
    assert_eq!(page.eval(seek), serde_json::json!([600, 590]));
    let statuses = statuses(&mut page, "sound.wav");
    assert!(statuses.contains(&206), "{statuses:?}");
}

solohttp_tests::in_each_browser!(
    the_tutorial_shows_its_folder_by_mouse,
    downloads_keep_names_of_any_kind,
    names_of_any_kind_are_links_that_work,
    an_unchanged_file_is_not_sent_again_and_a_changed_one_is_seen,
    a_sound_seeks_by_range,
);
