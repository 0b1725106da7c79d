//! Finds the user's default browser.
//!
//! The launch page is a file, and the default program for `.html` files may be an editor. This
//! module therefore uses the system's own files and tools to find out which program handles `http`.
//! It returns a command that opens the file with that program.

use std::ffi::{OsStr, OsString};
use std::process::{Command, Stdio};

/// Returns the command that opens this file in the default browser, if it can be found.
pub(super) fn command(file: &OsStr) -> Option<Vec<OsString>> {
    system::command(file)
}

/// Returns the standard output of a system program.
fn output(program: &str, arguments: &[&str]) -> Option<String> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stderr(Stdio::null());
    #[cfg(windows)]
    {
        use std::os::windows::process::CommandExt as _;
        // Without this flag, a console window would appear for a moment.
        const CREATE_NO_WINDOW: u32 = 0x0800_0000;
        command.creation_flags(CREATE_NO_WINDOW);
    }
    let output = command.output().ok().filter(|output| output.status.success())?;
    String::from_utf8(output.stdout).ok()
}

#[cfg(not(any(windows, target_os = "macos")))]
mod system {
    use std::env;
    use std::ffi::{OsStr, OsString};
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::{desktop_entry, mime_applications, output};

    const TYPE: &str = "x-scheme-handler/http";

    /// The user's choice is in files that are quick to read. If the user hasn't chosen a browser,
    /// `xdg-mime` can determine the default, but it's a slow script that starts dozens of programs.
    pub(super) fn command(file: &OsStr) -> Option<Vec<OsString>> {
        let applications = application_folders();
        let entry_of = |id: &str| {
            // It must be a plain file name.
            let is_id = id.ends_with(".desktop") && Path::new(id).components().count() == 1;
            is_id.then(|| entry(&applications, id))?
        };
        let chosen = || {
            let folders = folders("XDG_CONFIG_HOME", ".config", "XDG_CONFIG_DIRS", "/etc/xdg");
            let lists = folders.iter().chain(&applications).flat_map(|folder| lists(folder));
            let mut lists = lists.filter_map(|list| fs::read_to_string(list).ok());
            lists.find_map(|list| mime_applications::defaults(&list, TYPE).find_map(entry_of))
        };
        let usual = || entry_of(output("xdg-mime", &["query", "default", TYPE])?.trim());
        desktop_entry::command(&chosen().or_else(usual)?, file)
    }

    /// Reads a desktop entry.
    fn entry(applications: &[PathBuf], id: &str) -> Option<String> {
        applications.iter().find_map(|folder| {
            // The id of a file in a subfolder has hyphens in place of slashes.
            let nested = folder.join(id.replacen('-', "/", 1));
            fs::read_to_string(folder.join(id)).or_else(|_| fs::read_to_string(nested)).ok()
        })
    }

    /// Returns the paths of the lists that a folder may contain. The lists for the current desktops
    /// come first.
    fn lists(folder: &Path) -> Vec<PathBuf> {
        let desktops = env::var("XDG_CURRENT_DESKTOP").unwrap_or_default().to_lowercase();
        let desktops = desktops.split(':').filter(|name| !name.is_empty() && !name.contains('/'));
        let names = desktops.map(|name| format!("{name}-mimeapps.list"));
        let names = names.chain(["mimeapps.list".to_owned()]);
        names.map(|name| folder.join(name)).collect()
    }

    fn application_folders() -> Vec<PathBuf> {
        let folders = folders(
            "XDG_DATA_HOME",
            ".local/share",
            "XDG_DATA_DIRS",
            "/usr/local/share:/usr/share",
        );
        folders.into_iter().map(|folder| folder.join("applications")).collect()
    }

    /// Returns the user's folder, then the system's folders (XDG Base Directory Specification).
    fn folders(home: &str, usual_home: &str, shared: &str, usual_shared: &str) -> Vec<PathBuf> {
        let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
        let home = set(home).map(PathBuf::from);
        let home = home.or_else(|| Some(env::home_dir()?.join(usual_home)));
        let shared = set(shared).unwrap_or_else(|| usual_shared.into());
        home.into_iter().chain(env::split_paths(&shared)).collect()
    }
}

#[cfg(target_os = "macos")]
mod system {
    use std::ffi::{OsStr, OsString};

    use super::{launch_services, output};

    const HANDLERS: &str = "com.apple.LaunchServices/com.apple.launchservices.secure";

    pub(super) fn command(file: &OsStr) -> Option<Vec<OsString>> {
        // If there is no entry, the default is Safari.
        let chosen = output("defaults", &["read", HANDLERS, "LSHandlers"]);
        let chosen = chosen.as_deref().and_then(launch_services::bundle_of_http);
        let bundle = chosen.unwrap_or("com.apple.safari");
        Some(["open", "-b", bundle].iter().map(OsString::from).chain([file.to_owned()]).collect())
    }
}

#[cfg(windows)]
mod system {
    use std::ffi::{OsStr, OsString};

    use super::{output, registry};

    const CHOICE: &str =
        r"HKCU\Software\Microsoft\Windows\Shell\Associations\UrlAssociations\http\UserChoice";

    pub(super) fn command(file: &OsStr) -> Option<Vec<OsString>> {
        let choice = output("reg", &["query", CHOICE, "/v", "ProgId"])?;
        let class = registry::value(&choice)?;
        let key = format!(r"HKCR\{class}\shell\open\command");
        let shown = output("reg", &["query", &key, "/ve"])?;
        registry::command(registry::value(&shown)?, file)
    }
}

/// Parses the user's default applications (Association between MIME types and applications 1.0.1).
#[cfg(any(test, not(any(windows, target_os = "macos"))))]
mod mime_applications {
    /// Returns the desktop entries chosen for a type, in order of preference.
    pub(super) fn defaults<'a>(list: &'a str, kind: &str) -> impl Iterator<Item = &'a str> {
        let group = list.lines().skip_while(|line| line.trim() != "[Default Applications]").skip(1);
        let mut group = group.take_while(|line| !line.starts_with('['));
        let value = group.find_map(|line| {
            let (key, value) = line.split_once('=')?;
            (key.trim() == kind).then_some(value)
        });
        value.into_iter().flat_map(|value| value.split(';')).map(str::trim)
    }
}

/// Parses the `Exec` line of a desktop entry (Desktop Entry Specification 1.5, "The Exec key").
#[cfg(any(test, not(any(windows, target_os = "macos"))))]
mod desktop_entry {
    use std::ffi::{OsStr, OsString};

    pub(super) fn command(entry: &str, file: &OsStr) -> Option<Vec<OsString>> {
        let main = entry.lines().skip_while(|line| line.trim() != "[Desktop Entry]").skip(1);
        let mut main = main.take_while(|line| !line.starts_with('['));
        let line =
            main.find_map(|line| line.strip_prefix("Exec")?.trim_start().strip_prefix('='))?;
        let mut has_file = false;
        let mut words = Vec::new();
        for word in words_of(line)? {
            match word.as_str() {
                "%u" | "%U" | "%f" | "%F" => {
                    has_file = true;
                    words.push(file.to_owned());
                }
                // Codes for an icon, a caption and so on, which a browser doesn't need.
                field if field.len() == 2 && field.starts_with('%') && field != "%%" => {}
                _ => words.push(word.replace("%%", "%").into()),
            }
        }
        if !has_file {
            words.push(file.to_owned());
        }
        (words.len() > 1).then_some(words)
    }

    /// Splits at whitespace outside quotes. Returns `None` if a quote isn't closed.
    fn words_of(line: &str) -> Option<Vec<String>> {
        let (mut words, mut word, mut is_quoted, mut has_word) =
            (Vec::new(), String::new(), false, false);
        let mut characters = line.trim().chars();
        while let Some(character) = characters.next() {
            match character {
                '"' => {
                    is_quoted = !is_quoted;
                    has_word = true;
                }
                '\\' if is_quoted => word.push(characters.next()?),
                ' ' | '\t' if !is_quoted => {
                    if has_word {
                        words.push(std::mem::take(&mut word));
                    }
                    has_word = false;
                }
                _ => {
                    word.push(character);
                    has_word = true;
                }
            }
        }
        if has_word {
            words.push(word);
        }
        (!is_quoted).then_some(words)
    }
}

/// Parses the list of chosen handlers that `defaults read` prints.
#[cfg(any(test, target_os = "macos"))]
mod launch_services {
    pub(super) fn bundle_of_http(handlers: &str) -> Option<&str> {
        let entry = handlers.split('}').find(|entry| {
            value(entry, "LSHandlerURLScheme").is_some_and(|scheme| scheme == "http")
        })?;
        value(entry, "LSHandlerRoleAll").filter(|bundle| *bundle != "-")
    }

    /// Parses `name = value;` or `name = "value";`. Takes the last match, because nested entries
    /// come first.
    fn value<'a>(entry: &'a str, name: &str) -> Option<&'a str> {
        let line = entry.lines().rev().find_map(|line| line.trim().strip_prefix(name))?;
        let value = line.trim_start().strip_prefix('=')?.trim().strip_suffix(';')?;
        Some(value.trim_matches('"'))
    }
}

/// Parses the output of `reg query` and registered commands.
#[cfg(any(test, windows))]
mod registry {
    use std::ffi::{OsStr, OsString};

    /// Returns the data from a line such as `    ProgId    REG_SZ    ChromeHTML`.
    pub(super) fn value(shown: &str) -> Option<&str> {
        let (_, data) = shown.split_once("REG_SZ")?;
        data.lines().next().map(str::trim).filter(|data| !data.is_empty())
    }

    /// Parses a registered command such as `"C:\Program Files\…\chrome.exe" --single-argument %1`.
    pub(super) fn command(registered: &str, file: &OsStr) -> Option<Vec<OsString>> {
        let (program, rest) = match registered.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"')?,
            None => registered.split_once(' ').unwrap_or((registered, "")),
        };
        let mut words = vec![OsString::from(program)];
        let mut has_file = false;
        for word in rest.split_whitespace() {
            if word.trim_matches('"') == "%1" {
                has_file = true;
                words.push(file.to_owned());
            } else {
                words.push(word.trim_matches('"').into());
            }
        }
        if !has_file {
            words.push(file.to_owned());
        }
        Some(words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(command: Option<Vec<OsString>>, expect: &[&str]) {
        assert_eq!(command.unwrap(), expect.iter().map(OsString::from).collect::<Vec<_>>());
    }

    #[test]
    fn reads_the_command_of_a_desktop_entry() {
        let of = |exec: &str| {
            let entry = format!(
                "[Desktop Entry]\nName=Web\n{exec}\n[Desktop Action new]\nExec=other --new %u\n"
            );
            desktop_entry::command(&entry, OsStr::new("/x/a b/l.html"))
        };
        check(of("Exec=/usr/bin/chromium %U"), &["/usr/bin/chromium", "/x/a b/l.html"]);
        check(
            of("Exec = firefox --name x %u -z"),
            &["firefox", "--name", "x", "/x/a b/l.html", "-z"],
        );
        check(
            of("Exec=\"/opt/my web/run\" \"a\\\"b\" 100%% %i"),
            &["/opt/my web/run", "a\"b", "100%", "/x/a b/l.html"],
        );
        assert_eq!(of("Exec=\"broken"), None);
        assert_eq!(of("Icon=x"), None);
    }

    #[test]
    fn reads_the_programs_chosen_for_a_type() {
        let list = "[Added Associations]\nx-scheme-handler/http=a.desktop\n\
            [Default Applications]\ntext/html=b.desktop\n\
            x-scheme-handler/http = c.desktop; d.desktop;\n[Other]\nx-scheme-handler/ftp=e\n";
        let of = |kind| mime_applications::defaults(list, kind).collect::<Vec<_>>();
        assert_eq!(of("x-scheme-handler/http"), ["c.desktop", "d.desktop", ""]);
        assert_eq!(of("x-scheme-handler/ftp"), [] as [&str; 0]);
    }

    #[test]
    fn reads_the_bundle_chosen_for_http() {
        let handlers = "(
                {
                LSHandlerPreferredVersions =         {
                    LSHandlerRoleAll = \"-\";
                };
                LSHandlerRoleAll = \"com.apple.mail\";
                LSHandlerURLScheme = mailto;
            },
                {
                LSHandlerPreferredVersions =         {
                    LSHandlerRoleAll = \"-\";
                };
                LSHandlerRoleAll = \"org.mozilla.firefox\";
                LSHandlerURLScheme = http;
            }
        )";
        assert_eq!(launch_services::bundle_of_http(handlers), Some("org.mozilla.firefox"));
        assert_eq!(launch_services::bundle_of_http("(\n)"), None);
    }

    #[test]
    fn reads_the_command_that_a_browser_registers() {
        let shown =
            "\r\nHKEY_CURRENT_USER\\...\\UserChoice\r\n    ProgId    REG_SZ    ChromeHTML\r\n\r\n";
        assert_eq!(registry::value(shown), Some("ChromeHTML"));
        assert_eq!(registry::value("ERROR"), None);
        let file = OsStr::new(r"D:\Zoë & Co\l.html");
        let of = |registered: &str| registry::command(registered, file);
        check(
            of(r#""C:\Program Files\Google\Chrome\Application\chrome.exe" --single-argument %1"#),
            &[
                r"C:\Program Files\Google\Chrome\Application\chrome.exe",
                "--single-argument",
                r"D:\Zoë & Co\l.html",
            ],
        );
        check(
            of(r#""C:\Firefox\firefox.exe" -osint -url "%1""#),
            &[r"C:\Firefox\firefox.exe", "-osint", "-url", r"D:\Zoë & Co\l.html"],
        );
        check(of(r"C:\b.exe"), &[r"C:\b.exe", r"D:\Zoë & Co\l.html"]);
        assert_eq!(of("\"C:\\broken"), None);
    }
}
