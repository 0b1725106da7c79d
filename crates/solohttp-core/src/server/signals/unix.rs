//! SIGINT, SIGTERM and SIGHUP.

use std::ffi::c_int;
use std::fs;
use std::io::{self, IsTerminal as _};
use std::thread::Builder;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;

use super::{Signal, receive};

/// Takes the signals from now on. A handler that the program has set before is called too.
pub(super) fn listen() -> io::Result<()> {
    let status = fs::read_to_string("/proc/self/status").ok();
    let ignored = status.as_deref().and_then(ignored_in);
    let is_taken = |signal: &c_int| match ignored {
        Some(mask) => mask & 1 << (*signal - 1) == 0,
        None => *signal != SIGHUP || has_terminal(),
    };
    let taken: Vec<c_int> = [SIGINT, SIGTERM, SIGHUP].into_iter().filter(is_taken).collect();
    let mut signals = Signals::new(taken)?;
    let builder = Builder::new().name("solohttp-signals".to_owned());
    builder.spawn(move || signals.forever().for_each(take))?;
    Ok(())
}

fn take(signal: c_int) {
    let kind = if signal == SIGINT { Signal::Interrupt } else { Signal::Terminate };
    receive(kind, || {
        // It fails for unknown signals only, and does not return for these.
        drop(emulate_default_handler(signal));
    });
}

/// The signals that whoever started the program wants ignored, as `nohup` does with SIGHUP: they
/// stay ignored. One bit each, the lowest is signal 1; Linux alone tells it without unsafe code.
fn ignored_in(status: &str) -> Option<u64> {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"))?;
    u64::from_str_radix(mask.trim(), 16).ok()
}

/// `nohup` leaves no terminal to write to, so a program that has one was not started by it.
fn has_terminal() -> bool {
    io::stdout().is_terminal() || io::stderr().is_terminal()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_which_signals_are_ignored() {
        assert_eq!(ignored_in("Name:\tx\nSigIgn:\t0000000000001001\nSigCgt:\t0"), Some(0x1001));
        assert_eq!(ignored_in("Name:\tx\n"), None);
    }
}
