//! The line at startup that says who can connect, and how to change that.

use std::net::SocketAddr;

use super::arguments::Arguments;

pub(super) fn access_notice(address: SocketAddr, has_token: bool, arguments: Arguments) -> String {
    let who = if has_token {
        "Only browsers signed in by this program"
    } else if address.ip().is_loopback() {
        "Any user or program on this machine"
    } else {
        "Anyone on the network"
    };
    let token = match (has_token, arguments.were_read) {
        (true, true) => "on; turn it off with `--no-token`",
        (true, false) => "on; turn it off with `Server::launch_token(false)`",
        (false, _) if arguments.no_token => "off; omit `--no-token` to turn it on",
        (false, _) => "off; turn it on with `Server::launch_token(true)`",
    };
    format!("{who} can connect (the launch token is {token}).")
}
