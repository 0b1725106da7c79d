//! Ctrl-C and Ctrl-Break in a console of Windows: the datebook ends in order.
//! Knows the datebook by its options, the line with its address, and the files beside its database.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::exceptions::Run;
use crate::failure::Failure;
use crate::wine::{Wine, windows_path};

/// Presses the keys.
const SOURCE: &str = include_str!("../../wine/console.c");

/// The keys by their names, and the letters that the helper knows them by.
const KEYS: &[(&str, &str)] = &[("Ctrl-C", "c"), ("Ctrl-Break", "b")];

/// Tries each key on the datebook in the folder `examples`, as a test with the name of the key.
pub(super) fn run(wine: &Wine, folder: &Path, examples: &Path) -> Result<Run, Failure> {
    let helper = folder.join("console.exe");
    wine.compile(SOURCE, &helper, &[])?;
    let mut run = Run::default();
    for (name, letter) in KEYS {
        let database = folder.join("console.sqlite");
        let mut command = wine.command(&helper);
        command.arg(letter).arg(windows_path(&examples.join("datebook.exe")));
        command.args(["--no-browser", "--no-token", "--port", "0", "--file"]);
        command.arg(windows_path(&database));
        let ended = press(command, &database);
        let verdict = if ended.is_ok() { "ok" } else { "FAILED" };
        println!("test {name} ... {verdict}");
        if let Err(why) = &ended {
            println!("{why}");
        }
        run.add(name, ended.is_ok());
    }
    run.close();
    Ok(run)
}

/// Starts the datebook in a console, uses its database, presses the key. It must end with status 0
/// and leave nothing beside its database, which is what SQLite does with the last connection.
fn press(mut command: Command, database: &Path) -> Result<(), String> {
    let beside = ["-wal", "-shm"].map(|end| PathBuf::from(format!("{}{end}", database.display())));
    for file in beside.iter().map(PathBuf::as_path).chain([database]) {
        // An earlier run may have left it.
        let _ = fs::remove_file(file);
    }
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit());
    let mut child = command.spawn().map_err(|error| format!("wine: {error}"))?;
    let pressed = use_and_press(&mut child, &beside[0]);
    if pressed.is_err() {
        // It fails only if it has ended already.
        let _ = child.kill();
    }
    let status = child.wait().map_err(|error| error.to_string());
    pressed?;
    match status?.code() {
        Some(0) => {}
        code => return Err(format!("it ended with {code:?}")),
    }
    match beside.iter().find(|file| file.exists()) {
        Some(file) => Err(format!("{} is left", file.display())),
        None => Ok(()),
    }
}

fn use_and_press(child: &mut Child, wal: &Path) -> Result<(), String> {
    let lost = |error: std::io::Error| error.to_string();
    let output = child.stdout.take().expect("stdout was asked for as a pipe");
    let mut lines = BufReader::new(output).lines().map_while(Result::ok);
    let address = lines
        .find_map(|line| Some(line.split_once("http://")?.1.split('/').next()?.to_owned()))
        .ok_or("it printed no address")?;
    let mut stream = TcpStream::connect(&address).map_err(lost)?;
    stream
        .write_all(format!("GET / HTTP/1.0\r\nHost: {address}\r\n\r\n").as_bytes())
        .map_err(lost)?;
    let mut page = String::new();
    stream.read_to_string(&mut page).map_err(lost)?;
    if !page.starts_with("HTTP/1.0 200") || !wal.exists() {
        return Err(format!(
            "no page, or no {}: {}",
            wal.display(),
            page.lines().next().unwrap_or_default()
        ));
    }
    let mut keys = child.stdin.take().expect("stdin was asked for as a pipe");
    keys.write_all(b"\n").map_err(lost)?;
    // What it still prints must not fill the pipe.
    lines.for_each(drop);
    Ok(())
}
