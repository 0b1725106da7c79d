//! Firefox, the current release or ESR.

use super::Kind;

/// Firefox.
pub const FIREFOX: Kind = Kind {
    name: "Firefox",
    variable: "FIREFOX",
    names: &["firefox", "firefox-esr"],
    places: &[
        "/Applications/Firefox.app/Contents/MacOS/firefox",
        "%ProgramFiles%/Mozilla Firefox/firefox.exe",
        "%ProgramFiles(x86)%/Mozilla Firefox/firefox.exe",
        "%LocalAppData%/Mozilla Firefox/firefox.exe",
    ],
    package: "firefox-esr",
    how_to_get_one: "\
the browser tests need Firefox, and it was not found. `cargo xtask test` installs it with apt. By hand:
  Debian          sudo apt-get install firefox-esr
  Ubuntu          sudo snap install firefox
  Fedora          sudo dnf install firefox
  macOS           brew install --cask firefox
  Windows         winget install Mozilla.Firefox
If the browser is installed elsewhere: FIREFOX=/path/to/firefox cargo xtask test",
};
