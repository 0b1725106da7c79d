//! Contenders measured in turn, and the tables of what was measured.
//!
//! Absolute times hang on the machine and the hour; ratios within a round hardly do. So everything
//! is measured in interleaved rounds, a ratio is the median of the ratios of each round, and
//! nothing is told without its spread.
//!
//! Knows nothing of what is measured.

mod contender;
mod progress;
mod report;
mod row;

pub use contender::{Contender, race};
pub use progress::progress;
pub use report::{Measure, Report};
pub use row::{Bar, Entrant, Row};

/// The middle one; of an even number, the upper of the two in the middle.
///
/// # Panics
///
/// If there is none.
#[must_use]
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
