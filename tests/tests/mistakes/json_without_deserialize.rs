//! A JSON document's type must derive `Deserialize`.
use solohttp::{Json, Router};

struct Sample {
    code: String,
}

fn add(Json(sample): Json<Sample>) -> String {
    sample.code
}

fn main() {
    let mut router = Router::<()>::new();
    router.post("/samples", add);
}
