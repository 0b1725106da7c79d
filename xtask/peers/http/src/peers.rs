//! The servers: each does the same on the same paths, as its own documentation would have it.

mod axum_server;
mod hyper_server;
mod raw;
mod solo;
mod tiny;

use std::io;

pub const HELLO: &str = "Hello, world!";
pub const PIECES: usize = 1_024;

/// What pages are made of: 64 bytes.
pub const PIECE: &str = "<p>A piece of a page, a piece of a page, a piece of a page.</p>\n";

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
        page.extend_from_slice(PIECE.as_bytes());
    }
    page
}

pub fn fields(form: &[u8]) -> usize {
    form.split(|&byte| byte == b'&').filter(|field| !field.is_empty()).count()
}

pub fn large_file() -> std::path::PathBuf {
    std::env::var_os("BENCH_FILE").expect("the parent names the file").into()
}

/// Without a length the others would send it in chunks, which is more than was asked for.
pub fn large_file_len() -> u64 {
    std::fs::metadata(large_file()).expect("the parent made the file").len()
}
