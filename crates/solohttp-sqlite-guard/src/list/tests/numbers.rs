//! The page, “Select all”, files and actions mean the same rows, whatever finds them.

use super::*;

/// Row 1 to 3,000 have the word `all`, every third row is `late`, and the first 300 rows have the
/// word `few`.
fn db() -> Connection {
    let db = Connection::open_in_memory().unwrap();
    db.execute_batch(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, v, text TEXT NOT NULL);
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
         INSERT INTO t SELECT i, iif(i % 3, 'early', iif(i < 2400, 'late', 'last')),
             'all' || iif(i <= 300, ' few', '') FROM n;
         CREATE INDEX t_v ON t (v);
         CREATE VIRTUAL TABLE w USING fts5 (text, content = t, content_rowid = id);
         INSERT INTO w (rowid, text) SELECT id, text FROM t",
    )
    .unwrap();
    db
}

fn found(is_full_text: bool) -> List<i64> {
    let values = [("early", "Early"), ("late", "Late"), ("last", "Last"), ("none", "None")];
    let list = List::new("SELECT * FROM t WHERE id < 2900", read)
        .column("Id", "id", |id| Cell::number(*id))
        .page_size(50)
        .filter("v", "V", values, "v = :v")
        .bulk_at_once("mark", "Mark")
        .csv("t.csv");
    if is_full_text {
        return list.full_text("Find", "w");
    }
    list.search("Find", "id IN (SELECT rowid FROM w WHERE w MATCH :q LIMIT :limit)", fts_words)
}

/// The number in a sentence such as “1–50 of 349” or “50 of more than 349”, and whether it is exact.
#[track_caller]
fn number(html: &str, start: &str) -> (usize, bool) {
    let said = html.split(start).nth(1).unwrap().split('<').next().unwrap();
    let number = said.rsplit(' ').next().unwrap().replace([',', ')'], "");
    (number.parse().unwrap(), !said.contains("more than"))
}

/// The fields that the browser sends for “Select all”.
fn fields(form: &str) -> Vec<(&'static str, String)> {
    let counted = form.split("name=\"counted\" value=\"").nth(1);
    let counted = counted.map(|rest| ("counted", rest.split('"').next().unwrap().to_owned()));
    [("all", "list".to_owned()), ("action", "mark".to_owned())].into_iter().chain(counted).collect()
}

fn act(db: &Connection, list: List<i64>, url: &str, fields: &[(&str, String)]) -> ListOutcome<i64> {
    let fields = fields.iter().map(|(name, value)| (*name, value.as_str()));
    list.handle(db, &Request::post(url).form(fields).build()).unwrap()
}

#[track_caller]
fn check(db: &Connection, is_full_text: bool, query: &str, condition: &str) {
    let url = format!("/?{query}");
    let what = format!("{url}, full text: {is_full_text}");
    let expect = all(db, &format!("SELECT id FROM t WHERE id < 2900 AND {condition} ORDER BY id"));
    let page = get(found(is_full_text), db, &url);
    assert_eq!(page.rows().len(), expect.len().min(50), "{what}");
    let form = page.bulk_form().to_string();
    let fields = fields(&form);
    let ListOutcome::Csv(file) =
        found(is_full_text).handle(db, &Request::get(&format!("{url}&csv=")).build()).unwrap()
    else {
        panic!("{what}: a file was requested");
    };
    let file = file.into_text();
    let lines =
        file.lines().skip(1).map(|line| line.replace([',', '"'], "").parse::<i64>().unwrap());
    assert_eq!(lines.collect::<Vec<_>>(), expect, "{what}");
    if expect.is_empty() {
        return;
    }
    let (said, is_exact) = number(&page.count().to_string(), "<p class=\"count\">");
    let (selected, _) = number(&form, "value=\"list\"> ");
    assert_eq!(selected, said, "{what}");
    if is_exact {
        assert_eq!(said, expect.len(), "{what}");
    } else {
        assert!(said < expect.len(), "{what}: not more than {said}");
    }
    let ListOutcome::Bulk(rows) = act(db, found(is_full_text), &url, &fields) else {
        panic!("{what}: it needs no confirmation");
    };
    let mut ids = rows.ids(db).unwrap();
    ids.sort_unstable();
    assert_eq!(ids, expect, "{what}");
}

#[test]
fn the_page_the_file_and_the_action_have_the_same_rows() {
    let db = db();
    for is_full_text in [false, true] {
        check(&db, is_full_text, "", "true");
        check(&db, is_full_text, "v=late", "v = 'late'");
        check(&db, is_full_text, "q=all", "true");
        check(&db, is_full_text, "q=few", "id <= 300");
        check(&db, is_full_text, "q=few&v=early", "id <= 300 AND v = 'early'");
        // The filter leaves few of the first 1,001 matches, or none.
        check(&db, is_full_text, "q=all&v=late", "v = 'late'");
        check(&db, is_full_text, "q=all&v=early", "v = 'early'");
        check(&db, is_full_text, "q=all&v=last", "v = 'last'");
        check(&db, is_full_text, "q=all&v=none", "false");
    }
}

#[test]
fn all_pages_of_a_filtered_search_have_all_rows() {
    let db = db();
    let pages = walk(&|| found(false), &db, "/?q=all&v=late", "Next page");
    assert_eq!(pages.concat(), all(&db, "SELECT id FROM t WHERE v = 'late' ORDER BY id"));
}

#[test]
fn rows_that_appear_after_the_page_are_not_changed_at_once() {
    for is_full_text in [false, true] {
        for url in ["/?v=last", "/?q=few&v=late"] {
            let db = db();
            let form = get(found(is_full_text), &db, url).bulk_form().to_string();
            db.execute_batch(
                "INSERT INTO t VALUES (0, 'late', ''), (-1, 'last', '');
                 INSERT INTO w (rowid, text) VALUES (0, 'few')",
            )
            .unwrap();
            let ListOutcome::Page(page) = act(&db, found(is_full_text), url, &fields(&form)) else {
                panic!("{url}: there are more rows than the page has said");
            };
            let again = page.bulk_form().to_string();
            assert!(again.contains("The selection has changed."), "{again}");
            let ListOutcome::Bulk(rows) = act(&db, found(is_full_text), url, &fields(&again))
            else {
                panic!("{url}: this page has the new number");
            };
            db.execute("DELETE FROM t WHERE id < 1", []).unwrap();
            let fewer = act(&db, found(is_full_text), url, &fields(&again));
            assert!(matches!(fewer, ListOutcome::Bulk(it) if it.count() + 1 == rows.count()));
        }
    }
}

#[test]
fn the_programs_own_limit_stays() {
    let db = db();
    let own = || {
        List::new("SELECT * FROM t WHERE id IN (SELECT id FROM t LIMIT :limit)", read)
            .value("limit", 5)
            .column("Id", "id", |id| Cell::number(*id))
            .full_text("Find", "w")
            .bulk_at_once("mark", "Mark")
    };
    let page = get(own(), &db, "/");
    let ListOutcome::Bulk(rows) = act(&db, own(), "/", &fields(&page.bulk_form().to_string()))
    else {
        panic!("the number is known");
    };
    assert_eq!(rows.count(), 5);
}
