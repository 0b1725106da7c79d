//! A thread can't use the state directly; it submits closures instead.
use solohttp::{Remote, Response};

struct App {
    count: u64,
}

pub fn count(app: &mut App, remote: Remote<App>) -> Response {
    std::thread::spawn(move || app.count += 1);
    drop(remote);
    Response::redirect("/")
}

fn main() {}
