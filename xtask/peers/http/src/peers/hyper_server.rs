//! hyper, on one thread.

use std::convert::Infallible;
use std::io;

use bytes::Bytes;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use super::{HELLO, PIECES, fields, joined, large_file, large_file_len};

type Body = BoxBody<Bytes, io::Error>;

pub fn serve() -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let local = tokio::task::LocalSet::new();
    local.block_on(&runtime, async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("{}", listener.local_addr()?);
        loop {
            let (socket, _) = listener.accept().await?;
            tokio::task::spawn_local(async move {
                let connection = hyper::server::conn::http1::Builder::new()
                    .keep_alive(false)
                    .serve_connection(TokioIo::new(socket), service_fn(answer));
                drop(connection.await);
            });
        }
    })
}

async fn answer(request: Request<Incoming>) -> Result<Response<Body>, Infallible> {
    let request_path = request.uri().path().to_owned();
    let body = match &*request_path {
        "/page" => full(joined(PIECES)),
        "/big" => full(joined(16 * PIECES)),
        "/form" => {
            let form = request.into_body().collect().await.map(|body| body.to_bytes());
            full(format!("fields={}", fields(&form.unwrap_or_default())))
        }
        "/file" => file().await,
        _ => full(HELLO),
    };
    let mut response = Response::builder().header("content-type", "text/html");
    if request_path == "/file" {
        response = response.header("content-length", large_file_len());
    }
    Ok(response.body(body).expect("a fine head"))
}

fn full(bytes: impl Into<Bytes>) -> Body {
    Full::new(bytes.into()).map_err(|never| match never {}).boxed()
}

async fn file() -> Body {
    let file = tokio::fs::File::open(large_file()).await.expect("the parent made the file");
    let stream = tokio_util::io::ReaderStream::with_capacity(file, 64 << 10);
    StreamBody::new(frames(stream)).boxed()
}

fn frames(
    stream: tokio_util::io::ReaderStream<tokio::fs::File>,
) -> impl futures_core::Stream<Item = io::Result<Frame<Bytes>>> {
    futures_util::StreamExt::map(stream, |piece| piece.map(Frame::data))
}
