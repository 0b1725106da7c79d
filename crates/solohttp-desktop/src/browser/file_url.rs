//! File URLs (RFC 8089 and the URL Standard).

use std::ffi::OsStr;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

use super::machine::System;

/// The characters that are percent-encoded in a path. The dot is included because Chromium stores a
/// window's size and position under the path of its first page. It treats a dot in that path as a
/// separator, and then can't find the stored values.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'~');

/// Returns the URL of the file with this absolute path.
pub(super) fn file_url(path: &OsStr) -> String {
    of_system(System::HERE, path)
}

fn of_system(system: System, path: &OsStr) -> String {
    if system != System::Windows {
        // Encodes the bytes of the path, whatever its encoding is.
        return format!("file://{}", percent_encode(path.as_encoded_bytes(), ENCODED));
    }
    let path = path.to_string_lossy().replace('\\', "/");
    let encoded = |path: &str| percent_encode(path.as_bytes(), ENCODED).to_string();
    // `\\?\` only turns off path normalization.
    let (is_share, path) = match (path.strip_prefix("//?/UNC/"), path.strip_prefix("//?/")) {
        (Some(share), _) => (true, share),
        (None, Some(path)) => (false, path),
        (None, None) => (path.starts_with("//"), path.trim_start_matches('/')),
    };
    if is_share {
        let (server, share) = path.split_once('/').unwrap_or((path, ""));
        return format!("file://{server}/{}", encoded(share));
    }
    match path.split_once(':') {
        Some((drive, rest)) => format!("file:///{drive}:{}", encoded(rest)),
        None => format!("file:///{}", encoded(path)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(system: System, path: &str, expect: &str) {
        assert_eq!(of_system(system, OsStr::new(path)), expect);
    }

    #[test]
    fn encodes_all_that_means_something_in_a_url() {
        check(System::Linux, "/t/a/b-c_d~e", "file:///t/a/b-c_d~e");
        check(System::Linux, "/h/ü b/%2#?&\"'", "file:///h/%C3%BC%20b/%252%23%3F%26%22%27");
        check(System::MacOs, "/a\\b", "file:///a%5Cb");
    }

    #[test]
    fn encodes_dots_so_that_chromium_finds_a_windows_size_again() {
        check(System::Linux, "/h/.local/o.x/l.html", "file:///h/%2Elocal/o%2Ex/l%2Ehtml");
    }

    #[test]
    fn drives_and_shares_of_windows() {
        check(System::Windows, r"C:\Zoë & Co\l.html", "file:///C:/Zo%C3%AB%20%26%20Co/l%2Ehtml");
        check(System::Windows, r"\\server.x\share\a b", "file://server.x/share/a%20b");
        check(System::Windows, r"\\?\D:\a\b", "file:///D:/a/b");
        check(System::Windows, r"\\?\UNC\server\share\a", "file://server/share/a");
    }

    #[cfg(unix)]
    #[test]
    fn paths_need_not_be_text() {
        use std::os::unix::ffi::OsStrExt as _;
        assert_eq!(of_system(System::Linux, OsStr::from_bytes(b"/a\xff")), "file:///a%FF");
    }
}
