//! Chromium, Chrome or Edge.

use super::Kind;

/// Chromium, or a browser built from it.
pub const CHROMIUM: Kind = Kind {
    name: "Chromium",
    variable: "CHROME",
    names: &[
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
        "chrome",
        "msedge",
        "microsoft-edge",
    ],
    places: &[
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
        "%ProgramFiles%/Google/Chrome/Application/chrome.exe",
        "%ProgramFiles(x86)%/Google/Chrome/Application/chrome.exe",
        "%LocalAppData%/Google/Chrome/Application/chrome.exe",
        "%LocalAppData%/Chromium/Application/chrome.exe",
        "%ProgramFiles%/Microsoft/Edge/Application/msedge.exe",
        "%ProgramFiles(x86)%/Microsoft/Edge/Application/msedge.exe",
    ],
    package: "chromium",
    how_to_get_one: "\
the browser tests need Chromium, Chrome or Edge, and none was found. `cargo xtask test` installs one
with apt. By hand:
  Debian, Ubuntu  sudo apt-get install chromium
  Fedora          sudo dnf install chromium
  macOS           brew install --cask chromium
  Windows         winget install Google.Chrome (Edge, part of Windows, works too)
If the browser is installed elsewhere: CHROME=/path/to/chrome cargo xtask test",
};
