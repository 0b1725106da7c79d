//! What a form was shown with, and what became of the record since: a merge of three versions,
//! field by field.
//!
//! The page carries a digest for each element of the form. With what the record is now and what
//! the user sent, it tells who changed what. Knows nothing of requests or of where records are.

use std::collections::HashSet;
use std::fmt;

use solohttp_core::{Fields, IoList, Locale};

use crate::element::AnyElement;
use crate::form::left::Left;
use crate::form::outline::Outline;
use crate::form::sent::Sent;
use crate::markup::tag::tag;
use crate::store::submissions::token;
use crate::validation::ValidationError;
use crate::validation::words::FormWords;

/// The field that carries the digests.
pub(crate) const BASE: &str = ":base";

/// What the number of the page is called among the digests.
const PAGE: &str = ":page";

/// What the fields are called that say which of two versions to take.
const TAKE: &str = ":take";

/// How much of a value is quoted, in characters.
const QUOTED: usize = 80;

pub(crate) fn field(digests: &str) -> IoList {
    tag("input").attr("type", "hidden").attr("name", BASE).attr("value", digests).void()
}

/// What tells one version of a field from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Digest {
    /// Of what the form shows.
    pub(crate) shown: u64,
    /// Of what it does not show, such as a stored file.
    pub(crate) version: Option<u64>,
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.shown)?;
        self.version.map_or(Ok(()), |version| write!(f, "-{version:016x}"))
    }
}

impl Digest {
    fn of(element: &dyn AnyElement, name: &str, record: &Sent) -> Self {
        let version = element.face().version.as_ref();
        let version = version.map(|version| fnv_1a(version.bytes()));
        Self { shown: digest(element, name, record), version }
    }

    fn read(text: &str) -> Option<Self> {
        let number = |text| u64::from_str_radix(text, 16).ok();
        Some(match text.split_once('-') {
            Some((shown, version)) => {
                Self { shown: number(shown)?, version: Some(number(version)?) }
            }
            None => Self { shown: number(text)?, version: None },
        })
    }
}

/// A field that two people have changed, each in another way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Conflict {
    pub(crate) name: &'static str,
    /// What the record has now, as people read it.
    pub(crate) now: String,
    theirs: Digest,
    /// Was it this very page that saved it?
    is_own: bool,
}

impl Conflict {
    pub(crate) fn mistake(&self) -> ValidationError {
        let now = self.now.clone();
        if self.is_own {
            ValidationError::SavedHere { now }
        } else {
            ValidationError::ChangedMeanwhile { now }
        }
    }

    /// The name of the radio buttons, and their values: one's own version, and that of others.
    /// A value is good for the version that was seen only.
    pub(crate) fn choice(&self) -> (String, [String; 2]) {
        let Self { name, theirs, .. } = self;
        (take(name), [format!("mine-{theirs}"), format!("theirs-{theirs}")])
    }
}

/// What a page has to say of what happened to its record in the meantime.
#[derive(Debug, Clone, Default)]
pub(crate) struct Meanwhile {
    pub(crate) conflicts: Vec<Conflict>,
    /// Is the record deleted, and can what is typed be saved as a new one?
    pub(crate) offers_new: bool,
}

/// The digests of a record as its form shows it, and a number for the page that carries them.
pub(crate) fn digests(outline: &Outline, record: &Fields) -> String {
    let number = fnv_1a(token().bytes());
    print(number, of_record(outline, record))
}

fn of_record(outline: &Outline, record: &Fields) -> impl Iterator<Item = (&'static str, Digest)> {
    let record = Sent::from(record.clone());
    outline.iter().map(move |(name, element)| (name, Digest::of(element.as_ref(), name, &record)))
}

fn print(page: u64, digests: impl Iterator<Item = (&'static str, Digest)>) -> String {
    let digests = digests.map(|(name, digest)| format!(";{name}={digest}"));
    format!("{PAGE}={page:016x}{}", digests.collect::<String>())
}

fn find(digests: &str, wanted: &str) -> Option<Digest> {
    let (_, digest) =
        digests.split(';').filter_map(|entry| entry.split_once('=')).find(|(n, _)| *n == wanted)?;
    Digest::read(digest)
}

/// The number of the page that a form was sent from, or of the first one, if it was shown again.
pub(crate) fn page(sent: &Sent) -> Option<u64> {
    find(sent.fields().get(BASE)?, PAGE).map(|digest| digest.shown)
}

/// A field before it is saved.
#[derive(Debug)]
pub(crate) struct Before {
    name: &'static str,
    base: Digest,
    sent: u64,
    theirs: Digest,
}

/// What came of a comparison.
#[derive(Debug, Default)]
pub(crate) struct Merged {
    /// The fields that both have changed.
    pub(crate) conflicts: Vec<Conflict>,
    /// Every field.
    pub(crate) fields: Vec<Before>,
}

/// Whose version of a field counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Mine,
    /// The same, and the other one has been seen.
    MineOverTheirs,
    Theirs,
    Ask {
        is_own: bool,
    },
}

/// Compares three versions, or four if this page has saved the field before.
fn judge(base: Digest, left: Option<&Left>, mine: u64, theirs: Digest) -> Verdict {
    let is_touched = mine != base.shown;
    // Of a page that has taken another base since, this says nothing.
    let Some(left) = left.filter(|left| left.base == base) else {
        return match theirs {
            _ if theirs == base => Verdict::Mine,
            Digest { shown, version } if shown == mine && version == base.version => {
                Verdict::MineOverTheirs
            }
            _ if is_touched => Verdict::Ask { is_own: false },
            _ => Verdict::Theirs,
        };
    };
    let is_as_left = theirs == left.kept;
    // Never touched; or shown as it is, and only what is not shown may be another one.
    if !is_touched && (left.sent == base.shown || theirs.shown == mine) {
        return Verdict::Theirs;
    }
    if is_as_left && is_touched || theirs == (Digest { shown: mine, ..left.kept }) {
        return Verdict::Mine;
    }
    // What the page was first shown with is what the user has typed again, or what the browser
    // shows in a copy of the tab, or because it has forgotten what was typed: nobody knows.
    if is_touched && mine == left.sent {
        Verdict::Theirs
    } else {
        Verdict::Ask { is_own: is_as_left }
    }
}

/// Brings what others have changed in the meantime into what was sent, where the user has not
/// changed it too. `left` is what the same page has saved before.
pub(crate) fn merge(outline: &Outline, record: &Fields, left: &[Left], sent: &mut Sent) -> Merged {
    let mut merged = Merged::default();
    let Some(carried) = sent.fields().get(BASE).map(str::to_owned) else { return merged };
    let page = page(sent).unwrap_or_default();
    let record = Sent::from(record.clone());
    for secret in outline.secrets("", &record, false) {
        // It was never shown, so whoever leaves it blank has not changed it.
        if sent.text(&secret).is_empty() {
            replace_by(&secret, record.fields(), sent.fields_mut());
        }
    }
    let mut seen = Vec::new();
    for (name, element) in outline.iter() {
        let theirs = Digest::of(element.as_ref(), name, &record);
        // A field that the form did not have when it was shown has nothing to compare with.
        let base = find(&carried, name).unwrap_or(theirs);
        let decision = take_out(sent.fields_mut(), &take(name));
        let mine = digest_of_sent(element.as_ref(), name, sent, &record);
        merged.fields.push(Before { name, base, sent: mine, theirs });
        let left = left.iter().find(|left| left.name == name);
        let verdict = judge(base, left, mine, theirs);
        let is_own = verdict == Verdict::Ask { is_own: true };
        let conflict = Conflict { name, now: String::new(), theirs, is_own };
        match decide(verdict, &conflict, decision.as_deref()) {
            Verdict::Mine => seen.push((name, base)),
            Verdict::MineOverTheirs => seen.push((name, theirs)),
            Verdict::Theirs => {
                replace_by(name, record.fields(), sent.fields_mut());
                seen.push((name, theirs));
            }
            Verdict::Ask { .. } => {
                let now = match theirs.version {
                    version if version == base.version => element.say(name, &record),
                    _ => say_version(element.as_ref()),
                };
                merged.conflicts.push(Conflict { now: quote(&now), ..conflict });
                seen.push((name, base));
            }
        }
    }
    take_out(sent.fields_mut(), BASE);
    sent.fields_mut().push(BASE, print(page, seen.into_iter()));
    merged
}

/// What the user has said about this very version is done.
fn decide(verdict: Verdict, conflict: &Conflict, decision: Option<&str>) -> Verdict {
    let (_, [keep, replace]) = conflict.choice();
    match (verdict, decision) {
        (Verdict::Mine | Verdict::Theirs, _) | (_, None) => verdict,
        (_, Some(decision)) if decision == keep => Verdict::MineOverTheirs,
        (_, Some(decision)) if decision == replace => Verdict::Theirs,
        _ => verdict,
    }
}

fn say_version(element: &dyn AnyElement) -> String {
    match element.face().version.as_deref() {
        None | Some("") => String::new(),
        Some(_) => Locale::current::<FormWords>().other_file.to_string(),
    }
}

/// What was left in a record that has been saved, in the fields that this has changed.
pub(crate) fn left_in(outline: &Outline, record: &Fields, before: &[Before]) -> Vec<Left> {
    let kept = of_record(outline, record).filter_map(|(name, kept)| {
        let Before { base, sent, theirs, .. } = *before.iter().find(|it| it.name == name)?;
        // What the program did not save is not known to be there.
        let is_saved = kept != theirs || sent != base.shown && sent == kept.shown;
        is_saved.then_some(Left { name, base, sent, kept })
    });
    kept.collect()
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

/// The fields of an element that say what nobody may read in the page, not even as a digest.
fn secrets(element: &dyn AnyElement, name: &str, sent: &Sent) -> Vec<String> {
    match element.compound() {
        Some(compound) => {
            let outline = compound.outline();
            let parts = || compound.parts(name, sent).into_iter();
            let names = outline.has_secrets().then(parts).into_iter().flatten();
            names.flat_map(|part| outline.secrets(&part, sent, true)).collect()
        }
        None => Vec::from_iter(element.is_secret().then(|| name.to_owned())),
    }
}

/// The digest of what was sent. It tells nothing of a secret, so one that was typed, and is another
/// than the record's, makes it differ from that of the page.
fn digest_of_sent(element: &dyn AnyElement, name: &str, sent: &Sent, record: &Sent) -> u64 {
    let mut secrets = secrets(element, name, sent).into_iter();
    let is_new = |secret: String| {
        let text = sent.text(&secret);
        !text.is_empty() && text != record.text(&secret)
    };
    digest(element, name, sent) ^ u64::from(secrets.any(is_new))
}

/// What tells one version of a field from another: an element that reads its text shows it again,
/// so that another spelling of the same value is no change.
fn digest(element: &dyn AnyElement, name: &str, sent: &Sent) -> u64 {
    let raw = own(name, sent.fields());
    let is_file = |field: &str| [":kept", ":refused", ":gone"].iter().any(|at| field.ends_with(at));
    let normal = match element.normal(name, sent) {
        Some(mut shown) => {
            // A record's own files are never shown, so a file is always a change. What is stored
            // is told by its version.
            shown.extend(raw.iter().filter(|(field, _)| is_file(field)));
            shown
        }
        None => raw,
    };
    let secrets: HashSet<String> = secrets(element, name, sent).into_iter().collect();
    // What is blank and what is not there read the same.
    let filled = normal.iter().filter(|(_, text)| !text.is_empty());
    let filled = filled.filter(|(field, _)| !secrets.contains(*field));
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
