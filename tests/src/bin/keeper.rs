//! Runs a browser for a test program. Ends the browser when stdin closes, which happens even if the
//! test program is killed, and then deletes the browser's profile.
//!
//! Arguments: the profile, the browser's program, and its arguments.

use std::env;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use xtask::lend;

fn main() -> io::Result<()> {
    let mut arguments = env::args_os().skip(1);
    let profile = arguments.next().expect("the profile comes first");
    let mut browser = Command::new(arguments.next().expect("the program follows"));
    browser.args(arguments).stdin(Stdio::null()).stdout(Stdio::null());
    lend::keep(browser.spawn()?, Path::new(&profile), io::stdin())
}
