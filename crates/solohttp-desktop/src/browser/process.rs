//! Starts browsers and asks them to exit.

use std::ffi::OsStr;
use std::io;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Starts a program detached from the terminal, so that Ctrl-C doesn't reach it.
pub(super) fn start(
    program: &Path,
    arguments: impl IntoIterator<Item: AsRef<OsStr>>,
) -> io::Result<Child> {
    let mut command = Command::new(program);
    command.args(arguments);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    system::detach(&mut command);
    command.spawn()
}

/// Asks a process to exit, with the same effect as closing all its windows.
pub(super) fn terminate(id: u32) -> io::Result<()> {
    let mut command = system::terminate(id);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    match command.status()? {
        status if status.success() => Ok(()),
        status => Err(io::Error::other(format!("cannot end process {id}: {status}"))),
    }
}

#[cfg(unix)]
mod system {
    use std::os::unix::process::CommandExt as _;
    use std::process::Command;

    pub(super) fn detach(command: &mut Command) {
        command.process_group(0);
    }

    /// Uses the shell's built-in `kill`, because not every system has a `kill` program.
    pub(super) fn terminate(id: u32) -> Command {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", "kill -TERM \"$0\""]).arg(id.to_string());
        command
    }
}

#[cfg(windows)]
mod system {
    use std::os::windows::process::CommandExt as _;
    use std::process::Command;

    const CREATE_NEW_PROCESS_GROUP: u32 = 0x0200;
    const CREATE_NO_WINDOW: u32 = 0x0800_0000;

    pub(super) fn detach(command: &mut Command) {
        command.creation_flags(CREATE_NEW_PROCESS_GROUP);
    }

    /// Asks all windows of the process to close. `/F` would kill the process instead.
    pub(super) fn terminate(id: u32) -> Command {
        let mut command = Command::new("taskkill");
        command.arg("/PID").arg(id.to_string()).creation_flags(CREATE_NO_WINDOW);
        command
    }
}
