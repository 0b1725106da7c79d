//! The sentences of the router's pages, in the application's language.

use solohttp_core::sentences;

sentences! {
    /// The sentences of the router's pages, such as folder listings. Set them once, in the
    /// application's [`Locale`](solohttp_core::Locale).
    ///
    /// Titles of error pages are part of core's [`ServerWords`](solohttp_core::ServerWords).
    pub struct RouterWords {
        /// The title of a folder listing. {folder} is its path.
        files_in: "Files in {folder}",
        /// The link to the parent folder.
        parent: ".. (parent folder)",
        /// Shown in an empty folder.
        empty: "This folder is empty.",
        /// The heading of the name column.
        name: "Name",
        /// The heading of the size column.
        size: "Size",
        /// The heading of the date column.
        changed: "Modified",
        /// A file size. {number} has a decimal point, and {unit} is B, KiB, MiB, GiB or TiB.
        size_in: "{number} {unit}",
        /// A date. {year}, {month} and {day} are numbers, and {time} is in UTC.
        date: "{year}-{month}-{day} {time} UTC",
        /// On the error page, what the program was doing when it couldn't read a file.
        sending: "sending a file",
        /// Shown with status 412.
        file_changed: "The file has changed since it was requested.",
        /// Shown with status 416. {len} is the file's length in bytes.
        range: "This range is not available (the file has {len} bytes).",
        /// Shown with status 404 for an address with an extra trailing slash. {path} is the address
        /// without the slash.
        without_slash: "Did you mean {path}, without the slash at the end?",
        /// Shown with status 404 for an address with a malformed segment. {detail} is in English
        /// and meant for developers, so translations should leave it out.
        no_match: "{detail}",
    }
}
