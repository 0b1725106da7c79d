//! The HTML of a list.

use super::*;

#[track_caller]
fn holds(html: &IoList, parts: &[&str]) {
    let html = html.to_string();
    for part in parts {
        assert!(html.contains(part), "no {part} in:\n{html}");
    }
}

fn numbers() -> Connection {
    table(&[3, 1, 2].map(Value::Integer))
}

#[test]
fn heads_lead_to_the_first_page_of_the_next_order() {
    let head = |url: &str| get(list(2), &numbers(), url).table();
    holds(
        &head("/a?x=1&after=2"),
        &["aria-sort=\"none\"><a href=\"/a?x=1&amp;sort=v\">V</a></th>"],
    );
    holds(&head("/?sort=v"), &["aria-sort=\"ascending\"><a href=\"/?sort=-v\">V <span"]);
    holds(&head("/?sort=-v"), &["aria-sort=\"descending\"><a href=\"/?sort=v\">V <span"]);
    holds(&head("/"), &["<th scope=\"col\">Id</th>"]);
}

#[test]
fn heads_can_be_buttons_and_one_way() {
    let list = || list(2).sort_buttons("/sort/");
    holds(&get(list(), &numbers(), "/").table(), &["<form method=\"post\" action=\"/sort/v\">"]);
    holds(&get(list().sorted_by("v"), &numbers(), "/").table(), &["action=\"/sort/-v\""]);
    let one = || {
        let list = List::new("SELECT * FROM t", read).sort_buttons("/sort/");
        list.column("V", "v", |id| Cell::text(*id))
            .sort_one_way_by("v", SortOrder::Descending)
            .sorted_by("v")
    };
    holds(
        &get(one(), &numbers(), "/").table(),
        &["aria-sort=\"descending\"", "action=\"/sort/v\""],
    );
    assert_eq!(get(one(), &numbers(), "/?sort=-v").into_rows(), [2, 3, 1]);
}

#[test]
fn the_search_form_keeps_the_order_and_the_programs_fields() {
    let list = || {
        let found = list(2)
            .label("Things")
            .search("Find things", "v = CAST(:q AS INTEGER)", |q| Some(q.to_owned()));
        found.autofocus().filter("odd", "Parity", [(1, "Odd"), (0, "Even")], "v % 2 = :odd")
    };
    let page = get(list(), &numbers(), "/t?sort=v&for=%22&q=&after=7&odd=1");
    holds(
        &page.search_form(),
        &[
            "<form role=\"search\" class=\"find\" aria-label=\"Things\">",
            "<label for=\"list-q\">Find things</label>",
            "<input id=\"list-q\" type=\"search\" name=\"q\" value=\"\" autocomplete=\"off\" autofocus>",
            "<select id=\"list-odd\" name=\"odd\"><option value=\"\">All</option><option value=\"1\" selected>Odd</option>",
            "<input type=\"hidden\" name=\"sort\" value=\"v\">\n<input type=\"hidden\" name=\"for\" value=\"&quot;\">\n<button>",
            "<a href=\"/t?sort=v&amp;for=%22\">Show all</a>",
        ],
    );
    assert_eq!(page.into_rows(), [2, 1]);
    let page = get(list(), &numbers(), "/t?odd=7");
    assert_eq!(page.into_rows(), [1, 2], "an unknown choice shows all rows");
    let page = get(list(), &numbers(), "/t?q=2&sort=v");
    assert_eq!(page.into_rows(), [3]);
}

#[test]
fn rows_have_names_boxes_and_classes() {
    let list = List::new("SELECT * FROM t", |row| row.get::<_, i64>("v"))
        .id("things")
        .live("book")
        .column("", "tick", |_| Cell::html("<b>!</b>", ""))
        .column("Name", "name", |v| Cell::link(format!("/{v}?a&b"), format!("<{v}>")))
        .row_header()
        .row_class(|v| if *v == 1 { "one" } else { "" })
        .bulk("delete", "Delete");
    let page = list.page(&numbers(), &Request::get("/").build()).unwrap();
    let row = "<tr data-key=\"2\" class=\"one\"><td><input type=\"checkbox\" name=\"row\" value=\"2\" \
        form=\"things-bulk\" aria-label=\"Select &lt;1&gt;\"><input type=\"hidden\" name=\"shown\" \
        value=\"2\" form=\"things-bulk\"></td><td><b>!</b></td><th scope=\"row\">\
        <a href=\"/1?a&amp;b\">&lt;1&gt;</a></th></tr>";
    holds(
        &page.render(),
        &[
            "<div id=\"things\" data-live=\"book\">\n<p class=\"count\">1–3 of 3</p>",
            row,
            "<form id=\"things-bulk\" class=\"bulk\" method=\"post\" action=\"/\" aria-label=\"Selected rows\">",
            "<input type=\"checkbox\" name=\"all\" value=\"list\"> Select all 3</label>",
            "<button name=\"action\" value=\"delete\">Delete</button>",
        ],
    );
    assert!(!page.render().to_string().contains("on this page"), "there is only one page");
}

#[test]
fn a_list_without_rows_says_so() {
    let db = table(&[]);
    let page = get(list(2).csv("t.csv").bulk("delete", "Delete"), &db, "/");
    assert_eq!(
        page.render().to_string(),
        "<div id=\"list\">\n<table class=\"list\">\n<thead>\n<tr><td></td><th scope=\"col\">Id</th>\
         <th scope=\"col\" aria-sort=\"none\"><a href=\"/?sort=v\">V</a></th></tr>\n</thead>\n<tbody>\n\
         <tr><td colspan=\"3\" class=\"empty\">Nothing found.</td></tr>\n</tbody>\n</table>\n</div>\n"
    );
    holds(&get(list(2).empty("No <b>"), &db, "/").table(), &["No &lt;b&gt;"]);
}

#[test]
fn ten_thousand_rows_are_counted_and_no_more() {
    let count = |rows: usize| {
        let db = table(&vec![Value::Null; rows]);
        get(list(50), &db, "/").count().to_string()
    };
    assert_eq!(count(10_000), "<p class=\"count\">1–50 of 10,000</p>\n");
    assert_eq!(count(10_001), "<p class=\"count\">50 of more than 10,000</p>\n");
}

#[test]
fn only_paths_of_the_application_become_links() {
    for path in ["javascript:alert(1)", "//example.org", "/\\example.org", "", "http://a"] {
        assert_eq!(Cell::link(path, "x").as_html(), "x", "{path}");
    }
    assert_eq!(Cell::link("/", "x").as_html(), "<a href=\"/\">x</a>");
}

#[test]
fn a_button_posts_and_names_its_row() {
    let cell = Cell::button("/pick/7?a&b", "<Pick>", "<Pick> \"Ann\"").class("big \"one\"");
    assert_eq!(
        cell.as_html(),
        "<form method=\"post\" action=\"/pick/7?a&amp;b\"><button class=\"big &quot;one&quot;\" \
         aria-label=\"&lt;Pick&gt; &quot;Ann&quot;\">&lt;Pick&gt;</button></form>"
    );
    assert_eq!(cell.as_text(), "", "a file has no buttons");
    let plain = Cell::button("/a", "Add", "Add");
    assert_eq!(plain.as_html(), "<form method=\"post\" action=\"/a\"><button>Add</button></form>");
    for path in ["javascript:alert(1)", "//example.org", "/\\example.org", "", "http://a"] {
        assert_eq!(Cell::button(path, "<x>", "y").as_html(), "&lt;x&gt;", "{path}");
    }
}

#[test]
fn a_class_belongs_to_the_content() {
    let class = |cell: Cell| cell.class("a&b").as_html().to_string();
    assert_eq!(class(Cell::text("<x>")), "<span class=\"a&amp;b\">&lt;x&gt;</span>");
    assert_eq!(class(Cell::link("/a", "x")), "<a href=\"/a\" class=\"a&amp;b\">x</a>");
    assert_eq!(class(Cell::number(1234)), "<span class=\"a&amp;b\">1234</span>");
    assert_eq!(class(Cell::html("<b>x</b>", "x")), "<span class=\"a&amp;b\"><b>x</b></span>");
    assert_eq!(class(Cell::text("")), "");
    let late = Cell::text("5 May").class("late");
    assert_eq!(late.as_text(), "5 May");
    assert_eq!(late.class("").as_html(), "5 May");
}
