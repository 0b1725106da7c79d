//! Writes the 200 KiB page for every engine, to keep it out of the repository.

use std::fs;

/// A tenth of the page is this line, repeated.
const LINE: &str =
    "<p>Nothing but text, as long pages mostly are: a manual, a list of changes.</p>\n";

fn main() {
    let block = LINE.repeat(200 * 1024 / 6 / LINE.len());
    let page = |open: &str, close: &str, prefix: &str| {
        let holes =
            ["a", "b", "c", "d", "e"].map(|name| format!("{block}{open}{prefix}{name}{close}"));
        holes.concat() + &block
    };
    for (path, text) in [
        ("templates/ours/long.tpl", page("{", "}", "")),
        ("templates/jinja/long.html", page("{{", "}}", "")),
        ("templates/askama/long.html", page("{{", "}}", "page.")),
        ("templates/handlebars/long.hbs", page("{{", "}}", "")),
    ] {
        fs::write(path, text).expect("the templates folder can be written");
    }
    println!("cargo::rerun-if-changed=build.rs");
}
