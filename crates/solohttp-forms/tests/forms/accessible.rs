//! Accessibility: checks the HTML of forms for labels, ids and references.

use std::collections::BTreeSet;

use crate::html::{Tag, Token, parse};
use crate::{datebook, values};

/// Finds controls without labels, duplicate ids, and references to missing ids.
pub(crate) fn faults(html: &str) -> Vec<String> {
    let tokens = parse(html);
    let tags: Vec<&Tag> = tokens
        .iter()
        .filter_map(|token| match token {
            Token::Start(tag) => Some(tag),
            _ => None,
        })
        .collect();
    let mut faults = Vec::new();
    let mut ids = BTreeSet::new();
    for id in tags.iter().filter_map(|tag| tag.get("id")) {
        if !ids.insert(id) {
            faults.push(format!("duplicate id {id}"));
        }
    }
    let choice: BTreeSet<&str> =
        tags.iter().filter(|tag| tag.kind == "label").filter_map(|tag| tag.get("for")).collect();
    for tag in &tags {
        for name in ["for", "list", "aria-describedby", "aria-labelledby"] {
            let references = tag.get(name).unwrap_or_default().split_whitespace();
            let dangling = references.filter(|id| !ids.contains(id));
            faults.extend(dangling.map(|id| format!("{name}={id} refers to a missing id")));
        }
        if let Some(id) = tag.get("href").and_then(|href| href.strip_prefix('#'))
            && !ids.contains(id)
        {
            faults.push(format!("broken link to #{id}"));
        }
        let is_control = matches!(tag.kind.as_str(), "input" | "select" | "textarea" | "output")
            && tag.get("type") != Some("hidden");
        let has_label = tag.get("id").is_some_and(|id| choice.contains(id));
        if is_control && !has_label && tag.get("aria-labelledby").is_none_or(str::is_empty) {
            faults.push(format!("{:?} has no label", tag.get("name")));
        }
    }
    faults.extend(unnamed(&tokens));
    if tags.iter().filter(|tag| tag.has("autofocus")).count() > 1 {
        faults.push("two controls have autofocus".to_owned());
    }
    faults
}

/// Finds empty labels, buttons, legends and links, and fieldsets without a legend.
fn unnamed(tokens: &[Token]) -> Vec<String> {
    let mut faults = Vec::new();
    for (place, token) in tokens.iter().enumerate() {
        let Token::Start(tag) = token else { continue };
        let next = tokens.get(place + 1);
        if matches!(tag.kind.as_str(), "label" | "button" | "legend" | "a")
            && !matches!(next, Some(Token::Text(text)) if !text.trim().is_empty())
        {
            faults.push(format!("a {} has no text", tag.kind));
        }
        let has_legend = matches!(next, Some(Token::Start(next)) if next.kind == "legend");
        if tag.kind == "fieldset" && !has_legend {
            faults.push("a fieldset has no legend".to_owned());
        }
    }
    faults
}

#[track_caller]
pub(crate) fn check(html: &str) {
    assert_eq!(faults(html), Vec::<String>::new(), "{html}");
}

#[test]
fn the_checker_finds_faults() {
    let find = |html: &str| faults(html).len();
    assert_eq!(find("<label for=\"a\">A</label><input id=\"a\" type=\"text\">"), 0);
    assert_eq!(find("<input id=\"a\" type=\"text\">"), 1);
    assert_eq!(find("<p id=\"b\">B</p><input aria-labelledby=\"b\" type=\"text\">"), 0);
    assert_eq!(find("<input aria-labelledby=\"b\" type=\"text\">"), 1);
    assert_eq!(find("<label for=\"b\">A</label><input id=\"a\">"), 2);
    assert_eq!(find("<p id=\"a\"></p><p id=\"a\"></p>"), 1);
    assert_eq!(find("<p aria-describedby=\"x y\" id=\"x\"></p>"), 1);
    assert_eq!(find("<fieldset><p></p></fieldset><a href=\"#z\">Z</a><button></button>"), 3);
}

#[test]
fn forms_are_accessible_blank_filled_and_invalid() {
    check(&values::form().blank().render().to_string());
    check(&values::form().show(&values::sample()).render().to_string());
    check(&values::form().submit(&values::wrong()).unwrap_err().render().to_string());
    check(&values::form().submit(&Default::default()).unwrap_err().render().to_string());
    for html in datebook::pages() {
        check(&html);
    }
}

#[test]
fn an_error_does_not_hide_the_help_text() {
    let view = values::form().submit(&values::wrong()).unwrap_err();
    let control = view["email"].control().to_string();
    assert!(control.contains("aria-describedby=\"f-email-help f-email-error\""), "{control}");
    assert!(control.contains("aria-invalid=\"true\""), "{control}");
    assert!(view["email"].help().to_string().contains("id=\"f-email-help\""));
    assert!(view["email"].error().to_string().contains("id=\"f-email-error\""));
}

#[test]
fn only_the_first_invalid_field_gets_the_focus() {
    let html = values::form().submit(&values::wrong()).unwrap_err().render().to_string();
    let focused: Vec<String> = parse(&html)
        .iter()
        .filter_map(|token| match token {
            Token::Start(tag) if tag.has("autofocus") => tag.get("name").map(str::to_owned),
            _ => None,
        })
        .collect();
    assert_eq!(focused, ["email"]);
    assert!(!values::form().show(&values::sample()).render().to_string().contains("autofocus"));
}
