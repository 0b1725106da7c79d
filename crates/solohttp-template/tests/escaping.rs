//! Slots in unsafe places are rejected when the template is loaded, regardless of the data.

use solohttp_template::{Dialect, ErrorKind, Repeat, Template};

#[track_caller]
fn check(text: &str, is_safe: bool) {
    match Template::parse(text) {
        Ok(_) => assert!(is_safe, "accepted: {text}"),
        Err(error) => {
            assert!(!is_safe, "{error}");
            assert_eq!(error.kind(), ErrorKind::UnsafePlace, "{error}");
        }
    }
    // kali allows this.
    assert!(Dialect::lenient().template(text).is_ok(), "{text}");
}

#[test]
fn text_and_quoted_attributes_are_safe() {
    for text in [
        "{x}",
        "<p>{x}</p>",
        "<p title=\"{x}\">",
        "<p title='{x}' {.y}>",
        "<p title = \"a {x} b\" class='{y}'>",
        "<textarea>{x}</textarea>",
        "<title>{x}</title>",
        "<p style=\"width: {x}px\">",
        "<!-- {x} -->{y}",
        "<!DOCTYPE html>{x}",
        "<?xml version='{x}'?>{y}",
        "a < b {x}",
        "<3 {x}",
        "<p a=\">\">{x}",
        "{n:num}<b>{x}",
        "<script>let a = 1 < 2, b = '</p>';</script>{x}",
        "<style>p > a { color: red }</style>{x}",
        "<p/>{x}",
        "<SCRIPT></SCRIPT >{x}",
        "<p data-x='{x}'>",
        "<input value=\"{x}\" disabled>{y}",
        "<!-- <script> -->{x}",
        "<script>'<!--'</script>{x}",
        "<title></p></title>{x}",
        "<p title=\"'\">{x}",
        "<!---->{x}",
        "<scripts>{x}",
        "<?if a?><script><?end if?>",
    ] {
        check(text, true);
    }
}

#[test]
fn scripts_styles_and_handlers_are_not() {
    for text in [
        "<script>{x}</script>",
        "<script>let a = '{x}';</script>",
        "<SCRIPT type=module>{x}",
        "<style>{x}</style>",
        "<p onclick=\"{x}\">",
        "<p OnMouseOver='go({x})'>",
        "<iframe srcdoc=\"{x}\">",
        "<script>'</p>'{x}",
        "<script src='/x.js'>{x}",
        "<script></script x><script>{x}",
        "<?each a?><script>{x}</script><?end each?>",
        "<?if a?>1<?else?><p onclick=\"{x}\"><?end if?>",
        "<script>{n:num}</script>",
        "<script></scrip {x}",
        "<script><\n/script>{x}",
        "<?fragment f?><script>{x}</script><?end fragment?>",
    ] {
        check(text, false);
    }
}

#[test]
fn attributes_without_quotes_and_names_are_not() {
    for text in [
        "<p title={x}>",
        "<p title= {x}>",
        "<p title=a{x}>",
        "<p {x}>",
        "<p a{x}='1'>",
        "<p a {x}>",
        "<{x}>",
        "<p{x}>",
        "</{x}>",
        "</p {x}>",
        "<p title=\"a\"{x}>",
        "<p title=\n{x}>",
        "<p a=b/{x}>",
        "<input {x}/>",
    ] {
        check(text, false);
    }
}

#[test]
fn addresses_need_a_fixed_beginning_or_the_url_formatter() {
    for attribute in ["href", "src", "action", "formaction", "HREF", "xlink:href"] {
        check(&format!("<a {attribute}=\"{{x}}\">"), false);
        check(&format!("<a {attribute}=\" {{x}}/y\">"), false);
        check(&format!("<a {attribute}=\"java{{x}}\">"), false);
        check(&format!("<a {attribute}=\"javascript:{{x}}\">"), false);
        check(&format!("<a {attribute}=\" Java\tScript:/{{x}}\">"), false);
        check(&format!("<a {attribute}=\"&#106;{{x}}\">"), false);
        check(&format!("<a {attribute}=\"{{x:url}}\">"), true);
        check(&format!("<a {attribute}=\"{{.x}}\">"), true);
        check(&format!("<a {attribute}=\"/task/{{x}}\">"), true);
        check(&format!("<a {attribute}=\"?id={{x:urlencode}}&amp;b={{y:urlencode}}\">"), true);
        // Browsers percent-decode a script URL before executing it.
        check(&format!("<a {attribute}=\"javascript:a('{{x:urlencode}}')\">"), false);
        check(&format!("<a {attribute}=\"{{x:urlencode}}:{{y}}\">"), false);
        check(&format!("<a {attribute}='https://example.org/{{x}}'>"), true);
        check(&format!("<a {attribute}='mailto:{{x}}'>"), true);
        check(&format!("<a {attribute}='#{{x}}'>"), true);
    }
    check("<object data=\"{x}\">", false);
    check("<p data=\"{x}\">", true);
    check("<a href=\"{x:url}\">{y}</a>", true);
}

#[test]
fn a_section_is_judged_at_its_place_in_the_base() {
    let base = Template::new("<script>{.code}</script>{text}");
    let unsafe_section = base.assembly([("code", Template::new("let a = {a};"))]);
    assert_eq!(unsafe_section.expect_err("in a script").kind(), ErrorKind::UnsafePlace);
    assert!(
        base.assembly([("text", Template::new("{a}")), ("code", Template::new("run()"))]).is_ok()
    );
    assert!(Repeat::parse("<loop><script><?begin?>{x}<?end?></script></loop>").is_err());
    assert!(Repeat::parse("<loop><ul><?begin?>{x}<?end?></ul><?else?>{y}</loop>").is_ok());
    assert!(Repeat::parse("<loop><?begin?>{x}<?end?><script><?else?>{y}</loop>").is_ok());
}

#[test]
fn what_url_lets_through_cannot_run() {
    let link = Template::new("<a href=\"{x:url}\">");
    let check = |address: &str, expected: &str| {
        let page =
            link.render(&std::collections::BTreeMap::from([("x", address)])).expect("renders");
        assert_eq!(page.to_string(), format!("<a href=\"{expected}\">"));
    };
    check("/a?b=1&c=2", "/a?b=1&amp;c=2");
    check("JavaScript:alert(1)", "#rejected-url");
    check("\u{1}java\nscript:alert(1)", "#rejected-url");
}

#[test]
fn a_value_in_a_query_is_percent_encoded() {
    for text in [
        "<a href=\"/search?q={q}\">",
        "<a href=\"/search?a=1&amp;q={q:num}\">",
        "<a href='?{q}'>",
        "<form action=\"/x?y={q:url}\">",
        "<img src=\"/plot?of={q}\">",
    ] {
        check(text, false);
        let error = Template::parse(text).unwrap_err().to_string();
        assert!(error.contains("{q:urlencode}"), "{error}");
    }
    for text in [
        "<a href=\"/search?q={q:urlencode}\">",
        "<a href=\"/task/{id}\">",
        "<a href=\"/task/{id:urlencode}#{part}\">",
        "<a href=\"/day?all#d{day}\">",
        "<a href=\"/search?{.q}\">",
        "<p title=\"really? {q}\">",
    ] {
        check(text, true);
    }
}
