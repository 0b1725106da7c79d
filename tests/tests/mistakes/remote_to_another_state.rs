//! A handler can only get a remote to its own state.
use solohttp::{Remote, Router};

struct App;

struct Other {
    count: u64,
}

fn count(_: &mut App, remote: Remote<Other>) {
    remote.run(|other| other.count += 1).ok();
}

fn main() {
    let mut router: Router<App> = Router::new();
    router.get("/", count);
}
