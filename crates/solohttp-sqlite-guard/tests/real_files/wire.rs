//! Acts as a browser: posts forms, reads pages, presses "Try again".

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use solohttp_core::Fields;

/// The timeout for a page.
const PATIENCE: Duration = Duration::from_secs(10);

/// A complete response.
pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) text: String,
}

/// Posts a form to `http://address/path`. Fails if no complete response came back.
pub(crate) fn post(address: &str, path: &str, fields: &Fields) -> io::Result<Page> {
    let body = fields.to_string();
    let mut stream = TcpStream::connect(address)?;
    // Wine sometimes keeps the connections of a killed program open.
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(
        stream,
        "POST {path} HTTP/1.0\r\nHost: {address}\r\nContent-Length: {}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}",
        body.len()
    )?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let text = String::from_utf8(bytes).map_err(io::Error::other)?;
    whole_page(&text).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
}

fn whole_page(text: &str) -> Option<Page> {
    let (head, body) = text.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let head = head.to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "))?;
    (length.parse() == Ok(body.len())).then(|| Page { status, text: body.to_owned() })
}

/// The action and hidden fields of a page's form.
pub(crate) fn form_of(page: &str) -> Option<(String, Fields)> {
    let (_, form) = page.split_once("<form method=\"post\" action=\"")?;
    let (action, inputs) = form.split_once('"')?;
    let field = |input: &str| {
        let (name, rest) = input.split_once("\" value=\"")?;
        let (value, _) = rest.split_once('"')?;
        Some((unescaped(name), unescaped(value)))
    };
    let inputs = inputs.split("<input type=\"hidden\" name=\"").skip(1);
    Some((unescaped(action), inputs.filter_map(field).collect()))
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#x27;", "'")
        .replace("&amp;", "&")
}
