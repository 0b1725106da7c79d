//! A program's command lines and exit statuses, with paths of any kind and with startup errors.

use std::fs;
use std::path::Path;

use solohttp_tests::program::{self, Program};
use solohttp_tests::wire::ask;

const FILE: &str = "datebook.sqlite";

/// Spaces, metacharacters of various shells, and characters outside every code page.
const NAME: &str = "Größe 100% & ^Söhne' (漢字) 🎷";

fn datebook(data: &Path) -> Program {
    program::launch(program::desktop_example("datebook", data))
}

/// Sends a request with the cookie, and returns the response's status.
fn status(program: &Program, cookie: &str, method: &str, target: &str) -> u16 {
    let origin = program.url.trim_end_matches('/');
    let request = format!(
        "{method} {target} HTTP/1.1\r\nHost: {}\r\nOrigin: {origin}\r\nCookie: {cookie}\r\n\
         Content-Length: 0\r\n\r\n",
        program.addr
    );
    ask(program.addr, request.as_bytes()).status
}

#[test]
fn a_folder_may_have_a_name_of_any_kind() {
    let folder = tempfile::tempdir().unwrap();
    let book = folder.path().join(NAME).join(NAME);
    fs::create_dir(book.parent().unwrap()).unwrap();
    // On Windows, the canonical path starts with `\\?\`.
    let canonical = fs::canonicalize(book.parent().unwrap()).unwrap().join("other");
    for data in [book, canonical] {
        let mut datebook = datebook(&data);
        let cookie = datebook.sign_in();
        assert_eq!(status(&datebook, &cookie, "POST", "/tasks/sort/title"), 303);
        assert!(data.join(FILE).exists(), "{}", data.display());
        assert_eq!(status(&datebook, &cookie, "POST", "/__desktop/quit"), 200);
        assert_eq!(datebook.wait().code(), Some(0), "a requested stop exits with success");
        assert!(!data.join(format!("{FILE}-wal")).exists(), "the database is closed");
    }
}

#[test]
fn a_program_that_cannot_start_says_why_and_ends_with_status_1() {
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(FILE);
    fs::write(&file, "Dear Ada, this is not a database and must not be changed. ".repeat(20))
        .unwrap();
    let data = folder.path().display().to_string();
    for (arguments, says) in [
        (
            vec!["--memory", "--no-browser", "--port", &port],
            format!("port {port} is already in use"),
        ),
        (vec!["--memory", "--no-browser", "--port", "99999"], "65535".to_owned()),
        (vec!["--no-browser", "--port", "0", "--data", &data], FILE.to_owned()),
    ] {
        let output = program::example_with_token("datebook").args(&arguments).output().unwrap();
        let printed = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {printed}");
        assert!(printed.contains(&says), "{printed}");
        assert!(!printed.contains("panicked"), "{printed}");
    }
}

/// Each system has its own folder for application data, named by an environment variable.
#[test]
fn the_book_is_in_the_users_data_folder() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join(NAME);
    let data = home.join("data");
    let mut datebook = program::example_with_token("datebook");
    datebook.args(["--port", "0", "--no-browser"]).env("HOME", &home);
    for variable in ["APPDATA", "LOCALAPPDATA", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"]
    {
        datebook.env(variable, &data);
    }
    let mut datebook = program::launch(datebook);
    let cookie = datebook.sign_in();
    assert_eq!(status(&datebook, &cookie, "GET", "/contacts"), 200);
    let data =
        if cfg!(target_os = "macos") { home.join("Library/Application Support") } else { data };
    assert!(data.join("solohttp-datebook").join(FILE).is_file());
}
