//! What the router's pages say, in the application's language.

use solohttp_core::sentences;

sentences! {
    /// The sentences of the router's pages: folder listings and files. Set them once, in the
    /// application's [`Locale`](solohttp_core::Locale).
    ///
    /// Titles of 404 and its like are core's [`ServerWords`](solohttp_core::ServerWords).
    pub struct RouterWords {
        /// The title of a folder listing. {folder} is its path.
        files_in: "Files in {folder}",
        /// The link to the folder above.
        parent: ".. (parent folder)",
        /// A listing without files.
        empty: "This folder is empty.",
        /// The column of names.
        name: "Name",
        /// The column of sizes.
        size: "Size",
        /// The column of dates.
        changed: "Modified",
        /// A size. {number} is in units of {unit}, with a decimal point: B, KiB, MiB, GiB or TiB.
        size_in: "{number} {unit}",
        /// A date, in the form of HTTP: {year}, {month} and {day} are digits, {time} is in UTC.
        date: "{year}-{month}-{day} {time} UTC",
        /// 412.
        file_changed: "The file has changed since it was requested.",
        /// 416. {len} is in bytes.
        range: "This range is not available (the file has {len} bytes).",
        /// 404, for an address with a slash too many. {path} is the right one.
        without_slash: "There is a page at {path}, without the slash at the end.",
        /// 404, for an address with a malformed part. {detail} is English, for developers: leave
        /// it out.
        no_match: "{detail}",
    }
}
