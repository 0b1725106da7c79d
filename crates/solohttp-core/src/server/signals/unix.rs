//! SIGINT, SIGTERM and SIGHUP.

use std::ffi::c_int;
use std::fs;
use std::io::{self, IsTerminal as _};
use std::thread::Builder;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;

use super::signal::{Receive, Signal};

/// Starts receiving the signals. A handler that the program set earlier is still called.
pub(super) fn listen(receive: Receive) -> io::Result<()> {
    let status = fs::read_to_string("/proc/self/status").ok();
    let ignored = status.as_deref().and_then(ignored_in);
    let is_handled = |signal: &c_int| match ignored {
        Some(mask) => mask & 1 << (*signal - 1) == 0,
        None => *signal != SIGHUP || has_terminal(),
    };
    let handled: Vec<c_int> = [SIGINT, SIGTERM, SIGHUP].into_iter().filter(is_handled).collect();
    let mut signals = Signals::new(handled)?;
    let builder = Builder::new().name("solohttp-signals".to_owned());
    builder.spawn(move || signals.forever().for_each(|signal| take(signal, receive)))?;
    Ok(())
}

fn take(signal: c_int, receive: Receive) {
    let kind = if signal == SIGINT { Signal::Interrupt } else { Signal::Terminate };
    receive(kind, &|| {
        // This fails only for unknown signals. For the signals used here, it doesn't return.
        drop(emulate_default_handler(signal));
    });
}

/// Returns a mask of the signals that were ignored when the program started, for example under
/// `nohup`. The lowest bit is signal 1. These signals stay ignored. Only Linux provides this
/// information without unsafe code.
fn ignored_in(status: &str) -> Option<u64> {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"))?;
    u64::from_str_radix(mask.trim(), 16).ok()
}

/// Whether the program has a terminal. If so, it wasn't started by `nohup`, which redirects the
/// output.
fn has_terminal() -> bool {
    io::stdout().is_terminal() || io::stderr().is_terminal()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_mask_of_ignored_signals() {
        assert_eq!(ignored_in("Name:\tx\nSigIgn:\t0000000000001001\nSigCgt:\t0"), Some(0x1001));
        assert_eq!(ignored_in("Name:\tx\n"), None);
    }
}
