//! A second copy of the program: asks at the port whether the first one has the same book.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use solohttp::{Response, Result};

use crate::app::App;
use crate::database;

/// A path that no page links to. It tells the random name of the book, and not where its file is.
pub(crate) const PATH: &str = "/which-datebook";

/// Long enough for a program that is at work, short enough for who waits for a window.
const PATIENCE: Duration = Duration::from_secs(2);

pub(crate) fn answer(app: &mut App) -> Result<Response> {
    let book = database::setting(&app.db, "book")?.unwrap_or_default();
    Ok(Response::text(told(&book)))
}

fn told(book: &str) -> String {
    format!("datebook {book}")
}

/// Is it this book that is open at that port? Whatever else answers there is a stranger.
pub(crate) fn has(address: SocketAddr, book: &str) -> bool {
    ask(address).is_ok_and(|answer| answer.split("\r\n\r\n").nth(1) == Some(&told(book)))
}

fn ask(address: SocketAddr) -> io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(stream, "GET {PATH} HTTP/1.0\r\nHost: {address}\r\n\r\n")?;
    let mut answer = String::new();
    stream.take(4096).read_to_string(&mut answer)?;
    Ok(answer)
}
