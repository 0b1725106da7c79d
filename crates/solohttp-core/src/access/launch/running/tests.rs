//! Tests for claims and tickets. Opening the lock file twice acts like two instances of the
//! program, even within one process.

use std::net::{Ipv4Addr, TcpListener};
use std::thread::scope;

use super::*;

fn instance(folder: &tempfile::TempDir) -> InstanceFolder {
    InstanceFolder::new(folder.path(), 8080, "")
}

fn first(instance: &InstanceFolder) -> Running {
    match instance.claim().unwrap() {
        Claim::First(running) => running,
        Claim::Second(address) => panic!("{address} is first"),
    }
}

fn listener() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

#[test]
fn a_second_start_finds_the_address_of_the_first_until_that_ends() {
    let folder = tempfile::tempdir().unwrap();
    let instance = instance(&folder);
    let (_listener, address) = listener();
    let running = first(&instance);
    running.publish(address).unwrap();
    assert!(matches!(instance.claim().unwrap(), Claim::Second(found) if found == address));
    drop(running);
    drop(first(&instance));
    assert_eq!(folder::files(&instance.0, "").len(), 1, "nothing but the lock file is left");
}

#[test]
fn leftovers_of_a_crash_are_removed() {
    let folder = tempfile::tempdir().unwrap();
    let instance = instance(&folder);
    let (_other, address) = listener();
    drop(first(&instance));
    // Left behind by a crashed process.
    folder::write_private(&instance.address_file(), &format!("{address}\n")).unwrap();
    let ticket = instance.leave_ticket().unwrap();
    let running = first(&instance);
    assert!(!instance.address_file().exists());
    assert!(!running.take_ticket(&ticket.text()), "another program may have seen it");
}

#[test]
fn another_port_or_instance_name_is_another_instance() {
    let folder = tempfile::tempdir().unwrap();
    let instances = [(8080, ""), (8081, ""), (0, ""), (8080, "a.sqlite"), (8080, "b.sqlite")];
    let instances =
        instances.map(|(port, instance)| InstanceFolder::new(folder.path(), port, instance));
    let running: Vec<_> = instances.iter().map(first).collect();
    let ticket = instances[3].leave_ticket().unwrap().text();
    assert_eq!(running.iter().map(|it| it.take_ticket(&ticket)).filter(|&is| is).count(), 1);
}

#[test]
fn a_second_start_waits_for_a_first_that_has_no_port_yet() {
    let folder = tempfile::tempdir().unwrap();
    let instance = instance(&folder);
    let (_listener, address) = listener();
    let running = first(&instance);
    scope(|scope| {
        let second = scope.spawn(|| instance.claim().unwrap());
        running.publish(address).unwrap();
        assert!(matches!(second.join().unwrap(), Claim::Second(found) if found == address));
    });
}

#[test]
fn a_start_becomes_the_first_once_the_previous_one_ends() {
    let folder = tempfile::tempdir().unwrap();
    let instance = instance(&folder);
    let (listener, address) = listener();
    drop(listener);
    let running = first(&instance);
    running.publish(address).unwrap();
    scope(|scope| {
        let second = scope.spawn(|| first(&instance));
        drop(running);
        drop(second.join().unwrap());
    });
}

#[test]
fn a_ticket_is_valid_once() {
    let folder = tempfile::tempdir().unwrap();
    let instance = instance(&folder);
    let running = first(&instance);
    let [one, other] = [instance.leave_ticket().unwrap(), instance.leave_ticket().unwrap()];
    let page = instance.launch_file(&one, "page").unwrap();
    for wrong in [
        "",
        &one.text()[1..],
        &format!("{}0", one.text()),
        &format!("{}{}", one.name.text(), other.secret.text()),
        &format!("../ticket-{}", one.text()),
        &format!(" {}{}", &one.name.text()[1..], one.secret.text()),
        "lock",
    ] {
        assert!(!running.take_ticket(wrong), "{wrong}");
    }
    assert!(running.take_ticket(&one.text()));
    assert!(!running.take_ticket(&one.text()));
    assert!(!page.exists());
    assert!(running.take_ticket(&other.text()), "both of two simultaneous starts sign in");
}

#[test]
fn a_ticket_is_valid_for_a_minute() {
    let folder = tempfile::tempdir().unwrap();
    let instance = instance(&folder);
    let _running = first(&instance);
    let ticket = instance.leave_ticket().unwrap();
    let minute = Duration::from_secs(60);
    let now = SystemTime::now();
    let late = now + minute + Duration::from_secs(2);
    assert!(instance.take_ticket(&ticket.text(), late).is_none());
    // The clock was set back.
    assert!(instance.take_ticket(&ticket.text(), now - minute - Duration::from_secs(2)).is_none());
    assert!(instance.take_ticket(&ticket.text(), now + minute - Duration::from_secs(2)).is_some());

    let old = instance.ticket_file(&Secret::random(NAME).unwrap());
    folder::write_private(&old, &format!("{} {}\n", ticket.text(), seconds(now) - 61)).unwrap();
    let fresh = instance.leave_ticket().unwrap();
    assert_eq!(
        folder::files(&instance.0, TICKET),
        [instance.ticket_file(&fresh.name)],
        "expired ones are removed"
    );
}

#[cfg(unix)]
#[test]
fn ignores_files_that_other_users_could_have_written() {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let instance = instance(&folder);
    let running = first(&instance);
    let mode = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    let ticket = instance.leave_ticket().unwrap();
    mode(&instance.ticket_file(&ticket.name), 0o644);
    assert!(!running.take_ticket(&ticket.text()));

    let (_listener, address) = listener();
    running.publish(address).unwrap();
    mode(&instance.address_file(), 0o666);
    assert_eq!(instance.address().unwrap(), None);

    mode(&instance.0, 0o777);
    assert_eq!(instance.claim().unwrap_err().kind(), io::ErrorKind::PermissionDenied);
}

#[test]
fn no_log_shows_a_ticket() {
    let folder = tempfile::tempdir().unwrap();
    let instance = instance(&folder);
    let _running = first(&instance);
    let ticket = instance.leave_ticket().unwrap();
    assert!(!format!("{ticket:?}").contains(ticket.secret.text()));
}
