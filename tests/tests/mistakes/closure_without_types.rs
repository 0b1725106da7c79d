//! A closure must name the types of its arguments.
use solohttp::Router;

struct App {
    visits: u64,
}

fn main() {
    let mut router = Router::<App>::new();
    router.get("/", |app| app.visits.to_string());
    let _ = router.with_state(App { visits: 0 });
}
