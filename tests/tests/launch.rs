//! The launch token with a real browser: who opens the program's pages, and who cannot.

use std::net::SocketAddr;
use std::process::Command;

use solohttp::{Response, Router, Server};
use solohttp_tests::browser::{Browser, Engine};
use solohttp_tests::program::Program;
use solohttp_tests::served::{Served, serve_with};
use solohttp_tests::wire::ask;

/// A program that opens the browser by itself; its opener only notes what it was given.
#[cfg(unix)]
struct Started {
    program: Program,
    folder: tempfile::TempDir,
}

#[cfg(unix)]
impl Started {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let program = Self::start(&folder, 0, 0);
        Self { program, folder }
    }

    /// Its opener ends with this status.
    fn start(folder: &tempfile::TempDir, port: u16, status: u8) -> Program {
        use std::os::unix::fs::PermissionsExt as _;
        let openers = folder.path().join("openers");
        std::fs::create_dir_all(&openers).unwrap();
        for name in ["wslview", "xdg-open", "open"] {
            let opener = openers.join(name);
            let note = folder.path().join("opened");
            let script = format!("#!/bin/sh\nprintf %s \"$1\" > '{0}~'\n", note.display());
            let script = format!("{script}/bin/mv '{0}~' '{0}'\nexit {status}\n", note.display());
            std::fs::write(&opener, script).unwrap();
            std::fs::set_permissions(&opener, std::fs::Permissions::from_mode(0o755)).unwrap();
        }
        let mut intro = solohttp_tests::program::example("intro");
        intro.args(["--port", &port.to_string()]).env("PATH", &openers);
        intro.env("HOME", folder.path()).env("XDG_DATA_HOME", folder.path().join("data"));
        solohttp_tests::program::launch(intro)
    }

    /// Ends it and starts it again on the same port.
    fn restart(&mut self) {
        let port = self.program.addr.port();
        let status = get(self.program.addr, "/quit", &self.bearer()).status;
        assert_eq!(status, 200);
        self.program.wait();
        std::fs::remove_file(self.folder.path().join("opened")).unwrap();
        self.program = Self::start(&self.folder, port, 0);
    }

    /// What the browser was started with.
    fn opened(&self) -> String {
        let note = self.folder.path().join("opened");
        let deadline = std::time::Instant::now() + solohttp_tests::program::PATIENCE;
        loop {
            match std::fs::read_to_string(&note) {
                Ok(path) => return path,
                Err(error) if std::time::Instant::now() > deadline => panic!("{error}"),
                Err(_) => std::thread::yield_now(),
            }
        }
    }

    fn file(&self, name: &str) -> std::path::PathBuf {
        find(self.folder.path(), name).unwrap()
    }

    fn token(&self) -> String {
        std::fs::read_to_string(self.file("launch-token")).unwrap()
    }

    fn bearer(&self) -> String {
        format!("Authorization: Bearer {}\r\n", self.token())
    }
}

/// A file of this name, below this folder.
#[cfg(unix)]
fn find(folder: &std::path::Path, name: &str) -> Option<std::path::PathBuf> {
    std::fs::read_dir(folder).ok()?.flatten().find_map(|entry| {
        let path = entry.path();
        if path.is_dir() { find(&path, name) } else { path.ends_with(name).then_some(path) }
    })
}

fn get(addr: SocketAddr, target: &str, fields: &str) -> solohttp_tests::wire::Reply {
    let request = format!("GET {target} HTTP/1.1\r\nHost: {addr}\r\n{fields}\r\n");
    ask(addr, request.as_bytes())
}

fn served() -> (Served, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_owned();
    let server = move || Server::new().launch_token(true).data_folder(data).public_asset("/logo");
    let served = serve_with(server, || {
        let mut router: Router<()> = Router::new();
        router.get("/", || Response::html("<title>In</title>in"));
        router.get("/logo", || Response::text("logo"));
        router
    });
    (served, folder)
}

#[cfg(unix)]
fn the_browser_that_is_opened_is_let_in_also_after_a_restart(browser: &Browser) {
    let mut started = Started::new();
    let mut page = browser.page();
    page.open(&format!("file://{}", started.opened()));
    let url = started.program.url.clone();
    page.wait_for(&format!(
        "location.href === '{url}' && document.body.innerText.includes('Peace')"
    ));
    // The empty page of a new tab counts in Chromium, and does not in Firefox.
    let length = match page.engine() {
        Engine::Chromium => 2,
        Engine::Firefox => 1,
    };
    assert_eq!(page.eval("history.length"), length, "neither the file nor the way in stays behind");
    assert_eq!(page.eval("document.cookie"), "", "scripts do not see the token");

    started.restart();
    page.open(&url);
    assert!(page.text().contains("Peace"), "a bookmark: {}", page.text());
    page.open(&format!("file://{}", started.opened()));
    page.wait_for(&format!("location.href === '{url}'"));
}

/// Without a display, `xdg-open` is there and ends with status 3.
#[cfg(unix)]
fn a_person_is_told_the_way_in_if_no_browser_could_be_opened(browser: &Browser) {
    let folder = tempfile::tempdir().unwrap();
    let mut program = Started::start(&folder, 0, 3);
    let line = program.wait_for_line("To let a browser in");
    let address = line.split("minute: ").nth(1).unwrap().to_owned();
    let mut page = browser.page();
    page.open(&address);
    page.wait_for(&format!(
        "location.href === '{}' && document.body.innerText.includes('Peace')",
        program.url
    ));
}

#[cfg(unix)]
fn another_browser_sees_how_to_get_in_and_nothing_else(browser: &Browser) {
    let started = Started::new();
    let mut page = browser.page();
    page.open(&started.program.url);
    assert!(page.text().contains("Start the program again"), "{}", page.text());
    for target in ["/", "/add/1/2", "/missing", "/__launch", "/__launch?t=", "/__launch?t=0"] {
        assert_eq!(get(started.program.addr, target, "").status, 401, "{target}");
    }
    assert_eq!(get(started.program.addr, "/", &started.bearer()).status, 200);
}

#[cfg(unix)]
#[test]
fn the_token_is_in_no_line_of_a_list_and_in_files_of_ours_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let mut started = Started::new();
    let launch_file = started.opened();
    let (token, ticket) = (started.token(), ticket_in(&launch_file));
    for path in [started.file("launch-token"), launch_file.into()] {
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", path.display());
    }
    for line in started.program.output() {
        assert!(!line.contains(&token) && !line.contains(&ticket), "{line}");
    }
    let listed = Command::new("ps").args(["axeww"]).output().unwrap();
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    assert!(listed.contains("intro"), "our own process is in the list: {listed}");
    for process in listed.lines() {
        assert!(!process.contains(&token) && !process.contains(&ticket), "{process}");
    }
}

/// A test cannot make an account, but root may become one: `nobody`, as everywhere by number. Who
/// is not root gets told, and has the test above.
#[cfg(unix)]
#[test]
fn another_account_gets_no_page_and_learns_the_token_from_nothing() {
    use std::os::unix::fs::PermissionsExt as _;
    use std::os::unix::process::CommandExt as _;
    const NOBODY: u32 = 65_534;
    let started = Started::new();
    let launch_file = started.opened();
    let ticket = ticket_in(&launch_file);
    // Where others can run it; and what stands above our files is opened for them too, so that
    // nothing but the modes of our own files and folders is in their way.
    let open_to_all = std::fs::Permissions::from_mode(0o755);
    let stranger = started.folder.path().join("stranger");
    std::fs::copy(env!("CARGO_BIN_EXE_stranger"), &stranger).unwrap();
    for path in [&stranger, started.folder.path()] {
        std::fs::set_permissions(path, open_to_all.clone()).unwrap();
    }
    let mut asked = Command::new(&stranger);
    asked.arg(started.program.addr.to_string()).arg(&launch_file);
    asked.arg(started.file("launch-token")).arg(started.folder.path());
    let output = match asked.uid(NOBODY).gid(NOBODY).output() {
        Ok(output) => output,
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
            return eprintln!("only root can try this as another account: {error}");
        }
        Err(error) => panic!("{error}"),
    };
    let learnt = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(learnt.lines().next(), Some("65534"), "it was somebody else");
    for secret in [started.token(), ticket, "Peace".to_owned(), "sum of".to_owned()] {
        assert!(!learnt.contains(&secret), "{secret} is in:\n{learnt}");
    }
    let answers: Vec<&str> = learnt.lines().filter(|line| line.starts_with("page ")).collect();
    assert_eq!(answers.len(), 96);
    for answer in answers {
        assert!(answer.ends_with(" 401") || answer.ends_with(" 403"), "{answer}");
    }
    // Nothing of that had an effect, and who has the token is served.
    assert_eq!(get(started.program.addr, "/", &started.bearer()).status, 200);
}

/// What the launch file would let a browser in with.
#[cfg(unix)]
fn ticket_in(launch_file: &str) -> String {
    let page = std::fs::read_to_string(launch_file).unwrap();
    page.split("t=").nth(1).unwrap()[..32].to_owned()
}

fn a_link_from_elsewhere_asks_for_one_click(browser: &Browser) {
    let (server, folder) = served();
    let token = std::fs::read_to_string(folder.path().join("launch-token")).unwrap();
    let target = server.url.clone();
    let elsewhere = solohttp_tests::served::serve(move || {
        move || Response::html(format!("<title>Mail</title><a href=\"{target}\">app</a>"))
    });
    let mut page = browser.page();
    // Another site, not only another port: `localhost` is one to `127.0.0.1`.
    let mail = format!("http://localhost:{}/", elsewhere.addr.port());
    let cookie = format!("solo_{}={token}; Path=/; SameSite=Strict", server.addr.port());
    page.open(&server.url);
    page.eval(&format!("document.cookie = '{cookie}'"));
    page.open(&server.url);
    assert_eq!(page.text(), "in");
    page.open(&mail);
    page.navigate(|page| page.click("a"));
    assert!(page.text().contains("A link from another site led here"), "{}", page.text());
    page.navigate(|page| page.click("a"));
    assert_eq!(page.text(), "in");
}

#[test]
fn the_token_covers_everything_but_what_is_public() {
    let (server, folder) = served();
    let token = std::fs::read_to_string(folder.path().join("launch-token")).unwrap();
    let bearer = format!("Authorization: Bearer {token}\r\n");
    let status = |target: &str, fields: &str| get(server.addr, target, fields).status;
    assert_eq!((status("/", ""), status("/missing", ""), status("/__launch", "")), (401, 401, 401));
    assert_eq!((status("/", &bearer), status("/missing", &bearer)), (200, 404));
    assert_eq!(
        (status("/logo", ""), status("/logo", "Sec-Fetch-Site: cross-site\r\n")),
        (200, 200)
    );
    let post = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999\r\n\r\n";
    assert_eq!(ask(server.addr, post).status, 401, "before the body");
    assert_eq!(ask(server.addr, b"GET / HTTP/1.0\r\n\r\n").status, 400, "no browser sends that");
    let evil = b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n";
    assert_eq!(ask(server.addr, evil).status, 403, "the name comes first");
}

#[test]
fn without_a_browser_to_open_there_is_no_token_unless_asked_for() {
    let listening = |server: Server| {
        let folder = tempfile::tempdir().unwrap();
        let listening = server.port(0).quiet().data_folder(folder.path()).bind().unwrap();
        let token = listening.token().map(str::to_owned);
        let kept = std::fs::read_to_string(folder.path().join("launch-token")).ok();
        assert_eq!(token, kept);
        token.is_some()
    };
    let without = || Server::new().arguments(["--no-browser".to_owned()]).unwrap();
    assert!(!listening(Server::new()));
    assert!(!listening(without().open_browser("/")));
    assert!(listening(Server::new().open_browser("/")));
    assert!(listening(without().launch_token(true)));
    assert!(!listening(Server::new().open_browser("/").launch_token(false)));
}

solohttp_tests::in_each_browser!(
    #[cfg(unix)]
    the_browser_that_is_opened_is_let_in_also_after_a_restart,
    #[cfg(unix)]
    a_person_is_told_the_way_in_if_no_browser_could_be_opened,
    #[cfg(unix)]
    another_browser_sees_how_to_get_in_and_nothing_else,
    a_link_from_elsewhere_asks_for_one_click,
);
