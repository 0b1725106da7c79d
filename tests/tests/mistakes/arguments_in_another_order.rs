//! The state comes first, the request last.
use solohttp::{Request, Router};

struct App;

fn home(_: &Request, _: &mut App) -> &'static str {
    "Shop"
}

fn main() {
    let mut router = Router::new();
    router.get("/", home);
    let _ = router.with_state(App);
}
