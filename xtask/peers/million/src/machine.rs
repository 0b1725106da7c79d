//! Whether the machine is at its full speed.
//!
//! A virtual machine shares its processor with others, which can halve its speed for minutes. Bars in
//! milliseconds say nothing then. A computation that always takes the same number of instructions and
//! reads of memory shows it, independently of the program that is measured.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// The most that the computation may take, compared with its shortest time.
const MOST: f64 = 1.08;

/// Steps of the computation: about 2 ms.
const STEPS: u32 = 100_000;

/// The numbers that it reads: 4 MiB, as much as a page of the program reads of the file.
const NUMBERS: usize = 1 << 19;

/// How long the shortest time is looked for.
const TRIAL: Duration = Duration::from_secs(5);

pub struct Machine {
    numbers: Vec<u64>,
    best: Duration,
}

impl Machine {
    pub fn new() -> Self {
        let numbers = (0..NUMBERS as u64).collect();
        let mut machine = Self { numbers, best: Duration::MAX };
        let start = Instant::now();
        while start.elapsed() < TRIAL {
            machine.is_quiet();
        }
        machine
    }

    pub fn is_quiet(&mut self) -> bool {
        let start = Instant::now();
        let mut bits = black_box(88_172_645_463_325_252_u64);
        for _ in 0..STEPS {
            bits ^= bits << 13;
            bits ^= bits >> 7;
            bits ^= bits << 17;
            bits ^= self.numbers[bits as usize % NUMBERS];
        }
        black_box(bits);
        let took = start.elapsed();
        self.best = self.best.min(took);
        took <= self.best.mul_f64(MOST)
    }
}
