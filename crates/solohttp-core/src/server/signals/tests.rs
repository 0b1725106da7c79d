//! The reactions to signals, without signals: servers are never run, only asked.

use super::*;
use crate::server::Server;

fn handle() -> StopHandle {
    Server::new().port(0).bind().unwrap().stop_handle()
}

fn none() -> Servers {
    Servers { is_listening: true, running: Vec::new(), next_id: 0, asked_at: None }
}

const TOLD: Reaction = Reaction::Stopping { is_told: true };
const NOT_TOLD: Reaction = Reaction::Stopping { is_told: false };

#[test]
fn the_first_signal_stops_all_servers_and_a_second_ctrl_c_ends_at_once() {
    let mut servers = none();
    let (first, second) = (handle(), handle());
    servers.add(first.clone(), true);
    servers.add(second.clone(), false);
    let now = Instant::now();
    assert_eq!(servers.react(Signal::Interrupt, now), TOLD);
    servers.stop();
    assert!(first.is_asked() && second.is_asked());
    assert_eq!(
        servers.react(Signal::Interrupt, now),
        Reaction::Nothing,
        "sent twice, pressed once"
    );
    let later = now + SAME_PRESS * 2;
    assert_eq!(servers.react(Signal::Interrupt, later), Reaction::EndNow);
}

#[test]
fn a_closed_terminal_that_says_so_twice_does_not_cut_the_orderly_end_short() {
    let mut servers = none();
    servers.add(handle(), false);
    let now = Instant::now();
    assert_eq!(servers.react(Signal::Terminate, now), NOT_TOLD);
    let later = now + SAME_PRESS * 2;
    assert_eq!(servers.react(Signal::Terminate, later), Reaction::Nothing);
    assert_eq!(servers.react(Signal::Interrupt, later), Reaction::EndNow);
}

#[test]
fn signals_are_the_systems_while_no_server_runs() {
    let mut servers = none();
    let now = Instant::now();
    assert_eq!(servers.react(Signal::Interrupt, now), Reaction::Default);
    let id = servers.add(handle(), true);
    assert_eq!(servers.react(Signal::Interrupt, now), NOT_TOLD);
    servers.remove(id);
    assert_eq!(servers.react(Signal::Interrupt, now), Reaction::Default);
    servers.add(handle(), true);
    let later = now + SAME_PRESS * 2;
    assert_eq!(servers.react(Signal::Terminate, later), NOT_TOLD, "the next server starts afresh");
}
