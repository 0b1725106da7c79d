//! The Chromium-based browsers, with their names and locations on each system.

use std::path::Path;

/// The kinds of browsers, which differ in how they are started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Brand {
    /// A Chromium-based browser, or an unknown one, which is probably Chromium-based.
    Chromium,
    /// Edge, which needs an additional option.
    Edge,
    /// A browser without app windows.
    Other,
}

/// A Chromium-based browser.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Member {
    pub(super) brand: Brand,
    /// Its commands on Linux, in order of preference.
    pub(super) commands: &'static [&'static str],
    /// Its commands if it is installed as a snap.
    pub(super) snaps: &'static [&'static str],
    /// Its application id on Flathub, which is also the name of its command.
    pub(super) flatpak: &'static str,
    /// The name of its macOS bundle and of the executable inside.
    pub(super) bundle: &'static str,
    /// The identifier of the bundle.
    pub(super) bundle_id: &'static str,
    /// The path of its executable on Windows, relative to the folder for programs.
    pub(super) windows: &'static str,
}

/// All Chromium-based browsers, in order of preference.
pub(super) const FAMILY: &[Member] = &[
    Member {
        brand: Brand::Chromium,
        commands: &["google-chrome-stable", "google-chrome"],
        snaps: &[],
        flatpak: "com.google.Chrome",
        bundle: "Google Chrome",
        bundle_id: "com.google.chrome",
        windows: r"Google\Chrome\Application\chrome.exe",
    },
    Member {
        brand: Brand::Edge,
        commands: &["microsoft-edge-stable", "microsoft-edge"],
        snaps: &[],
        flatpak: "com.microsoft.Edge",
        bundle: "Microsoft Edge",
        bundle_id: "com.microsoft.edgemac",
        windows: r"Microsoft\Edge\Application\msedge.exe",
    },
    Member {
        brand: Brand::Chromium,
        commands: &["brave-browser", "brave-browser-stable"],
        snaps: &["brave"],
        flatpak: "com.brave.Browser",
        bundle: "Brave Browser",
        bundle_id: "com.brave.browser",
        windows: r"BraveSoftware\Brave-Browser\Application\brave.exe",
    },
    Member {
        brand: Brand::Chromium,
        // On Ubuntu, `chromium-browser` is a script that starts the snap.
        commands: &["chromium", "chromium-browser"],
        snaps: &["chromium"],
        flatpak: "org.chromium.Chromium",
        bundle: "Chromium",
        bundle_id: "org.chromium.chromium",
        windows: r"Chromium\Application\chrome.exe",
    },
    Member {
        brand: Brand::Chromium,
        commands: &["vivaldi-stable", "vivaldi"],
        snaps: &["vivaldi"],
        flatpak: "com.vivaldi.Vivaldi",
        bundle: "Vivaldi",
        bundle_id: "com.vivaldi.vivaldi",
        windows: r"Vivaldi\Application\vivaldi.exe",
    },
];

/// The name prefixes of other browsers, in lower case.
const OTHERS: &[&str] = &[
    "epiphany",
    "falkon",
    "firefox",
    "floorp",
    "gnome-web",
    "icecat",
    "iexplore",
    "konqueror",
    "librewolf",
    "midori",
    "mullvad",
    "org.gnome.epiphany",
    "org.mozilla",
    "palemoon",
    "qutebrowser",
    "safari",
    "seamonkey",
    "tor-browser",
    "waterfox",
    "zen",
];

/// Recognizes a browser by the name of its executable. An unknown browser counts as Chromium-based,
/// because most browsers are.
pub(super) fn recognize(program: &Path) -> Brand {
    let name = program.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let is_edge = ["msedge", "microsoft-edge", "microsoft edge", "com.microsoft.edge"]
        .iter()
        .any(|edge| name.starts_with(edge));
    match OTHERS.iter().any(|other| name.starts_with(other)) {
        true => Brand::Other,
        false if is_edge => Brand::Edge,
        false => Brand::Chromium,
    }
}

/// Returns the app id prefix of a browser's windows on Wayland.
pub(super) fn wayland_prefix(program: &Path) -> &'static str {
    let name = program.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let known = ["brave", "edge", "vivaldi"].into_iter().find(|known| name.contains(known));
    match known {
        Some("edge") => "msedge",
        Some(known) => known,
        None => "chrome",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recognizes_browsers_by_their_programs() {
        for (program, brand) in [
            ("/usr/bin/firefox-esr", Brand::Other),
            ("/Applications/Firefox.app/Contents/MacOS/firefox", Brand::Other),
            ("/Applications/Safari.app/Contents/MacOS/Safari", Brand::Other),
            ("C:/Program Files/Mozilla Firefox/Firefox.exe", Brand::Other),
            ("/var/lib/flatpak/exports/bin/org.mozilla.firefox", Brand::Other),
            ("/opt/ungoogled", Brand::Chromium),
            ("/snap/bin/chromium", Brand::Chromium),
            ("C:/Edge/msedge.exe", Brand::Edge),
        ] {
            assert_eq!(recognize(Path::new(program)), brand, "{program}");
        }
        for (program, prefix) in [
            ("/usr/bin/google-chrome", "chrome"),
            ("/snap/bin/chromium", "chrome"),
            ("/x/com.brave.Browser", "brave"),
            ("/usr/bin/microsoft-edge", "msedge"),
        ] {
            assert_eq!(wayland_prefix(Path::new(program)), prefix);
        }
        for member in FAMILY {
            let mac = format!("/Applications/{0}.app/Contents/MacOS/{0}", member.bundle);
            let windows = member.windows.replace('\\', "/");
            let names = member.commands.iter().chain(member.snaps);
            for name in names.copied().chain([member.flatpak, &mac, &windows]) {
                assert_eq!(recognize(Path::new(name)), member.brand, "{name}");
            }
        }
    }
}
