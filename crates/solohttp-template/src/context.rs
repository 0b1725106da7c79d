//! Slots at places where escaping five characters does not make a value harmless.
//!
//! Decided while a template loads, over the page as it will be after extension, so that it costs
//! nothing later and cannot depend on the data.

mod markup;

pub(crate) use markup::Markup;
use markup::State;

use crate::error::{Error, ErrorKind};
use crate::format::{URL, URLENCODE};
use crate::parse::tree::{Block, Mode, Node, Slot};

/// Refuses the first slot that stands at a dangerous place. The parts follow each other in a page.
pub(crate) fn check<'n>(parts: impl IntoIterator<Item = &'n [Node]>) -> Result<(), Error> {
    let mut markup = Markup::default();
    parts.into_iter().try_for_each(|nodes| walk(nodes, &mut markup))
}

fn walk(nodes: &[Node], markup: &mut Markup) -> Result<(), Error> {
    for node in nodes {
        match node {
            Node::Text(place) => markup.feed(place.text()),
            Node::Slot(slot) => {
                if !matches!(slot.mode, Mode::Raw) {
                    judge(slot, markup)?;
                }
                markup.feed_slot();
            }
            Node::Each(block) | Node::If(block) => branches(block, markup)?,
            Node::Fragment(fragment) => walk(&fragment.body, markup)?,
        }
    }
    Ok(())
}

/// Goes on over nodes whose slots were judged before.
pub(crate) fn pass(nodes: &[Node], markup: &mut Markup) {
    for node in nodes {
        match node {
            Node::Text(place) => markup.feed(place.text()),
            Node::Slot(_) => markup.feed_slot(),
            Node::Each(block) | Node::If(block) => pass(&block.body, markup),
            Node::Fragment(fragment) => pass(&fragment.body, markup),
        }
    }
}

/// Both branches begin at the same place; the page is taken to go on after the first.
fn branches(block: &Block, markup: &mut Markup) -> Result<(), Error> {
    let mut other = markup.clone();
    walk(&block.body, markup)?;
    walk(&block.otherwise, &mut other)
}

fn judge(slot: &Slot, markup: &Markup) -> Result<(), Error> {
    let name = slot.place.text().trim_matches(['{', '}']);
    let attribute = markup.attribute.as_str();
    let (what, way) = match markup.state {
        State::Text | State::Comment | State::Other | State::Declaration(_) => return Ok(()),
        State::RawText if markup.tag == "script" => (
            "inside `<script>`".to_owned(),
            format!(
                "put the value into an attribute, `data-x=\"{{{name}}}\"`, and read it with `dataset.x`"
            ),
        ),
        State::RawText if markup.tag == "style" => (
            "inside `<style>`".to_owned(),
            "choose a class with the value, or set a `style=\"…\"` attribute".to_owned(),
        ),
        State::RawText => return Ok(()),
        State::TagOpen | State::TagName | State::EndTagOpen | State::EndTag => {
            ("in the name of a tag".to_owned(), "write the tag out, inside `<?if …?>`".to_owned())
        }
        State::BeforeAttribute | State::AttributeName | State::AfterAttributeName => (
            "where an attribute's name is expected".to_owned(),
            format!("write the attribute out: `<?if {name}?> {name}<?end if?>`"),
        ),
        State::BeforeValue | State::Unquoted => (
            format!("in the attribute `{attribute}` without quotes"),
            format!("put quotes around it: `{attribute}=\"{{{name}}}\"`"),
        ),
        State::Quoted(_) => match quoted(slot, markup) {
            Some(verdict) => verdict,
            None => return Ok(()),
        },
    };
    Err(Error::new(ErrorKind::UnsafePlace, format!("escaping does not make a value safe {what}"))
        .at(&slot.place, "this slot")
        .help(format!("{way};\nor vouch for the value yourself with `{{.{name}}}`")))
}

/// The verdict over a slot in a quoted attribute, if it is one that can run something.
fn quoted(slot: &Slot, markup: &Markup) -> Option<(String, String)> {
    let attribute = markup.attribute.as_str();
    if attribute.starts_with("on") {
        let way =
            "put the value into a `data-x` attribute and let the script read `this.dataset.x`";
        return Some((format!("in the script attribute `{attribute}`"), way.to_owned()));
    }
    if attribute == "srcdoc" {
        return Some(("in `srcdoc`, which is HTML again".to_owned(), "use `src`".to_owned()));
    }
    let is_formatted =
        |name: &str| matches!(&slot.mode, Mode::Format(format) if format.name == name);
    if !takes_url(&markup.tag, attribute) {
        return None;
    }
    let name = slot.place.text().trim_matches(['{', '}']).split(':').next().unwrap_or_default();
    if is_in_query(&markup.value) && !is_formatted(URLENCODE) {
        let way = format!("write `{{{name}:urlencode}}`, which percent-encodes them");
        let what = "in a query, where `&`, `#`, `+` and `%` mean something else,";
        return Some((format!("{what} in `{attribute}`"), way));
    }
    if is_formatted(URL) || is_settled(&markup.value) {
        return None;
    }
    Some((
        format!("at the beginning of the address in `{attribute}`"),
        format!(
            "write `{{{name}:url}}`, which lets no `javascript:` through,\n\
             or begin the address with fixed text, such as `/`"
        ),
    ))
}

/// Attributes whose address a browser may run as a script.
fn takes_url(tag: &str, attribute: &str) -> bool {
    match attribute {
        "href" | "src" | "action" | "formaction" | "xlink:href" => true,
        "data" => tag == "object",
        _ => false,
    }
}

/// Whether the address has a query so far, and no fragment.
fn is_in_query(value: &str) -> bool {
    value.contains('?') && !value.contains('#')
}

/// Whether the fixed beginning of an address leaves no choice of scheme.
fn is_settled(prefix: &str) -> bool {
    const RUNNING: [&str; 3] = ["javascript:", "data:", "vbscript:"];
    let seen: String = prefix.chars().filter(|c| !c.is_control() && *c != ' ').collect();
    let seen = seen.to_lowercase();
    if RUNNING.into_iter().any(|scheme| seen.starts_with(scheme)) {
        return false;
    }
    match seen.find(['/', '?', '#', '&']) {
        // An entity may stand for any letter.
        Some(at) => !seen[at..].starts_with('&'),
        None => !RUNNING.into_iter().any(|scheme| scheme.starts_with(&seen)),
    }
}
