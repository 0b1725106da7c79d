//! A first application: state, routes, typed arguments, and error pages.
//!
//! Run it with `cargo xtask demo intro`, then read it from top to bottom.

use serde::Deserialize;
use solohttp::{
    Error, Handler, IoList, Path, Query, Response, Result, Router, Server, html, iolist,
};

// The state is plain data. There is one thread, so there are no locks: a handler that asks for the
// state gets `&mut App`.
#[derive(Default)]
struct App {
    visits: u64,
}

// The shortest `main` is `serve_http(app())`. This one also accepts `--port 8123` and
// `--no-browser`.
fn main() -> Result<(), Error> {
    env_logger::Builder::from_env(env_logger::Env::default().default_filter_or("info")).init();
    Server::from_args()?.open_browser("/").run(app())
}

// The routes. A star stands for one segment of the path. This function is separate from `main` so
// that the tests below need no server.
fn app() -> impl Handler {
    let mut router = Router::new();
    router.get("/", home);
    router.get("/add/*/*", add);
    router.get("/search", search);
    // Every route that changes something is a POST, because browsers may prefetch links.
    router.post("/quit", quit);
    router.with_state(App::default())
}

// A handler is a function. It takes what it needs and returns a string or an `IoList`, which is
// sent as HTML.
//
// `iolist!` collects pieces without joining them into one string; the server writes each piece as
// it is.
fn home(app: &mut App) -> IoList {
    app.visits += 1;
    // A panic is harmless: the browser shows an error page, and the next request works. Reload five
    // times to see it.
    assert!(!app.visits.is_multiple_of(5), "This is what a panic looks like. Reload to continue.");
    iolist![
        "<!DOCTYPE html><html lang=\"en\"><title>Intro</title><h1>Peace be with you.</h1>",
        "<p>This is connection ",
        app.visits,
        " to the root page. Every fifth one panics.</p>",
        "<ul><li><a href=\"/add/5/7\">Add 5 and 7</a>",
        "<li><a href=\"/add/5/seven\">Add 5 and seven</a>, which is not found",
        "<li><form action=\"/search\"><label>Search for <input name=\"q\"></label> ",
        "<button>Search</button></form>",
        "<li><form method=\"post\" action=\"/quit\"><button>Quit</button></form></ul>",
    ]
}

// The segments matched by the stars arrive as the requested types. `/add/5/seven` is a 404.
fn add(Path((a, b)): Path<(f64, f64)>) -> Response {
    Response::text(iolist!["The sum of <", a, "> and <", b, "> is <", a + b, ">."])
}

// The query arrives as a struct. A field with a default is optional.
#[derive(Deserialize)]
struct Search {
    #[serde(default)]
    q: String,
}

// `?` turns any error into an error page that names the line.
fn search(Query(search): Query<Search>) -> Result<IoList> {
    if search.q == "error" {
        Err("You searched for an error, and here it is.")?;
    }
    // Input is escaped before it becomes part of a page. Templates, shown in the to-do example, do
    // that automatically.
    Ok(iolist![
        "<!DOCTYPE html><html lang=\"en\"><title>Search</title>",
        "<p>You searched for \u{201c}",
        html::escape(&search.q),
        "\u{201d}. ",
        "Try <a href=\"/search?q=error\">error</a>, or go <a href=\"/\">back</a>.",
    ])
}

// The page is delivered, then the server stops and `main` returns.
fn quit() -> Response {
    Response::page("Goodbye.", "<p>The program has stopped. You can close this tab.</p>")
        .and_shut_down()
}

#[cfg(test)]
mod tests {
    use super::*;
    use solohttp::Request;

    // A test sends requests without a socket.
    fn get(target: &str) -> (u16, String) {
        let response = Request::get(target).send_to(app());
        (response.status().as_u16(), response.into_text())
    }

    #[test]
    fn every_fifth_visit_panics_and_the_next_is_served() {
        let mut app = app();
        let statuses: Vec<u16> =
            (0..7).map(|_| Request::get("/").send_to(&mut app).status().as_u16()).collect();
        assert_eq!(statuses, [200, 200, 200, 200, 500, 200, 200]);
    }

    #[test]
    fn adds_numbers_only() {
        assert_eq!(get("/add/5/7"), (200, "The sum of <5> and <7> is <12>.".to_owned()));
        assert_eq!(get("/add/x/7").0, 404);
    }

    #[test]
    fn quitting_takes_a_post() {
        assert_eq!(get("/quit").0, 405);
        let page = Request::post("/quit").send_to(app()).into_text();
        assert!(page.contains("Goodbye."), "{page}");
    }

    #[test]
    fn escapes_the_search() {
        assert!(get("/search?q=%3Cb%3E").1.contains("\u{201c}&lt;b&gt;\u{201d}"));
        assert!(get("/search").1.contains("\u{201c}\u{201d}"));
        assert_eq!(get("/search?q=error").0, 500);
    }
}
