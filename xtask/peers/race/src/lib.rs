//! Times contenders in alternating rounds and prints tables.
//!
//! Absolute times depend on the machine and its load; ratios within a round hardly do. So
//! everything is measured in interleaved rounds, a ratio is the median of the ratios of all rounds,
//! and every result has its spread.

#[cfg(feature = "contenders")]
mod contender;
mod progress;
mod report;
mod row;

#[cfg(feature = "contenders")]
pub use contender::{Contender, race};
pub use progress::progress;
pub use report::{Measure, Report};
pub use row::{Bar, Entrant, Row};

/// The median; for an even number of values, the upper of the middle two.
///
/// # Panics
///
/// If there are no values.
#[must_use]
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
