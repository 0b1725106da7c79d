//! Stands in for the program that opens a browser, on Windows, where that can't be a script: writes
//! its last argument to the file that `OPENED` names, and ends with the status in `STATUS`.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::process::ExitCode;

fn main() -> ExitCode {
    let note = env::var_os("OPENED").expect("OPENED names a file");
    let page = env::args_os().next_back().expect("there is at least the name of the program");
    let mut unfinished = OsString::from(&note);
    unfinished.push("~");
    // Debug text would hide what isn't Unicode.
    let page = page.into_string().expect("the path of the page is Unicode");
    fs::write(&unfinished, page).expect("the folder is there");
    fs::rename(&unfinished, note).expect("both are in one folder");
    let status = env::var("STATUS").expect("STATUS is set");
    ExitCode::from(status.parse::<u8>().expect("STATUS is a number"))
}
