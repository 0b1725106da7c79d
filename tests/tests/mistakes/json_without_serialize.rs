//! A type that is returned as JSON must derive `Serialize`.
use solohttp::{Json, Router};

struct Sample {
    code: String,
}

fn sample() -> Json<Sample> {
    Json(Sample { code: "A-17".to_owned() })
}

fn main() {
    let mut router = Router::<()>::new();
    router.get("/sample", sample);
}
