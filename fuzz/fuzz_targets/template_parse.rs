//! Parses an arbitrary string as a page, as a loop and as a file that extends another. The result
//! is an error or a template that renders, never a panic.

#![no_main]

use std::collections::BTreeMap;

use libfuzzer_sys::fuzz_target;
use solohttp_template::{Dialect, Repeat, Template};

fuzz_target!(|text: &str| {
    let data = BTreeMap::from([("a", vec!["<", "x"]), ("title", vec![]), ("rows", vec!["1"; 3])]);
    for dialect in [Dialect::new(), Dialect::lenient()] {
        if let Ok(page) = dialect.template(text) {
            try_page(&page, &data);
            let base = Template::new("<title>{title}</title><?if a?>{a}<?end if?>");
            if let Ok(page) = base.assembly([("title", page.clone()), ("a", page)]) {
                try_page(&page, &data);
            }
        } else if let Err(error) = dialect.template(text) {
            assert!(!error.to_string().is_empty());
        }
        for text in [text.to_owned(), format!("<loop>{text}</loop>")] {
            match dialect.repeat(&text) {
                Ok(repeat) => try_repeat(&repeat, &data),
                Err(error) => assert!(!error.to_string().is_empty()),
            }
        }
    }
});

fn try_page(page: &Template, data: &BTreeMap<&str, Vec<&str>>) {
    if let Err(error) = page.render(data) {
        assert!(error.line().is_some(), "an error has a line number");
    }
}

fn try_repeat(repeat: &Repeat, data: &BTreeMap<&str, Vec<&str>>) {
    let _ = repeat.render_in(["a", "<b>"], data);
    let _ = repeat.render_in([data], &());
}
