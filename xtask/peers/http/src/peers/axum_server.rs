//! axum, on one thread.

use std::io;

use axum::Router;
use axum::body::Body;
use axum::extract::Form;
use axum::routing::{get, post};
use tokio::net::TcpListener;

use super::{HELLO, PIECES, joined, large_file, large_file_len};

pub fn serve() -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("{}", listener.local_addr()?);
        let app = Router::new()
            .route("/", get(|| async { HELLO }))
            .route("/page", get(|| async { joined(PIECES) }))
            .route("/big", get(|| async { joined(16 * PIECES) }))
            .route("/form", post(form))
            .route("/file", get(file));
        axum::serve(listener, app).await
    })
}

async fn form(Form(fields): Form<Vec<(String, String)>>) -> String {
    format!("fields={}", fields.len())
}

async fn file() -> ([(&'static str, String); 1], Body) {
    let file = tokio::fs::File::open(large_file()).await.expect("the parent made the file");
    let body = Body::from_stream(tokio_util::io::ReaderStream::with_capacity(file, 64 << 10));
    ([("content-length", large_file_len().to_string())], body)
}
