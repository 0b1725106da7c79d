//! `impl Handler` is a handler that needs no further state.
use solohttp::{Handler, Router};

struct App;

fn home(_: &mut App) -> &'static str {
    "Shop"
}

fn app() -> impl Handler {
    let mut router = Router::new();
    router.get("/", home);
    router
}

fn main() {
    let _ = app();
}
