//! The servers. All servers do the same on the same paths, and each is written as its documentation
//! recommends.

mod axum_server;
mod hyper_server;
mod raw;
mod solo;
mod tiny;

use std::io;

pub const HELLO: &str = "Hello, world!";
pub const PIECES: usize = 1_024;

/// 64 bytes, repeated to make pages.
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

/// Joins a page from its pieces, for servers that send a single body.
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

/// Without a length, the others would use chunks, which is more work.
pub fn large_file_len() -> u64 {
    std::fs::metadata(large_file()).expect("the parent made the file").len()
}
