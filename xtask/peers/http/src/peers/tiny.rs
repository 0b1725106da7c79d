//! tiny_http: one thread accepts, others read.

use std::fs::File;
use std::io;

use tiny_http::{Response, Server};

use super::{HELLO, PIECES, fields, joined, large_file};

pub fn serve() -> io::Result<()> {
    let server = Server::http("127.0.0.1:0").map_err(io::Error::other)?;
    println!("{}", server.server_addr());
    for mut request in server.incoming_requests() {
        let answered = match request.url() {
            "/page" => request.respond(whole(Response::from_data(joined(PIECES)))),
            "/big" => request.respond(whole(Response::from_data(joined(16 * PIECES)))),
            "/form" => {
                let mut form = Vec::new();
                request.as_reader().read_to_end(&mut form)?;
                request.respond(Response::from_string(format!("fields={}", fields(&form))))
            }
            "/file" => request.respond(whole(Response::from_file(File::open(large_file())?))),
            _ => request.respond(Response::from_string(HELLO)),
        };
        drop(answered);
    }
    Ok(())
}

/// Sets the length. By default, tiny_http would use chunks for this size.
fn whole<R: io::Read>(response: Response<R>) -> Response<R> {
    response.with_chunked_threshold(usize::MAX)
}
