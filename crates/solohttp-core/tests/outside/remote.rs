//! Tests timers, and closures from other threads.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use solohttp_core::{
    AskError, Ended, Handler, IntoHandler, Limits, Remote, Request, Response, Server,
};

use crate::running::Running;

#[derive(Default)]
struct App {
    seen: Vec<u32>,
    remote: Option<Sender<Remote<Self>>>,
}

fn page(app: &mut App, request: &Request) -> String {
    match request.path() {
        "/slow" => thread::sleep(Duration::from_millis(300)),
        "/panic" => panic!("asked for"),
        _ => {}
    }
    format!("{:?}", app.seen)
}

fn run() -> Running<App> {
    run_with(|| page.into_handler().with_state(App::default()))
}

fn run_with<H: Handler>(app: impl FnOnce() -> H + Send + 'static) -> Running<App> {
    Running::new(Limits::default(), app)
}

#[test]
fn closures_run_in_order_between_requests() {
    let server = run();
    for number in 0..3_000 {
        server.remote.run(move |app| app.seen.push(number)).unwrap();
    }
    let seen = server.remote.ask(|app| app.seen.clone()).unwrap();
    assert!(seen.iter().copied().eq(0..3_000));
    server.remote.run(|app| app.seen = vec![7]).unwrap();
    server.remote.ask(|_| ()).unwrap();
    assert_eq!(server.page("/"), "[7]");
}

#[test]
fn a_thread_waits_while_too_many_closures_do() {
    let server = run();
    let (begun, blocked) = channel();
    let (release, released): (Sender<()>, Receiver<()>) = channel();
    server
        .remote
        .run(move |_| {
            begun.send(()).unwrap();
            released.recv().unwrap();
        })
        .unwrap();
    blocked.recv().unwrap();
    let (count, counted) = channel();
    let remote = server.remote.clone();
    let worker = thread::spawn(move || {
        for number in 0..5_000 {
            remote.run(move |app| app.seen.push(number)).unwrap();
            count.send(()).unwrap();
        }
    });
    while counted.recv_timeout(Duration::from_millis(200)).is_ok() {}
    assert!(!worker.is_finished(), "it hands in 5,000 while nothing is taken");
    release.send(()).unwrap();
    worker.join().unwrap();
    assert_eq!(server.remote.ask(|app| app.seen.len()), Ok(5_000));
}

#[test]
fn the_servers_own_thread_never_waits_for_itself() {
    let server = run();
    let remote = server.remote.clone();
    server
        .remote
        .run(move |_| {
            for number in 0..5_000 {
                remote.run(move |app| app.seen.push(number)).unwrap();
            }
        })
        .unwrap();
    while server.remote.ask(|app| app.seen.len()) != Ok(5_000) {}
    let remote = server.remote.clone();
    let asked = server.remote.ask(move |_| remote.ask(|app| app.seen.len()));
    assert_eq!(asked, Err(AskError::Failed), "it panicked instead of hanging");
}

#[test]
fn a_panic_ends_its_closure_alone() {
    let server = run();
    server.remote.run(|_| panic!("in a closure")).unwrap();
    assert_eq!(server.remote.ask(|_| -> u32 { panic!("no answer") }), Err(AskError::Failed));
    server.remote.run(|app| app.seen.push(1)).unwrap();
    assert_eq!(server.remote.ask(|app| app.seen.len()), Ok(1));
    assert_eq!(server.page("/"), "[1]");
}

#[test]
fn nobody_hands_in_anything_once_the_server_has_ended() {
    let mut server = run();
    let remote = server.remote.clone();
    let worker = thread::spawn(move || {
        let mut accepted = 0_u64;
        while remote.run(|app| app.seen.clear()).is_ok() {
            accepted += 1;
        }
        accepted
    });
    thread::sleep(Duration::from_millis(50));
    let start = Instant::now();
    server.end();
    assert!(worker.join().unwrap() > 0);
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
    assert_eq!(server.remote.run(|_| {}), Err(Ended));
    assert_eq!(server.remote.ask(|_| ()), Err(AskError::Ended));
    assert!(server.remote.every(Duration::from_secs(1), |_| {}).is_err());
}

#[test]
fn what_was_accepted_before_the_end_still_runs() {
    let mut server = run();
    let (sender, receiver) = channel();
    for number in 0..500 {
        let sender = sender.clone();
        server.remote.run(move |_| sender.send(number).unwrap()).unwrap();
    }
    server.end();
    drop(sender);
    assert!(receiver.iter().eq(0..500));
}

#[test]
fn who_waits_for_an_answer_is_released_when_the_server_ends_without_it() {
    let listening = Server::new().port(0).quiet().bind().unwrap();
    let remote: Remote<App> = listening.remote();
    let asking = thread::spawn(move || remote.ask(|app| app.seen.len()));
    thread::sleep(Duration::from_millis(50));
    drop(listening);
    assert_eq!(asking.join().unwrap(), Err(AskError::Ended));
}

#[test]
fn handlers_take_a_way_back_into_their_own_state() {
    let handler = |app: &mut App, remote: Remote<App>| {
        app.remote.take().unwrap().send(remote).unwrap();
        "taken"
    };
    let (sender, receiver) = channel();
    let server = run_with(move || {
        let app = App { remote: Some(sender), ..App::default() };
        handler.into_handler().with_state(app)
    });
    assert_eq!(server.page("/"), "taken");
    let remote = receiver.recv().unwrap();
    remote.run(|app| app.seen.push(5)).unwrap();
    assert_eq!(server.remote.ask(|app| app.seen.clone()), Ok(vec![5]));
}

#[test]
fn a_flood_of_closures_leaves_requests_their_turns_and_the_other_way_round() {
    let server = run();
    let remote = server.remote.clone();
    let worker = thread::spawn(move || {
        for _ in 0..100_000 {
            remote.run(|app| app.seen = vec![1]).unwrap();
        }
    });
    let mut requests = 0;
    while !worker.is_finished() {
        server.page("/");
        requests += 1;
    }
    worker.join().unwrap();
    assert!(requests > 5, "{requests} requests beside 100,000 closures");

    let address = server.address;
    let (stop, stopped) = channel::<()>();
    let clients: Vec<_> = (0..4)
        .map(|_| {
            let stop = stop.clone();
            thread::spawn(move || {
                while stop.send(()).is_ok() {
                    let mut socket = TcpStream::connect(address).unwrap();
                    socket.write_all(b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n").unwrap();
                    socket.read_to_end(&mut Vec::new()).unwrap();
                }
            })
        })
        .collect();
    drop(stop);
    for _ in 0..100 {
        server.remote.ask(|_| ()).unwrap();
    }
    drop(stopped);
    clients.into_iter().for_each(|client| client.join().unwrap());
}

#[test]
fn timers_ring_from_the_start_and_from_threads_until_they_are_cancelled() {
    let start = Instant::now();
    let server = run_with(|| {
        let app = page.into_handler().with_state(App::default());
        let app = app.every(Duration::from_millis(20), |app| app.seen.push(20));
        app.after(Duration::from_millis(30), |app| app.seen.push(30))
    });
    let timer =
        server.remote.every(Duration::from_millis(20), |app: &mut App| app.seen.push(21)).unwrap();
    server.remote.after(Duration::from_millis(25), |app: &mut App| app.seen.push(25)).unwrap();
    thread::sleep(Duration::from_millis(1_000));
    timer.cancel();
    let count = |app: &mut App, of: u32| app.seen.iter().filter(|seen| **seen == of).count();
    let (from_start, cancelled) =
        server.remote.ask(move |app| (count(app, 20), count(app, 21))).unwrap();
    let most = usize::try_from(start.elapsed().as_millis() / 20).unwrap();
    assert!((2..=most).contains(&from_start), "{from_start}, {most} at most");
    assert!((2..=most).contains(&cancelled), "{cancelled}, {most} at most");
    let once = server.remote.ask(move |app| (count(app, 25), count(app, 30))).unwrap();
    assert_eq!(once, (1, 1));
    thread::sleep(Duration::from_millis(100));
    let later = server.remote.ask(move |app| (count(app, 20), count(app, 21))).unwrap();
    assert!(later.0 > from_start);
    assert!(later.1 <= cancelled + 1, "{cancelled}, then {}", later.1);
}

#[test]
fn missed_times_ring_once() {
    let server = run_with(|| {
        let app = page.into_handler().with_state(App::default());
        app.every(Duration::from_millis(10), |app| app.seen.push(10))
    });
    let before = server.remote.ask(|app| app.seen.len()).unwrap();
    server.page("/slow");
    let after = server.remote.ask(|app| app.seen.len()).unwrap();
    assert!(after - before < 15, "300 ms made up for by {} calls", after - before);
}

/// A wrapper that knows nothing about closures, like one that a program might define.
struct Wrapper<H>(H, Vec<String>);

impl<S, H: Handler<S>> Handler<S> for Wrapper<H> {
    fn handle(&mut self, state: &mut S, request: &mut Request) -> Response {
        self.1.push(request.target().to_owned());
        self.0.handle(state, request)
    }
}

/// A handler that knows nothing about closures and doesn't pass them on.
struct Closed;

impl Handler<App> for Closed {
    fn handle(&mut self, _: &mut App, _: &mut Request) -> Response {
        Response::text("closed")
    }
}

#[test]
fn closures_come_through_wrappers_and_past_handlers_that_know_nothing_of_them() {
    let server = run_with(|| Wrapper(page.into_handler(), Vec::new()).with_state(App::default()));
    assert_eq!(server.remote.ask(|app| app.seen.len()), Ok(0));
    let server = run_with(|| Closed.with_state(App::default()));
    assert_eq!(server.remote.ask(|app| app.seen.len()), Ok(0));
    assert_eq!(server.page("/"), "closed");
}

#[test]
#[should_panic(expected = "no handler has the state `alloc::string::String`")]
fn a_remote_for_a_state_that_is_not_there_is_told_at_the_start() {
    let listening = Server::new().port(0).quiet().bind().unwrap();
    let _remote: Remote<String> = listening.remote();
    drop(listening.run(page.into_handler().with_state(App::default())));
}

#[test]
fn without_a_server_a_handler_gets_a_remote_that_says_so() {
    let handler = |_: &mut App, remote: Remote<App>| format!("{:?}", remote.run(|_| {}));
    let mut app = handler.into_handler().with_state(App::default());
    assert_eq!(Request::get("/").send_to(&mut app).into_text(), "Err(Ended)");
}
