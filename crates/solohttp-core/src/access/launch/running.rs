//! Which copy of a program is running: a lock in the data folder, and the address it has.
//!
//! The lock is the operating system's and ends with the process, so a crash leaves none behind,
//! and a port that somebody else took is never mistaken for ours. Nothing is sent over the
//! network: a second start leaves a ticket in the folder, where only its own user can write.

use std::fs::{File, TryLockError};
use std::io;
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

use super::folder;
use super::secret::Secret;
use super::ticket::GOOD_FOR;

/// How long a second start waits for a first one that has the lock but no port yet.
const PATIENCE: Duration = Duration::from_secs(5);

const RETRY: Duration = Duration::from_millis(10);

/// Bytes of a ticket's name and of its secret.
const NAME: usize = 8;
const SECRET: usize = 16;

const TICKET: &str = "ticket-";

/// The folder in which the copies of a program that want the same port meet.
#[derive(Debug, Clone)]
pub(crate) struct Door(PathBuf);

/// What a start finds out about others of its kind.
#[derive(Debug)]
pub(crate) enum Claim {
    First(Running),
    /// A copy runs already, at this address.
    Second(SocketAddr),
}

/// Held while the program runs. The lock file stays empty: on Windows nobody else could read it.
#[derive(Debug)]
pub(crate) struct Running {
    door: Door,
    _lock: File,
}

impl Door {
    /// The copies of one program are told apart by the port they ask for (0 is any, so the port
    /// of another copy will do), and by what they have open.
    pub(crate) fn new(data: &Path, port: u16, instance: &str) -> Self {
        let name = match instance {
            "" => port.to_string(),
            _ => format!("{port}-{:016x}", digest(instance)),
        };
        Self(data.join("running").join(name))
    }

    /// Takes the lock, or finds the copy that has it.
    ///
    /// The lock comes before the port, so a start that gets it knows that whoever has the port is
    /// a stranger.
    pub(crate) fn claim(&self) -> io::Result<Claim> {
        folder::claim_private_folder(&self.0)?;
        let lock = folder::open_private(&self.0.join("lock"))?;
        let until = Instant::now() + PATIENCE;
        loop {
            match lock.try_lock() {
                Ok(()) => {
                    // Left behind by a crash.
                    folder::remove(&self.address_file())?;
                    self.remove_tickets(|_| true);
                    return Ok(Claim::First(Running { door: self.clone(), _lock: lock }));
                }
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => return Err(error),
            }
            // A copy that is about to start has no address yet, and one that ends has no port. On
            // Windows a file that is being removed cannot be read for a moment.
            if let Ok(Some(address)) = self.address()
                && TcpStream::connect_timeout(&address, PATIENCE).is_ok()
            {
                return Ok(Claim::Second(address));
            }
            if Instant::now() > until {
                return Err(io::ErrorKind::TimedOut.into());
            }
            sleep(RETRY);
        }
    }

    fn address_file(&self) -> PathBuf {
        self.0.join("address")
    }

    fn address(&self) -> io::Result<Option<SocketAddr>> {
        let text = folder::read_private(&self.address_file())?;
        // Without its line end it is still being written.
        Ok(text.as_deref().and_then(|text| text.strip_suffix('\n')?.parse().ok()))
    }

    /// Leaves a ticket for the running copy, which admits one browser during the next minute.
    pub(crate) fn leave_ticket(&self) -> io::Result<FileTicket> {
        let now = SystemTime::now();
        // One without a line end is being written by another start.
        self.remove_tickets(|text| {
            text.is_some_and(|text| text.ends_with('\n') && !is_fresh(text, now))
        });
        let ticket = FileTicket { name: Secret::random(NAME)?, secret: Secret::random(SECRET)? };
        let text = format!("{} {}\n", ticket.secret.text(), seconds(now));
        folder::write_private(&self.ticket_file(&ticket.name), &text)?;
        Ok(ticket)
    }

    /// Takes the ticket with this text, if a copy of this program has left it.
    fn take_ticket(&self, shown: &str, now: SystemTime) -> Option<Secret> {
        let (name, secret) = shown.split_at_checked(2 * NAME)?;
        // Digits only: nothing that a browser sends becomes another path.
        let name = Secret::read(name, NAME)?;
        let path = self.ticket_file(&name);
        let text = folder::read_private(&path).ok()??;
        let kept = Secret::read(text.split(' ').next()?, SECRET)?;
        let is_good = kept.matches(secret.as_bytes()) && is_fresh(&text, now);
        (is_good && folder::remove(&path).is_ok()).then_some(name)
    }

    fn ticket_file(&self, name: &Secret) -> PathBuf {
        self.0.join(format!("{TICKET}{}", name.text()))
    }

    /// A launch file goes with its ticket.
    fn remove_tickets(&self, is_over: impl Fn(Option<&str>) -> bool) {
        for path in folder::files(&self.0, TICKET) {
            let text = folder::read_private(&path).ok().flatten();
            if is_over(text.as_deref()) {
                // It cannot be used any more, whether or not it goes.
                drop(folder::remove(&path));
                if let Some(name) = path.file_name().and_then(|name| name.to_str()) {
                    folder::remove_launch_file(&self.0, &name[TICKET.len()..]);
                }
            }
        }
    }

    /// The file that leads a browser to the address with this ticket.
    pub(crate) fn launch_file(&self, ticket: &FileTicket, page: &str) -> io::Result<PathBuf> {
        folder::write_launch_file(&self.0, ticket.name.text(), page)
    }
}

/// A ticket that lies in the folder.
#[derive(Debug)]
pub(crate) struct FileTicket {
    name: Secret,
    secret: Secret,
}

impl FileTicket {
    pub(crate) fn text(&self) -> String {
        format!("{}{}", self.name.text(), self.secret.text())
    }
}

impl Running {
    /// Tells later starts where this copy is.
    pub(super) fn at(&self, address: SocketAddr) -> io::Result<()> {
        folder::write_private(&self.door.address_file(), &format!("{address}\n"))
    }

    /// True once for each ticket that another start of this program has left.
    pub(super) fn take_ticket(&self, shown: &str) -> bool {
        let name = self.door.take_ticket(shown, SystemTime::now());
        if let Some(name) = &name {
            folder::remove_launch_file(&self.door.0, name.text());
        }
        name.is_some()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.door.remove_tickets(|_| true);
        // Without the lock, which is released next, it says nothing.
        drop(folder::remove(&self.door.address_file()));
    }
}

/// Seconds since 1970: unlike the time of the file, this clock is the same for both processes
/// also where the folder is on another machine.
fn seconds(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

fn is_fresh(ticket: &str, now: SystemTime) -> bool {
    let made = ticket.split(' ').nth(1).and_then(|made| made.trim_ascii().parse::<u64>().ok());
    made.is_some_and(|made| made.abs_diff(seconds(now)) <= GOOD_FOR.as_secs())
}

/// FNV-1a: the same in every build, which the hashes of std do not promise.
fn digest(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |digest, byte| {
        (digest ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests;
