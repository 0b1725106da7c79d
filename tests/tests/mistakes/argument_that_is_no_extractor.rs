//! A plain argument doesn't say where its value comes from.
use solohttp::Router;

fn item(id: i64) -> String {
    id.to_string()
}

fn main() {
    let mut router = Router::<()>::new();
    router.get("/item/*", item);
}
