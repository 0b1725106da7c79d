//! A router whose handlers use a state needs `with_state`.
use solohttp::{Error, Router, serve_http};

struct App;

fn home(_: &mut App) -> &'static str {
    "Shop"
}

fn main() -> Result<(), Error> {
    let mut router = Router::new();
    router.get("/", home);
    serve_http(router)
}
