//! `impl IntoResponse` captures the borrow of the state.
use solohttp::{IntoResponse, Router};

struct App;

fn home(_: &mut App) -> impl IntoResponse {
    "Shop"
}

fn main() {
    let mut router = Router::new();
    router.get("/", home);
    let _ = router.with_state(App);
}
