//! The launch token: only browsers that the program itself has opened are let in.
//!
//! Any account of a machine can connect to its loopback ports, so a port alone keeps nobody out.
//! A browser is started with a one-shot file, which leads it to [`PATH`] with a ticket; the ticket
//! is spent for a cookie that holds the token. The token stays in the application's data folder,
//! so that bookmarks and open tabs outlive a restart. Knows heads and pages, but no connection.

mod folder;
mod page;
mod running;
mod secret;
mod ticket;

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Instant;

use http::header::{AUTHORIZATION, COOKIE, HOST, HeaderMap};
use http::{HeaderValue, Method};

pub(crate) use self::folder::data_folder;
pub(crate) use self::running::{Claim, Door, FileTicket, Running};

use self::page::Again;
use self::secret::Secret;
use self::ticket::Ticket;
use crate::error::rejection::Rejection;
use crate::response::Response;
use crate::response::error_page;
use crate::wire::head::Head;

/// 256 bits.
const TOKEN_BYTES: usize = 32;

/// The one page that is there for those without the token.
const PATH: &str = "/__launch";

/// Sign-in links that are good at the same time; the oldest goes.
const MOST_TICKETS: usize = 8;

/// Who was let in, and who is about to be.
#[derive(Debug)]
pub(crate) struct Launch {
    token: Secret,
    tickets: RefCell<VecDeque<Ticket>>,
    /// Where a second start of the program is let in; none if it cannot be found by one.
    running: RefCell<Option<Running>>,
    /// Cookies are shared by all ports of a host (RFC 6265 section 8.5), so ours names its port.
    cookie: String,
    /// `http://127.0.0.1:8080/`, where the browser is sent.
    root: String,
    port: u16,
    /// The page it shall see, without the slash in front.
    start_page: String,
    folder: Option<PathBuf>,
}

impl Launch {
    /// Reads the token that is kept in `folder`, or makes one; `anew` makes another in any case.
    /// Second starts are told the address.
    ///
    /// A folder that cannot be used is no reason not to start: the token is then good for this run.
    pub(crate) fn new(
        folder: Option<PathBuf>,
        anew: bool,
        running: Option<Running>,
        address: SocketAddr,
        start_page: &str,
    ) -> io::Result<Self> {
        let fresh = Secret::random(TOKEN_BYTES)?;
        let kept = match &folder {
            Some(folder) => folder::kept_token(folder, &fresh, anew),
            None => Err(io::Error::new(io::ErrorKind::NotFound, "the user has no home folder")),
        };
        let kept = kept.unwrap_or_else(|error| {
            log::warn!(
                target: "solohttp",
                "bookmarks will not outlive this run, because the launch token cannot be kept: \
                 {error}"
            );
            None
        });
        let token = kept.unwrap_or(fresh);
        let port = address.port();
        Ok(Self {
            token,
            tickets: RefCell::default(),
            running: RefCell::new(running.filter(|running| is_told(&running.at(address)))),
            cookie: format!("solo_{port}="),
            root: root(address),
            port,
            start_page: start_page.to_owned(),
            folder,
        })
    }

    /// The token, for clients that are no browsers: `Authorization: Bearer …`.
    pub(crate) fn token(&self) -> &str {
        self.token.text()
    }

    /// Admits one browser during the next minute: the address to send it to.
    pub(crate) fn admit(&self, now: Instant) -> io::Result<String> {
        let ticket = Ticket::new(now)?;
        let address = sign_in(&self.root, ticket.text());
        let mut tickets = self.tickets.borrow_mut();
        if tickets.len() >= MOST_TICKETS {
            tickets.pop_front();
        }
        tickets.push_back(ticket);
        Ok(address)
    }

    /// A file that leads a browser to `address`, which was [admitted](Self::admit) last. To name
    /// the address itself when the browser is started would show it to everyone who lists the
    /// machine's processes.
    pub(crate) fn file(&self, address: &str) -> io::Result<PathBuf> {
        let folder = self.folder.as_deref().ok_or(io::ErrorKind::NotFound)?;
        let page = page::leading_to(address);
        let file = folder::launch_file(folder, &self.port.to_string(), &page)?;
        let path = file.path().to_owned();
        if let Some(ticket) = self.tickets.borrow_mut().back_mut() {
            ticket.keep(file);
        }
        Ok(path)
    }

    /// From now on a start of the program is the first one: the port is given up.
    pub(crate) fn end(&self) {
        self.running.take();
    }

    /// The page for a request that may not pass, and for the one that is about to be let in.
    pub(crate) fn turn_away(&self, head: &Head, now: Instant) -> Option<Response> {
        if !head.headers.contains_key(HOST) {
            // Only HTTP/1.0 gets here without one, and no browser speaks that.
            let detail = "The request has no Host field.";
            return Some(error_page::of_rejection(&Rejection::bad_request(detail)));
        }
        let is_known = self.is_known(&head.headers);
        let (path, query) = head.target.split_once('?').unwrap_or((&head.target, ""));
        if path != PATH || head.method != Method::GET {
            return (!is_known).then(|| page::for_strangers(head, &self.root, self.again()));
        }
        if is_known {
            return Some(page::go_on(&self.start_page));
        }
        if !query.strip_prefix("t=").is_some_and(|ticket| self.spend(ticket, now)) {
            return Some(page::for_latecomers(self.again()));
        }
        let cookie = format!(
            "{}{}; Path=/; HttpOnly; SameSite=Strict; Max-Age=31536000",
            self.cookie,
            self.token.text()
        );
        let cookie = HeaderValue::try_from(cookie).expect("names and tokens are visible ASCII");
        Some(page::go_on(&self.start_page).with_header(http::header::SET_COOKIE, cookie))
    }

    /// Does the request carry the token, in our cookie or as `Authorization: Bearer`?
    fn is_known(&self, headers: &HeaderMap) -> bool {
        let bearer = headers.get_all(AUTHORIZATION).iter().filter_map(|value| {
            let (scheme, token) = value.as_bytes().split_at_checked(b"Bearer ".len())?;
            scheme.eq_ignore_ascii_case(b"Bearer ").then_some(token)
        });
        // A program on another port may have put a cookie of our name beside ours, so all of them
        // are looked at.
        let cookies = headers.get_all(COOKIE).iter();
        let cookies = cookies.flat_map(|value| value.as_bytes().split(|&byte| byte == b';'));
        let cookies =
            cookies.filter_map(|pair| pair.trim_ascii().strip_prefix(self.cookie.as_bytes()));
        bearer.chain(cookies).any(|token| self.token.matches(token))
    }

    /// What brings a way in.
    fn again(&self) -> Again {
        if self.running.borrow().is_some() { Again::Start } else { Again::EndAndStart }
    }

    /// A ticket is good once, and for a minute.
    fn spend(&self, shown: &str, now: Instant) -> bool {
        let mut tickets = self.tickets.borrow_mut();
        let own = tickets.iter().position(|ticket| ticket.is_good(shown, now));
        match own {
            Some(index) => tickets.remove(index).is_some(),
            None => self.running.borrow().as_ref().is_some_and(|it| it.take_ticket(shown)),
        }
    }
}

/// The address that lets a browser in at the copy of this program that runs there: what a second
/// start opens.
pub(crate) fn sign_in_at(address: SocketAddr, ticket: &FileTicket) -> String {
    sign_in(&root(address), &ticket.text())
}

/// The same, as a file that a browser can be started with.
pub(crate) fn file_at(
    door: &Door,
    address: SocketAddr,
    ticket: &FileTicket,
) -> io::Result<PathBuf> {
    door.launch_file(ticket, &page::leading_to(&sign_in_at(address, ticket)))
}

fn root(address: SocketAddr) -> String {
    format!("http://{address}/")
}

fn sign_in(root: &str, ticket: &str) -> String {
    format!("{root}{}?t={ticket}", &PATH[1..])
}

fn is_told(told: &io::Result<()>) -> bool {
    if let Err(error) = told {
        log::warn!(target: "solohttp", "a second start will not find this one: {error}");
    }
    told.is_ok()
}

#[cfg(test)]
mod tests;
