//! Finds the running instance of a program through a lock and an address in the data folder.
//!
//! The operating system releases the lock when the process ends, even after a crash, so another
//! program's port is never mistaken for ours. A second instance sends no secret over the network.
//! Instead, it leaves a ticket in the folder, where only the same user can write.

use std::fs::{File, TryLockError};
use std::io;
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

use super::folder;
use super::secret::Secret;
use super::ticket::LIFETIME;

/// How long a second instance waits if the first instance holds the lock but hasn't bound its port
/// yet.
const TIMEOUT: Duration = Duration::from_secs(5);

const RETRY_INTERVAL: Duration = Duration::from_millis(10);

/// The lengths of a ticket's name and secret, in bytes.
const NAME: usize = 8;
const SECRET: usize = 16;

const TICKET: &str = "ticket-";

/// The folder shared by the instances of a program with the same port and instance name.
#[derive(Debug, Clone)]
pub(crate) struct InstanceFolder(PathBuf);

/// Whether another instance is running.
#[derive(Debug)]
pub(crate) enum Claim {
    First(Running),
    /// An instance is already running at this address.
    Second(SocketAddr),
}

/// The running instance's lock. The lock file is empty, because on Windows no other process can
/// read a locked file.
#[derive(Debug)]
pub(crate) struct Running {
    folder: InstanceFolder,
    _lock: File,
}

impl InstanceFolder {
    /// Copies are distinguished by the requested port and the instance name. Port 0 counts like any
    /// other number.
    pub(crate) fn new(data: &Path, port: u16, instance: &str) -> Self {
        let name = match instance {
            "" => port.to_string(),
            _ => format!("{port}-{:016x}", digest(instance)),
        };
        Self(data.join("running").join(name))
    }

    /// Takes the lock, or finds the instance that holds it.
    ///
    /// The lock is taken before the port is bound. If an instance gets the lock and then finds its
    /// port in use, another program is using the port.
    pub(crate) fn claim(&self) -> io::Result<Claim> {
        folder::claim_private_folder(&self.0)?;
        let lock = folder::open_private(&self.0.join("lock"))?;
        let until = Instant::now() + TIMEOUT;
        loop {
            match lock.try_lock() {
                Ok(()) => {
                    // These may be left over from a crash.
                    folder::remove(&self.address_file())?;
                    self.remove_tickets(|_| true);
                    return Ok(Claim::First(Running { folder: self.clone(), _lock: lock }));
                }
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => return Err(error),
            }
            // An instance that is starting has no address yet, and an instance that is stopping no
            // longer has a port. On Windows, a file can't be read while it is being removed.
            if let Ok(Some(address)) = self.address()
                && TcpStream::connect_timeout(&address, TIMEOUT).is_ok()
            {
                return Ok(Claim::Second(address));
            }
            if Instant::now() > until {
                return Err(io::ErrorKind::TimedOut.into());
            }
            sleep(RETRY_INTERVAL);
        }
    }

    fn address_file(&self) -> PathBuf {
        self.0.join("address")
    }

    fn address(&self) -> io::Result<Option<SocketAddr>> {
        let text = folder::read_private(&self.address_file())?;
        // Without a newline, the file is still being written.
        Ok(text.as_deref().and_then(|text| text.strip_suffix('\n')?.parse().ok()))
    }

    /// Leaves a ticket for the running instance. The ticket is valid for one browser and one
    /// minute.
    pub(crate) fn leave_ticket(&self) -> io::Result<FileTicket> {
        let now = SystemTime::now();
        // Without a newline, another instance is still writing the ticket.
        self.remove_tickets(|text| {
            text.is_some_and(|text| text.ends_with('\n') && !is_fresh(text, now))
        });
        let ticket = FileTicket { name: Secret::random(NAME)?, secret: Secret::random(SECRET)? };
        let text = format!("{} {}\n", ticket.secret.text(), seconds(now));
        folder::write_private(&self.ticket_file(&ticket.name), &text)?;
        Ok(ticket)
    }

    /// Removes the ticket that matches `guess` if it is valid, and returns its name.
    fn take_ticket(&self, guess: &str, now: SystemTime) -> Option<Secret> {
        let (name, secret) = guess.split_at_checked(2 * NAME)?;
        // Only hexadecimal digits are accepted, so no input can lead to another path.
        let name = Secret::read(name, NAME)?;
        let path = self.ticket_file(&name);
        let text = folder::read_private(&path).ok()??;
        let stored = Secret::read(text.split(' ').next()?, SECRET)?;
        let is_valid = stored.matches(secret.as_bytes()) && is_fresh(&text, now);
        (is_valid && folder::remove(&path).is_ok()).then_some(name)
    }

    fn ticket_file(&self, name: &Secret) -> PathBuf {
        self.0.join(format!("{TICKET}{}", name.text()))
    }

    /// Removes tickets and their launch files.
    fn remove_tickets(&self, is_expired: impl Fn(Option<&str>) -> bool) {
        for path in folder::files(&self.0, TICKET) {
            let text = folder::read_private(&path).ok().flatten();
            if is_expired(text.as_deref()) {
                // If this fails, the expired ticket is still useless.
                drop(folder::remove(&path));
                if let Some(name) = path.file_name().and_then(|name| name.to_str()) {
                    folder::remove_launch_file(&self.0, &name[TICKET.len()..]);
                }
            }
        }
    }

    /// Whether a launch file was written within this time and still exists.
    pub(crate) fn has_launch_file(&self, port: u16, within: Duration) -> bool {
        // The running instance's own launch file is in the data folder. This folder is
        // `running/NAME` inside the data folder.
        let data = self.0.parent().and_then(Path::parent);
        let own = data.map(|data| folder::launch_path(data, &port.to_string()));
        let tickets = folder::files(&self.0, TICKET).into_iter().filter_map(|path| {
            let name = path.file_name()?.to_str()?.strip_prefix(TICKET)?.to_owned();
            Some(folder::launch_path(&self.0, &name))
        });
        own.into_iter().chain(tickets).any(|file| folder::is_newer_than(&file, within))
    }

    /// Writes the launch file that belongs to this ticket.
    pub(crate) fn launch_file(&self, ticket: &FileTicket, page: &str) -> io::Result<PathBuf> {
        folder::write_launch_file(&self.0, ticket.name.text(), page)
    }
}

/// A ticket stored in the folder.
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
    /// Stores this instance's address for instances that are started later.
    pub(super) fn publish(&self, address: SocketAddr) -> io::Result<()> {
        folder::write_private(&self.folder.address_file(), &format!("{address}\n"))
    }

    /// Whether another instance has left a valid ticket.
    pub(super) fn has_tickets(&self) -> bool {
        let now = SystemTime::now();
        folder::files(&self.folder.0, TICKET).iter().any(|path| {
            let text = folder::read_private(path).ok().flatten();
            text.is_some_and(|text| is_fresh(&text, now))
        })
    }

    /// Consumes a ticket left by another instance. Returns whether it was valid.
    pub(super) fn take_ticket(&self, guess: &str) -> bool {
        let name = self.folder.take_ticket(guess, SystemTime::now());
        if let Some(name) = &name {
            folder::remove_launch_file(&self.folder.0, name.text());
        }
        name.is_some()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.folder.remove_tickets(|_| true);
        // If this fails, the address is still ignored, because the lock is released next.
        drop(folder::remove(&self.folder.address_file()));
    }
}

/// Returns the seconds since 1970. Unlike a file's modification time, this comes from the same
/// clock in both processes, even if the folder is on another machine.
fn seconds(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

fn is_fresh(ticket: &str, now: SystemTime) -> bool {
    let made = ticket.split(' ').nth(1).and_then(|made| made.trim_ascii().parse::<u64>().ok());
    made.is_some_and(|made| made.abs_diff(seconds(now)) <= LIFETIME.as_secs())
}

/// Computes the FNV-1a hash, which is the same in every build. The hashers in `std` don't guarantee
/// that.
fn digest(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |digest, byte| {
        (digest ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests;
