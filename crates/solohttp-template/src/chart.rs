//! Charts from plain numbers, as HTML with inline SVG. Doesn't depend on templates.

mod draw;
mod labels;
mod plot;
mod scale;
mod spark;
mod table;
mod words;

use std::fmt;

use serde::{Serialize, Serializer};
use solohttp_core::{Html, IoList, Locale, Numerals};

pub use words::ChartWords;

/// A chart: bars, lines, or a small line within text (a sparkline).
///
/// [`render`](Self::render) returns a `<figure>` with the title, an SVG image that is described for
/// screen readers, and a table of all values that unfolds below it. Needs no script and no style
/// sheet. Text and axes have the colour of the surrounding text, so charts follow dark mode.
///
/// ```
/// use solohttp_template::{Chart, Template, values};
///
/// let chart = Chart::bars("Samples per day")
///     .labels(["Mon", "Tue", "Wed"])
///     .series("Received", [12, 7, 9])
///     .series("Measured", [Some(10.5), Some(8.0), None]); // a gap
/// let page = Template::new("{chart}").render(&values! { chart })?;
/// assert!(page.to_string().contains("<figcaption>Samples per day</figcaption>"));
///
/// let cell = Chart::sparkline("Visits").values([3, 5, 4]).render();
/// assert!(cell.to_string().starts_with("<svg "));
/// # Ok::<(), solohttp_template::Error>(())
/// ```
///
/// # Numbers
///
/// Values are integers, floats, or `Option`s of them. `None`, NaN and infinities are gaps. So are
/// floats beyond ±1e290. The axis covers all values, with ticks at multiples of 1, 2 or 5; bars
/// always start at zero. Numbers use the application's [`Numerals`].
///
/// If there are more values than pixels, each pixel shows the range of its values. The table has at
/// most 1,000 rows.
///
/// # Style
///
/// The figure's class is `solo-chart`, and a sparkline's is `solo-sparkline`. The colours of the
/// series are the CSS variables `--chart-1` to `--chart-6`. The defaults are visible on light and
/// dark backgrounds. Series also differ in their dashes or fill, for people who don't see colours.
///
/// The sentences are in [`ChartWords`].
#[derive(Debug, Clone)]
#[must_use = "call `render`, or insert it into a template"]
pub struct Chart {
    kind: Kind,
    title: String,
    unit: String,
    labels: Vec<String>,
    series: Vec<Series>,
    from_zero: bool,
    width: u32,
    height: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Bars,
    Lines,
    Sparkline,
}

/// Values with a name. A gap is `None`; all other values are finite.
#[derive(Debug, Clone)]
struct Series {
    name: String,
    values: Vec<Option<f64>>,
}

impl Chart {
    /// Creates a bar chart. Several series are shown side by side.
    pub fn bars(title: impl Into<String>) -> Self {
        Self::new(Kind::Bars, title, (640, 320))
    }

    /// Creates a line chart. The distance between two values is always the same.
    pub fn lines(title: impl Into<String>) -> Self {
        Self::new(Kind::Lines, title, (640, 320))
    }

    /// Creates a small line without axes and table, for use within text or a table cell. Its title
    /// is only for screen readers.
    pub fn sparkline(title: impl Into<String>) -> Self {
        Self::new(Kind::Sparkline, title, (120, 24))
    }

    fn new(kind: Kind, title: impl Into<String>, (width, height): (u32, u32)) -> Self {
        let (labels, series, unit) = (Vec::new(), Vec::new(), String::new());
        let from_zero = kind == Kind::Bars;
        Self { kind, title: title.into(), unit, labels, series, from_zero, width, height }
    }

    /// Sets the labels of the values, in order. By default, values are numbered from 1.
    pub fn labels<I: IntoIterator<Item: fmt::Display>>(mut self, labels: I) -> Self {
        self.labels = labels.into_iter().map(|label| label.to_string()).collect();
        self
    }

    /// Adds values with a name, which the legend and the table show.
    pub fn series<I: IntoIterator<Item: ChartValue>>(
        mut self,
        name: impl Into<String>,
        values: I,
    ) -> Self {
        let values = values.into_iter().map(|value| value.number().filter(is_shown)).collect();
        self.series.push(Series { name: name.into(), values });
        self
    }

    /// Adds values whose name is the chart's title, for a chart with a single series.
    pub fn values<I: IntoIterator<Item: ChartValue>>(self, values: I) -> Self {
        let title = self.title.clone();
        self.series(title, values)
    }

    /// Sets the unit, shown above the axis and in the table's head.
    pub fn unit(mut self, unit: impl Into<String>) -> Self {
        self.unit = unit.into();
        self
    }

    /// Starts the axis at zero, like that of a bar chart.
    pub fn from_zero(mut self) -> Self {
        self.from_zero = true;
        self
    }

    /// Sets the size of the image in CSS pixels. In a narrower place, it is scaled down.
    ///
    /// The default is 640 × 320, and 120 × 24 for a sparkline. A chart is at least 120 × 90.
    pub fn size(mut self, width: u32, height: u32) -> Self {
        let least = if self.kind == Kind::Sparkline { (8, 8) } else { (120, 90) };
        (self.width, self.height) = (width.max(least.0), height.max(least.1));
        self
    }

    /// Returns the chart as HTML.
    #[must_use]
    pub fn render(&self) -> IoList {
        match self.kind {
            Kind::Sparkline => spark::render(self),
            Kind::Bars | Kind::Lines => table::figure(self),
        }
    }

    /// The number of places on the horizontal axis.
    fn len(&self) -> usize {
        let values = self.series.iter().map(|series| series.values.len());
        values.chain([self.labels.len()]).max().unwrap_or(0)
    }

    /// The label of the value at `index`.
    fn label(&self, index: usize) -> String {
        match self.labels.get(index) {
            Some(label) => label.clone(),
            None if self.labels.is_empty() => (index + 1).to_string(),
            None => String::new(),
        }
    }

    /// The lowest and the highest value.
    fn range(&self) -> Option<(f64, f64)> {
        let values = self.series.iter().flat_map(|series| series.values.iter().flatten());
        values.fold(None, |range, &value| match range {
            None => Some((value, value)),
            Some((low, high)) => Some((value.min(low), value.max(high))),
        })
    }
}

/// Serialized as [`Html`], so a template can insert the chart.
impl Serialize for Chart {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Html::from(self.render()).serialize(serializer)
    }
}

impl From<Chart> for Html {
    fn from(chart: Chart) -> Self {
        chart.render().into()
    }
}

impl From<Chart> for IoList {
    fn from(chart: Chart) -> Self {
        chart.render()
    }
}

/// Beyond this, sums and differences could overflow.
const LARGEST: f64 = 1e290;

fn is_shown(value: &f64) -> bool {
    value.abs() <= LARGEST
}

/// A number as people write it.
fn shown(value: f64) -> String {
    let is_readable = value == 0.0 || (1e-4..1e16).contains(&value.abs());
    // Zero has no sign.
    let value = value + 0.0;
    let plain = if is_readable { value.to_string() } else { format!("{value:e}") };
    Locale::current::<Numerals>().show(&plain)
}

/// A value in a [`Chart`]: a number, or `None` for a gap.
pub trait ChartValue {
    /// Returns the number. NaN and infinities are treated like `None`.
    fn number(&self) -> Option<f64>;
}

macro_rules! values {
    ($($Type:ty)*) => {$(
        impl ChartValue for $Type {
            #[allow(clippy::cast_precision_loss, reason = "no image shows the difference")]
            #[allow(clippy::cast_lossless, reason = "the same for all types")]
            fn number(&self) -> Option<f64> {
                Some(*self as f64)
            }
        }
    )*};
}

values!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize f32 f64);

impl<T: ChartValue> ChartValue for Option<T> {
    fn number(&self) -> Option<f64> {
        self.as_ref().and_then(T::number)
    }
}

impl<T: ChartValue + ?Sized> ChartValue for &T {
    fn number(&self) -> Option<f64> {
        T::number(self)
    }
}

#[cfg(test)]
mod tests;
