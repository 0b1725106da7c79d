//! A number is not a page.
use solohttp::Router;

fn sum() -> u64 {
    5 + 7
}

fn main() {
    let mut router = Router::<()>::new();
    router.get("/sum", sum);
}
