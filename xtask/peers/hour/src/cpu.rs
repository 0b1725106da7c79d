//! The time that a child process takes, with all processes that it starts.

use std::fs;
use std::time::Instant;

/// Clock ticks per second in `/proc`, the same on all Linux systems.
const TICKS: f64 = 100.0;

/// Seconds.
pub struct Spent {
    pub wall: f64,
    /// Not a number on systems other than Linux.
    pub cpu: f64,
}

impl Spent {
    /// The unit of [`Self::cpu_or_wall`].
    pub const MEASURE: &'static str = if cfg!(target_os = "linux") { "CPU s" } else { "s" };

    /// Measures what `run` waits for.
    pub fn by<T, E>(run: impl FnOnce() -> Result<T, E>) -> Result<(T, Self), E> {
        let (start, before) = (Instant::now(), children());
        let result = run()?;
        let cpu = children().zip(before).map_or(f64::NAN, |(after, before)| after - before);
        Ok((result, Self { wall: start.elapsed().as_secs_f64(), cpu }))
    }

    /// The CPU time, where it is known.
    pub fn cpu_or_wall(&self) -> f64 {
        if self.cpu.is_nan() { self.wall } else { self.cpu }
    }
}

/// The CPU time of all child processes that have ended, and of theirs (Linux).
fn children() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The program's name, in parentheses, may contain spaces.
    let (_, fields) = stat.rsplit_once(") ")?;
    let mut fields = fields.split(' ').skip(13);
    let mut ticks = || fields.next()?.parse::<f64>().ok();
    Some((ticks()? + ticks()?) / TICKS)
}
