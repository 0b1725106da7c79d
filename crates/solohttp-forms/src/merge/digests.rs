//! The digests that a form carries in a hidden field, one for each element of the form.

use std::collections::HashSet;

use solohttp_core::Fields;

use crate::element::blank_row::without_blank_rows;
use crate::form::data::FormData;
use crate::form::names::{BASE, GONE, ID, KEPT, REFUSED};
use crate::merge::digest::{Digest, fnv_1a};
use crate::outline::{AnyElement, Outline};
use crate::store::token::token;

/// The key for the page's number, which is stored with the digests.
const PAGE: &str = ":page";

/// The digests of a record, with a random number that identifies the page.
pub(crate) fn for_new_page(outline: &Outline, record: &FormData) -> String {
    let page = fnv_1a(token().bytes());
    encode(page, of_record(outline, record))
}

pub(crate) fn of_record(
    outline: &Outline,
    record: &FormData,
) -> impl Iterator<Item = (&'static str, Digest)> {
    outline.iter().map(move |(name, element)| (name, of_element(element.as_ref(), name, record)))
}

pub(crate) fn of_element(element: &dyn AnyElement, name: &str, record: &FormData) -> Digest {
    let version = element.info().version.as_ref();
    let version = version.map(|version| fnv_1a(version.bytes()));
    Digest { shown: shown(element, name, record), version }
}

pub(crate) fn encode(page: u64, digests: impl Iterator<Item = (&'static str, Digest)>) -> String {
    let digests = digests.map(|(name, digest)| format!(";{name}={digest}"));
    format!("{PAGE}={page:016x}{}", digests.collect::<String>())
}

pub(crate) fn find(digests: &str, wanted: &str) -> Option<Digest> {
    let (_, digest) =
        digests.split(';').filter_map(|entry| entry.split_once('=')).find(|(n, _)| *n == wanted)?;
    Digest::parse(digest)
}

/// The number of the page that the form came from. The number stays the same when the form is shown
/// again.
pub(crate) fn page(data: &FormData) -> Option<u64> {
    page_of(data.fields().get(BASE)?)
}

pub(crate) fn page_of(digests: &str) -> Option<u64> {
    find(digests, PAGE).map(|digest| digest.shown)
}

/// The fields whose stored files were deleted with the record, unless the user has chosen others.
pub(crate) fn lost_files(outline: &Outline, data: &FormData) -> impl Iterator<Item = &'static str> {
    let (base, nothing) = (data.text(BASE), fnv_1a("".bytes()));
    outline.iter().filter_map(move |(name, element)| {
        let version = find(base, name)?.version?;
        let is_chosen = data.files(name).next().is_some();
        (element.file_rules().is_some() && version != nothing && !is_chosen).then_some(name)
    })
}

/// The digest of submitted data. A new secret changes the digest, but its value isn't hashed.
pub(crate) fn of_submitted(
    element: &dyn AnyElement,
    name: &str,
    data: &FormData,
    record: &FormData,
) -> u64 {
    let mut secrets = secrets(element, name, data).into_iter();
    let is_new = |secret: String| {
        let text = data.text(&secret);
        !text.is_empty() && text != record.text(&secret)
    };
    shown(element, name, data) ^ u64::from(secrets.any(is_new))
}

/// Hashes the canonical text, so that a different spelling of the same value doesn't count as a
/// change.
fn shown(element: &dyn AnyElement, name: &str, data: &FormData) -> u64 {
    let raw = own(name, data.fields());
    let is_file = |field: &str| [KEPT, REFUSED, GONE].iter().any(|suffix| suffix.ends(field));
    let canonical = match element.canonical(name, data) {
        Some(shown) => {
            // Their initial values can depend on the time, and the record doesn't have them.
            let mut shown = without_blank_rows(shown);
            // A form never shows a record's files, so an uploaded file is always a change. The
            // element's `version` covers the stored file.
            shown.extend(raw.iter().filter(|(field, _)| is_file(field)));
            shown
        }
        None => raw,
    };
    let secrets: HashSet<String> = secrets(element, name, data).into_iter().collect();
    // A blank field is equal to a missing one.
    let filled = canonical.iter().filter(|(_, text)| !text.is_empty());
    // Two rows with the same values are equal, even if one of them was inserted again.
    let filled = filled.filter(|(field, _)| !secrets.contains(*field) && !ID.ends(field));
    let mut pairs: Vec<(&str, String)> =
        filled.map(|(field, text)| (field, with_plain_breaks(text))).collect();
    // Browsers send choices in the order of the page, which can differ from the record's.
    pairs.sort();
    pairs.dedup();
    let texts = pairs.iter().flat_map(|(field, text)| [*field, text.as_str()]);
    fnv_1a(texts.flat_map(|text| text.bytes().chain([0xff])))
}

/// The names of an element's secret fields, whose values must not appear in the page, not even as a
/// digest.
fn secrets(element: &dyn AnyElement, name: &str, data: &FormData) -> Vec<String> {
    match element.compound() {
        Some(compound) => {
            let outline = compound.outline();
            let parts = || compound.parts(name, data).into_iter();
            let names = outline.has_secrets.then(parts).into_iter().flatten();
            names.flat_map(|part| outline.secrets(&part, data, true)).collect()
        }
        None => Vec::from_iter(element.is_secret().then(|| name.to_owned())),
    }
}

/// Whether `field` belongs to the element `name`: it is equal to `name`, or starts with `name`
/// followed by a dot or colon.
pub(crate) fn belongs(name: &str, field: &str) -> bool {
    field.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', ':']))
}

/// An element's fields.
pub(crate) fn own(name: &str, fields: &Fields) -> Fields {
    fields.iter().filter(|(field, _)| belongs(name, field)).collect()
}

fn with_plain_breaks(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}
