//! The command line that opens a window.
//!
//! It must never contain:
//!
//! - `--guest` or `--incognito`, which forget the cookie that signs the window in;
//! - `--enable-automation`, which shows a banner;
//! - a debugging port, through which other users could control the window;
//! - `--no-sandbox`;
//! - secrets, because other users can read command lines.

use std::ffi::OsString;
use std::path::Path;

use super::machine::System;

/// A window to open.
#[derive(Debug)]
pub(super) struct Window<'a> {
    pub(super) url: String,
    pub(super) profile: &'a Path,
    pub(super) id: &'a str,
    /// In CSS pixels.
    pub(super) size: Option<(u32, u32)>,
    pub(super) is_edge: bool,
}

/// The options that turn off what an app window doesn't need: the welcome page, the offer to become
/// the default browser, accounts, background processes after the last window is closed, the offer
/// to translate, and the offer to restore pages after a crash. Restored pages couldn't sign in,
/// because their tickets have expired.
const ALWAYS: &[&str] = &[
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-sync",
    "--disable-background-mode",
    "--disable-features=Translate",
    "--hide-crash-restore-bubble",
];

impl Window<'_> {
    pub(super) fn arguments(&self, system: System) -> Vec<OsString> {
        let mut profile = OsString::from("--user-data-dir=");
        profile.push(self.profile);
        let mut arguments = vec![OsString::from(format!("--app={}", self.url)), profile];
        arguments.extend(ALWAYS.iter().map(OsString::from));
        match system {
            System::Linux => {
                arguments.push(format!("--class={}", self.id).into());
                // Otherwise, the browser may ask for the password of the user's keyring, although
                // this profile stores no passwords.
                arguments.push("--password-store=basic".into());
            }
            System::MacOs => arguments.push("--use-mock-keychain".into()),
            System::Windows => {}
        }
        if self.is_edge {
            // Otherwise, Edge may relaunch itself as another process and exit at once.
            arguments.push("--edge-skip-compat-layer-relaunch".into());
        }
        if let Some((width, height)) = self.size {
            arguments.push(format!("--window-size={width},{height}").into());
        }
        arguments
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(system: System, is_edge: bool, size: Option<(u32, u32)>) -> Vec<String> {
        let profile = Path::new("/p r");
        let window = Window { url: "file:///l".to_owned(), profile, id: "o.x", size, is_edge };
        let arguments = window.arguments(system).into_iter();
        arguments.map(|argument| argument.into_string().unwrap()).collect()
    }

    #[test]
    fn each_system_has_its_options() {
        let linux = arguments(System::Linux, false, Some((800, 600)));
        assert_eq!(linux[..2], ["--app=file:///l", "--user-data-dir=/p r"]);
        assert_eq!(linux[8..], ["--class=o.x", "--password-store=basic", "--window-size=800,600"]);
        assert_eq!(arguments(System::MacOs, false, None)[8..], ["--use-mock-keychain"]);
        let edge = arguments(System::Windows, true, None);
        assert_eq!(edge[8..], ["--edge-skip-compat-layer-relaunch"]);
        assert_eq!(arguments(System::Windows, false, None).len(), 8);
    }
}
