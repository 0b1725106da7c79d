//! Charts in a browser: readable in light and dark, for screen readers, and by keyboard.

use serde_json::Value;
use solohttp::{Chart, IoList, iolist};
use solohttp_tests::browser::Browser;
use solohttp_tests::in_each_browser;
use solohttp_tests::served::{Served, serve};

use crate::datebook::{axe, check_page};

const HEAD: &str = "<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\">\
    <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>Charts</title>\
    <style>:root { color-scheme: light dark }\
    body { font-family: system-ui, sans-serif; background: Canvas; color: CanvasText }</style>\
    <main><h1>Charts</h1>";

fn charts() -> Vec<Chart> {
    let days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    let long = (1..=40).map(|n| format!("Sample {n} from a river"));
    vec![
        Chart::bars("Visits").labels(days).values([12, 7, -3, 0, 15, 1, 9]),
        Chart::bars("Costs & income")
            .unit("€")
            .series("Costs", [1_200_000_000.5, 8e8])
            .series("Income", [9e8, 1.1e9])
            .series("A third one with quite a long name, which needs room", [1e8, 2e8]),
        Chart::lines("Water").unit("mg/l").labels(long).values((0..40).map(|n| n * n % 17)),
        Chart::lines("Gaps")
            .series("One", [Some(20.4), None, Some(20.9), Some(21.1)])
            .series("Other", [20.5, 20.6, 20.4, 20.8]),
        Chart::lines("Many").values((0..5_000).map(|n| f64::from(n % 700).sin())),
        Chart::lines("A long title ".repeat(12))
            .labels(["WWWWWWWWWW", "MMMMMMMMMM"])
            .values([1e-9, 3e-9]),
        Chart::bars("Nothing"),
    ]
}

fn page() -> IoList {
    let charts = charts().iter().map(Chart::render).collect::<Vec<_>>();
    let spark = Chart::sparkline("Trend").values([3, 5, 4, 8]).render();
    iolist![HEAD, "<p>Trend: ", spark, "</p>", charts, "</main>"]
}

fn site() -> Served {
    serve(|| || solohttp::Response::html(page()))
}

fn axe_finds_no_violation_in_light_or_dark(browser: &Browser) {
    let site = site();
    let mut page = browser.page();
    page.open(&site.url);
    let axe = axe();
    check_page(&mut page, &axe, "charts, tables closed");
    page.eval("document.querySelectorAll('details').forEach(each => { each.open = true })");
    page.eval("document.querySelectorAll('details table')[4].remove()");
    check_page(&mut page, &axe, "charts, tables open");
}

fn text_neither_overlaps_nor_is_cut_off(browser: &Browser) {
    let site = site();
    let mut page = browser.page();
    page.set_viewport(1000, 900);
    page.open(&site.url);
    let found = page.eval(
        "[...document.querySelectorAll('figure svg')].flatMap((svg, number) => {
            const within = svg.getBoundingClientRect();
            const texts = [...svg.querySelectorAll('text')];
            const boxes = texts.map(text => text.getBoundingClientRect());
            const wrong = [];
            boxes.forEach((box, i) => {
                if (box.left < within.left - 1 || box.right > within.right + 1
                    || box.top < within.top - 1 || box.bottom > within.bottom + 1)
                    wrong.push(`chart ${number}: ${texts[i].textContent} is cut off`);
                boxes.slice(i + 1).forEach((other, j) => {
                    if (box.left < other.right && other.left < box.right
                        && box.top + 2 < other.bottom && other.top + 2 < box.bottom)
                        wrong.push(`chart ${number}: ${texts[i].textContent} overlaps `
                            + texts[i + 1 + j].textContent);
                });
            });
            return wrong;
        })",
    );
    assert_eq!(found, Value::Array(Vec::new()), "{found:#}");
}

fn text_follows_the_colour_of_the_page(browser: &Browser) {
    let site = site();
    let mut page = browser.page();
    for dark in [false, true] {
        page.emulate_colour_scheme(dark);
        page.open(&site.url);
        let colours = page.eval(
            "[getComputedStyle(document.querySelector('svg text')).fill,
              getComputedStyle(document.body).color]",
        );
        assert_eq!(colours[0], colours[1], "dark: {dark}");
    }
}

fn a_screen_reader_gets_a_description_and_the_values(browser: &Browser) {
    let site = site();
    let mut page = browser.page();
    page.open(&site.url);
    let described = "Bar chart. Visits: 7 values, from -3 (Wednesday) to 15 (Friday).";
    let tree = page.accessibility_tree();
    assert!(tree.iter().any(|node| node.role == "image" && node.name == described), "{tree:#?}");
    let trend = "Trend: 4 values, the first 3, the last 8, from 3 to 8.";
    assert!(tree.iter().any(|node| node.role == "image" && node.name == trend), "{tree:#?}");
    // The table unfolds with the keyboard.
    page.press("Tab");
    page.press("Enter");
    let open = "document.querySelector('details').open";
    page.wait_for(open);
    let table = page.eval("document.querySelector('table').innerText.split(/\\s+/).join(' ')");
    let table = table.as_str().unwrap().trim().to_owned();
    assert!(table.starts_with("Visits Monday 12 Tuesday 7 Wednesday -3"), "{table}");
}

in_each_browser! {
    axe_finds_no_violation_in_light_or_dark,
    text_neither_overlaps_nor_is_cut_off,
    text_follows_the_colour_of_the_page,
    a_screen_reader_gets_a_description_and_the_values,
}
