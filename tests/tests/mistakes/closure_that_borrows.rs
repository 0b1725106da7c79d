//! A closure outlives the handler, so it must own what it uses.
use solohttp::Remote;

struct App {
    names: Vec<String>,
}

pub fn add(remote: Remote<App>) {
    let name = String::from("Ada");
    remote.run(|app| app.names.push(name.clone())).ok();
}

fn main() {}
