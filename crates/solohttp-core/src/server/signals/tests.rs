//! Tests for the reactions to signals, without real signals or running servers.

use super::*;
use crate::server::Server;

fn handle() -> StopHandle {
    Server::new().port(0).bind().unwrap().stop_handle()
}

fn none() -> Servers {
    Servers { is_listening: true, running: Vec::new(), next_id: 0, stopped_at: None }
}

const STOP_AND_PRINT: Reaction = Reaction::Stop { prints: true };
const STOP: Reaction = Reaction::Stop { prints: false };

#[test]
fn the_first_signal_stops_all_servers_and_a_second_ctrl_c_ends_at_once() {
    let mut servers = none();
    let (first, second) = (handle(), handle());
    servers.add(first.clone(), true);
    servers.add(second.clone(), false);
    let now = Instant::now();
    assert_eq!(servers.react(Signal::Interrupt, now), STOP_AND_PRINT);
    servers.stop();
    assert!(first.is_requested() && second.is_requested());
    assert_eq!(servers.react(Signal::Interrupt, now), Reaction::Nothing, "one press, sent twice");
    let later = now + DUPLICATE_WITHIN * 2;
    assert_eq!(servers.react(Signal::Interrupt, later), Reaction::EndNow);
}

#[test]
fn a_repeated_terminate_does_not_cut_the_graceful_stop_short() {
    let mut servers = none();
    servers.add(handle(), false);
    let now = Instant::now();
    assert_eq!(servers.react(Signal::Terminate, now), STOP);
    let later = now + DUPLICATE_WITHIN * 2;
    assert_eq!(servers.react(Signal::Terminate, later), Reaction::Nothing);
    assert_eq!(servers.react(Signal::Interrupt, later), Reaction::EndNow);
}

#[test]
fn without_a_running_server_the_default_action_is_taken() {
    let mut servers = none();
    let now = Instant::now();
    assert_eq!(servers.react(Signal::Interrupt, now), Reaction::Default);
    let id = servers.add(handle(), true);
    assert_eq!(servers.react(Signal::Interrupt, now), STOP);
    servers.remove(id);
    assert_eq!(servers.react(Signal::Interrupt, now), Reaction::Default);
    servers.add(handle(), true);
    let later = now + DUPLICATE_WITHIN * 2;
    assert_eq!(servers.react(Signal::Terminate, later), STOP, "the next server starts fresh");
}
