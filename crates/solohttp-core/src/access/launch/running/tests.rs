//! Who is first, and which tickets are taken; two starts are two opened files, in one process too.

use std::net::{Ipv4Addr, TcpListener};
use std::thread::scope;

use super::*;

fn door(folder: &tempfile::TempDir) -> Door {
    Door::new(folder.path(), 8080, "")
}

fn first(door: &Door) -> Running {
    match door.claim().unwrap() {
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
    let door = door(&folder);
    let (_listener, address) = listener();
    let running = first(&door);
    running.at(address).unwrap();
    assert!(matches!(door.claim().unwrap(), Claim::Second(found) if found == address));
    drop(running);
    drop(first(&door));
    assert_eq!(folder::files(&door.0, "").len(), 1, "nothing but the lock file is left");
}

#[test]
fn a_crash_leaves_nothing_that_counts() {
    let folder = tempfile::tempdir().unwrap();
    let door = door(&folder);
    let (_stranger, address) = listener();
    drop(first(&door));
    // The file of a process that ended without its lock being released in order.
    folder::write_private(&door.address_file(), &format!("{address}\n")).unwrap();
    let ticket = door.leave_ticket().unwrap();
    let running = first(&door);
    assert!(!door.address_file().exists());
    assert!(!running.take_ticket(&ticket.text()), "a stranger may have seen it meanwhile");
}

#[test]
fn another_port_or_instance_is_another_program() {
    let folder = tempfile::tempdir().unwrap();
    let doors = [(8080, ""), (8081, ""), (0, ""), (8080, "a.sqlite"), (8080, "b.sqlite")];
    let doors = doors.map(|(port, instance)| Door::new(folder.path(), port, instance));
    let running: Vec<_> = doors.iter().map(first).collect();
    let ticket = doors[3].leave_ticket().unwrap().text();
    assert_eq!(running.iter().map(|it| it.take_ticket(&ticket)).filter(|&is| is).count(), 1);
}

#[test]
fn a_second_start_waits_for_a_first_that_has_no_port_yet() {
    let folder = tempfile::tempdir().unwrap();
    let door = door(&folder);
    let (_listener, address) = listener();
    let running = first(&door);
    scope(|scope| {
        let second = scope.spawn(|| door.claim().unwrap());
        running.at(address).unwrap();
        assert!(matches!(second.join().unwrap(), Claim::Second(found) if found == address));
    });
}

#[test]
fn a_start_comes_first_once_the_one_before_gives_up_its_port() {
    let folder = tempfile::tempdir().unwrap();
    let door = door(&folder);
    let (listener, address) = listener();
    drop(listener);
    let running = first(&door);
    running.at(address).unwrap();
    scope(|scope| {
        let second = scope.spawn(|| first(&door));
        drop(running);
        drop(second.join().unwrap());
    });
}

#[test]
fn a_ticket_is_good_once() {
    let folder = tempfile::tempdir().unwrap();
    let door = door(&folder);
    let running = first(&door);
    let [one, other] = [door.leave_ticket().unwrap(), door.leave_ticket().unwrap()];
    let page = door.launch_file(&one, "page").unwrap();
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
    assert!(running.take_ticket(&other.text()), "two starts at the same time are both let in");
}

#[test]
fn a_ticket_is_good_for_a_minute() {
    let folder = tempfile::tempdir().unwrap();
    let door = door(&folder);
    let _running = first(&door);
    let ticket = door.leave_ticket().unwrap();
    let minute = Duration::from_secs(60);
    let now = SystemTime::now();
    let late = now + minute + Duration::from_secs(2);
    assert!(door.take_ticket(&ticket.text(), late).is_none());
    // The clock was set back.
    assert!(door.take_ticket(&ticket.text(), now - minute - Duration::from_secs(2)).is_none());
    assert!(door.take_ticket(&ticket.text(), now + minute - Duration::from_secs(2)).is_some());

    let old = door.ticket_file(&Secret::random(NAME).unwrap());
    folder::write_private(&old, &format!("{} {}\n", ticket.text(), seconds(now) - 61)).unwrap();
    let fresh = door.leave_ticket().unwrap();
    assert_eq!(folder::files(&door.0, TICKET), [door.ticket_file(&fresh.name)], "old ones go");
}

#[cfg(unix)]
#[test]
fn what_others_could_have_put_there_does_not_count() {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let door = door(&folder);
    let running = first(&door);
    let mode = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    let ticket = door.leave_ticket().unwrap();
    mode(&door.ticket_file(&ticket.name), 0o644);
    assert!(!running.take_ticket(&ticket.text()));

    let (_listener, address) = listener();
    running.at(address).unwrap();
    mode(&door.address_file(), 0o666);
    assert_eq!(door.address().unwrap(), None);

    mode(&door.0, 0o777);
    assert_eq!(door.claim().unwrap_err().kind(), io::ErrorKind::PermissionDenied);
}

#[test]
fn no_log_shows_a_ticket() {
    let folder = tempfile::tempdir().unwrap();
    let door = door(&folder);
    let _running = first(&door);
    let ticket = door.leave_ticket().unwrap();
    assert!(!format!("{ticket:?}").contains(ticket.secret.text()));
}
