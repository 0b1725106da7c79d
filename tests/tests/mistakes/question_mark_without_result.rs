//! `?` needs a handler that returns a `Result`.
use solohttp::{Request, Router};

fn add(request: &Request) -> String {
    request.form()?.get("name").unwrap_or_default().to_owned()
}

fn main() {
    let mut router = Router::<()>::new();
    router.post("/add", add);
}
