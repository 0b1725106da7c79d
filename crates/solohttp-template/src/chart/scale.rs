//! The vertical axis: which values it covers, and where its ticks are.

use solohttp_core::{Locale, Numerals};

/// The ticks are the multiples of a step from `first` to `last`, and so are the ends of the axis.
/// The step is 1, 2 or 5 times a power of ten.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    /// 1, 2 or 5.
    mantissa: i64,
    exponent: i32,
    first: i64,
    last: i64,
}

/// The number of steps to aim at.
const STEPS: f64 = 5.0;

impl Scale {
    /// Creates a scale for values from `low` to `high`, which are at most ±1e290.
    pub(super) fn new((low, high): (f64, f64), from_zero: bool) -> Self {
        let (low, high) = widened(low, high, from_zero);
        let wanted = (high - low) / STEPS;
        #[expect(clippy::cast_possible_truncation, reason = "at most ±300")]
        let mut exponent = wanted.log10().floor() as i32;
        let mantissa = match wanted / 10_f64.powi(exponent) {
            ratio if ratio <= 1.0 => 1,
            ratio if ratio <= 2.0 => 2,
            ratio if ratio <= 5.0 => 5,
            _ => {
                exponent += 1;
                1
            }
        };
        let mut scale = Self { mantissa, exponent, first: 0, last: 0 };
        let step = scale.step();
        // Without this, a tick could be missing or superfluous because of rounding.
        let slack = 1e-6;
        #[expect(clippy::cast_possible_truncation, reason = "`widened` limits the ratio")]
        let (first, last) =
            ((low / step + slack).floor() as i64, (high / step - slack).ceil() as i64);
        (scale.first, scale.last) = (first, last.max(first + 1));
        scale
    }

    #[expect(clippy::cast_precision_loss, reason = "1, 2 or 5")]
    fn step(&self) -> f64 {
        self.mantissa as f64 * 10_f64.powi(self.exponent)
    }

    /// Returns a value's position on the axis, from 0 (the lower end) to 1.
    #[expect(clippy::cast_precision_loss, reason = "much smaller than 2^52")]
    pub(super) fn position(&self, value: f64) -> f64 {
        let steps = (self.last - self.first) as f64;
        ((value / self.step() - self.first as f64) / steps).clamp(0.0, 1.0)
    }

    /// Returns the position of zero, or of the end of the axis that is closest to it.
    pub(super) fn base(&self) -> f64 {
        self.position(0.0)
    }

    /// Returns the labels of the ticks with their positions, from the lowest to the highest, and
    /// the power of ten by which the labels have to be multiplied.
    pub(super) fn ticks(&self) -> (Vec<(String, f64)>, i32) {
        let factor = self.factor();
        let numerals = Locale::current::<Numerals>();
        let steps = self.last - self.first;
        #[expect(clippy::cast_precision_loss, reason = "a few steps")]
        let ticks = (0..=steps).map(|step| {
            let plain = decimal((self.first + step) * self.mantissa, self.exponent - factor);
            (numerals.show(&plain), step as f64 / steps as f64)
        });
        (ticks.collect(), factor)
    }

    /// Returns whether the tick at this position is zero.
    pub(super) fn has_zero(&self) -> bool {
        self.first <= 0 && self.last >= 0
    }

    /// The exponent of a common factor that keeps the labels short: a multiple of 3, or 0.
    fn factor(&self) -> i32 {
        let largest = (self.first * self.mantissa).abs().max((self.last * self.mantissa).abs());
        let digits = i32::try_from(largest.max(1).ilog10()).unwrap_or(0);
        let magnitude = digits + self.exponent;
        if (-3..6).contains(&magnitude) && self.exponent >= -4 {
            return 0;
        }
        let factor = magnitude.div_euclid(3) * 3;
        // If all values are large but close together, the factor would make the labels longer.
        if factor - self.exponent > 4 && magnitude < 12 && self.exponent >= -4 { 0 } else { factor }
    }
}

/// Returns a range that isn't empty.
fn widened(low: f64, high: f64, from_zero: bool) -> (f64, f64) {
    // Such small values can't be divided into steps.
    const SMALLEST: f64 = 1e-290;
    let flat = |value: f64| if value.abs() < SMALLEST { 0.0 } else { value };
    let (mut low, mut high) = (flat(low), flat(high));
    if from_zero {
        (low, high) = (low.min(0.0), high.max(0.0));
    }
    let largest = low.abs().max(high.abs());
    if largest == 0.0 {
        return (0.0, 1.0);
    }
    // Ticks this close together would have the same labels.
    if high - low < largest * 1e-9 {
        return (low - low.abs() / 10.0, high + high.abs() / 10.0);
    }
    (low, high)
}

/// Returns `number` × 10^`exponent` as a plain number.
fn decimal(number: i64, exponent: i32) -> String {
    let count = usize::try_from(exponent.unsigned_abs()).unwrap_or_default();
    if exponent >= 0 {
        let zeros = if number == 0 { 0 } else { count };
        return format!("{number}{}", "0".repeat(zeros));
    }
    let sign = if number < 0 { "-" } else { "" };
    let digits = format!("{:0>1$}", number.unsigned_abs(), count + 1);
    let (whole, fraction) = digits.split_at(digits.len() - count);
    format!("{sign}{whole}.{fraction}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(range: (f64, f64), from_zero: bool, expected: &str) {
        let (ticks, factor) = Scale::new(range, from_zero).ticks();
        let labels: Vec<&str> = ticks.iter().map(|(label, _)| label.as_str()).collect();
        let shown = labels.join(" ");
        let shown = if factor == 0 { shown } else { format!("{shown} e{factor}") };
        assert_eq!(shown, expected, "{range:?}");
    }

    #[test]
    fn ticks_are_multiples_of_1_2_or_5() {
        check((0.0, 10.0), false, "0 2 4 6 8 10");
        check((0.0, 5.0), true, "0 1 2 3 4 5");
        check((3.0, 12.0), true, "0 5 10 15");
        check((3.0, 12.0), false, "2 4 6 8 10 12");
        check((0.1, 0.3), false, "0.10 0.15 0.20 0.25 0.30");
        check((-7.0, 12.0), true, "-10 -5 0 5 10 15");
        check((-12.0, -3.0), true, "-15 -10 -5 0");
        check((0.0, 100.0), true, "0 20 40 60 80 100");
        check((20.4, 21.1), false, "20.4 20.6 20.8 21.0 21.2");
    }

    #[test]
    fn one_value_and_zero_have_an_axis() {
        check((7.0, 7.0), true, "0 2 4 6 8");
        check((20.0, 20.0), false, "18 19 20 21 22");
        check((0.0, 0.0), true, "0.0 0.2 0.4 0.6 0.8 1.0");
        check((-5.0, -5.0), true, "-5 -4 -3 -2 -1 0");
        check((1e9, 1e9 + 1e-3), false, "0.90 0.95 1.00 1.05 1.10 e9");
    }

    #[test]
    fn huge_and_tiny_numbers_have_a_common_factor() {
        check((0.0, 2e9), true, "0.0 0.5 1.0 1.5 2.0 e9");
        check((0.0, 90_000.0), true, "0 20000 40000 60000 80000 100000");
        check((0.0, 900_000.0), true, "0.0 0.2 0.4 0.6 0.8 1.0 e6");
        check((0.0, 3e-7), true, "0 100 200 300 e-9");
        check((0.0, 5e-324), true, "0.0 0.2 0.4 0.6 0.8 1.0");
        check((-1e290, 1e290), false, "-100 -50 0 50 100 e288");
        check((1_000_000.0, 1_000_010.0), false, "1000000 1000002 1000004 1000006 1000008 1000010");
    }

    #[test]
    fn positions_are_on_the_axis() {
        let mut values = vec![0.0, 5e-324, 1e-291, 1e-290];
        values.extend((-290..=290).step_by(10).map(|exponent| 3.3 * 10_f64.powi(exponent) / 3.4));
        values.extend(values.clone().iter().map(|value| -value));
        for &one in &values {
            for &other in &values {
                for from_zero in [false, true] {
                    let (low, high) = (one.min(other), one.max(other));
                    let scale = Scale::new((low, high), from_zero);
                    let (ticks, _) = scale.ticks();
                    assert!((2..=12).contains(&ticks.len()), "{low} {high}: {ticks:?}");
                    assert!(ticks.iter().all(|(label, _)| label.len() < 24), "{ticks:?}");
                    let (from, to) = (scale.position(low), scale.position(high));
                    assert!((0.0..=1.0).contains(&from) && from <= to, "{low} {high}: {scale:?}");
                    if high - low > 1e-280 && high - low > high.abs().max(low.abs()) / 1e8 {
                        assert!(to - from > 0.3, "{low} {high}: {scale:?}");
                    }
                }
            }
        }
    }
}
