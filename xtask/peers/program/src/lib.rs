//! A program as a process, and requests to it from a browser that is signed in.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// An error of any kind.
pub type Failure = Box<dyn std::error::Error>;

/// A running program, which is killed when this is dropped.
pub struct Program {
    child: Child,
    pub client: Client,
}

/// Sends requests as a browser that is signed in.
#[derive(Clone, Default)]
pub struct Client {
    /// `127.0.0.1:8000`
    address: String,
    cookie: String,
}

pub struct Response {
    pub status: u16,
    pub location: Option<String>,
    pub body: Vec<u8>,
}

impl Program {
    /// Starts a program with its files in `folder`, and signs in.
    pub fn start(mut command: Command, folder: &Path) -> Result<Self, Failure> {
        let mut child = command
            .args(["--port", "0", "--no-browser", "--data"])
            .arg(folder)
            .stdout(Stdio::piped())
            .spawn()?;
        let lines = BufReader::new(child.stdout.take().expect("stdout is piped")).lines();
        // Kills the child if anything fails.
        let mut program = Self { child, client: Client::default() };
        let mut printed = String::new();
        for line in lines {
            let line = line?;
            if line.contains("sign-in link") {
                program.client = Client::sign_in(line.rsplit(' ').next().unwrap_or_default())?;
                return Ok(program);
            }
            printed += &(line + "\n");
        }
        Err(format!("the program printed no sign-in link:\n{printed}").into())
    }

    /// CPU time of all threads so far (Linux), in ticks of 10 ms.
    pub fn cpu_ticks(&self) -> Result<u64, Failure> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        // The program's name is in parentheses, and may contain anything. After it, utime and stime
        // are the 12th and 13th words: proc(5).
        let words = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
        let ticks: Vec<u64> = words.skip(11).take(2).filter_map(|word| word.parse().ok()).collect();
        if ticks.len() < 2 {
            return Err("the system doesn't tell the CPU time of the program".into());
        }
        Ok(ticks.iter().sum())
    }

    /// Resident memory in MB (Linux).
    pub fn memory(&self) -> Option<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        let kib: f64 = line.split_whitespace().next()?.parse().ok()?;
        Some(kib / 1024.0)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Client {
    fn sign_in(link: &str) -> Result<Self, Failure> {
        let rest = link.strip_prefix("http://").ok_or("the link isn't a URL")?;
        let (address, path) = rest.split_once('/').ok_or("the link has no path")?;
        let client = Self { address: address.to_owned(), cookie: String::new() };
        let head = client.send(&format!("GET /{path} HTTP/1.0\r\n"), b"")?;
        let head = String::from_utf8_lossy(&head).into_owned();
        let cookie = field(&head, "set-cookie").and_then(|cookie| cookie.split(';').next());
        let cookie = cookie.ok_or_else(|| format!("no cookie in:\n{head}"))?.to_owned();
        Ok(Self { cookie, ..client })
    }

    /// GETs a page, which must exist.
    pub fn get(&self, path: &str) -> Result<Response, Failure> {
        let request = format!("GET {path} HTTP/1.0\r\nCookie: {}\r\n", self.cookie);
        let response = parse(self.send(&request, b"")?)?;
        if response.status != 200 {
            return Err(format!("GET {path}: status {}", response.status).into());
        }
        Ok(response)
    }

    /// POSTs a form, and returns where it redirects to.
    pub fn post(&self, path: &str, media_type: &str, body: &[u8]) -> Result<String, Failure> {
        let Self { address, cookie } = self;
        let length = body.len();
        let head = format!(
            "POST {path} HTTP/1.0\r\nCookie: {cookie}\r\nOrigin: http://{address}\r\n\
             Content-Type: {media_type}\r\nContent-Length: {length}\r\n"
        );
        let response = parse(self.send(&head, body)?)?;
        response.location.ok_or_else(|| {
            let page = String::from_utf8_lossy(&response.body).into_owned();
            format!("POST {path}: status {}\n{page}", response.status).into()
        })
    }

    /// Downloads a file without keeping it, and returns its length in bytes.
    pub fn download(&self, path: &str) -> Result<u64, Failure> {
        let mut stream = TcpStream::connect(&self.address)?;
        let Self { address, cookie } = self;
        write!(stream, "GET {path} HTTP/1.0\r\nHost: {address}\r\nCookie: {cookie}\r\n\r\n")?;
        let mut start = [0; 12];
        stream.read_exact(&mut start)?;
        if &start != b"HTTP/1.0 200" {
            return Err(format!("GET {path}: {}", String::from_utf8_lossy(&start)).into());
        }
        Ok(std::io::copy(&mut stream, &mut std::io::sink())?)
    }

    fn send(&self, head: &str, body: &[u8]) -> Result<Vec<u8>, Failure> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.write_all(format!("{head}Host: {}\r\n\r\n", self.address).as_bytes())?;
        stream.write_all(body)?;
        let mut response = Vec::new();
        stream.read_to_end(&mut response)?;
        Ok(response)
    }
}

fn parse(response: Vec<u8>) -> Result<Response, Failure> {
    let end = response.windows(4).position(|four| four == b"\r\n\r\n").ok_or("no response head")?;
    let head = str::from_utf8(&response[..end])?;
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    let location = field(head, "location");
    Ok(Response {
        status: status.ok_or("no status")?,
        location: location.map(str::to_owned),
        body: response[end + 4..].to_vec(),
    })
}

/// A header field by its lowercase name.
fn field<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut fields = head.lines().filter_map(|line| line.split_once(": "));
    fields.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}
