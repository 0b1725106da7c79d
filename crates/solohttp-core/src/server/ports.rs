//! Binds a server's ports without accidentally exposing it to other machines.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::blocked_ports;
use crate::error::Error;
use crate::event_loop::Listener;

/// The addresses to listen on.
#[derive(Debug)]
pub(super) struct Ports {
    /// `None` means both loopback addresses.
    pub(super) address: Option<IpAddr>,
    pub(super) port: u16,
    /// The port to try first if `port` is 0.
    pub(super) preferred: Option<u16>,
    /// Whether other machines may connect.
    pub(super) exposed: bool,
    /// Whether the program has allowed a host name.
    pub(super) named_hosts: bool,
}

impl Ports {
    pub(super) fn bind(&self) -> Result<Vec<Listener>, Error> {
        if blocked_ports::is_blocked(self.port) {
            return Err(Error::PortBlocked(self.port));
        }
        let preferred = self
            .preferred
            .filter(|&port| self.port == 0 && port != 0 && !blocked_ports::is_blocked(port));
        match preferred.map(|port| self.bind_to(port)) {
            Some(Ok(listeners)) => Ok(listeners),
            None | Some(Err(_)) => self.bind_to(self.port),
        }
    }

    fn bind_to(&self, port: u16) -> Result<Vec<Listener>, Error> {
        let Some(address) = self.address else { return bind_loopbacks(port) };
        let address = SocketAddr::new(address, port);
        if !address.ip().is_loopback() {
            if !self.exposed {
                return Err(Error::NotLoopback(address));
            }
            if !self.named_hosts {
                return Err(Error::NoHostNamed(address));
            }
        }
        Ok(vec![bind(address)?])
    }
}

/// Binds the same port on 127.0.0.1 and ::1, because `localhost` can mean either one, depending on
/// the client. On a machine without IPv6, 127.0.0.1 is enough. If another program is using the port
/// on ::1, this is an error, because that program would receive requests meant for this one.
fn bind_loopbacks(port: u16) -> Result<Vec<Listener>, Error> {
    let mut tries = if port == 0 { 16 } else { 1 };
    loop {
        tries -= 1;
        let v4 = bind(SocketAddr::new(Ipv4Addr::LOCALHOST.into(), port))?;
        let v6 = SocketAddr::new(Ipv6Addr::LOCALHOST.into(), v4.address().port());
        match bind(v6) {
            Ok(v6) => return Ok(vec![v4, v6]),
            Err(error @ Error::PortTaken(_)) if tries == 0 => return Err(error),
            Err(Error::PortTaken(_)) => {}
            Err(error) => {
                log::warn!(target: "solohttp", "continuing without IPv6: {error}");
                return Ok(vec![v4]);
            }
        }
    }
}

fn bind(address: SocketAddr) -> Result<Listener, Error> {
    Listener::bind(address).map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => Error::PortTaken(address),
        io::ErrorKind::PermissionDenied => Error::PortForbidden(address),
        _ => Error::Bind(address, error),
    })
}

/// Returns the address that a browser on this machine must use to reach a listener on `address`.
pub(super) fn reachable(address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => (Ipv4Addr::LOCALHOST, address.port()).into(),
        IpAddr::V6(ip) if ip.is_unspecified() => (Ipv6Addr::LOCALHOST, address.port()).into(),
        _ => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::Server;

    #[test]
    fn rejects_a_port_that_browsers_block() {
        let error = Server::new().port(6000).bind().unwrap_err();
        assert!(matches!(error, Error::PortBlocked(6000)), "{error}");
        assert!(error.to_string().contains("ERR_UNSAFE_PORT"), "{error}");
    }

    #[test]
    fn a_preferred_port_is_used_if_it_is_free() {
        let port = |server: Server| server.port(0).bind().map(|bound| bound.address().port());
        let taken = Server::new().port(0).bind().unwrap();
        let taken_port = taken.address().port();
        assert_ne!(port(Server::new().prefer_port(taken_port)).unwrap(), taken_port);
        drop(taken);
        assert_eq!(port(Server::new().prefer_port(taken_port)).unwrap(), taken_port);
        assert!(
            port(Server::new().prefer_port(6000)).is_ok(),
            "a blocked preferred port is skipped"
        );
    }

    #[test]
    fn never_listens_to_other_machines_by_accident() {
        let error = |server: Server| server.port(0).bind().unwrap_err();
        let all = [0, 0, 0, 0];
        assert!(matches!(error(Server::new().address(all)), Error::NotLoopback(_)));
        assert!(matches!(error(Server::new().expose_to_network(all)), Error::NoHostNamed(_)));
        let named = Server::new().expose_to_network(all).allow_host("box.example");
        assert!(named.port(0).bind().is_ok());
    }

    #[test]
    fn a_browser_gets_a_loopback_address_for_an_unspecified_one() {
        let check = |address: &str, expect: &str| {
            assert_eq!(reachable(address.parse().unwrap()).to_string(), expect);
        };
        check("0.0.0.0:80", "127.0.0.1:80");
        check("[::]:80", "[::1]:80");
        check("192.0.2.1:80", "192.0.2.1:80");
        check("127.0.0.1:80", "127.0.0.1:80");
    }
}
