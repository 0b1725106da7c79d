//! The launch token: only browsers that the program itself has opened are let in.
//!
//! Any account of a machine can connect to its loopback ports, so a port alone keeps nobody out.
//! A browser is started with a one-shot file, which leads it to [`PATH`] with a ticket; the ticket
//! is spent for a cookie that holds the token. The token stays in the application's data folder,
//! so that bookmarks and open tabs outlive a restart. Knows heads and pages, but no connection.

mod folder;
mod page;
mod secret;
mod ticket;

use std::cell::RefCell;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Instant;

use http::header::{AUTHORIZATION, COOKIE, HOST, HeaderMap};
use http::{HeaderValue, Method};

pub(crate) use self::folder::data_folder;

use self::secret::Secret;
use self::ticket::Ticket;
use crate::error_page;
use crate::parse::Head;
use crate::rejection::Rejection;
use crate::response::Response;

/// 256 bits.
const TOKEN_BYTES: usize = 32;

/// The one page that is there for those without the token.
const PATH: &str = "/__launch";

/// Who was let in, and who is about to be.
#[derive(Debug)]
pub(crate) struct Launch {
    token: Secret,
    /// At most one browser is on its way.
    ticket: RefCell<Option<Ticket>>,
    /// Cookies are shared by all ports of a host (RFC 6265 section 8.5), so ours names its port.
    cookie: String,
    /// `http://127.0.0.1:8080/`, where the browser is sent.
    root: String,
    /// The page it shall see, without the slash in front.
    start_page: String,
    folder: Option<PathBuf>,
}

impl Launch {
    /// Reads the token that is kept in `folder`, or makes one; `anew` makes another in any case.
    ///
    /// A folder that cannot be used is no reason not to start: the token is then good for this run.
    pub(crate) fn new(
        folder: Option<PathBuf>,
        anew: bool,
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
        let ticket = RefCell::default();
        let cookie = format!("solo_{}=", address.port());
        let root = format!("http://{address}/");
        Ok(Self { token, ticket, cookie, root, start_page: start_page.to_owned(), folder })
    }

    /// The token, for clients that are no browsers: `Authorization: Bearer …`.
    pub(crate) fn token(&self) -> &str {
        self.token.text()
    }

    /// Admits one browser during the next minute: the address to send it to.
    pub(crate) fn admit(&self, now: Instant) -> io::Result<String> {
        let ticket = Ticket::new(now)?;
        let address = format!("{}{}?t={}", self.root, &PATH[1..], ticket.text());
        *self.ticket.borrow_mut() = Some(ticket);
        Ok(address)
    }

    /// A file that leads a browser to `address`. To name the address itself when the browser is
    /// started would show it to everyone who lists the machine's processes.
    pub(crate) fn file(&self, address: &str) -> io::Result<PathBuf> {
        let folder = self.folder.as_deref().ok_or(io::ErrorKind::NotFound)?;
        let file = folder::launch_file(folder, &self.cookie, &page::leading_to(address))?;
        let path = file.path().to_owned();
        if let Some(ticket) = &mut *self.ticket.borrow_mut() {
            ticket.keep(file);
        }
        Ok(path)
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
            return (!is_known).then(|| page::for_strangers(head, &self.root));
        }
        if is_known {
            return Some(page::go_on(&self.start_page));
        }
        if !query.strip_prefix("t=").is_some_and(|ticket| self.spend(ticket, now)) {
            return Some(page::for_latecomers());
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

    /// A ticket is good once, and for a minute.
    fn spend(&self, shown: &str, now: Instant) -> bool {
        let mut ticket = self.ticket.borrow_mut();
        let is_good = ticket.as_ref().is_some_and(|ticket| ticket.is_good(shown, now));
        if is_good {
            *ticket = None;
        }
        is_good
    }
}

#[cfg(test)]
mod tests;
