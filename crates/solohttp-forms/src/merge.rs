//! Merges concurrent edits field by field, by comparing three versions: the one that the form
//! showed, the submitted one, and the saved one.
//!
//! The page carries a digest of each element. This module is independent of requests and of how
//! records are stored.

pub(crate) mod conflict;
pub(crate) mod digest;
pub(crate) mod digests;

use solohttp_core::{Fields, Locale};

use crate::form::data::FormData;
use crate::form::names::{BASE, version_choice};
use crate::merge::conflict::Conflict;
use crate::merge::digest::Digest;
use crate::merge::digests::{belongs, own};
use crate::outline::{AnyElement, Outline};
use crate::store::saved_pages::SavedField;
use crate::validation::words::FormWords;

/// The maximum length of a quoted value, in characters.
const MAX_QUOTE: usize = 80;

/// A field, with the digests that were compared before saving.
#[derive(Debug)]
pub(crate) struct ComparedField {
    name: &'static str,
    base: Digest,
    sent: u64,
    theirs: Digest,
}

/// The result of a merge.
#[derive(Debug, Default)]
pub(crate) struct Merged {
    pub(crate) conflicts: Vec<Conflict>,
    /// All fields, with the digests that were compared.
    pub(crate) fields: Vec<ComparedField>,
}

/// Which version of a field to save.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Mine,
    /// The user's version, because the user has already seen the other one or the two are
    /// identical.
    MineOverTheirs,
    Theirs,
    /// Ask the user.
    Ask {
        is_own: bool,
    },
}

/// Compares three versions of a field, or four if the same page has saved the field before.
fn judge(base: Digest, saved: Option<&SavedField>, mine: u64, theirs: Digest) -> Verdict {
    let is_touched = mine != base.shown;
    // An earlier save from this page no longer matters if the page's base has changed since then.
    let Some(saved) = saved.filter(|saved| saved.base == base) else {
        return match theirs {
            _ if theirs == base => Verdict::Mine,
            Digest { shown, version } if shown == mine && version == base.version => {
                Verdict::MineOverTheirs
            }
            _ if is_touched => Verdict::Ask { is_own: false },
            _ => Verdict::Theirs,
        };
    };
    let is_unchanged = theirs == saved.stored;
    // The user never touched the field, or the saved value is the one that the form shows.
    if !is_touched && (saved.sent == base.shown || theirs.shown == mine) {
        return Verdict::Theirs;
    }
    if is_unchanged && is_touched || theirs == (Digest { shown: mine, ..saved.stored }) {
        return Verdict::Mine;
    }
    // The original value is ambiguous: the user may have typed it again, the tab may have been
    // duplicated, or the browser may have lost the input.
    if is_touched && mine == saved.sent {
        Verdict::Theirs
    } else {
        Verdict::Ask { is_own: is_unchanged }
    }
}

/// Merges into `data` the changes saved in the meantime, except in fields that the user has changed
/// too. `saved` contains the fields that the same page has already saved.
pub(crate) fn merge(
    outline: &Outline,
    record: &FormData,
    saved: &[SavedField],
    data: &mut FormData,
) -> Merged {
    let mut merged = Merged::default();
    let Some(carried) = take_out(data.fields_mut(), BASE) else { return merged };
    let page = digests::page_of(&carried).unwrap_or_default();
    for secret in outline.secrets("", record, false) {
        // A secret is never shown, so a blank one means that the user didn't change it.
        if data.text(&secret).is_empty() {
            replace(&secret, record.fields(), data.fields_mut());
        }
    }
    let mut seen = Vec::new();
    for (name, element) in outline.iter() {
        let theirs = digests::of_element(element.as_ref(), name, record);
        // If this field has no digest, the form didn't contain it when it was shown.
        let base = digests::find(&carried, name).unwrap_or(theirs);
        let decision = take_out(data.fields_mut(), &version_choice(name));
        let mine = digests::of_submitted(element.as_ref(), name, data, record);
        merged.fields.push(ComparedField { name, base, sent: mine, theirs });
        let saved = saved.iter().find(|saved| saved.name == name);
        let verdict = judge(base, saved, mine, theirs);
        let is_own = verdict == Verdict::Ask { is_own: true };
        let conflict = Conflict { name, saved: String::new(), theirs, is_own };
        match decide(verdict, &conflict, decision.as_deref()) {
            Verdict::Mine => seen.push((name, base)),
            Verdict::MineOverTheirs => seen.push((name, theirs)),
            Verdict::Theirs => {
                replace(name, record.fields(), data.fields_mut());
                seen.push((name, theirs));
            }
            Verdict::Ask { .. } => {
                let text = match theirs.version {
                    version if version == base.version => element.describe(name, record),
                    _ => describe_version(element.as_ref()),
                };
                merged.conflicts.push(Conflict { saved: quote(&text), ..conflict });
                seen.push((name, base));
            }
        }
    }
    data.fields_mut().push(BASE, digests::encode(page, seen.into_iter()));
    merged
}

/// Applies the user's choice, if it was made for this saved version.
fn decide(verdict: Verdict, conflict: &Conflict, decision: Option<&str>) -> Verdict {
    let (_, [keep, replace]) = conflict.choice();
    match (verdict, decision) {
        (Verdict::Mine | Verdict::Theirs, _) | (_, None) => verdict,
        (_, Some(decision)) if decision == keep => Verdict::MineOverTheirs,
        (_, Some(decision)) if decision == replace => Verdict::Theirs,
        _ => verdict,
    }
}

fn describe_version(element: &dyn AnyElement) -> String {
    match element.info().version.as_deref() {
        None | Some("") => String::new(),
        Some(_) => Locale::current::<FormWords>().other_file.to_string(),
    }
}

/// The fields that a submission has changed in the record.
pub(crate) fn saved_fields(
    outline: &Outline,
    record: &FormData,
    compared: &[ComparedField],
) -> Vec<SavedField> {
    let fields = digests::of_record(outline, record).filter_map(|(name, stored)| {
        let ComparedField { base, sent, theirs, .. } =
            *compared.iter().find(|it| it.name == name)?;
        // The program may have saved a different value, or none.
        let is_saved = stored != theirs || sent != base.shown && sent == stored.shown;
        is_saved.then_some(SavedField { name, base, sent, stored })
    });
    fields.collect()
}

fn take_out(fields: &mut Fields, name: &str) -> Option<String> {
    let text = fields.get(name).map(str::to_owned);
    fields.remove(name);
    text
}

/// Replaces an element's fields with those of the record.
fn replace(name: &str, record: &Fields, fields: &mut Fields) {
    let old = std::mem::take(fields).into_iter();
    *fields = old.filter(|(field, _)| !belongs(name, field)).collect();
    fields.extend(own(name, record));
}

fn quote(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MAX_QUOTE) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line,
    }
}
