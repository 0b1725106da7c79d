//! The values as points in the image, reduced to what it can show.

use super::Series;
use super::scale::Scale;

/// A rectangle in pixels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Area {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Area {
    /// Returns the vertical position for a position on the axis.
    pub(super) fn y(&self, position: f64) -> f64 {
        self.top + self.height * (1.0 - position)
    }

    /// Returns the middle of the place at `index` of `len`.
    #[expect(clippy::cast_precision_loss, reason = "more places than pixels look the same")]
    pub(super) fn x(&self, index: usize, len: usize) -> f64 {
        self.left + self.width * (index as f64 + 0.5) / len.max(1) as f64
    }

    /// Returns how many places fit next to each other.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "positive, small")]
    fn pixels(&self) -> usize {
        self.width.max(1.0) as usize
    }
}

/// The values that share a place in the image: usually one, otherwise the extremes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Extent {
    pub(super) low: f64,
    pub(super) high: f64,
    /// Whether the lowest value comes before the highest.
    rises: bool,
}

/// Returns the series' values, or, if there are more than pixels, the extremes for each pixel.
pub(super) fn extents(series: &Series, len: usize, area: &Area) -> Vec<Option<Extent>> {
    let places = len.min(area.pixels());
    let at = |place: usize| place * len / places;
    let value = |index: usize| series.values.get(index).copied().flatten();
    let extent = |place: usize| {
        (at(place)..at(place + 1)).filter_map(value).fold(None, |extent, value| {
            Some(match extent {
                None => Extent { low: value, high: value, rises: true },
                Some(Extent { low, high, .. }) if value > high => {
                    Extent { low, high: value, rises: true }
                }
                Some(Extent { low, high, .. }) if value < low => {
                    Extent { low: value, high, rises: false }
                }
                Some(extent) => extent,
            })
        })
    };
    (0..places).map(extent).collect()
}

/// A line as a path, and the points that need a dot because they have no neighbours.
pub(super) struct Line {
    pub(super) path: String,
    pub(super) lonely: Vec<usize>,
}

pub(super) fn line(extents: &[Option<Extent>], scale: &Scale, area: &Area) -> Line {
    let mut line = Line { path: String::new(), lonely: Vec::new() };
    let at = |index: usize| extents.get(index).copied().flatten();
    for (index, extent) in extents.iter().enumerate() {
        let Some(extent) = extent else { continue };
        let is_first = index == 0 || at(index - 1).is_none();
        if is_first && at(index + 1).is_none() {
            line.lonely.push(index);
        }
        let x = pixels(area.x(index, extents.len()));
        let (one, other) =
            if extent.rises { (extent.low, extent.high) } else { (extent.high, extent.low) };
        let y = pixels(area.y(scale.position(one)));
        line.path.push_str(&format!("{}{x} {y}", if is_first { 'M' } else { 'L' }));
        if extent.low < extent.high {
            line.path.push_str(&format!("V{}", pixels(area.y(scale.position(other)))));
        }
    }
    line
}

/// A coordinate, rounded to a tenth of a pixel.
pub(super) fn pixels(number: f64) -> String {
    let rounded = format!("{:.1}", number + 0.0);
    rounded.strip_suffix(".0").map(str::to_owned).unwrap_or(rounded)
}
