//! Rejects slots in places where escaping doesn't make a value safe.
//!
//! The check runs when a template is laid out, after its extension is resolved. It costs nothing at
//! render time and doesn't depend on the data.

mod markup;

pub(crate) use markup::Markup;
use markup::State;

use crate::error::{Error, ErrorKind};
use crate::format::{URL, URLENCODE};
use crate::parse::tree::{Mode, Slot};

/// Rejects a slot in an unsafe place.
pub(crate) fn check_slot(slot: &Slot, markup: &Markup) -> Result<(), Error> {
    if matches!(slot.mode, Mode::Raw) {
        return Ok(());
    }
    let name = slot.place.text().trim_matches(['{', '}']);
    let attribute = markup.attribute.as_str();
    let (what, fix) = match markup.state {
        State::Text | State::Comment | State::Other | State::Declaration(_) => return Ok(()),
        State::RawText if markup.tag == "script" => (
            "inside `<script>`".to_owned(),
            format!(
                "put the value in an attribute, `data-x=\"{{{name}}}\"`, and read it with `dataset.x`"
            ),
        ),
        State::RawText if markup.tag == "style" => (
            "inside `<style>`".to_owned(),
            "use the value to choose a class, or set a `style=\"…\"` attribute".to_owned(),
        ),
        State::RawText => return Ok(()),
        State::TagOpen | State::TagName | State::EndTagOpen | State::EndTag => {
            ("in a tag name".to_owned(), "write out the tag inside `<?if …?>`".to_owned())
        }
        State::BeforeAttribute | State::AttributeName | State::AfterAttributeName => (
            "as an attribute name".to_owned(),
            format!("write out the attribute: `<?if {name}?> {name}<?end if?>`"),
        ),
        State::BeforeValue | State::Unquoted => (
            format!("in the unquoted attribute `{attribute}`"),
            format!("add quotes: `{attribute}=\"{{{name}}}\"`"),
        ),
        State::Quoted(_) => match quoted(slot, markup) {
            Some(verdict) => verdict,
            None => return Ok(()),
        },
    };
    Err(Error::new(ErrorKind::UnsafePlace, format!("escaping doesn't make a value safe {what}"))
        .at(&slot.place, "this slot")
        .help(format!("{fix};\nor, if the value is trusted, write `{{.{name}}}`")))
}

/// Returns the problem and a fix for a slot in a quoted attribute, or `None` if the slot is safe.
fn quoted(slot: &Slot, markup: &Markup) -> Option<(String, String)> {
    let attribute = markup.attribute.as_str();
    if attribute.starts_with("on") {
        let fix = "put the value in a `data-x` attribute and read `this.dataset.x` in the script";
        return Some((format!("in the event handler `{attribute}`"), fix.to_owned()));
    }
    if attribute == "srcdoc" {
        return Some(("in `srcdoc`, which contains HTML".to_owned(), "use `src`".to_owned()));
    }
    let is_formatted =
        |name: &str| matches!(&slot.mode, Mode::Format(format) if format.name == name);
    if !takes_url(&markup.tag, attribute) {
        return None;
    }
    let name = slot.place.text().trim_matches(['{', '}']).split(':').next().unwrap_or_default();
    if is_in_query(&markup.value) && !is_formatted(URLENCODE) {
        let fix =
            format!("write `{{{name}:urlencode}}`, which percent-encodes `&`, `#`, `+` and `%`");
        return Some((format!("in the query of a URL, in `{attribute}`"), fix));
    }
    if is_formatted(URL) || has_fixed_scheme(&markup.value) {
        return None;
    }
    Some((
        format!("at the start of the URL in `{attribute}`"),
        format!(
            "write `{{{name}:url}}`, which rejects `javascript:`,\n\
             or start the URL with fixed text, such as `/`"
        ),
    ))
}

/// Returns whether browsers may execute the attribute's URL.
fn takes_url(tag: &str, attribute: &str) -> bool {
    match attribute {
        "href" | "src" | "action" | "formaction" | "xlink:href" => true,
        "data" => tag == "object",
        _ => false,
    }
}

/// Returns whether this prefix of a URL ends within the query.
fn is_in_query(value: &str) -> bool {
    value.contains('?') && !value.contains('#')
}

/// Returns whether this prefix of a URL rules out schemes that execute scripts.
fn has_fixed_scheme(prefix: &str) -> bool {
    const SCRIPT_SCHEMES: [&str; 3] = ["javascript:", "data:", "vbscript:"];
    // The most common prefix.
    if prefix.starts_with('/') {
        return true;
    }
    let prefix: String = prefix.chars().filter(|c| !c.is_control() && *c != ' ').collect();
    let prefix = prefix.to_lowercase();
    if SCRIPT_SCHEMES.into_iter().any(|scheme| prefix.starts_with(scheme)) {
        return false;
    }
    match prefix.find(['/', '?', '#', '&']) {
        // A character reference can represent any letter.
        Some(at) => !prefix[at..].starts_with('&'),
        None => !SCRIPT_SCHEMES.into_iter().any(|scheme| scheme.starts_with(&prefix)),
    }
}
