//! A desktop program in a real window. Only one instance of it runs, and it exits when its last
//! window is closed. Each test has its own X server and window manager.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use solohttp_tests::wire::PATIENCE;
use tempfile::TempDir;

mod matrix;
mod one_instance;
mod opening;

/// The file in the data folder that stores the port of the last start.
const PORT: &str = "desktop/port";

/// An X server with a virtual screen, and a window manager.
struct Display {
    name: String,
    server: Child,
    manager: Child,
}

impl Display {
    fn start() -> Self {
        let mut server = Command::new("Xvfb");
        server.args(["-displayfd", "1", "-screen", "0", "1200x900x24", "-nolisten", "tcp"]);
        // Otherwise, it restarts whenever its last client disconnects.
        server.arg("-noreset");
        let mut server = start(server.stdout(Stdio::piped()).stderr(Stdio::null()));
        let mut number = String::new();
        let mut printed = BufReader::new(server.stdout.take().unwrap());
        printed.read_line(&mut number).unwrap();
        let name = format!(":{}", number.trim());
        let mut manager = Command::new("openbox");
        let manager = start(manager.env("DISPLAY", &name).stderr(Stdio::null()));
        Self { name, server, manager }
    }

    fn run(&self, program: &str, arguments: &[&str]) -> String {
        let mut command = Command::new(program);
        let output = command.args(arguments).env("DISPLAY", &self.name).output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Returns the ids of the windows with this title.
    fn windows(&self, title: &str) -> Vec<String> {
        let list = self.run("wmctrl", &["-l"]);
        // ID DESKTOP HOST TITLE
        let lines = list.lines().map(|line| line.splitn(4, ' ').collect::<Vec<_>>());
        let lines = lines.filter(|words| words.last().is_some_and(|last| last.ends_with(title)));
        lines.map(|words| words[0].to_owned()).collect()
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        for child in [&mut self.manager, &mut self.server] {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

#[track_caller]
fn start(command: &mut Command) -> Child {
    match command.spawn() {
        Ok(child) => child,
        Err(error) => panic!(
            "cannot start {command:?}: {error}. Run `cargo xtask test`, which installs the needed \
             tools, or `sudo apt-get install xvfb openbox wmctrl xdotool`."
        ),
    }
}

/// A user's home folder, with all the program's files.
struct Home {
    folder: TempDir,
    display: Display,
}

impl Home {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        fs::create_dir(folder.path().join("Lager – a b")).unwrap();
        let home = Self { folder, display: Display::start() };
        home.script("wrapper", &format!(
            "exec {} {} \"$@\"",
            xtask::browser::CHROMIUM.find().unwrap().display(),
            // Chromium can't use its sandbox as root, and should send requests only to the program.
            "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update \
             --disable-dev-shm-usage --disable-quic"
        ));
        home
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn data(&self) -> PathBuf {
        self.path("Lager – a b")
    }

    fn script(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, format!("#!/bin/sh\nPATH=/usr/bin:/bin\n{text}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    /// Replaces the default browser by a script that saves the page.
    fn save_opened_page(&self) {
        self.script("xdg-mime", "exit 1");
        let saved = self.path("opened").display().to_string();
        self.script("xdg-open", &format!("cp \"$1\" '{saved}.new' && mv '{saved}.new' '{saved}'"));
    }

    /// Waits for the saved page.
    fn opened_page(&self) -> String {
        wait("a page", || self.path("opened").exists(), || self.log());
        fs::read_to_string(self.path("opened")).unwrap()
    }

    /// Returns the command that starts the program with a window.
    fn command(&self) -> Command {
        let mut command = self.command_with(&[]);
        command.arg("--browser").arg(self.path("wrapper"));
        command
    }

    fn command_with(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stock"));
        command.env("DISPLAY", &self.display.name).env("HOME", self.folder.path());
        command.env("PATH", format!("{}:{}", self.folder.path().display(), env!("PATH")));
        command.env_remove("CARGO_MANIFEST_DIR").env_remove("XDG_DATA_HOME");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.arg("--data").arg(self.data()).args(arguments);
        command
    }

    fn start(&self) -> Stock<'_> {
        self.start_by(&mut self.command())
    }

    fn start_by(&self, command: &mut Command) -> Stock<'_> {
        Stock { home: self, child: start(command) }
    }

    /// Starts the program and waits until its page is shown.
    fn open(&self) -> Stock<'_> {
        let before = self.streams();
        let stock = self.start();
        self.wait_for_streams(before + 1);
        stock
    }

    /// Starts the program, and waits for its only window.
    fn open_window(&self) -> Stock<'_> {
        let stock = self.open();
        self.wait_for_windows(1);
        stock
    }

    fn log(&self) -> String {
        fs::read_to_string(self.data().join("logs").join("log.txt")).unwrap_or_default()
    }

    /// Returns how many times a page has opened the stream.
    fn streams(&self) -> usize {
        self.log().matches("GET /__desktop/events -> 200").count()
    }

    #[track_caller]
    fn wait_for_streams(&self, count: usize) {
        wait("a page that is open", || self.streams() >= count, || self.log());
    }

    #[track_caller]
    fn wait_for_windows(&self, count: usize) {
        let is_there = || self.display.windows("Stock").len() == count;
        wait(&format!("{count} windows"), is_there, || self.display.run("wmctrl", &["-l"]));
    }

    fn close_a_window(&self) {
        let windows = self.display.windows("Stock");
        self.display.run("wmctrl", &["-i", "-c", windows.last().unwrap()]);
    }

    fn port(&self) -> u16 {
        fs::read_to_string(self.data().join(PORT)).unwrap().trim().parse().unwrap()
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(SocketAddr::from(([127, 0, 0, 1], self.port()))).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// Sends a request with the launch token, like a script run by the user.
    fn send(&self, request: &str) -> TcpStream {
        let token = fs::read_to_string(self.data().join("launch-token")).unwrap();
        let mut stream = self.connect();
        let head = format!("Host: localhost\r\nAuthorization: Bearer {}\r\n", token.trim());
        let length = if request.starts_with("POST") { "Content-Length: 0\r\n" } else { "" };
        write!(stream, "{request} HTTP/1.0\r\n{head}{length}\r\n").unwrap();
        stream
    }

    fn ask(&self, request: &str) -> String {
        let mut text = String::new();
        self.send(request).read_to_string(&mut text).unwrap();
        text
    }

    /// Returns the processes of the program's own browser.
    fn browsers(&self) -> Vec<u32> {
        let profile = format!("--user-data-dir={}", self.data().display());
        processes(|line| line.contains(&profile))
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        for process in self.browsers() {
            signal(process, "KILL");
        }
    }
}

/// A running instance of the program.
struct Stock<'a> {
    home: &'a Home,
    child: Child,
}

impl Stock<'_> {
    #[track_caller]
    fn wait_for_end(&mut self) -> ExitStatus {
        let home = self.home;
        wait("the end of the program", || self.has_ended(), || home.log());
        self.child.wait().unwrap()
    }

    /// Closes the last window, which ends the program.
    #[track_caller]
    fn end_with_its_window(&mut self) {
        self.home.close_a_window();
        assert!(self.wait_for_end().success());
    }

    fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// Checks that the program keeps running for `time`.
    #[track_caller]
    fn stays(&mut self, time: Duration) {
        let until = Instant::now() + time;
        while Instant::now() < until {
            assert!(!self.has_ended(), "it has ended:\n{}", self.home.log());
            sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Stock<'_> {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Returns the processes whose command lines match. Chromium separates its arguments with spaces
/// instead of NUL bytes.
fn processes(is_wanted: impl Fn(&str) -> bool) -> Vec<u32> {
    let entries = fs::read_dir("/proc").unwrap().flatten();
    let numbers = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let line = |number: &u32| {
        let line = fs::read(Path::new("/proc").join(number.to_string()).join("cmdline"));
        String::from_utf8_lossy(&line.unwrap_or_default()).replace('\0', " ")
    };
    numbers.filter(|number| is_wanted(&line(number))).collect()
}

fn signal(process: u32, name: &str) {
    let _ = Command::new("kill").args([&format!("-{name}"), &process.to_string()]).status();
}

#[track_caller]
fn wait(what: &str, mut is_there: impl FnMut() -> bool, explain: impl Fn() -> String) {
    let until = Instant::now() + PATIENCE;
    while !is_there() {
        assert!(
            Instant::now() < until,
            "timed out after {PATIENCE:?}, waiting for {what}:\n{}",
            explain()
        );
        sleep(Duration::from_millis(20));
    }
}
