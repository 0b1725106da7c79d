//! Closures from other threads find their state, wherever a router has mounted it.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "all of this is tests")]

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::Duration;

use solohttp_core::{Handler, Remote, Server};
use solohttp_router::Router;

struct Shop {
    remotes: Sender<Remote<Self>>,
    sold: Vec<&'static str>,
}

fn shop(remotes: Sender<Remote<Shop>>) -> impl Handler<u32> + 'static {
    let mut router: Router<Shop> = Router::new();
    router.get("/take", |shop: &mut Shop, remote: Remote<Shop>| {
        shop.remotes.send(remote).unwrap();
    });
    router.get("/sold", |shop: &mut Shop| shop.sold.join(" "));
    Mounted(router.with_state(Shop { remotes, sold: Vec::new() }))
}

/// A router with its own state, nested in a router with a different state.
struct Mounted<H>(H);

impl<S, H: Handler> Handler<S> for Mounted<H> {
    fn handle(
        &mut self,
        _: &mut S,
        request: &mut solohttp_core::Request,
    ) -> solohttp_core::Response {
        self.0.handle(&mut (), request)
    }
}

#[test]
fn two_states_of_one_type_are_told_apart() {
    let (sender, remotes) = channel();
    let (told, known) = channel();
    let server = thread::spawn(move || {
        let listening = Server::new().port(0).quiet().stop_on_signals(false).bind().unwrap();
        let outer: Remote<u32> = listening.remote();
        told.send((listening.address(), listening.stop_handle(), outer)).unwrap();
        let mut router: Router<u32> = Router::new();
        router.get("/", |count: &mut u32| count.to_string());
        router.mount("/one", shop(sender.clone()));
        router.mount("/two", shop(sender));
        let app = router.with_state(0).every(Duration::from_millis(5), |count| *count += 1);
        listening.run(app).unwrap();
    });
    let (address, stop, outer) = known.recv().unwrap();
    let get = |path: &str| {
        let mut socket = TcpStream::connect(address).unwrap();
        write!(socket, "GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n").unwrap();
        let mut text = String::new();
        socket.read_to_string(&mut text).unwrap();
        text.split_once("\r\n\r\n").unwrap().1.to_owned()
    };
    get("/one/take");
    get("/two/take");
    let next = || remotes.recv_timeout(Duration::from_secs(10)).unwrap();
    let (one, two) = (next(), next());
    one.run(|shop| shop.sold.push("bolts")).unwrap();
    two.run(|shop| shop.sold.push("nuts")).unwrap();
    two.run(|shop| shop.sold.push("screws")).unwrap();
    assert_eq!(one.ask(|shop| shop.sold.len()), Ok(1));
    assert_eq!(
        (get("/one/sold"), get("/two/sold")),
        ("bolts".to_owned(), "nuts screws".to_owned())
    );
    assert_eq!(outer.ask(|count| *count = 1_000_000), Ok(()));
    while outer.ask(|count| *count).unwrap() < 1_000_002 {}
    stop.stop();
    server.join().unwrap();
}

#[test]
fn timers_of_a_mounted_state_ring() {
    let (told, known) = channel();
    let (rung, rings) = channel();
    let server = thread::spawn(move || {
        let listening = Server::new().port(0).quiet().stop_on_signals(false).bind().unwrap();
        told.send(listening.stop_handle()).unwrap();
        let inner: Router<u32> = Router::new();
        let inner = inner.with_state(7).every(Duration::from_millis(5), move |state| {
            let _ = rung.send(*state);
        });
        let mut router: Router<String> = Router::new();
        router.mount("/inner", Mounted(inner));
        listening.run(router.with_state(String::new())).unwrap();
    });
    assert_eq!(rings.recv_timeout(Duration::from_secs(10)), Ok(7));
    assert_eq!(rings.recv_timeout(Duration::from_secs(10)), Ok(7));
    known.recv().unwrap().stop();
    server.join().unwrap();
}
