//! The launch token with a real browser: which clients can open the program's pages, and which
//! can't.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use solohttp::{Response, Router, Server};
use solohttp_tests::browser::{Browser, Page, file_url};
use solohttp_tests::program::Program;
use solohttp_tests::served::{Served, serve_with};
use solohttp_tests::wire::ask;

/// A program that opens the browser through a fake system opener, which only records its argument.
struct Started {
    program: Program,
    folder: tempfile::TempDir,
}

impl Started {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let program = solohttp_tests::program::launch(Self::command(&folder, 0, 0));
        Self { program, folder }
    }

    /// The command that starts the program. The opener exits with `status`.
    fn command(folder: &tempfile::TempDir, port: u16, status: u8) -> Command {
        let mut example = solohttp_tests::program::example_with_token("intro");
        put_opener(&mut example, folder.path(), status);
        example.args(["--port", &port.to_string()]).env("RUST_LOG", "info");
        let data = folder.path().join("data");
        example.env("HOME", folder.path()).env("XDG_DATA_HOME", &data);
        example.env("LOCALAPPDATA", &data).env("APPDATA", &data);
        example
    }

    /// Starts the program again while it is running. Returns whether that succeeded, and the
    /// output.
    fn start_again(&self, port: u16, arguments: &[&str]) -> (bool, String) {
        drop(std::fs::remove_file(self.folder.path().join("opened")));
        run(Self::command(&self.folder, port, 0).args(arguments))
    }

    /// Returns the names of all files in the program's data folder.
    fn names(&self) -> Vec<String> {
        let mut folders = vec![self.folder.path().join("data")];
        let mut names = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                names.push(path.file_name().unwrap().to_string_lossy().into_owned());
                folders.extend(path.is_dir().then_some(path));
            }
        }
        names.sort();
        names
    }

    /// Stops the program and starts it again on the same port.
    fn restart(&mut self) {
        self.opened();
        let port = self.program.addr.port();
        let status = request("POST", self.program.addr, "/quit", &self.bearer()).status;
        assert_eq!(status, 200);
        self.program.wait();
        std::fs::remove_file(self.folder.path().join("opened")).unwrap();
        let command = Self::command(&self.folder, port, 0);
        self.program = solohttp_tests::program::launch(command);
    }

    /// Waits for the argument that the browser was opened with, and returns it.
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

    fn file(&self, name: &str) -> PathBuf {
        find(self.folder.path(), name).unwrap()
    }

    fn token(&self) -> String {
        std::fs::read_to_string(self.file("launch-token")).unwrap()
    }

    fn bearer(&self) -> String {
        format!("Authorization: Bearer {}\r\n", self.token())
    }
}

/// Makes the program use an opener that records its argument in `folder`.
#[cfg(unix)]
fn put_opener(example: &mut Command, folder: &Path, status: u8) {
    use std::os::unix::fs::PermissionsExt as _;
    let openers = folder.join("openers");
    std::fs::create_dir_all(&openers).unwrap();
    for name in ["wslview", "xdg-open", "open"] {
        let opener = openers.join(name);
        let note = folder.join("opened");
        let script = format!("#!/bin/sh\nprintf %s \"$1\" > '{0}~'\n", note.display());
        let script = format!("{script}/bin/mv '{0}~' '{0}'\nexit {status}\n", note.display());
        // The previous opener may still be running, in which case it can't be overwritten.
        let new = opener.with_extension("new");
        std::fs::write(&new, script).unwrap();
        std::fs::set_permissions(&new, std::fs::Permissions::from_mode(0o755)).unwrap();
        std::fs::rename(new, opener).unwrap();
    }
    example.env("PATH", &openers);
}

/// Windows looks for programs in the running program's folder first.
#[cfg(windows)]
fn put_opener(example: &mut Command, folder: &Path, status: u8) {
    let from = PathBuf::from(example.get_program());
    let program = folder.join(from.file_name().unwrap());
    let opener = PathBuf::from(env!("CARGO_BIN_EXE_opener"));
    let openers = ["rundll32.exe", "reg.exe", "browser.exe"].map(|name| folder.join(name));
    for (from, to) in [(&from, &program)].into_iter().chain(openers.iter().map(|to| (&opener, to)))
    {
        // An existing copy may be running, and has the same content anyway.
        if !to.exists() {
            std::fs::copy(from, to).unwrap();
        }
    }
    let mut moved = Command::new(program);
    moved.args(example.get_args());
    *example = moved;
    example.env("OPENED", folder.join("opened")).env("STATUS", status.to_string());
}

/// Finds a file with this name below this folder.
fn find(folder: &Path, name: &str) -> Option<PathBuf> {
    std::fs::read_dir(folder).ok()?.flatten().find_map(|entry| {
        let path = entry.path();
        if path.is_dir() { find(&path, name) } else { path.ends_with(name).then_some(path) }
    })
}

/// Runs the command to completion. Returns whether it succeeded, and its output.
fn run(command: &mut Command) -> (bool, String) {
    let output = output(command).unwrap();
    let printed = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(printed).unwrap())
}

/// Runs the command, and retries while its program is busy. If another thread forks while a program
/// is being copied, the forked child has the copy open for writing until it calls exec.
fn output(command: &mut Command) -> std::io::Result<std::process::Output> {
    loop {
        match command.output() {
            Err(error) if error.kind() == std::io::ErrorKind::ExecutableFileBusy => {}
            output => return output,
        }
    }
}

/// Returns the sign-in link in a program's output.
fn sign_in_link(printed: &str) -> &str {
    printed.split("one minute: ").nth(1).unwrap().split_whitespace().next().unwrap()
}

fn get(addr: SocketAddr, target: &str, fields: &str) -> solohttp_tests::wire::Reply {
    request("GET", addr, target, fields)
}

fn request(
    method: &str,
    addr: SocketAddr,
    target: &str,
    fields: &str,
) -> solohttp_tests::wire::Reply {
    let request = format!("{method} {target} HTTP/1.1\r\nHost: {addr}\r\n{fields}\r\n");
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

fn the_browser_that_is_opened_is_let_in_also_after_a_restart(browser: &Browser) {
    let mut started = Started::new();
    let url = started.program.url.clone();
    let mut page = browser.page();
    // Whether the empty page of a new tab is in the history depends on the browser.
    page.open(&url);
    let before = page.eval("history.length").as_i64().unwrap();
    page.open(&file_url(started.opened().as_ref()));
    page.wait_for(&format!(
        "location.href === '{url}' && document.body.innerText.includes('Peace')"
    ));
    let length = page.eval("history.length");
    assert_eq!(length, before + 1, "neither the file nor the sign-in link remains");
    assert_eq!(page.eval("document.cookie"), "", "scripts can't read the token");

    started.restart();
    page.open(&url);
    assert!(page.text().contains("Peace"), "a bookmark: {}", page.text());
    page.open(&file_url(started.opened().as_ref()));
    page.wait_for(&format!("location.href === '{url}'"));
}

/// Without a display, `xdg-open` exits with status 3.
fn without_a_browser_the_sign_in_link_is_printed(browser: &Browser) {
    let folder = tempfile::tempdir().unwrap();
    let mut program = solohttp_tests::program::launch(Started::command(&folder, 0, 3));
    let address = sign_in_link(&program.wait_for_line("One-time sign-in link")).to_owned();
    let mut page = browser.page();
    page.open(&address);
    page.wait_for(&format!(
        "location.href === '{}' && document.body.innerText.includes('Peace')",
        program.url
    ));
}

/// Checks that opening this address leads to the start page.
fn is_let_in(page: &mut Page<'_>, address: &str, url: &str) {
    page.open(address);
    page.wait_for(&format!(
        "location.href === '{url}' && document.body.innerText.includes('Peace')"
    ));
}

fn a_second_start_lets_a_new_browser_in(started: &Started, port: u16, browser: &Browser) {
    let url = &started.program.url;
    started.opened();
    let before = started.names();
    let mut page = browser.page();
    page.open(url);
    assert!(page.text().contains("Start the program again"), "{}", page.text());
    let (ended_well, printed) = started.start_again(port, &[]);
    assert!(ended_well, "{printed}");
    assert!(printed.contains(&format!("Already running; opened in the browser.\n{url}\n")));
    let launch_file = started.opened();
    let ticket = ticket_in(&launch_file);
    assert!(!printed.contains(&ticket), "{printed}");
    is_let_in(&mut page, &file_url(launch_file.as_ref()), url);
    page.open(url);
    assert!(page.text().contains("Peace"), "from now on it is known: {}", page.text());
    assert_eq!(get(started.program.addr, &format!("/__launch?t={ticket}"), "").status, 401);
    assert_eq!(started.names(), before, "neither ticket nor launch file remains");
}

fn a_second_start_lets_in_a_browser_that_the_first_does_not_know(browser: &Browser) {
    let mut started = Started::new();
    // Port 0 means any port, so the second start finds the running instance on whatever port it
    // has.
    a_second_start_lets_a_new_browser_in(&started, 0, browser);
    started.restart();
    let port = started.program.addr.port();
    let unknown = || Browser::shared(browser.engine());
    a_second_start_lets_a_new_browser_in(&started, port, &unknown());

    let (ended_well, printed) = started.start_again(port, &["--no-browser"]);
    assert!(ended_well && printed.contains("Already running.\n"), "{printed}");
    is_let_in(&mut unknown().page(), sign_in_link(&printed), &started.program.url);
}

fn a_second_start_without_a_browser_prints_the_sign_in_link(browser: &Browser) {
    let started = Started::new();
    let (ended_well, printed) = run(&mut Started::command(&started.folder, 0, 3));
    assert!(ended_well && printed.contains("Already running.\n"), "{printed}");
    is_let_in(&mut browser.page(), sign_in_link(&printed), &started.program.url);
}

/// The path contains spaces, shell metacharacters, and characters outside every code page.
#[test]
fn the_browser_gets_the_whole_path_of_the_launch_file() {
    // On Windows, the registry may or may not name the default browser.
    for is_registered in [false, true] {
        let folder = tempfile::Builder::new().prefix("Größe 100% & ^Söhne (漢字) 🎷 ").tempdir();
        let folder = folder.unwrap();
        let mut command = Started::command(&folder, 0, 0);
        if is_registered {
            command.env("REGISTERED", folder.path().join("browser.exe"));
        }
        let program = solohttp_tests::program::launch(command);
        let started = Started { program, folder };
        let opened = PathBuf::from(started.opened());
        assert!(opened.starts_with(started.folder.path()), "{}", opened.display());
        assert_eq!(ticket_in(opened.to_str().unwrap()).len(), 32);
    }
}

#[test]
fn a_second_start_opens_no_foreign_program_that_took_the_port_after_a_crash() {
    let mut started = Started::new();
    started.restart();
    started.opened();
    let Started { program, folder, .. } = started;
    let port = program.addr.port();
    drop(program);
    assert!(find(folder.path(), "address").is_some(), "killed, so its files remain");
    let stranger = std::net::TcpListener::bind(("127.0.0.1", port)).unwrap();
    std::fs::remove_file(folder.path().join("opened")).unwrap();
    let (ended_well, printed) = run(&mut Started::command(&folder, port, 0));
    assert!(
        !ended_well && printed.contains(&format!("port {port} is already in use")),
        "{printed}"
    );
    assert!(!folder.path().join("opened").exists());
    stranger.set_nonblocking(true).unwrap();
    assert!(stranger.accept().is_err(), "it must not receive a connection");
    drop(stranger);
    let program = solohttp_tests::program::launch(Started::command(&folder, port, 0));
    assert_eq!(program.addr.port(), port, "no manual cleanup is needed");
}

#[test]
fn without_a_browser_the_token_stays_on_and_is_turned_off_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let mut program = solohttp_tests::program::launch({
        let mut command = Started::command(&folder, 0, 0);
        command.arg("--no-browser");
        command
    });
    program.wait_for_line("the launch token is on; turn it off with `--no-token`");
    assert_eq!(get(program.addr, "/", "").status, 401);
    let link = sign_in_link(&program.wait_for_line("One-time sign-in link")).to_owned();
    let target = &link[program.url.len() - 1..];
    let page = get(program.addr, target, "");
    assert!(page.status == 200 && page.header("set-cookie").is_some());
    assert!(!folder.path().join("opened").exists());

    let mut command = Started::command(&folder, 0, 0);
    let mut open = solohttp_tests::program::launch({
        command.args(["--no-browser", "--no-token"]);
        command
    });
    open.wait_for_line("Any user or program on this machine can connect");
    assert_eq!(get(open.addr, "/", "").status, 200);
}

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

/// A test can't create an account, but root can switch to an existing one, here `nobody` with its
/// usual user ID. Without root, this test only prints a note, but the test above still runs.
#[cfg(unix)]
#[test]
fn another_account_gets_no_page_and_learns_the_token_from_nothing() {
    use std::os::unix::fs::PermissionsExt as _;
    use std::os::unix::process::CommandExt as _;
    const NOBODY: u32 = 65_534;
    let started = Started::new();
    let launch_file = started.opened();
    let ticket = ticket_in(&launch_file);
    // Copies the program to where others can run it. Others can enter the parent folder, too, so
    // only the modes of the program's own files and folders protect them.
    let open_to_all = std::fs::Permissions::from_mode(0o755);
    let stranger = started.folder.path().join("stranger");
    std::fs::copy(env!("CARGO_BIN_EXE_stranger"), &stranger).unwrap();
    for path in [&stranger, started.folder.path()] {
        std::fs::set_permissions(path, open_to_all.clone()).unwrap();
    }
    let mut asked = Command::new(&stranger);
    asked.arg(started.program.addr.to_string()).arg(&launch_file);
    asked.arg(started.file("launch-token")).arg(started.folder.path());
    let output = match output(asked.uid(NOBODY).gid(NOBODY)) {
        Ok(output) => output,
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
            return eprintln!("only root can try this as another account: {error}");
        }
        Err(error) => panic!("{error}"),
    };
    let learnt = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(learnt.lines().next(), Some("65534"), "it ran as another user");
    for secret in [started.token(), ticket, "Peace".to_owned(), "sum of".to_owned()] {
        assert!(!learnt.contains(&secret), "{secret} is in:\n{learnt}");
    }
    let answers: Vec<&str> = learnt.lines().filter(|line| line.starts_with("page ")).collect();
    assert_eq!(answers.len(), 96);
    for answer in answers {
        assert!(answer.ends_with(" 401") || answer.ends_with(" 403"), "{answer}");
    }
    // None of that had any effect, and a client with the token is still served.
    assert_eq!(get(started.program.addr, "/", &started.bearer()).status, 200);
}

/// The second start fails both with a data folder of its own and with the first program's data
/// folder, which it can't read.
#[cfg(unix)]
#[test]
fn a_second_start_by_another_account_is_rejected() {
    use std::os::unix::fs::{PermissionsExt as _, chown};
    use std::os::unix::process::CommandExt as _;
    const NOBODY: u32 = 65_534;
    let mut started = Started::new();
    started.restart();
    // Waits for the program's launch file, because file names are compared below.
    started.opened();
    let port = started.program.addr.port();
    let as_nobody = |data: &Path| {
        let command = Started::command(&started.folder, port, 0);
        let intro = started.folder.path().join("intro");
        std::fs::copy(command.get_program(), &intro).unwrap();
        let open_to_all = std::fs::Permissions::from_mode(0o755);
        for path in [&intro, started.folder.path()] {
            std::fs::set_permissions(path, open_to_all.clone()).unwrap();
        }
        let mut other = Command::new(&intro);
        other.args(command.get_args()).uid(NOBODY).gid(NOBODY);
        other.env("PATH", started.folder.path().join("openers"));
        other.env("HOME", started.folder.path()).env("XDG_DATA_HOME", data);
        other
    };
    let own = started.folder.path().join("own");
    std::fs::create_dir(&own).unwrap();
    if let Err(error) = chown(&own, Some(NOBODY), Some(NOBODY)) {
        return eprintln!("only root can try this as another account: {error}");
    }
    for data in [own, started.folder.path().join("data")] {
        let before = started.names();
        let (ended_well, printed) = run(&mut as_nobody(&data));
        assert!(
            !ended_well && printed.contains(&format!("port {port} is already in use")),
            "{printed}"
        );
        assert!(!printed.contains("Already running") && !printed.contains("__launch"), "{printed}");
        assert_eq!(started.names(), before);
    }
}

/// Returns the ticket in a launch file.
fn ticket_in(launch_file: &str) -> String {
    let page = std::fs::read_to_string(launch_file).unwrap();
    let ticket = page.split("?t=").nth(1).unwrap();
    ticket.chars().take_while(char::is_ascii_hexdigit).collect()
}

fn a_link_from_elsewhere_asks_for_one_click(browser: &Browser) {
    let (server, folder) = served();
    let token = std::fs::read_to_string(folder.path().join("launch-token")).unwrap();
    let target = server.url.clone();
    let elsewhere = solohttp_tests::served::serve(move || {
        move || Response::html(format!("<title>Mail</title><a href=\"{target}\">app</a>"))
    });
    let mut page = browser.page();
    // This page is on another site, not just another port: `localhost` is cross-site to
    // `127.0.0.1`.
    let mail = format!("http://localhost:{}/", elsewhere.addr.port());
    let cookie = format!("solo_{}={token}; Path=/; SameSite=Strict", server.addr.port());
    page.open(&server.url);
    page.eval(&format!("document.cookie = '{cookie}'"));
    page.open(&server.url);
    assert_eq!(page.text(), "in");
    page.open(&mail);
    page.navigate(|page| page.click("a"));
    assert!(page.text().contains("You followed a link from another site"), "{}", page.text());
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
    assert_eq!(ask(server.addr, evil).status, 403, "the host is checked first");
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
    let with = |argument: &str| Server::new().arguments([argument.to_owned()]).unwrap();
    assert!(!listening(Server::new()));
    assert!(listening(Server::new().open_browser("/")));
    assert!(!listening(Server::new().open_browser("/").launch_token(false)));
    // The token is still required if the program starts without a browser.
    assert!(listening(with("--no-browser").open_browser("/")));
    assert!(!listening(with("--no-browser")));
    assert!(listening(with("--no-browser").launch_token(true)));
    assert!(!listening(with("--no-token").open_browser("/")));
    assert!(!listening(with("--no-token").launch_token(true)));
}

#[test]
fn a_program_that_binds_by_itself_gets_links_that_sign_in() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_owned();
    let server = move || {
        let server = Server::new().launch_token(true).data_folder(data.clone()).quiet().port(0);
        server.open_browser("/week").arguments(["--no-browser".to_owned()]).unwrap()
    };
    let (sender, receiver) = std::sync::mpsc::channel();
    let first = server.clone();
    let thread = std::thread::spawn(move || {
        let listening = first().bind().unwrap();
        let links = [listening.launch_url().unwrap(), listening.launch_url().unwrap()];
        sender.send((listening.address(), listening.stop_handle(), links)).unwrap();
        listening.run(|| "in").unwrap();
    });
    let (addr, stop, links) = receiver.recv().unwrap();
    let Err(solohttp::Error::AlreadyRunning(second)) = server().bind() else {
        panic!("two instances are running")
    };
    assert_eq!(second.url(), format!("http://{addr}/"));
    let others = [second.launch_url().unwrap(), second.launch_url().unwrap()];
    for link in links.into_iter().chain(others) {
        let page = get(addr, &link[second.url().len() - 1..], "");
        assert_eq!(page.status, 200, "{link}");
        assert!(page.text().contains("url=/week\""), "the start page: {}", page.text());
    }
    assert!(server().instance("another").bind().is_ok());
    // If the program is already running, `run` succeeds.
    server().run(|| "not served").unwrap();
    stop.stop();
    thread.join().unwrap();
    assert!(server().bind().is_ok(), "the first one has ended");
}

/// A program that is still sending its last response no longer accepts connections, and its port is
/// free.
#[test]
fn a_program_that_is_ending_is_no_running_one() {
    use std::io::{Read as _, Write as _};
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_owned();
    let server = move || {
        let mut limits = solohttp::Limits::default();
        limits.shut_down = std::time::Duration::from_secs(600);
        let server = Server::new().launch_token(true).data_folder(data.clone());
        server.limits(limits).quiet().port(0)
    };
    let (sender, receiver) = std::sync::mpsc::channel();
    let first = server.clone();
    let thread = std::thread::spawn(move || {
        let listening = first().bind().unwrap();
        let token = listening.token().unwrap().to_owned();
        sender.send((listening.address(), listening.stop_handle(), token)).unwrap();
        listening.run(|| Response::bytes("text/plain", vec![b'x'; 64 << 20])).unwrap();
    });
    let (addr, stop, token) = receiver.recv().unwrap();
    let mut client = std::net::TcpStream::connect(addr).unwrap();
    write!(client, "GET / HTTP/1.1\r\nHost: {addr}\r\nAuthorization: Bearer {token}\r\n\r\n")
        .unwrap();
    client.read_exact(&mut [0]).unwrap();
    stop.stop();
    while std::net::TcpStream::connect(addr).is_ok() {
        std::thread::yield_now();
    }
    let second = server().bind().unwrap();
    let Err(solohttp::Error::AlreadyRunning(found)) = server().bind() else {
        panic!("two instances are running")
    };
    assert_eq!(found.url(), second.url());
    drop(client);
    thread.join().unwrap();
}

solohttp_tests::in_each_browser!(
    without_a_browser_the_sign_in_link_is_printed,
    another_browser_sees_how_to_get_in_and_nothing_else,
    a_second_start_without_a_browser_prints_the_sign_in_link,
    a_link_from_elsewhere_asks_for_one_click;
    launch:
    the_browser_that_is_opened_is_let_in_also_after_a_restart,
    a_second_start_lets_in_a_browser_that_the_first_does_not_know,
);
