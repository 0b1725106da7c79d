//! Numbers are typed and pasted as users write them. Each leads to a saved value or an error.

mod round_trip;

use solohttp::forms::{
    FormView, Formlet, RecordForm, Submission, fixed_point, form, formlet, number, range,
};
use solohttp::{IoList, Locale, Numerals, Request, Response, Result, Router, iolist};
use solohttp_tests::browser::{Browser, Engine, Page};
use solohttp_tests::in_each_browser;
use solohttp_tests::served::{Served, serve};

#[derive(Debug)]
struct Item {
    price: i64,
    weight: f64,
    stock: u32,
    change: i32,
    slider: u8,
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
            slider: range("Slider").range(0..=100).initial(0),
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

/// Replaces the text of a field.
fn enter(page: &mut Page<'_>, name: &str, text: &str, is_pasted: bool) {
    page.click_into(&format!("[name={name}]"));
    page.press("Control+a");
    if is_pasted {
        page.eval(&format!("document.execCommand('insertText', false, {text:?})"));
    } else {
        page.type_text(text);
    }
}

/// Submits these fields and returns the saved values or the error messages.
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

fn a_number_is_saved_as_written_or_not_at_all(browser: &Browser) {
    let mut page = browser.page();
    let point = served(Numerals::default());
    let decimal_comma = served(Numerals::new(',').group('.'));
    let narrow = served(Numerals::new(',').group('\u{202F}'));
    let comma = "Use a decimal point, not a comma.";
    let whole = "Enter a whole number.";
    let other = "Enter a number such as 1234.5.";
    for is_pasted in [false, true] {
        // Several fields are sent at once, because most of a test's time is typing and loading pages.
        for (server, fields, expect) in [
            (
                &point,
                &[("price", "1.50"), ("weight", "0.25"), ("stock", "1e5"), ("change", "-3")][..],
                "150 0.25 100000 -3",
            ),
            (&point, &[("price", "1,234.50"), ("stock", "1.0")], "123450 0 1 0"),
            (
                &point,
                &[
                    ("price", "1,50"),
                    ("weight", "0,25"),
                    ("stock", "1.000"),
                    ("change", "1 234,50"),
                ],
                &[comma, comma, whole, other].join("|"),
            ),
            (
                &point,
                &[("price", "1.500"), ("weight", "3,2"), ("stock", "2.5")],
                &["Enter at most 2 decimal places.", comma, whole].join("|"),
            ),
            (&point, &[("price", "1 234,50"), ("stock", "1,50")], &[other, comma].join("|")),
            (&point, &[("price", "1,500"), ("stock", "1,500")], &[other, other].join("|")),
            (
                &decimal_comma,
                &[("price", "1,50"), ("weight", "0,25"), ("stock", "1.234")],
                "150 0.25 1234 0",
            ),
            (&decimal_comma, &[("price", "1.500")], "150000 0 0 0"),
            (&decimal_comma, &[("price", "1.234,50")], "123450 0 0 0"),
            (&decimal_comma, &[("price", "1.50")], "Enter a number such as 1.234,5."),
            (&narrow, &[("price", "1 234,50")], "123450 0 0 0"),
            (&narrow, &[("price", "1\u{202F}234,50")], "123450 0 0 0"),
        ] {
            let told = sent(&mut page, server, fields, is_pasted);
            assert_eq!(told, expect, "{fields:?}, pasted: {is_pasted}");
        }
    }
}

fn the_same_text_is_the_same_number_in_each_kind_of_field(browser: &Browser) {
    let mut page = browser.page();
    let point = served(Numerals::default());
    let comma = served(Numerals::new(',').group('.'));
    let narrow = served(Numerals::new(',').group('\u{202F}'));
    let in_all = |sentence: &str| [sentence; 4].join("|");
    let whole = "Enter a whole number.";
    let not_whole = format!("{whole}|{whole}");
    for is_pasted in [false, true] {
        for (server, text, expect) in [
            (&point, "1,50", in_all("Use a decimal point, not a comma.")),
            (&point, "0,25", in_all("Use a decimal point, not a comma.")),
            (&point, "1.500", format!("Enter at most 2 decimal places.|{not_whole}")),
            (&point, "1 234,50", in_all("Enter a number such as 1234.5.")),
            (&comma, "1,50", not_whole.clone()),
            (&comma, "0,25", not_whole.clone()),
            (&comma, "1.500", "150000 1500 1500 1500".to_owned()),
            (&comma, "1 234,50", in_all("Enter a number such as 1.234,5.")),
            (&narrow, "1,50", not_whole.clone()),
            (&narrow, "1.500", in_all("Enter a number such as 1\u{202F}234,5.")),
            (&narrow, "1 234,50", not_whole.clone()),
            (&narrow, "1 500", "150000 1500 1500 1500".to_owned()),
        ] {
            let fields = ["price", "weight", "stock", "change"].map(|name| (name, text));
            let told = sent(&mut page, server, &fields, is_pasted);
            assert_eq!(told, expect, "{text:?}, pasted: {is_pasted}");
        }
    }
}

/// Browsers let the wheel change a number field only if the page has a wheel listener.
const LISTEN: &str = "addEventListener('wheel', () => {})";

/// Over the focused field, the wheel scrolls the page and doesn't change the number.
fn the_mouse_wheel_changes_no_number(browser: &Browser) {
    let server = served(Numerals::default());
    let mut page = browser.page();
    if browser.engine() == Engine::Chromium {
        // Cross-checks that the wheel does change the browser's own control. Firefox's control
        // reacts only to wheel events measured in lines, but WebDriver sends them in pixels.
        page.open(&format!("{}item", server.url));
        page.eval(LISTEN);
        page.eval("document.body.innerHTML = '<input type=number value=10>'");
        page.click("input");
        page.wheel("input", 120);
        page.wait_for("document.querySelector('input').value === '9'");
    }
    for name in ["price", "weight", "stock", "change", "slider"] {
        page.open(&format!("{}item", server.url));
        page.eval(LISTEN);
        let field = format!("[name={name}]");
        let text = if name == "slider" { "40" } else { "10" };
        match name {
            "slider" => page.click(&field),
            _ => enter(&mut page, name, text, false),
        }
        page.eval(&format!("scrollTo(0, 0); document.querySelector('{field}').value = '{text}'"));
        page.wheel(&field, 120);
        page.wait_for("scrollY > 0");
        let look = format!(
            "(field => [field.value, field.type, field === document.activeElement])
                (document.querySelector('{field}'))"
        );
        let kind = if name == "slider" { "range" } else { "text" };
        assert_eq!(page.eval(&look), serde_json::json!([text, kind, true]), "{name}");
    }
}

in_each_browser!(
    a_number_is_saved_as_written_or_not_at_all,
    the_same_text_is_the_same_number_in_each_kind_of_field,
    the_mouse_wheel_changes_no_number,
);
