//! A query type must derive `Deserialize`.
use solohttp::{Query, Router};

struct Search {
    q: String,
}

fn search(Query(search): Query<Search>) -> String {
    search.q
}

fn main() {
    let mut router = Router::<()>::new();
    router.get("/search", search);
}
