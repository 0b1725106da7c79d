//! Tests that Ctrl-C and Ctrl-Break in a Windows console stop the datebook cleanly.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::exceptions::Run;
use crate::failure::Failure;
use crate::wine::{Wine, windows_path};

/// The helper that presses the keys.
const SOURCE: &str = include_str!("../../wine/console.c");

/// The keys, with the letters that stand for them in the helper.
const KEYS: &[(&str, &str)] = &[("Ctrl-C", "c"), ("Ctrl-Break", "b")];

/// Tries each key on the datebook in `examples`, as a test named after the key.
pub(super) fn run(wine: &Wine, folder: &Path, examples: &Path) -> Result<Run, Failure> {
    let helper = folder.join("console.exe");
    wine.compile(SOURCE, &helper, &[])?;
    let mut run = Run::default();
    for (name, letter) in KEYS {
        let data = folder.join("console");
        let mut command = wine.command(&helper);
        command.arg(letter).arg(windows_path(&examples.join("datebook.exe")));
        command.args(["--no-browser", "--port", "0", "--data"]).arg(windows_path(&data));
        let ended = press(command, &data.join("datebook.sqlite"));
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

/// Starts the datebook in a console, uses its database, and presses the key. The program must exit
/// with status 0 and leave no files next to its database: SQLite removes them when the last
/// connection closes.
fn press(mut command: Command, database: &Path) -> Result<(), String> {
    let beside = ["-wal", "-shm"].map(|end| PathBuf::from(format!("{}{end}", database.display())));
    for file in beside.iter().map(PathBuf::as_path).chain([database]) {
        // The files may be left over from an earlier run.
        let _ = fs::remove_file(file);
    }
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit());
    let mut child = command.spawn().map_err(|error| format!("wine: {error}"))?;
    let pressed = use_and_press(&mut child, &beside[0]);
    if pressed.is_err() {
        // This fails only if the program has already exited.
        let _ = child.kill();
    }
    let status = child.wait().map_err(|error| error.to_string());
    pressed?;
    match status?.code() {
        Some(0) => {}
        code => return Err(format!("exited with {code:?}")),
    }
    match beside.iter().find(|file| file.exists()) {
        Some(file) => Err(format!("{} was not removed", file.display())),
        None => Ok(()),
    }
}

fn use_and_press(child: &mut Child, wal: &Path) -> Result<(), String> {
    let lost = |error: std::io::Error| error.to_string();
    let output = child.stdout.take().expect("stdout is piped");
    let mut lines = BufReader::new(output).lines().map_while(Result::ok);
    let link = lines
        .find_map(|line| {
            Some(line.split_once("sign-in link")?.1.split_once("http://")?.1.to_owned())
        })
        .ok_or("no link was printed")?;
    let (address, target) = link.split_once('/').ok_or("the link has no path")?;
    let signed_in = get(address, &format!("/{target}"), "").map_err(lost)?;
    let cookie = signed_in.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("set-cookie").then(|| value.split(';').next())?
    });
    let page = get(address, "/", cookie.ok_or("the link sets no cookie")?).map_err(lost)?;
    if !page.starts_with("HTTP/1.0 200") || !wal.exists() {
        return Err(format!(
            "no page, or no {}: {}",
            wal.display(),
            page.lines().next().unwrap_or_default()
        ));
    }
    let mut keys = child.stdin.take().expect("stdin is piped");
    keys.write_all(b"\n").map_err(lost)?;
    // Read the rest, so that the pipe doesn't fill.
    lines.for_each(drop);
    Ok(())
}

fn get(address: &str, target: &str, cookie: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    let head = format!("GET {target} HTTP/1.0\r\nHost: {address}\r\nCookie: {cookie}\r\n\r\n");
    stream.write_all(head.as_bytes())?;
    let mut response = String::new();
    stream.read_to_string(&mut response)?;
    Ok(response)
}
