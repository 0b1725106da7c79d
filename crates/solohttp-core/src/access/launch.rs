//! The launch token, which restricts access to browsers that the program itself has opened.
//!
//! Any user of a machine can connect to its loopback ports, so a port alone protects nothing. The
//! program opens a temporary file in a browser. The file redirects to [`PATH`] with a one-time
//! ticket, which is exchanged for a cookie that contains the token. The token is kept in the
//! application's data folder, so bookmarks and open tabs survive a restart. This module works on
//! heads and pages, independently of connections.

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

use http::header::{AUTHORIZATION, COOKIE, HOST};
use http::{HeaderValue, Method};

pub(crate) use self::folder::data_folder;
pub(crate) use self::running::{Claim, FileTicket, InstanceFolder, Running};

use self::folder::TOKEN_BYTES;
use self::page::Retry;
use self::secret::Secret;
use self::ticket::Ticket;
use crate::error::Rejection;
use crate::headers::RequestHeaders;
use crate::response::Response;
use crate::response::error_page;
use crate::wire::head::Head;

/// The only page that is served without the token.
const PATH: &str = "/__launch";

/// Maximum number of valid sign-in links. Beyond it, a new link invalidates the oldest.
const MAX_TICKETS: usize = 8;

/// The token, and the tickets for browsers that are about to sign in.
#[derive(Debug)]
pub(crate) struct Launch {
    token: Secret,
    tickets: RefCell<VecDeque<Ticket>>,
    /// Lets a second instance of the program find this one. `None` if that isn't possible.
    running: RefCell<Option<Running>>,
    /// The name of our cookie, followed by `=`. Cookies are shared by all ports of a host (RFC 6265
    /// section 8.5), so the name contains the port.
    cookie: String,
    /// The URL of the root page, such as `http://127.0.0.1:8080/`.
    root: String,
    port: u16,
    /// The page to open, without the leading slash.
    start_page: String,
    folder: Option<PathBuf>,
}

impl Launch {
    /// Reads the token from `folder`. Creates one if there is none or `rotates` is set. Publishes
    /// the address for instances that are started later.
    ///
    /// If the folder can't be used, the token is valid only for this run.
    pub(crate) fn new(
        folder: Option<PathBuf>,
        rotates: bool,
        running: Option<Running>,
        address: SocketAddr,
        start_page: &str,
    ) -> io::Result<Self> {
        let fresh = Secret::random(TOKEN_BYTES)?;
        let stored = match &folder {
            Some(folder) => folder::stored_token(folder, &fresh, rotates),
            None => Err(io::Error::new(io::ErrorKind::NotFound, "the user has no home folder")),
        };
        let stored = stored.unwrap_or_else(|error| {
            log::warn!(
                target: "solohttp",
                "bookmarks will stop working after a restart: cannot store the launch token: {error}"
            );
            None
        });
        let token = stored.unwrap_or(fresh);
        let port = address.port();
        let running = running.filter(|running| is_published(&running.publish(address)));
        Ok(Self {
            token,
            tickets: RefCell::default(),
            running: RefCell::new(running),
            cookie: format!("solo_{port}="),
            root: root(address),
            port,
            start_page: start_page.to_owned(),
            folder,
        })
    }

    /// Returns the token that clients send as `Authorization: Bearer …`.
    pub(crate) fn token(&self) -> &str {
        self.token.text()
    }

    /// Returns a one-time sign-in link, valid for one minute.
    pub(crate) fn sign_in_link(&self, now: Instant) -> io::Result<String> {
        let ticket = Ticket::new(now)?;
        let link = sign_in_link(&self.root, ticket.text());
        let mut tickets = self.tickets.borrow_mut();
        if tickets.len() >= MAX_TICKETS {
            tickets.pop_front();
        }
        tickets.push_back(ticket);
        Ok(link)
    }

    /// Restarts the one-minute lifetime of all sign-in links.
    pub(crate) fn renew_links(&self, now: Instant) {
        self.tickets.borrow_mut().iter_mut().for_each(|ticket| ticket.renew(now));
    }

    /// Whether there is an unused valid ticket, including tickets left by other instances.
    pub(crate) fn is_pending(&self, now: Instant) -> bool {
        let is_running = |running: &Running| running.has_tickets();
        self.tickets.borrow().iter().any(|ticket| ticket.is_fresh(now))
            || self.running.borrow().as_ref().is_some_and(is_running)
    }

    /// Writes a file that redirects to `link`, which must be the latest
    /// [`sign_in_link`](Self::sign_in_link). The link itself must not be on the browser's command
    /// line, where everyone who can list processes would see it.
    pub(crate) fn launch_file(&self, link: &str) -> io::Result<PathBuf> {
        let folder = self.folder.as_deref().ok_or(io::ErrorKind::NotFound)?;
        let page = page::redirecting_to(link);
        let file = folder::launch_file(folder, &self.port.to_string(), &page)?;
        let path = file.path().to_owned();
        if let Some(ticket) = self.tickets.borrow_mut().back_mut() {
            ticket.attach(file);
        }
        Ok(path)
    }

    /// Releases the claim on this instance, because its port is about to be released. The next
    /// instance to start is then the first one.
    pub(crate) fn end(&self) {
        self.running.take();
    }

    /// Returns the response to a request that must not reach the handler: a sign-in, or a request
    /// without the token.
    pub(crate) fn intercept(&self, head: &Head, now: Instant) -> Option<Response> {
        if !head.headers.contains(&HOST) {
            // Only an HTTP/1.0 request can omit the Host field, and browsers don't use HTTP/1.0.
            let detail = "The request has no Host field.";
            let rejection = Rejection::bad_request(detail);
            return Some(error_page::of_rejection(&head.headers, &rejection));
        }
        let is_signed_in = self.is_signed_in(&head.headers);
        if head.target.path() != PATH || head.method != Method::GET {
            return (!is_signed_in).then(|| page::signed_out(head, &self.root, self.retry()));
        }
        if is_signed_in {
            return Some(page::redirect(&self.start_page));
        }
        let ticket = head.target.query().and_then(|query| query.strip_prefix("t="));
        if !ticket.is_some_and(|ticket| self.redeem(ticket, now)) {
            return Some(page::link_expired(self.retry()));
        }
        let cookie = format!(
            "{}{}; Path=/; HttpOnly; SameSite=Strict; Max-Age=31536000",
            self.cookie,
            self.token.text()
        );
        let cookie = HeaderValue::try_from(cookie).expect("names and tokens are visible ASCII");
        Some(page::redirect(&self.start_page).with_header(http::header::SET_COOKIE, cookie))
    }

    /// Whether the request carries the token in our cookie or as `Authorization: Bearer`.
    fn is_signed_in(&self, headers: &RequestHeaders) -> bool {
        let bearer = headers.get_all(&AUTHORIZATION).filter_map(|value| {
            let (scheme, token) = value.split_at_checked(b"Bearer ".len())?;
            scheme.eq_ignore_ascii_case(b"Bearer ").then_some(token)
        });
        // A program on another port may have set a cookie with the same name, so check all cookies.
        let cookies = headers.get_all(&COOKIE);
        let cookies = cookies.flat_map(|value| value.split(|&byte| byte == b';'));
        let cookies =
            cookies.filter_map(|pair| pair.trim_ascii().strip_prefix(self.cookie.as_bytes()));
        bearer.chain(cookies).any(|token| self.token.matches(token))
    }

    /// Returns how the user can get another sign-in link.
    fn retry(&self) -> Retry {
        if self.running.borrow().is_some() { Retry::Start } else { Retry::Restart }
    }

    /// Consumes a ticket. Returns whether it was valid.
    fn redeem(&self, guess: &str, now: Instant) -> bool {
        let mut tickets = self.tickets.borrow_mut();
        let own = tickets.iter().position(|ticket| ticket.is_valid(guess, now));
        match own {
            Some(index) => tickets.remove(index).is_some(),
            None => self.running.borrow().as_ref().is_some_and(|it| it.take_ticket(guess)),
        }
    }
}

/// Returns the link that signs a browser in to the running instance of this program.
pub(crate) fn sign_in_link_to(address: SocketAddr, ticket: &FileTicket) -> String {
    sign_in_link(&root(address), &ticket.text())
}

/// Writes a file that redirects a browser to [`sign_in_link_to`].
pub(crate) fn launch_file_for(
    folder: &InstanceFolder,
    address: SocketAddr,
    ticket: &FileTicket,
) -> io::Result<PathBuf> {
    folder.launch_file(ticket, &page::redirecting_to(&sign_in_link_to(address, ticket)))
}

fn root(address: SocketAddr) -> String {
    format!("http://{address}/")
}

fn sign_in_link(root: &str, ticket: &str) -> String {
    format!("{root}{}?t={ticket}", &PATH[1..])
}

fn is_published(published: &io::Result<()>) -> bool {
    if let Err(error) = published {
        log::warn!(target: "solohttp", "a second start will not find this one: {error}");
    }
    published.is_ok()
}

#[cfg(test)]
mod tests;
