//! A program's command lines and exit statuses: paths of any kind, and startup errors.

use std::fs;
use std::path::Path;

use solohttp_tests::program::{self, Program};
use solohttp_tests::wire::ask;

/// Spaces, metacharacters of various shells, and characters outside every code page.
const NAME: &str = "Größe 100% & ^Söhne' (漢字) 🎷";

fn datebook(file: &Path) -> Program {
    let mut datebook = program::example("datebook");
    datebook.args(["--port", "0", "--no-browser", "--file"]).arg(file);
    program::launch(datebook)
}

fn status(program: &Program, method: &str, target: &str) -> u16 {
    let origin = program.url.trim_end_matches('/');
    let request = format!(
        "{method} {target} HTTP/1.1\r\nHost: {}\r\nOrigin: {origin}\r\nContent-Length: 0\r\n\r\n",
        program.addr
    );
    ask(program.addr, request.as_bytes()).status
}

#[test]
fn a_database_may_have_a_name_of_any_kind() {
    let folder = tempfile::tempdir().unwrap();
    let book = folder.path().join(NAME).join(format!("{NAME}.sqlite"));
    fs::create_dir(book.parent().unwrap()).unwrap();
    // On Windows, the canonical path starts with `\\?\`.
    let canonical = fs::canonicalize(book.parent().unwrap()).unwrap().join("other.sqlite");
    for file in [book, canonical] {
        let mut datebook = datebook(&file);
        assert_eq!(status(&datebook, "POST", "/tasks/sort/title"), 303);
        assert!(file.exists(), "{}", file.display());
        assert_eq!(status(&datebook, "POST", "/quit"), 200);
        assert_eq!(datebook.wait().code(), Some(0), "a requested stop exits with success");
    }
    let mut names: Vec<_> = fs::read_dir(folder.path().join(NAME)).unwrap().flatten().collect();
    names.sort_by_key(fs::DirEntry::file_name);
    let names: Vec<_> = names.iter().map(|entry| entry.file_name()).collect();
    assert_eq!(names, [format!("{NAME}.sqlite").as_str(), "other.sqlite"]);
}

#[test]
fn a_program_that_cannot_start_says_why_and_ends_with_status_1() {
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("letter.txt").display().to_string();
    fs::write(&file, "Dear Ada, this is not a database and must not be changed. ".repeat(20))
        .unwrap();
    for (arguments, says) in [
        (
            vec!["--memory", "--no-browser", "--port", &port],
            format!("port {port} is already in use"),
        ),
        (vec!["--memory", "--no-browser", "--port", "99999"], "99999".to_owned()),
        (vec!["--no-browser", "--port", "0", "--file", &file], "letter.txt".to_owned()),
    ] {
        let output = program::example("datebook").args(&arguments).output().unwrap();
        let printed = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {printed}");
        assert!(printed.contains(&says), "{printed}");
        assert!(!printed.contains("panicked"), "{printed}");
    }
}

/// Each system has its own folder for application data, named by an environment variable.
#[test]
fn without_a_file_the_book_is_in_the_users_data_folder() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join(NAME);
    let data = home.join("data");
    let mut datebook = program::example("datebook");
    datebook.args(["--port", "0", "--no-browser"]).env("HOME", &home);
    for variable in ["APPDATA", "LOCALAPPDATA", "XDG_DATA_HOME"] {
        datebook.env(variable, &data);
    }
    let datebook = program::launch(datebook);
    assert_eq!(status(&datebook, "GET", "/contacts"), 200);
    let data =
        if cfg!(target_os = "macos") { home.join("Library/Application Support") } else { data };
    assert!(data.join("solohttp-datebook/datebook.sqlite").is_file());
}
