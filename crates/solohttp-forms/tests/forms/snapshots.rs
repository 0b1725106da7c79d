//! Snapshots of every element's HTML: blank, filled in and invalid. Set `UPDATE_SNAPSHOTS=1` to
//! overwrite them with the current HTML, then review the diff.

use std::fs;
use std::path::Path;

use crate::{datebook, values};

#[track_caller]
pub(crate) fn check(name: &str, html: &str) {
    // One line per element, for readability.
    let html = html.replace("><", ">\n<");
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/forms/snapshots").join(name);
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::write(&file, &html).unwrap();
    }
    let expect = fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
    assert!(html == expect, "{name} is now:\n{html}\n\nand was:\n{expect}");
}

#[test]
fn every_element_blank() {
    check("blank.html", &values::form().blank().render().to_string());
}

#[test]
fn every_element_filled() {
    check("filled.html", &values::form().show(&values::sample()).render().to_string());
}

#[test]
fn every_element_invalid() {
    let view = values::form().submit(&values::wrong()).unwrap_err();
    check("wrong.html", &view.render().to_string());
}

#[test]
fn the_forms_of_a_datebook() {
    for (place, html) in datebook::pages().iter().enumerate() {
        check(&format!("datebook-{place}.html"), html);
    }
}
