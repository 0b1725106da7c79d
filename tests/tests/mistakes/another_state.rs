//! All of a router's handlers must have the same state type.
use solohttp::Router;

struct App;
struct Settings;

fn home(_: &mut App) -> &'static str {
    "Shop"
}

fn settings(_: &mut Settings) -> &'static str {
    "Settings"
}

fn main() {
    let mut router = Router::new();
    router.get("/", home);
    router.get("/settings", settings);
    let _ = router.with_state(App);
}
