//! A remote isn't a function.
use solohttp::Remote;

struct App {
    count: u64,
}

pub fn count(remote: Remote<App>) {
    remote(|app| app.count += 1);
}

fn main() {}
