//! Code within one process, timed in alternating rounds.

use std::time::{Duration, Instant};

use crate::progress::progress;
use crate::row::Entrant;

const ROUNDS: usize = 41;

/// Long enough for the clock to measure, and short enough that load on the machine affects all
/// contenders alike.
const ROUND_TIME: Duration = Duration::from_millis(8);

/// A piece of code to time.
pub struct Contender<'c> {
    name: String,
    run: Box<dyn FnMut() + 'c>,
    operations: f64,
    bytes: Option<f64>,
}

impl<'c> Contender<'c> {
    pub fn new(name: impl Into<String>, run: impl FnMut() + 'c) -> Self {
        Self { name: name.into(), run: Box::new(run), operations: 1.0, bytes: None }
    }

    /// Sets the operations per run; the result is the time of one operation.
    #[must_use]
    pub fn of(mut self, operations: usize) -> Self {
        self.operations = operations as f64;
        self
    }

    /// Sets the bytes per operation, to show GiB/s too.
    #[must_use]
    pub fn over(mut self, bytes: usize) -> Self {
        self.bytes = Some(bytes as f64);
        self
    }
}

/// Nanoseconds per operation for each contender and round, with its allocations.
pub fn race(what: &str, mut contenders: Vec<Contender<'_>>) -> Vec<Entrant> {
    progress(what);
    let repeats: Vec<u32> =
        contenders.iter_mut().map(|contender| repeats(&mut contender.run)).collect();
    let mut times = vec![Vec::new(); contenders.len()];
    for round in 0..ROUNDS {
        progress(&format!("{what}: round {} of {ROUNDS}", round + 1));
        for step in 0..contenders.len() {
            // The first contender changes from round to round.
            let who = (round + step) % contenders.len();
            let contender = &mut contenders[who];
            let start = Instant::now();
            (0..repeats[who]).for_each(|_| (contender.run)());
            let nanoseconds = start.elapsed().as_secs_f64() * 1e9;
            times[who].push(nanoseconds / f64::from(repeats[who]) / contender.operations);
        }
    }
    progress("");
    let entrants = contenders.into_iter().zip(times).map(|(mut contender, rounds)| {
        let counted = allocation_counter::measure(|| (contender.run)());
        let allocations = counted.count_total as f64 / contender.operations;
        let entrant = Entrant::new(contender.name, rounds);
        match contender.bytes {
            Some(bytes) => {
                let speed = bytes / entrant.median() * 1e9 / f64::from(1 << 30);
                entrant.beside("GiB/s", speed)
            }
            None => entrant,
        }
        .beside("allocations", allocations)
    });
    entrants.collect()
}

/// How many times to run the code within a round.
fn repeats(run: &mut dyn FnMut()) -> u32 {
    let mut repeats = 1;
    loop {
        let start = Instant::now();
        (0..repeats).for_each(|_| run());
        if start.elapsed() >= ROUND_TIME {
            return repeats;
        }
        repeats *= 2;
    }
}
