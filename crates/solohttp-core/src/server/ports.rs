//! Which ports a server takes, and that none of them is beyond this machine by accident.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::{Server, blocked_ports};
use crate::error::Error;
use crate::event_loop::Listener;

impl Server {
    pub(super) fn listeners(&self) -> Result<Vec<Listener>, Error> {
        if blocked_ports::is_blocked(self.port) {
            return Err(Error::PortBlocked(self.port));
        }
        let Some(address) = self.address else { return self.both_loopbacks() };
        let address = SocketAddr::new(address, self.port);
        if !address.ip().is_loopback() {
            if !self.exposed {
                return Err(Error::NotLoopback(address));
            }
            if !self.named_hosts {
                return Err(Error::NoHostNamed(address));
            }
        }
        Ok(vec![try_listen(address)?])
    }

    /// `localhost` means ::1 to some programs and 127.0.0.1 to others, so both are taken, on the
    /// same port. A machine without IPv6 does with one; a stranger on the other is an error,
    /// because it would get what is meant for us.
    fn both_loopbacks(&self) -> Result<Vec<Listener>, Error> {
        let mut tries = if self.port == 0 { 16 } else { 1 };
        loop {
            tries -= 1;
            let v4 = try_listen(SocketAddr::new(Ipv4Addr::LOCALHOST.into(), self.port))?;
            let v6 = SocketAddr::new(Ipv6Addr::LOCALHOST.into(), v4.address().port());
            match try_listen(v6) {
                Ok(v6) => return Ok(vec![v4, v6]),
                Err(error @ Error::PortTaken(_)) if tries == 0 => return Err(error),
                Err(Error::PortTaken(_)) => {}
                Err(error) => {
                    log::warn!(target: "solohttp", "without IPv6: {error}");
                    return Ok(vec![v4]);
                }
            }
        }
    }
}

/// Where a browser of this machine finds what listens on this address.
pub(super) fn reachable(address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => (Ipv4Addr::LOCALHOST, address.port()).into(),
        IpAddr::V6(ip) if ip.is_unspecified() => (Ipv6Addr::LOCALHOST, address.port()).into(),
        _ => address,
    }
}

fn try_listen(address: SocketAddr) -> Result<Listener, Error> {
    Listener::bind(address).map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => Error::PortTaken(address),
        io::ErrorKind::PermissionDenied => Error::PortForbidden(address),
        _ => Error::Bind(address, error),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_that_browsers_refuse_is_refused() {
        let error = Server::new().port(6000).bind().unwrap_err();
        assert!(matches!(error, Error::PortBlocked(6000)), "{error}");
        assert!(error.to_string().contains("ERR_UNSAFE_PORT"), "{error}");
    }

    #[test]
    fn nothing_beyond_this_machine_is_bound_by_accident() {
        let error = |server: Server| server.port(0).bind().unwrap_err();
        let all = [0, 0, 0, 0];
        assert!(matches!(error(Server::new().address(all)), Error::NotLoopback(_)));
        assert!(matches!(error(Server::new().expose_to_network(all)), Error::NoHostNamed(_)));
        let named = Server::new().expose_to_network(all).allow_host("box.example");
        assert!(named.port(0).bind().is_ok());
    }

    #[test]
    fn no_browser_is_sent_to_an_address_that_means_all() {
        let check = |address: &str, expect: &str| {
            assert_eq!(reachable(address.parse().unwrap()).to_string(), expect);
        };
        check("0.0.0.0:80", "127.0.0.1:80");
        check("[::]:80", "[::1]:80");
        check("192.0.2.1:80", "192.0.2.1:80");
        check("127.0.0.1:80", "127.0.0.1:80");
    }
}
