//! Actions on several rows.

use super::*;

fn items() -> List<i64> {
    list(2).bulk("delete", "Delete").bulk_at_once("mark", "Mark").search(
        "Find",
        "id IN (SELECT id FROM t WHERE v = :q ORDER BY id DESC LIMIT :limit)",
        |typed| Some(typed.to_owned()),
    )
}

fn db() -> Connection {
    table(&["a", "b", "a", "a", "b"].map(|text| Value::Text(text.to_owned())))
}

#[track_caller]
fn confirm(db: &Connection, url: &str, fields: &[(&str, &str)]) -> (String, String) {
    match items().handle(db, &form(url, fields).build()).unwrap() {
        ListOutcome::Confirm(page) => (page.title().to_owned(), page.render().to_string()),
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn rows(db: &Connection, url: &str, fields: &[(&str, &str)]) -> BulkRows {
    match items().handle(db, &form(url, fields).build()).unwrap() {
        ListOutcome::Bulk(rows) => rows,
        other => panic!("{other:?}"),
    }
}

/// The hidden fields of a page.
fn hidden(html: &str) -> Vec<(String, String)> {
    let fields = html.split("<input type=\"hidden\" name=\"").skip(1);
    let fields = fields.map(|field| {
        let (name, rest) = field.split_once("\" value=\"").unwrap();
        (name.to_owned(), rest.split_once('"').unwrap().0.to_owned())
    });
    fields.collect()
}

#[track_caller]
fn confirmed(db: &Connection, url: &str, fields: &[(&str, &str)]) -> BulkRows {
    let (_, page) = confirm(db, url, fields);
    let hidden = hidden(&page);
    let mut fields: Vec<(&str, &str)> =
        hidden.iter().map(|(name, value)| (&**name, &**value)).collect();
    fields.push(("action", "delete"));
    rows(db, url, &fields)
}

#[test]
fn selected_rows_are_confirmed_by_name() {
    let db = db();
    let chosen = [("shown", "1"), ("shown", "2"), ("row", "2"), ("action", "delete")];
    let (title, page) = confirm(&db, "/?sort=v&after=1sa", &chosen);
    assert_eq!(title, "Delete one row?");
    assert!(page.contains("<ul>\n<li>2</li>\n</ul>"), "{page}");
    assert!(page.contains(" action=\"/?sort=v&amp;after=1sa\">"), "{page}");
    let rows = confirmed(&db, "/?sort=v&after=1sa", &chosen);
    assert_eq!((rows.action(), rows.count(), rows.ids(&db).unwrap()), ("delete", 1, vec![2]));
    assert_eq!(rows.redirect().header("location"), Some("/?sort=v&after=1sa"));
    assert_eq!(rows.execute(&db, "DELETE FROM t WHERE id IN selected", &[]).unwrap(), 1);
    assert_eq!(all(&db, "SELECT id FROM t"), [1, 3, 4, 5]);
}

#[test]
fn all_rows_of_a_page_are_those_that_were_shown() {
    let shown =
        [("shown", "1"), ("shown", "4"), ("row", "1"), ("all", "page"), ("action", "delete")];
    assert_eq!(confirmed(&db(), "/", &shown).ids(&db()).unwrap(), [1, 4]);
}

#[test]
fn all_rows_of_a_list_are_a_query() {
    let db = db();
    let everything = [("row", "1"), ("all", "page"), ("all", "list"), ("action", "delete")];
    let (title, page) = confirm(&db, "/?q=a", &everything);
    assert_eq!(title, "Delete 3 rows?");
    assert!(!hidden(&page).iter().any(|(name, _)| name == "ids"), "{page}");
    let rows = confirmed(&db, "/?q=a", &everything);
    let update = "UPDATE t SET v = :to WHERE id IN selected";
    assert_eq!(rows.execute(&db, update, &[(":to", &"c")]).unwrap(), 3);
    assert_eq!(all(&db, "SELECT id FROM t WHERE v = 'c'"), [1, 3, 4]);
    assert_eq!(confirmed(&db, "/", &everything).count(), 5);
}

#[test]
fn a_value_with_the_name_of_a_filter_leaves_the_selection_as_it_is() {
    for name in [":v", ":q"] {
        let update = format!("UPDATE t SET v = {name} WHERE id IN selected");
        let db = db();
        for (url, changed) in [("/?v=a&q=a", 3), ("/?v=b&q=b", 2)] {
            let rows = confirmed(&db, url, &[("all", "list"), ("action", "delete")]);
            assert_eq!(rows.execute(&db, &update, &[(name, &"c")]).unwrap(), changed, "{update}");
        }
        assert_eq!(all(&db, "SELECT id FROM t WHERE v = 'c'"), [1, 2, 3, 4, 5]);
    }
}

#[test]
fn all_matches_are_selected_even_if_pages_show_fewer() {
    let values = vec![Value::Text("a".to_owned()); 1_500];
    let db = table(&values);
    let page = items().page(&db, &Request::get("/?q=a").build()).unwrap();
    assert!(page.count().to_string().contains("2 of more than 1,000"));
    let (title, page) = confirm(&db, "/?q=a", &[("all", "list"), ("action", "delete")]);
    assert_eq!(title, "Delete 1,500 rows?");
    assert!(page.contains("<li>and 1,490 more</li>"), "{page}");
}

#[test]
fn rows_are_called_what_the_program_calls_them() {
    let db = db();
    let ask = |count: usize| {
        let keys = ["1", "2", "3"].map(|key| ("row", key));
        let fields = keys[..count].iter().copied().chain([("action", "delete")]);
        let request = Request::post("/").form(fields).build();
        match items().noun("contact", "contacts").handle(&db, &request).unwrap() {
            ListOutcome::Confirm(page) => page.title().to_owned(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!((ask(1).as_str(), ask(2).as_str()), ("Delete one contact?", "Delete 2 contacts?"));
    let fields = [("row", "1"), ("row", "2"), ("action", "mark")];
    assert_eq!(rows(&db, "/", &fields).counted(), "2 rows");
}

#[test]
fn rows_that_appear_before_the_confirmation_are_not_touched() {
    let db = db();
    let fields = [("all", "list"), ("action", "delete"), ("confirmed", "5")];
    assert_eq!(rows(&db, "/", &fields).count(), 5);
    db.execute("INSERT INTO t (v) VALUES ('c')", []).unwrap();
    let (title, page) = confirm(&db, "/", &fields);
    assert_eq!(title, "Delete 6 rows?");
    assert!(page.contains("The selection has changed. Please check it again."), "{page}");
}

#[test]
fn only_rows_of_the_list_can_be_selected() {
    let db = db();
    let few = List::new("SELECT * FROM t WHERE id < 3", read).bulk_at_once("mark", "Mark");
    let chosen = [("row", "1"), ("row", "5"), ("row", "x"), ("action", "mark")];
    let ListOutcome::Bulk(rows) = few.handle(&db, &form("/", &chosen).build()).unwrap() else {
        panic!("it needs no confirmation");
    };
    assert_eq!(rows.ids(&db).unwrap(), [1]);
}

#[test]
fn an_action_needs_rows_and_a_name() {
    let db = db();
    for fields in [&[("action", "mark")][..], &[("action", "delete"), ("row", "99")]] {
        let ListOutcome::Page(page) = items().handle(&db, &form("/", fields).build()).unwrap()
        else {
            panic!("{fields:?}");
        };
        assert!(page.bulk_form().to_string().contains("Select at least one row."));
    }
    let failure = items().handle(&db, &form("/", &[("action", "burn")]).build()).unwrap_err();
    assert_eq!(failure.status(), 400);
}

/// The rows in the URL of these rows, as another handler sees them.
fn elsewhere(db: &Connection, url: &str) -> Result<BulkRows> {
    items()
        .filter("v", "V", [("a", "A"), ("b", "B")], "v = :v")
        .selected(db, &Request::get(url).build())
}

#[test]
fn selected_rows_reach_another_handler() {
    let db = db();
    let chosen = [("row", "4"), ("row", "1"), ("row", "2"), ("action", "mark")];
    let here = rows(&db, "/items?sort=v&after=1sa", &chosen);
    let url = here.url("/change");
    assert_eq!(url, "/change?rows=1%7E2.4&list=%2Fitems%3Fsort%3Dv%26after%3D1sa");
    assert_eq!(here.url("/change?to=b"), url.replace("?rows", "?to=b&rows"));
    assert_eq!(here.redirect_to("/change").header("location"), Some(&*url));
    let there = elsewhere(&db, &url).unwrap();
    assert_eq!((there.count(), there.counted(), there.action()), (3, "3 rows", ""));
    assert_eq!(there.ids(&db).unwrap(), here.ids(&db).unwrap());
    assert_eq!(there.redirect().header("location"), Some("/items?sort=v&after=1sa"));
    assert_eq!(there.url("/change"), url, "another page gets them, too");
    // The ids stay the same, and those that are gone are left out.
    db.execute_batch("DELETE FROM t WHERE id = 2; INSERT INTO t (v) VALUES ('a')").unwrap();
    let there = elsewhere(&db, &url).unwrap();
    assert_eq!((there.ids(&db).unwrap(), there.counted()), (vec![1, 4], "2 rows"));
}

#[test]
fn all_rows_reach_another_handler_as_the_search_and_the_filters() {
    let db = db();
    let everything = [("all", "list"), ("action", "mark"), ("counted", "3")];
    let url = rows(&db, "/?q=a&sort=-v", &everything).url("/change");
    assert_eq!(url, "/change?rows=all&list=%2F%3Fq%3Da%26sort%3D-v");
    assert_eq!(elsewhere(&db, &url).unwrap().ids(&db).unwrap(), [1, 3, 4]);
    assert_eq!(elsewhere(&db, &url.replace("q%3D", "v%3D")).unwrap().ids(&db).unwrap(), [1, 3, 4]);
    db.execute_batch("INSERT INTO t (v) VALUES ('a')").unwrap();
    let there = elsewhere(&db, &url).unwrap();
    assert_eq!(there.counted(), "4 rows", "what it says now");
    let update = "UPDATE t SET v = :to WHERE id IN selected";
    assert_eq!(there.execute(&db, update, &[(":to", &"c")]).unwrap(), 4);
    let page: Vec<(&str, &str)> =
        vec![("shown", "2"), ("shown", "5"), ("all", "page"), ("action", "mark")];
    let url = rows(&db, "/", &page).url("/change");
    assert_eq!(url, "/change?rows=2.5&list=%2F", "all rows of a page are those that were shown");
}

#[test]
fn all_matches_reach_another_handler_even_if_pages_show_fewer() {
    let db = table(&vec![Value::Text("a".to_owned()); 1_500]);
    let url = rows(&db, "/?q=a", &[("all", "list"), ("action", "mark")]).url("/change");
    assert_eq!(elsewhere(&db, &url).unwrap().count(), 1_500);
}

#[test]
fn a_url_without_rows_is_gone() {
    let db = db();
    for url in [
        "/change",
        "/change?rows=all",
        "/change?rows=1",
        "/change?rows=&list=%2F",
        "/change?rows=9&list=%2F",
        "/change?rows=all&list=%2F%3Fq%3Dnone",
        "/change?rows=all&list=%2F%2Fevil.example%2F",
    ] {
        assert_eq!(elsewhere(&db, url).unwrap_err().status(), 410, "{url}");
    }
    // Rows that the list doesn't have.
    let few = List::new("SELECT * FROM t WHERE id < 3", read);
    let request = Request::get("/change?rows=1~5&list=%2F").build();
    assert_eq!(few.selected(&db, &request).unwrap().ids(&db).unwrap(), [1, 2]);
}

#[test]
fn a_thousand_ids_of_any_size_fit_into_a_request() {
    let ids: Vec<i64> = (0..1_000).map(|at| i64::MAX - at * 7_000_000_000_000_000).collect();
    let db = Connection::open_in_memory().unwrap();
    db.execute_batch("CREATE TABLE t (id INTEGER PRIMARY KEY, v)").unwrap();
    for id in &ids {
        db.execute("INSERT INTO t VALUES (?1, 'a')", [id]).unwrap();
    }
    let keys: Vec<String> = ids.iter().map(i64::to_string).collect();
    let fields = keys.iter().map(|key| ("row", &**key)).chain([("action", "mark")]);
    let request = Request::post("/").form(fields).build();
    let ListOutcome::Bulk(rows) = items().handle(&db, &request).unwrap() else { panic!() };
    let url = rows.url("/change");
    assert!(url.len() < 32 << 10, "{}", url.len());
    assert_eq!(elsewhere(&db, &url).unwrap().count(), 1_000);
}

#[test]
fn actions_of_the_same_kind_ask_questions_of_their_own() {
    let db = db();
    let statuses = || {
        items().noun("sample", "samples").bulk_actions(["done", "new"].map(|status| {
            BulkAction::new(status, format!("Mark as {status}"))
                .question(move |rows| format!("Mark {rows} as {status}?"))
        }))
    };
    let page = statuses().page(&db, &Request::get("/").build()).unwrap().bulk_form().to_string();
    assert!(page.contains("value=\"done\">Mark as done</button>"), "{page}");
    let fields = [("row", "1"), ("row", "2"), ("action", "new")];
    let outcome = statuses().handle(&db, &form("/", &fields).build()).unwrap();
    let ListOutcome::Confirm(page) = outcome else { panic!("{outcome:?}") };
    assert_eq!(page.title(), "Mark 2 samples as new?");
    assert!(page.render().to_string().contains("value=\"new\">Mark as new</button>"));
}

#[test]
fn one_page_shows_the_list_and_the_question() {
    let db = db();
    let respond = |request: Request| {
        let mut log = Vec::new();
        let outcome = items().csv("items.csv").handle(&db, &request).unwrap();
        let response = outcome.respond(
            &mut log,
            |log, view| {
                log.push(format!("page {}", view.is_question()));
                Ok(iolist![view.title_or("Items"), ": ", view.render()])
            },
            |log, rows| {
                log.push(format!("{} {}", rows.action(), rows.count()));
                Ok(rows.redirect())
            },
        );
        (response.unwrap().into_text(), log.join(", "))
    };
    let (page, log) = respond(Request::get("/").build());
    assert!(page.starts_with("Items: ") && page.contains("<table"), "{page}");
    assert_eq!(log, "page false");
    let (page, log) = respond(form("/", &[("row", "1"), ("action", "delete")]).build());
    assert!(page.starts_with("Delete one row?: "), "{page}");
    assert_eq!(log, "page true");
    let (_, log) = respond(form("/", &[("row", "1"), ("row", "2"), ("action", "mark")]).build());
    assert_eq!(log, "mark 2");
    let (file, log) = respond(Request::get("/?csv").build());
    assert!(file.contains("\"Id\",\"V\"") && log.is_empty(), "{file}");
}
