//! hyper, on one thread.

use std::convert::Infallible;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

async fn hello(_: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    Ok(Response::new(Full::new(Bytes::from_static(b"Hello, world!"))))
}

fn main() {
    let port = std::env::args().nth(2).expect("--port N");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let local = tokio::task::LocalSet::new();
    local.block_on(&runtime.expect("a runtime"), async {
        let address = format!("127.0.0.1:{port}");
        let listener = TcpListener::bind(address).await.expect("the port is free");
        loop {
            let (socket, _) = listener.accept().await.expect("a connection");
            tokio::task::spawn_local(async move {
                let builder = hyper::server::conn::http1::Builder::new();
                drop(builder.serve_connection(TokioIo::new(socket), service_fn(hello)).await);
            });
        }
    });
}
