//! Access control: allowed host names, origins and cross-site requests.
//!
//! Any website that the user visits can send requests to ports on their machine. Checking `Host`
//! prevents DNS rebinding, which would make the site same-origin. Checking `Origin` and Fetch
//! Metadata prevents cross-site writes and inclusion. All checks look only at the head and run
//! before the body is read.

pub(crate) mod cors;
pub(crate) mod launch;
pub mod private_file;

use std::net::IpAddr;

use http::header::{HOST, HeaderName, ORIGIN, UPGRADE};
use http::{Method, StatusCode};

use crate::error::Rejection;
use crate::headers::{RequestHeaders, visible};
use crate::language::ServerWords;
use crate::wire::head::Head;

/// Fetch Metadata Request Headers, W3C.
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// The allowed hosts, origins and public paths. They must match exactly, because a wildcard or
/// suffix might match a name that someone else has registered.
#[derive(Debug, Clone)]
pub(crate) struct Access {
    hosts: Vec<String>,
    origins: Vec<String>,
    public: Vec<String>,
    any_host: bool,
}

impl Default for Access {
    fn default() -> Self {
        let hosts = ["127.0.0.1", "[::1]", "localhost"].map(str::to_owned).into();
        Self { hosts, origins: Vec::new(), public: Vec::new(), any_host: false }
    }
}

impl Access {
    pub(crate) fn allow_host(&mut self, name: &str) {
        self.hosts.push(name.to_ascii_lowercase());
    }

    /// Allows an address as written in `Host`: IPv6 addresses are in brackets (RFC 3986 section
    /// 3.2.2).
    pub(crate) fn allow_address(&mut self, address: IpAddr) {
        match address {
            IpAddr::V4(address) => self.allow_host(&address.to_string()),
            IpAddr::V6(address) => self.allow_host(&format!("[{address}]")),
        }
    }

    pub(crate) fn allow_any_host(&mut self) {
        self.any_host = true;
    }

    pub(crate) fn trust_origin(&mut self, origin: &str) {
        self.origins.push(origin.to_ascii_lowercase());
    }

    pub(crate) fn public_asset(&mut self, path: &str) {
        self.public.push(path.to_owned());
    }

    /// Whether this is a GET or HEAD request for a public path.
    pub(crate) fn is_public(&self, head: &Head) -> bool {
        matches!(head.method, Method::GET | Method::HEAD)
            && self.public.iter().any(|public| public == head.target.path())
    }

    /// Checks host, origin and Fetch Metadata.
    pub(crate) fn check(&self, head: &Head) -> Result<(), Rejection> {
        let host = self.check_host(head)?;
        let headers = &head.headers;
        let site = single(headers, &SEC_FETCH_SITE)?;
        let origin = single(headers, &ORIGIN)?;
        if matches!(head.method, Method::GET | Method::HEAD | Method::OPTIONS) {
            let is_included = is_inclusion(headers, site)
                // A WebSocket handshake has no Fetch Metadata (Chromium 156) and isn't restricted
                // by the browser, but always has an Origin (RFC 6455 section 4.1).
                || (site.is_none()
                    && headers.contains(&UPGRADE)
                    && origin.is_some_and(|origin| !self.is_same_or_trusted(origin, host)));
            let is_trusted = origin.is_some_and(|origin| self.is_trusted(origin));
            return if is_included && !is_trusted && !self.is_public(head) {
                Err(inclusion())
            } else {
                Ok(())
            };
        }
        let foreign = match (site, origin) {
            (Some("same-origin" | "none"), _) | (None, None) => return Ok(()),
            (_, Some(origin)) if self.is_trusted(origin) => return Ok(()),
            (None, Some(origin)) if self.is_same_or_trusted(origin, host) => return Ok(()),
            (_, origin) => origin,
        };
        let status = StatusCode::FORBIDDEN;
        Err(match foreign {
            Some(origin) => Rejection::localized(
                status,
                |words: &ServerWords| &words.cross_origin,
                &[("origin", &origin)],
            ),
            None => Rejection::localized(status, |words: &ServerWords| &words.cross_site, &[]),
        })
    }

    fn is_trusted(&self, origin: &str) -> bool {
        self.origins.iter().any(|trusted| trusted.eq_ignore_ascii_case(origin))
    }

    /// Whether `origin` is our own or a trusted one. The comparison ignores case.
    fn is_same_or_trusted(&self, origin: &str, host: Option<&str>) -> bool {
        let scheme = "http://";
        let own = origin.split_at_checked(scheme.len()).is_some_and(|(start, rest)| {
            start.eq_ignore_ascii_case(scheme)
                && host.is_some_and(|host| rest.eq_ignore_ascii_case(host))
        });
        own || self.is_trusted(origin)
    }

    /// Checks the host and returns it, if the request has one.
    fn check_host<'a>(&self, head: &'a Head) -> Result<Option<&'a str>, Rejection> {
        let host = single(&head.headers, &HOST)?;
        if host.is_none() && head.is_http11 {
            return Err(Rejection::bad_request("The request has no Host field."));
        }
        for named in [host, head.authority.as_deref()].into_iter().flatten() {
            let name = host_name(named).ok_or_else(|| {
                Rejection::bad_request(
                    "The Host field is not a name or address with an optional port.",
                )
            })?;
            let is_allowed = |own: &String| own.eq_ignore_ascii_case(name);
            if !self.any_host && !self.hosts.iter().any(is_allowed) {
                return Err(Rejection::localized(
                    StatusCode::FORBIDDEN,
                    |words: &ServerWords| &words.host,
                    &[("name", &name)],
                ));
            }
        }
        Ok(host)
    }
}

/// Whether another site's page loads this as a subresource (image, script, frame, fetch) rather
/// than linking to it. Based on the Resource Isolation Policy.
fn is_inclusion(headers: &RequestHeaders, site: Option<&str>) -> bool {
    let is = |name: &HeaderName, word: &str| headers.get(name) == Some(word.as_bytes());
    matches!(site, Some("cross-site" | "same-site"))
        && !(is(&SEC_FETCH_MODE, "navigate") && is(&SEC_FETCH_DEST, "document"))
}

fn inclusion() -> Rejection {
    Rejection::localized(StatusCode::FORBIDDEN, |words: &ServerWords| &words.included, &[])
}

/// Returns the value of a field that must not be repeated.
fn single<'a>(
    headers: &'a RequestHeaders,
    name: &HeaderName,
) -> Result<Option<&'a str>, Rejection> {
    let mut values = headers.get_all(name);
    let Some(first) = values.next() else { return Ok(None) };
    let text = visible(first).filter(|_| values.next().is_none());
    text.map(Some).ok_or_else(|| {
        Rejection::bad_request(format!("The field `{name}` is repeated or malformed."))
    })
}

/// Returns the name in `uri-host [":" 1*5DIGIT]`. Rejects everything else, even a trailing dot.
fn host_name(host: &str) -> Option<&str> {
    let end = if host.starts_with('[') {
        host.find(']')? + 1
    } else {
        host.find(':').unwrap_or(host.len())
    };
    let (name, port) = host.split_at(end);
    let is_port_valid = port.is_empty()
        || port.strip_prefix(':').is_some_and(|digits| {
            (1..=5).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit())
        });
    let inner = name.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
    let is_name_valid = match inner {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => {
            !name.is_empty()
                && !name.ends_with('.')
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
        }
    };
    (is_port_valid && is_name_valid).then_some(name)
}

#[cfg(test)]
mod tests;
