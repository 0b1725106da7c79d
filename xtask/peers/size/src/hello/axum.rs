//! axum, on one thread.

use axum::{Router, routing::get};

fn main() {
    let port = std::env::args().nth(2).expect("--port N");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let address = format!("127.0.0.1:{port}");
        let listener = tokio::net::TcpListener::bind(address).await.expect("the port is free");
        let app = Router::new().route("/", get(|| async { "Hello, world!" }));
        axum::serve(listener, app).await.expect("it serves");
    });
}
