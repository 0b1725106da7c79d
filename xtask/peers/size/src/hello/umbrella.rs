//! solohttp with a router, without SQLite.

use solohttp::{Router, Server};

fn main() -> Result<(), solohttp::Error> {
    let mut router: Router<()> = Router::new();
    router.get("/", || "Hello, world!");
    Server::from_args()?.run(router)
}
