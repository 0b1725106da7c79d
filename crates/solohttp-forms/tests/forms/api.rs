//! A record's pages for programs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use solohttp_core::{Method, Rejection, Request, Response, StatusCode, WithState};
use solohttp_forms::{RecordPages, checkbox, field, form, group, number, row_id, rows, text};
use solohttp_router::Router;

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
struct Line {
    #[serde(skip)]
    id: Option<i64>,
    item: String,
    #[serde(skip)]
    shelf: String,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
struct Place {
    room: String,
    #[serde(skip)]
    secret: String,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
struct Order {
    code: String,
    #[serde(rename = "quantity")]
    count: u32,
    #[serde(default)]
    lines: Vec<Line>,
    #[serde(default)]
    place: Place,
    #[serde(skip)]
    checked: bool,
}

type App = BTreeMap<i64, Order>;

fn pages() -> RecordPages<App, Order> {
    RecordPages::new(
        |_: &mut App, _| {
            let line =
                form!(Line { id: row_id(), item: text("Item").required(), shelf: text("Shelf") });
            let place = form!(Place { room: text("Room"), secret: text("Secret") });
            Ok(form!(Order {
                code: text("Code").required(),
                count: number("Count").max(9),
                lines: rows("Lines", line).extra(1),
                place: group("Place", place),
                checked: checkbox("Checked"),
            }))
        },
        |app, id| Ok(app.get(&id).cloned().ok_or(Rejection::from(StatusCode::NOT_FOUND))?),
        |app, order, id| {
            if app.iter().any(|(known, it)| it.code == order.code && Some(*known) != id) {
                return Err("UNIQUE constraint failed: order.code".into());
            }
            let id = id.unwrap_or(app.len() as i64 + 1);
            app.insert(id, order.clone());
            Ok(id)
        },
    )
    .check(|_, order, errors| {
        if order.code == "bad" {
            errors.on(field!(Order.code), "Not this one.");
        }
        Ok(())
    })
}

fn site(pages: RecordPages<App, Order>) -> WithState<Router<App>, App> {
    let mut router = Router::new();
    router.mount(
        "/api/orders",
        pages.api(|app, request| {
            let wanted = request.query().get("code").unwrap_or_default().to_owned();
            Ok(app.values().filter(|it| it.code.starts_with(&wanted)).cloned().collect::<Vec<_>>())
        }),
    );
    let line =
        |id: i64, item: &str| Line { id: Some(id), item: item.into(), shelf: format!("s{id}") };
    let order = Order {
        code: "A".into(),
        count: 1,
        lines: vec![line(4, "Tea"), line(5, "Milk"), line(6, "Jam")],
        place: Place { room: "Hall".into(), secret: "key".into() },
        checked: true,
    };
    router.with_state(App::from([(1, order)]))
}

fn send(site: &mut WithState<Router<App>, App>, method: Method, id: &str, json: &str) -> Response {
    let request = Request::with_method(method, &format!("/api/orders{id}"));
    request.header("content-type", "application/json").body(json.to_owned()).send_to(site)
}

#[test]
fn records_are_added_read_replaced_and_deleted() {
    let mut site = site(pages().delete(|app, id, _| {
        app.remove(&id);
        Ok(())
    }));
    let added = send(&mut site, Method::POST, "", r#"{"code": "B", "quantity": 2}"#);
    assert_eq!((added.status().as_u16(), added.header("location")), (201, Some("/api/orders/2")));
    assert_eq!(added.into_text(), r#"{"id":2}"#);
    let one = send(&mut site, Method::GET, "/2", "").into_text();
    assert_eq!(one, r#"{"code":"B","quantity":2,"lines":[],"place":{"room":""}}"#);
    assert_eq!(send(&mut site, Method::PUT, "/2", r#"{"code": "C", "quantity": 3}"#).status(), 204);
    let all = Request::get("/api/orders?code=C").send_to(&mut site).into_text();
    assert!(all.starts_with(r#"[{"code":"C","quantity":3,"#), "{all}");
    assert_eq!(send(&mut site, Method::DELETE, "/2", "").status(), 204);
    assert_eq!(site.state().len(), 1);
}

#[test]
fn all_errors_are_problems() {
    let mut site = site(pages());
    let wrong =
        r#"{"code": "", "quantity": 12, "lines": [{"item": "Tea"}, {"item": ""}, {"item": "x"}]}"#;
    for (method, id, json, status, part) in [
        (Method::POST, "", wrong, 422, r#"{"detail":"Fill in this field.","name":"code"}"#),
        (Method::POST, "", wrong, 422, r#"{"detail":"Enter 9 or less.","name":"count"}"#),
        (Method::POST, "", r#"{"code":"bad","quantity":1}"#, 422, "Not this one."),
        (
            Method::POST,
            "",
            r#"{"code":"A","quantity":1}"#,
            422,
            r#"already taken.","name":"code"}"#,
        ),
        (Method::POST, "", r#"{"code": 7}"#, 422, "expected a string"),
        (Method::POST, "", "{", 400, "EOF"),
        (Method::PUT, "/9", r#"{"code":"Z","quantity":1}"#, 404, ""),
        (Method::GET, "/9", "", 404, ""),
        (Method::GET, "/x", "", 404, ""),
        (Method::GET, "/1/x", "", 404, ""),
        (Method::DELETE, "/1", "", 405, ""),
        (Method::PUT, "", "{}", 405, ""),
    ] {
        let response = send(&mut site, method.clone(), id, json);
        let what = format!("{method} {id} {json}");
        assert_eq!(response.status(), status, "{what}");
        assert_eq!(response.header("content-type"), Some("application/problem+json"), "{what}");
        let text = response.into_text();
        assert!(text.contains(part), "{what}: {text}");
    }
    assert_eq!(site.state().len(), 1);
}

/// Replaces the order. Returns the ids, items and shelves of its lines.
fn put(lines: &[&str]) -> String {
    let mut site = site(pages());
    let lines: Vec<String> = lines.iter().map(|item| format!(r#"{{"item": "{item}"}}"#)).collect();
    let json = format!(
        r#"{{"code": "A", "quantity": 2, "lines": [{}], "place": {{"room": "Loft"}}}}"#,
        lines.join(", ")
    );
    assert_eq!(send(&mut site, Method::PUT, "/1", &json).status(), 204);
    let order = &site.state()[&1];
    assert_eq!((order.count, order.checked), (2, true));
    assert_eq!((&*order.place.room, &*order.place.secret), ("Loft", "key"));
    let line = |it: &Line| format!("{} {} {}", it.id.unwrap_or_default(), it.item, it.shelf);
    order.lines.iter().map(line).collect::<Vec<_>>().join(", ")
}

#[test]
fn what_json_does_not_carry_is_kept() {
    assert_eq!(put(&["Tea", "Milk", "Jam"]), "4 Tea s4, 5 Milk s5, 6 Jam s6");
    assert_eq!(put(&["Jam", "Tea"]), "6 Jam s6, 4 Tea s4");
    assert_eq!(put(&["Tea", "Cream", "Jam"]), "4 Tea s4, 5 Cream s5, 6 Jam s6");
    assert_eq!(put(&["Salt", "Tea", "Milk", "Jam"]), "0 Salt , 4 Tea s4, 5 Milk s5, 6 Jam s6");
    assert_eq!(put(&["Cream", "Jam"]), "0 Cream , 6 Jam s6");
    assert_eq!(put(&[]), "");
}
