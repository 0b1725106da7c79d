//! A correct program. If it failed, the others could be failing for the same reason.
use solohttp::{Error, Handler, Router, serve_http};

struct App;

fn home(_: &mut App) -> &'static str {
    "Shop"
}

fn app() -> impl Handler {
    let mut router = Router::new();
    router.get("/", home);
    router.with_state(App)
}

fn main() -> Result<(), Error> {
    serve_http(app())
}
