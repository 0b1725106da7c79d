//! A small program with functions, state and extractors.

use serde::Deserialize;
use solohttp_core::{Handler, IoList, Query, Request, Response, iolist};
use solohttp_router::{Path, Router};

#[derive(Default)]
struct App {
    visits: u64,
}

fn app() -> impl Handler {
    let mut router = Router::new();
    router.get("/", home);
    router.get("/add/*/*", add);
    router.get("/search", search);
    router.with_state(App::default())
}

fn home(app: &mut App) -> IoList {
    app.visits += 1;
    assert!(!app.visits.is_multiple_of(5), "This is what a panic looks like.");
    iolist!["Peace be with you.\r\nThis is connection ", app.visits, " to the root page.\r\n"]
}

fn add(Path((a, b)): Path<(f64, f64)>) -> Response {
    Response::text(iolist!["The sum of <", a, "> and <", b, "> is <", a + b, ">."])
}

#[derive(Deserialize)]
struct Search {
    #[serde(default)]
    q: String,
}

fn search(Query(search): Query<Search>) -> solohttp_core::Result<Response> {
    Ok(Response::text(search.q))
}

#[test]
fn every_page_answers() {
    let mut app = app();
    assert!(Request::get("/").send_to(&mut app).into_text().contains("connection 1 to"));
    let sum = Request::get("/add/5/7").send_to(&mut app).into_text();
    assert_eq!(sum, "The sum of <5> and <7> is <12>.");
    assert_eq!(Request::get("/add/5/x").send_to(&mut app).status(), 404);
    assert_eq!(Request::get("/search?q=tea&other=1").send_to(&mut app).into_text(), "tea");
    assert_eq!(Request::get("/search").send_to(&mut app).status(), 200);
}
