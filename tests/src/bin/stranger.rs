//! Prints what another account on the machine can find out about a running program: every page,
//! file and process list that the account can read. The test runs this program under that account.
//! The first line is the account's user ID.

#![allow(clippy::print_stdout, reason = "printing is its purpose")]

use std::env;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use solohttp_tests::wire::ask;

fn main() {
    list(Command::new("id").arg("-u"));
    let mut arguments = env::args().skip(1);
    let address = arguments.next().expect("the address of the program comes first");
    let address: SocketAddr = address.parse().expect("it is an address");
    for target in ["/", "/add/1/2", "/quit", "/missing", "/__launch", "/__launch?t=0"] {
        for head in ["", "Cookie: solo=1\r\n", "Authorization: Bearer 0\r\n", "Origin: null\r\n"] {
            for method in ["GET", "HEAD", "POST", "OPTIONS"] {
                let request =
                    format!("{method} {target} HTTP/1.1\r\nHost: localhost\r\n{head}\r\n");
                let reply = ask(address, request.as_bytes());
                println!("page {method} {target} {}", reply.status);
                println!("{:?}\n{}", reply.headers, reply.text());
            }
        }
    }
    for path in arguments {
        read(Path::new(&path));
    }
    // This may print the command lines of other accounts' processes, but nothing else about them.
    list(Command::new("ps").args(["axeww"]));
    for process in fs::read_dir("/proc").into_iter().flatten().flatten() {
        for file in ["cmdline", "environ", "comm"] {
            if let Ok(bytes) = fs::read(process.path().join(file)) {
                println!("{}", String::from_utf8_lossy(&bytes));
            }
        }
    }
}

/// Prints a file, or everything under a folder.
fn read(path: &Path) {
    match fs::read(path) {
        Ok(bytes) => println!("file {}\n{}", path.display(), String::from_utf8_lossy(&bytes)),
        Err(error) => println!("no file {}: {error}", path.display()),
    }
    let mut inside: Vec<PathBuf> =
        fs::read_dir(path).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    inside.sort();
    inside.iter().for_each(|path| read(path));
}

fn list(command: &mut Command) {
    if let Ok(output) = command.output() {
        println!("{}", String::from_utf8_lossy(&output.stdout));
    }
}
