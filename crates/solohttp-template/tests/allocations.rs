//! How often a page allocates memory, after the first page has shown its length.

use allocation_counter::measure;
use serde::Serialize;
use solohttp_template::Template;

#[derive(Serialize)]
struct Page<'a> {
    title: &'a str,
    rows: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    name: &'a str,
    score: Option<i32>,
    inner: [u64; 3],
}

fn page(rows: usize) -> Page<'static> {
    let row = |index| Row {
        name: if index % 2 == 0 { "Tom" } else { "<Tom & \"Jerry\">, of some length" },
        score: (index % 3 == 0).then_some(-12_345),
        inner: [0, 99, u64::MAX],
    };
    Page { title: "Teams", rows: (0..rows).map(row).collect() }
}

#[track_caller]
fn check(template: &Template, page: &Page<'_>, expected: u64) {
    let render = || template.render(page).expect("it renders");
    let length = render().len();
    let count = measure(|| drop(render())).count_total;
    assert_eq!(count, expected, "allocations for a page of {length} bytes");
    let bytes = measure(|| drop(render().into_bytes())).count_total;
    assert_eq!(bytes, expected, "allocations for the {length} bytes of a page");
}

#[test]
fn a_page_allocates_only_its_buffer() {
    let template = Template::new(
        "<h1>{title}</h1><ul><?each rows?><li<?if @first?> class=\"first\"<?end if?>>{name}: \
         <?if score?>{score}<?else?>none<?end if?><?each inner?> {@it}<?end each?></li>\
         <?end each?></ul><p>{title}</p>",
    );
    check(&template, &page(0), 1);
    check(&template, &page(4), 1);
    // A list keeps a long buffer as a piece, which takes two more allocations.
    check(&template, &page(100), 3);
}
