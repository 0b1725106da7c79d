//! Prints a server's messages and warns if no browser can be opened.

use std::fmt;
use std::io::{self, IsTerminal as _, Write as _};

/// Prints who can connect and how to stop the server, then the address, then the sign-in link if
/// there is one. The address has its own line, so that users and scripts can find it easily.
pub(super) fn announce(notice: &str, url: &str, sign_in: Option<&str>) {
    print(&format!("{notice} Press Ctrl-C to stop.\n{url}"));
    if let Some(link) = sign_in {
        print_sign_in_link(link);
    }
}

pub(super) fn print_sign_in_link(link: &str) {
    print(&format!("One-time sign-in link, valid for one minute: {link}"));
}

pub(super) fn warn_of_no_browser(why: &dyn fmt::Display) {
    log::warn!(target: "solohttp", "cannot open a browser: {why}");
}

pub(super) fn is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Prints a line. If standard output is closed, the server keeps running.
pub(super) fn print(text: &str) {
    let mut out = io::stdout().lock();
    drop(writeln!(out, "{text}"));
    drop(out.flush());
}
