//! The servers: each does the same on the same paths, as its own documentation would have it.

mod axum_server;
mod hyper_server;
mod raw;
mod solo;
mod tiny;

use std::io;
use std::sync::LazyLock;

use bytes::Bytes;

pub const HELLO: &str = "Hello, world!";
pub const PIECES: usize = 1_024;

/// What pages are made of: 64 bytes.
pub static PIECE: LazyLock<Bytes> = LazyLock::new(|| Bytes::from(vec![b'p'; 64]));

pub fn serve(name: &str) -> io::Result<()> {
    match name {
        "raw" => raw::serve(),
        "solohttp" => solo::serve(),
        "hyper" => hyper_server::serve(),
        "axum" => axum_server::serve(),
        "tiny_http" => tiny::serve(),
        _ => Err(io::Error::other("there is no such server")),
    }
}

/// A page joined from its pieces, for servers that send one body.
pub fn joined(pieces: usize) -> Vec<u8> {
    let mut page = Vec::with_capacity(pieces * PIECE.len());
    for _ in 0..pieces {
        page.extend_from_slice(&PIECE);
    }
    page
}

pub fn fields(form: &[u8]) -> usize {
    form.split(|&byte| byte == b'&').filter(|field| !field.is_empty()).count()
}

pub fn large_file() -> std::path::PathBuf {
    std::env::var_os("BENCH_FILE").expect("the parent names the file").into()
}
