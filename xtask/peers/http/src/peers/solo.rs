//! solohttp with default settings.

use std::fs::File;
use std::io;

use solohttp::{IoList, Request, Response, Result, Router, Server};

use super::{HELLO, PIECE, PIECES, large_file};

pub fn serve() -> io::Result<()> {
    let server = Server::new().address([127, 0, 0, 1]).port(0).quiet();
    let server = server.body_limit_for("/upload", 2 << 30);
    let listening = server.bind().map_err(io::Error::other)?;
    println!("{}", listening.address());
    let mut router: Router<()> = Router::new();
    router.get("/", || Response::text(HELLO));
    router.get("/page", || page(PIECES));
    router.get("/big", || page(16 * PIECES));
    router.post("/form", |request: &Request| -> Result<Response> {
        Ok(Response::text(format!("fields={}", request.form()?.len())))
    });
    router.get("/hundred", || page(1_600 * PIECES));
    router.post("/upload", |request: &Request| Response::text(request.body().len().to_string()));
    router.get("/file", || -> Result<Response> {
        let file = File::open(large_file())?;
        let length = file.metadata()?.len();
        Ok(Response::stream("application/octet-stream", file, length))
    });
    listening.run(router).map_err(io::Error::other)
}

fn page(pieces: usize) -> IoList {
    let mut page = IoList::new();
    for _ in 0..pieces {
        page.push(PIECE);
    }
    page
}
