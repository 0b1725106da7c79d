//! tiny_http.

fn main() {
    let port = std::env::args().nth(2).expect("--port N");
    let server = tiny_http::Server::http(format!("127.0.0.1:{port}")).expect("the port is free");
    for request in server.incoming_requests() {
        drop(request.respond(tiny_http::Response::from_string("Hello, world!")));
    }
}
