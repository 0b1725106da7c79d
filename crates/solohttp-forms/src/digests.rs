//! What a form was shown with, and what became of the record since: a merge of three versions,
//! field by field.
//!
//! The page carries a digest for each element of the form. With what the record is now and what
//! the user sent, it tells who changed what. Knows nothing of requests or of where records are.

use solohttp_core::{Fields, IoList};

use crate::element::AnyElement;
use crate::mistake::Mistake;
use crate::outline::Outline;
use crate::sent::Sent;
use crate::tag::tag;

/// The field that carries the digests.
pub(crate) const BASE: &str = ":base";

/// What the fields are called that say which of two versions to take.
const TAKE: &str = ":take";

/// How much of a value is quoted, in characters.
const QUOTED: usize = 80;

pub(crate) fn field(digests: &str) -> IoList {
    tag("input").attr("type", "hidden").attr("name", BASE).attr("value", digests).void()
}

/// A field that two people have changed, each in another way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Conflict {
    pub(crate) name: &'static str,
    /// What the record has now, as people read it.
    pub(crate) now: String,
    theirs: u64,
}

impl Conflict {
    pub(crate) fn mistake(&self) -> Mistake {
        Mistake::ChangedMeanwhile { now: self.now.clone() }
    }

    /// The name of the radio buttons, and their values: one's own version, and that of others.
    /// A value is good for the version that was seen only.
    pub(crate) fn choice(&self) -> (String, [String; 2]) {
        let Self { name, theirs, .. } = self;
        (take(name), [format!("mine-{theirs:016x}"), format!("theirs-{theirs:016x}")])
    }
}

/// What a page has to say of what happened to its record in the meantime.
#[derive(Debug, Clone, Default)]
pub(crate) struct Meanwhile {
    pub(crate) conflicts: Vec<Conflict>,
    /// Is the record deleted, and can what is typed be saved as a new one?
    pub(crate) offers_new: bool,
}

/// The digests of a record as its form shows it.
pub(crate) fn digests(outline: &Outline, record: &Fields) -> String {
    let record = Sent::from(record.clone());
    let digest = |(name, element): (&'static str, &std::rc::Rc<dyn AnyElement>)| {
        (name, digest(element.as_ref(), name, &record))
    };
    print(outline.iter().map(digest))
}

fn print(digests: impl Iterator<Item = (&'static str, u64)>) -> String {
    let digests: Vec<String> = digests.map(|(name, it)| format!("{name}={it:016x}")).collect();
    digests.join(";")
}

fn find(digests: &str, wanted: &str) -> Option<u64> {
    let (_, digest) =
        digests.split(';').filter_map(|entry| entry.split_once('=')).find(|(n, _)| *n == wanted)?;
    u64::from_str_radix(digest, 16).ok()
}

/// Brings what others have changed in the meantime into what was sent, where the user has not
/// changed it too. Returns the fields where both did.
pub(crate) fn merge(outline: &Outline, record: &Fields, sent: &mut Sent) -> Vec<Conflict> {
    let Some(base) = sent.fields().get(BASE).map(str::to_owned) else { return Vec::new() };
    let record = Sent::from(record.clone());
    let mut conflicts = Vec::new();
    let mut seen = Vec::new();
    for (name, element) in outline.iter() {
        let theirs = digest(element.as_ref(), name, &record);
        // A field that the form did not have when it was shown has nothing to compare with.
        let base = find(&base, name).unwrap_or(theirs);
        let decision = take_out(sent.fields_mut(), &take(name));
        if theirs == base {
            seen.push((name, base));
            continue;
        }
        let mine = digest(element.as_ref(), name, sent);
        let conflict = Conflict { name, now: String::new(), theirs };
        let (_, [keep, replace]) = conflict.choice();
        let is_decided = |wanted: &str| decision.as_deref() == Some(wanted);
        if theirs == mine || is_decided(&keep) {
            seen.push((name, theirs));
        } else if mine == base || is_decided(&replace) {
            replace_by(name, record.fields(), sent.fields_mut());
            seen.push((name, theirs));
        } else {
            let now = quote(&element.say(name, &record));
            conflicts.push(Conflict { now, ..conflict });
            seen.push((name, base));
        }
    }
    take_out(sent.fields_mut(), BASE);
    sent.fields_mut().push(BASE, print(seen.into_iter()));
    conflicts
}

fn take(name: &str) -> String {
    format!("{TAKE}.{name}")
}

fn take_out(fields: &mut Fields, name: &str) -> Option<String> {
    let text = fields.get(name).map(str::to_owned);
    fields.remove(name);
    text
}

/// Is this field that of the element, or of something in it or beside it?
fn belongs(name: &str, field: &str) -> bool {
    field.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', ':']))
}

fn own(name: &str, fields: &Fields) -> Fields {
    fields.iter().filter(|(field, _)| belongs(name, field)).collect()
}

fn replace_by(name: &str, record: &Fields, fields: &mut Fields) {
    let old = std::mem::take(fields);
    fields.extend(old.iter().filter(|(field, _)| !belongs(name, field)));
    fields.extend(own(name, record).iter());
}

/// What tells one version of a field from another: an element that reads its text shows it again,
/// so that another spelling of the same value is no change.
fn digest(element: &dyn AnyElement, name: &str, sent: &Sent) -> u64 {
    let raw = own(name, sent.fields());
    let is_file = |field: &str| [":kept", ":refused", ":gone"].iter().any(|at| field.ends_with(at));
    let normal = match element.normal(name, sent) {
        Some(mut shown) => {
            // A record's own files are never shown, so a file is always a change.
            shown.extend(raw.iter().filter(|(field, _)| is_file(field)));
            shown
        }
        None => raw,
    };
    // What is blank and what is not there read the same.
    let filled = normal.iter().filter(|(_, text)| !text.is_empty());
    let mut pairs: Vec<(&str, String)> =
        filled.map(|(field, text)| (field, plain_breaks(text))).collect();
    // Browsers send choices in the order of the page, whatever order a record has them in.
    pairs.sort();
    pairs.dedup();
    let texts = pairs.iter().flat_map(|(field, text)| [*field, text.as_str()]);
    fnv_1a(texts.flat_map(|text| text.bytes().chain([0xff])))
}

fn plain_breaks(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// A digest that is the same in every build of a program.
/// <https://datatracker.ietf.org/doc/html/draft-eastlake-fnv>
fn fnv_1a(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

fn quote(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line,
    }
}
