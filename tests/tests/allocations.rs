//! Allocations per request, counted on the server's thread, and per form.

#![allow(clippy::print_stderr, reason = "shown with --nocapture")]

use allocation_counter::measure;
use solohttp::forms::{RecordForm, checkbox, form, number, text};
use solohttp::{Fields, Handler, Request, Response, Router, Server};
use solohttp_tests::wire::ask;

/// The number of warm-up requests, which fill the reused buffers and tables and cache the date.
const WARM_UP: u64 = 50;

/// The number of requests to measure.
const COUNTED: u64 = 1_000;

/// On Windows, mio's poller allocates state for each waiting socket, and the number of waiting
/// sockets depends on timing. On other systems, the kernel keeps that state.
const WAITING: f64 = if cfg!(windows) { 2.0 } else { 0.0 };

fn app(until: u64) -> impl Handler {
    let mut router: Router<u64> = Router::new();
    router.get("/", move |seen: &mut u64| count(seen, until));
    router.post("/form", move |seen: &mut u64, request: &Request| -> solohttp::Result<Response> {
        assert_eq!(request.form()?.len(), 10);
        Ok(count(seen, until))
    });
    router.with_state(0)
}

fn count(seen: &mut u64, until: u64) -> Response {
    *seen += 1;
    let response = Response::text("Hello, world!");
    if *seen == until { response.and_shut_down() } else { response }
}

/// Counts the allocations of a server that handles this many requests and then stops.
fn allocations(raw: &'static str, requests: u64) -> u64 {
    let (sender, receiver) = std::sync::mpsc::channel();
    let server = std::thread::spawn(move || {
        let listening = Server::new().port(0).quiet().bind().unwrap();
        sender.send(listening.address()).unwrap();
        measure(|| listening.run(app(requests)).unwrap()).count_total
    });
    let address = receiver.recv().unwrap();
    for _ in 0..requests {
        assert_eq!(ask(address, raw.as_bytes()).text(), "Hello, world!");
    }
    server.join().unwrap()
}

fn check(raw: &'static str, most: f64) {
    let most = most + WAITING;
    let extra = allocations(raw, WARM_UP + COUNTED) - allocations(raw, WARM_UP);
    let each = extra as f64 / COUNTED as f64;
    eprintln!("{each} allocations for {}", raw.lines().next().unwrap());
    // Allows half an allocation per request for occasional work, such as updating the date.
    assert!(each < most + 0.5, "{each} allocations, {most} at most");
}

const GET: &str = "GET / HTTP/1.1\r\nHost: localhost\r\nUser-Agent: Mozilla/5.0\r\n\
    Accept: text/html\r\nAccept-Language: en\r\nConnection: close\r\n\r\n";

const POST: &str = "POST /form HTTP/1.1\r\nHost: localhost\r\nUser-Agent: Mozilla/5.0\r\n\
    Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 69\r\n\r\n\
    a=1+2%21&b=1+2%21&c=1&d=1&e=1&f=1&g=1&h=1&i=1234567890&j=12345678901!";

#[test]
fn a_small_page_asks_for_memory_seven_times() {
    check(GET, 7.0);
}

#[test]
fn a_form_of_ten_fields_asks_for_a_few_more() {
    check(POST, 12.0);
}

#[derive(Debug)]
struct Part {
    name: String,
    number: u32,
    shelf: String,
    supplier: String,
    unit: String,
    price: u64,
    stock: u32,
    least: u32,
    note: String,
    active: bool,
}

fn part_form() -> RecordForm<Part> {
    form!(Part {
        name: text("Name").required(),
        number: number("Number"),
        shelf: text("Shelf"),
        supplier: text("Supplier"),
        unit: text("Unit"),
        price: number("Price"),
        stock: number("Stock").max(9_999),
        least: number("Least"),
        note: text("Note"),
        active: checkbox("Active"),
    })
}

const SENT: &str = "name=Bolt+M8&number=4711&shelf=B%2F12&supplier=M%C3%BCller+%26+Co&unit=piece&\
    price=129&stock=12&least=5&note=new&active=on";

/// Counts the allocations of the third call, because the first two fill caches: from its second page
/// on, a form keeps its HTML.
#[track_caller]
fn check_form(what: &str, most: u64, run: impl Fn()) {
    run();
    run();
    let count = measure(&run).count_total;
    eprintln!("{count} allocations for {what}");
    assert!(count <= most, "{count} allocations for {what}, {most} at most");
}

#[test]
fn a_form_of_ten_elements_is_rendered_into_one_buffer() {
    let form = part_form();
    let sent: Fields = SENT.parse().unwrap();
    let wrong: Fields = SENT.replace("Bolt+M8", "").replace("=12&", "=many&").parse().unwrap();
    let part = form.submit(&sent).unwrap();
    check_form("a blank form", 2, || drop(form.blank().render()));
    check_form("a cached form", 2, || {
        drop(RecordForm::cached(part_form).blank().render());
    });
    check_form("a form with a record", 4, || drop(form.show(&part).render()));
    check_form("two mistakes", 13, || drop(form.submit(&wrong).unwrap_err().render()));
    // A form that depends on the request is declared each time.
    check_form("a form and its declaration", 52, || {
        drop(part_form().submit(&wrong).unwrap_err().render());
    });
}

#[test]
fn reading_ten_fields_allocates_little_more_than_their_strings() {
    let form = part_form();
    check_form("ten fields", 10, || {
        drop(form.submit(&SENT.parse().unwrap()).unwrap());
    });
}
