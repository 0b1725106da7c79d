//! Numbers as people write them, typed and pasted: what the record has, or which mistake is told.

use solohttp::forms::{
    FormView, Formlet, RecordForm, Submission, fixed_point, form, formlet, number,
};
use solohttp::{IoList, Locale, Numerals, Request, Response, Result, Router, iolist};
use solohttp_tests::browser::{Browser, Page};
use solohttp_tests::in_each_browser;
use solohttp_tests::served::{Served, serve};

#[derive(Debug)]
struct Item {
    price: i64,
    weight: f64,
    stock: u32,
    change: i32,
}

struct Items;

impl Formlet<String> for Items {
    type Record = Item;

    fn form(&mut self, _: &mut String) -> Result<RecordForm<Item>> {
        Ok(form!(Item {
            price: fixed_point("Price", 2).initial(0),
            weight: number("Weight").initial(0.0),
            stock: number("Stock").range(0..=2_000_000).initial(0),
            change: number("Change").step(1).initial(0),
        }))
    }

    fn save(&mut self, saved: &mut String, item: Item, _: &Submission<'_>) -> Result<Response> {
        *saved = format!("{} {} {} {}", item.price, item.weight, item.stock, item.change);
        Ok(Response::redirect("/saved"))
    }

    fn page(&mut self, _: &mut String, view: &FormView<Item>, _: &Request) -> Result<IoList> {
        Ok(iolist![
            "<!DOCTYPE html><title>Item</title><body style=\"height: 3000px\">",
            view.render()
        ])
    }
}

fn served(numerals: Numerals) -> Served {
    serve(move || {
        Locale::new().with(numerals).install();
        let mut router = Router::new();
        router.mount("/item", formlet(Items));
        router
            .get("/saved", |saved: &mut String| iolist!["<title>Saved</title><p>", saved.clone()]);
        router.with_state(String::new())
    })
}

/// Puts a text into a field in place of what is there.
fn enter(page: &mut Page<'_>, name: &str, text: &str, is_pasted: bool) {
    page.click(&format!("[name={name}]"));
    page.press("Control+a");
    if is_pasted {
        page.eval(&format!("document.execCommand('insertText', false, {text:?})"));
    } else {
        page.type_text(text);
    }
}

/// What was saved, or the sentences of the mistakes.
fn sent(page: &mut Page<'_>, server: &Served, fields: &[(&str, &str)], is_pasted: bool) -> String {
    page.open(&format!("{}item", server.url));
    for (name, text) in fields {
        enter(page, name, text, is_pasted);
    }
    page.navigate(|page| page.click(".solo-form button"));
    let told = page.eval(
        "location.pathname === '/saved' ? document.querySelector('p').textContent
            : [...document.querySelectorAll('.solo-form [id$=-error]')].map(e => e.textContent).join('|')",
    );
    told.as_str().unwrap_or_default().to_owned()
}

fn a_number_is_saved_as_it_was_written_or_not_at_all(browser: &Browser) {
    let mut page = browser.page();
    let point = served(Numerals::default());
    let comma = served(Numerals::new(',').group('.'));
    let narrow = served(Numerals::new(',').group('\u{202F}'));
    let decimal_point = "Use a decimal point, not a comma.";
    for is_pasted in [false, true] {
        for (server, field, text, expect) in [
            (&point, "price", "1.50", "150 0 0 0"),
            (&point, "price", "1,50", decimal_point),
            (&point, "price", "1.500", "Enter at most 2 decimal places."),
            (&point, "price", "1 234,50", "Enter a number."),
            (&point, "weight", "0.25", "0 0.25 0 0"),
            (&point, "weight", "0,25", decimal_point),
            (&point, "weight", "3,2", decimal_point),
            (&point, "stock", "1e5", "0 0 100000 0"),
            (&point, "stock", "2.5", "Enter a whole number."),
            (&point, "change", "-3", "0 0 0 -3"),
            (&comma, "price", "1,50", "150 0 0 0"),
            (&comma, "price", "1.500", "150000 0 0 0"),
            (&comma, "price", "1.234,50", "123450 0 0 0"),
            (&comma, "price", "1.50", "Enter a number such as 1.234,5."),
            (&comma, "weight", "0,25", "0 0.25 0 0"),
            (&comma, "stock", "1.234", "0 0 1234 0"),
            (&narrow, "price", "1 234,50", "123450 0 0 0"),
            (&narrow, "price", "1\u{202F}234,50", "123450 0 0 0"),
        ] {
            let told = sent(&mut page, server, &[(field, text)], is_pasted);
            assert_eq!(told, expect, "{field} {text:?}, pasted: {is_pasted}");
        }
    }
}

/// A wheel over the field that has the focus scrolls the page, and changes no number.
fn the_mouse_wheel_changes_no_number(browser: &Browser) {
    let server = served(Numerals::default());
    let mut page = browser.page();
    page.open(&format!("{}item", server.url));
    for name in ["price", "weight", "stock", "change"] {
        enter(&mut page, name, "10", false);
        let before = page.eval(&format!("document.querySelector('[name={name}]').value"));
        page.eval(&format!(
            "(field => {{ for (let turn = 0; turn < 5; turn++) field.dispatchEvent(
                new WheelEvent('wheel', {{ deltaY: 100, bubbles: true, cancelable: true }})) }})
                (document.querySelector('[name={name}]'))"
        ));
        let after = page.eval(&format!(
            "[document.querySelector('[name={name}]').value, document.querySelector('[name={name}]').type]"
        ));
        assert_eq!(before, "10");
        assert_eq!(after, serde_json::json!(["10", "text"]), "{name}");
    }
}

in_each_browser!(
    a_number_is_saved_as_it_was_written_or_not_at_all,
    the_mouse_wheel_changes_no_number,
);
