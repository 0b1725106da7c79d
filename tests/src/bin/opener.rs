//! Stands in for the programs that open a browser on Windows, because a script can't. Writes its
//! last argument to the file named by `OPENED`, and exits with the status in `STATUS`.
//!
//! When called as `reg`, it stands in for the registry tool instead, and reports the program named
//! by `REGISTERED`, if any, as the default browser.

#![allow(clippy::print_stdout, reason = "`reg` returns its result on stdout")]

use std::env;
use std::ffi::OsString;
use std::fs;
use std::process::ExitCode;

fn main() -> ExitCode {
    let program = env::current_exe().expect("Windows sets it");
    if program.file_stem().is_some_and(|name| name == "reg") { registry() } else { open() }
}

fn open() -> ExitCode {
    let note = env::var_os("OPENED").expect("OPENED names a file");
    let page = env::args_os().next_back().expect("there is at least the name of the program");
    let mut unfinished = OsString::from(&note);
    unfinished.push("~");
    let page = page.into_string().expect("the path of the page is Unicode");
    fs::write(&unfinished, page).expect("the folder is there");
    fs::rename(&unfinished, note).expect("both are in one folder");
    let status = env::var("STATUS").expect("STATUS is set");
    ExitCode::from(status.parse::<u8>().expect("STATUS is a number"))
}

fn registry() -> ExitCode {
    let Ok(browser) = env::var("REGISTERED") else { return ExitCode::FAILURE };
    if env::args().any(|argument| argument.ends_with("UserChoice")) {
        println!("\r\nHKEY_CURRENT_USER\\...\\UserChoice\r\n    ProgId    REG_SZ    Stand-in\r\n");
    } else {
        println!("    (Default)    REG_SZ    \"{browser}\" --single-argument %1\r\n");
    }
    ExitCode::SUCCESS
}
