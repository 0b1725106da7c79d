//! Recognizes rows that the user hasn't filled in.
//!
//! Initial values can change between the request for the page and its submission, such as the
//! present time. A blank row on the page therefore carries digests of the initial values that it
//! showed, in the hidden field `PREFIX:initial`.

use std::borrow::Cow;
use std::collections::HashSet;

use solohttp_core::Fields;

use crate::form::names::{ID, INITIAL, ROW};
use crate::lens::invisible;
use crate::merge::digest::fnv_1a;
use crate::outline::Outline;

/// The fields of one row. Their names don't include the row's prefix.
pub(super) type Row = Vec<(String, String)>;

/// Writes the fields of a blank row that is left out of the record unless the user fills it in.
pub(super) fn push_initial(outline: &Outline, prefix: &str, fields: &mut Fields) {
    let mut row = Fields::new();
    outline.blank(prefix, &mut row);
    let own = row.iter().map(|(name, text)| (&name[prefix.len()..], text));
    let filled = own.filter(|(name, text)| !is_bookkeeping(name) && !invisible::is_blank(text));
    let digests: Vec<String> = filled.map(|(name, text)| digest(name, text)).collect();
    if !digests.is_empty() {
        fields.push(INITIAL.of(prefix), digests.join(" "));
    }
    fields.extend(row);
}

/// The fields of a new row, as browsers send them if the user doesn't touch it.
pub(super) fn new_row(outline: &Outline) -> Row {
    let mut fields = Fields::new();
    outline.blank("row", &mut fields);
    outline.untouched("row", &mut fields);
    let rest = |name: &str| name["row".len()..].to_owned();
    fields.iter().map(|(name, text)| (rest(name), text.to_owned())).collect()
}

/// Whether each field of a row is blank, or has its initial value: that of a new row, or the one
/// whose digest is among `shown`.
pub(super) fn is_blank<'a>(
    mut row: impl Iterator<Item = (&'a str, &'a str)>,
    new_row: &Row,
    shown: &str,
) -> bool {
    row.all(|(name, text)| {
        let is_new =
            || new_row.iter().any(|field| (field.0.as_str(), field.1.as_str()) == (name, text));
        let was_shown = || {
            !shown.is_empty() && {
                let digest = digest(name, text);
                shown.split(' ').any(|shown| shown == digest)
            }
        };
        is_bookkeeping(name) || invisible::is_blank(text) || is_new() || was_shown()
    })
}

/// Drops the fields of rows that were blank on the page.
pub(crate) fn without_blank_rows(fields: Fields) -> Fields {
    let blank: HashSet<String> =
        fields.iter().filter_map(|(name, _)| INITIAL.strip(name)).map(str::to_owned).collect();
    if blank.is_empty() {
        return fields;
    }
    // A set, because there can be thousands of rows with blank rows of their own.
    let is_in_blank =
        |name: &str| name.match_indices(['.', ':']).any(|(end, _)| blank.contains(&name[..end]));
    fields.into_iter().filter(|(name, _)| !is_in_blank(name)).collect()
}

/// Whether the field isn't one that users fill in.
fn is_bookkeeping(name: &str) -> bool {
    [ROW, ID, INITIAL].iter().any(|suffix| suffix.ends(name))
}

fn digest(name: &str, text: &str) -> String {
    // Browsers send line breaks as CRLF.
    let text: Cow<'_, str> =
        if text.contains('\r') { text.replace("\r\n", "\n").into() } else { text.into() };
    format!("{:016x}", fnv_1a(name.bytes().chain([0xff]).chain(text.bytes())))
}
