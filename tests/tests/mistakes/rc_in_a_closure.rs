//! Closures are sent from one thread to another, so they must not contain an `Rc`.
use std::rc::Rc;

use solohttp::Remote;

struct App {
    names: Vec<Rc<str>>,
}

pub fn add(remote: Remote<App>) {
    let name: Rc<str> = Rc::from("Ada");
    remote.run(move |app| app.names.push(name)).ok();
}

fn main() {}
