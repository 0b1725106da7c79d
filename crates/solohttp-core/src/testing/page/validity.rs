//! What a browser checks before it sends a form (WHATWG HTML section 4.10.20).

use regex_lite::Regex;

use super::control::{Control, radio_group};
use super::document::Document;
use super::values::Rules;

/// Says why a browser would refuse to send the control, or returns `None` if it wouldn't.
pub(super) fn problem(document: &Document, controls: &[Control], index: usize) -> Option<String> {
    let control = &controls[index];
    let kind = control.kind.as_str();
    let takes_readonly =
        !matches!(kind, "checkbox" | "radio" | "select" | "file" | "range" | "color");
    let is_exempt = control.is_disabled
        || kind == "hidden"
        || control.is_button()
        || document.closest(control.id, "datalist").is_some()
        || (takes_readonly && document.has(control.id, "readonly"));
    if is_exempt {
        return None;
    }
    if is_missing(document, controls, index) {
        return Some("it is required".to_owned());
    }
    // A line break is a single character (the “API value”).
    let value = control.value.replace("\r\n", "\n");
    if value.is_empty() || !control.is_entry() {
        return None;
    }
    let rules = Rules::of(document, control.id, kind);
    let found = lengths(document, control, &value)
        .or_else(|| wrong_type(document, control, &value))
        .or_else(|| wrong_pattern(document, control, &value))
        .or_else(|| out_of_range(document, control, &rules, &value));
    found.map(|problem| format!("“{value}” {problem}"))
}

fn is_missing(document: &Document, controls: &[Control], index: usize) -> bool {
    let control = &controls[index];
    let is_required = |control: &Control| document.has(control.id, "required");
    match control.kind.as_str() {
        // Browsers don't check a button without a name.
        "radio" if document.attribute(control.id, "name").unwrap_or_default().is_empty() => false,
        "radio" => {
            let group = radio_group(document, controls, index);
            group.iter().any(|&other| is_required(&controls[other]))
                && !group.iter().any(|&other| controls[other].is_checked)
        }
        _ if !is_required(control) => false,
        "checkbox" => !control.is_checked,
        "file" => control.files.is_empty(),
        "select" => {
            let mut selected = control.options.iter().filter(|choice| choice.is_selected);
            !selected.any(|choice| !choice.is_placeholder)
        }
        "range" | "color" => false,
        _ => control.value.is_empty(),
    }
}

/// The maximum length, which browsers enforce while a person types.
pub(super) fn max_length(document: &Document, control: &Control) -> Option<usize> {
    length_rule(document, control, "maxlength")
}

fn length_rule(document: &Document, control: &Control, name: &str) -> Option<usize> {
    let applies = matches!(
        control.kind.as_str(),
        "text" | "search" | "url" | "tel" | "email" | "password" | "textarea"
    );
    document.attribute(control.id, name).filter(|_| applies)?.trim().parse().ok()
}

/// The length as browsers count it.
pub(super) fn length(value: &str) -> usize {
    value.encode_utf16().count()
}

fn lengths(document: &Document, control: &Control, value: &str) -> Option<String> {
    let min = length_rule(document, control, "minlength").filter(|_| control.is_edited)?;
    let len = length(value);
    (len < min).then(|| format!("has {len} characters, and `minlength` is {min}"))
}

fn wrong_type(document: &Document, control: &Control, value: &str) -> Option<String> {
    match control.kind.as_str() {
        "email" if !each(document, control, value).all(is_email) => {
            Some("is not an email address".to_owned())
        }
        "url" if !is_url(value) => Some("is not a URL".to_owned()),
        _ => None,
    }
}

/// The addresses in an email input that may contain several, or else the whole value.
fn each<'a>(
    document: &Document,
    control: &Control,
    value: &'a str,
) -> impl Iterator<Item = &'a str> + use<'a> {
    let is_list = control.kind == "email" && document.has(control.id, "multiple");
    value.split(move |letter| is_list && letter == ',')
}

/// Section 4.10.5.1.5.
fn is_email(text: &str) -> bool {
    let is_local =
        |byte: u8| byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&byte);
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    text.split_once('@').is_some_and(|(local, domain)| {
        // Browsers convert an international domain to ASCII before they check it.
        let is_foreign = !domain.is_ascii();
        !local.is_empty()
            && local.bytes().all(is_local)
            && (is_foreign || domain.split('.').all(is_label))
    })
}

/// Whether a browser would parse this as an absolute URL, but for rare errors in the host.
fn is_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    let has_host = match scheme.to_ascii_lowercase().as_str() {
        "http" | "https" | "ftp" | "ws" | "wss" => {
            let host = rest.trim_start_matches(['/', '\\']);
            let host = host.split(['/', '\\', '?', '#']).next().unwrap_or_default();
            !host.is_empty()
        }
        _ => true,
    };
    is_scheme && has_host
}

/// A pattern that the regex engine doesn't support, such as one with a lookahead, isn't checked.
fn wrong_pattern(document: &Document, control: &Control, value: &str) -> Option<String> {
    let applies =
        matches!(control.kind.as_str(), "text" | "search" | "url" | "tel" | "email" | "password");
    let pattern = document.attribute(control.id, "pattern").filter(|_| applies)?;
    let regex = Regex::new(&format!("^(?:{pattern})$")).ok()?;
    let fits = each(document, control, value).all(|one| regex.is_match(one));
    (!fits).then(|| format!("doesn't match the pattern `{pattern}`"))
}

fn out_of_range(
    document: &Document,
    control: &Control,
    rules: &Rules<'_>,
    value: &str,
) -> Option<String> {
    let number = rules.number(value)?;
    let attribute = |name| document.attribute(control.id, name).unwrap_or_default();
    let is_below = rules.least().is_some_and(|least| number < least);
    let is_above = rules.most().is_some_and(|most| number > most);
    let (is_below, is_above) = match rules.is_reversed() {
        true => (is_below && is_above, false),
        false => (is_below, is_above),
    };
    if is_below {
        Some(format!("is below the minimum, {}", attribute("min")))
    } else if is_above {
        Some(format!("is above the maximum, {}", attribute("max")))
    } else if !rules.is_on_step(number) {
        Some("is not on a step".to_owned())
    } else {
        None
    }
}
