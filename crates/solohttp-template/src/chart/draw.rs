//! The image of a bar or line chart.

use solohttp_core::{IoList, html, iolist};

use super::labels::{self, FONT_SIZE};
use super::plot::{Area, extents, line, pixels};
use super::scale::Scale;
use super::{Chart, Kind, shown};

/// The default colours: each has a contrast of at least 3 to 1 with white and with a dark page.
const COLOURS: [&str; 6] = ["#2f7fd1", "#c2661a", "#2f8f57", "#a45fc4", "#c94f6d", "#7a7f1f"];

/// Dashes and opacities, so that series differ in more than their colours.
const DASHES: [&str; 6] = ["", "7 3", "2 3", "9 3 2 3", "4 2 1 2", "12 4"];
const FILLS: [&str; 3] = ["1", ".5", ".12"];

/// Up to this many values, each has a dot or a tooltip.
const FEW_DOTS: usize = 40;
const FEW_TOOLTIPS: usize = 400;

/// The maximum width of a bar.
const WIDEST_BAR: f64 = 80.0;

/// The height of a line of text.
const LINE: f64 = 18.0;

/// Returns the `<svg>` element. `description` is for screen readers.
pub(super) fn svg(chart: &Chart, range: (f64, f64), description: &str) -> IoList {
    let scale = Scale::new(range, chart.from_zero);
    let (ticks, factor) = scale.ticks();
    let widest = ticks.iter().map(|(label, _)| labels::width(label)).fold(0.0, f64::max);
    let legend = Legend::new(chart);
    let heading = heading(chart, factor);
    let (width, height) = (f64::from(chart.width), f64::from(chart.height));
    let left = (widest + 8.0).min(width / 2.0);
    let top = LINE * (legend.rows + f64::from(u8::from(!heading.is_empty()))) + LINE / 2.0;
    let area = Area {
        left,
        top,
        width: width - left - 4.0,
        height: (height - top - LINE - 4.0).max(20.0),
    };
    let height = area.top + area.height + LINE + 4.0;
    iolist![
        format!(
            "<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\" \
             style=\"display:block;width:100%;max-width:{0}px;height:auto\" \
             font-size=\"{FONT_SIZE}\" fill=\"currentColor\">\n",
            chart.width,
            pixels(height),
            html::escape(description),
        ),
        legend.render(),
        axis(&ticks, &scale, &area, &heading, LINE * legend.rows + FONT_SIZE),
        match chart.kind {
            Kind::Bars => bars(chart, &scale, &area),
            Kind::Lines | Kind::Sparkline => lines(chart, &scale, &area),
        },
        place_labels(chart, &area),
        "</svg>\n"
    ]
}

/// The unit and the axis's factor, as in `× 10⁶ mg`.
fn heading(chart: &Chart, factor: i32) -> String {
    if factor == 0 {
        return chart.unit.clone();
    }
    let digits = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let factor = factor.to_string();
    let superscript = factor.chars().filter_map(|c| match c.to_digit(10) {
        Some(digit) => digits.get(usize::try_from(digit).ok()?).copied(),
        None => Some('⁻'),
    });
    let power: String = superscript.collect();
    format!("× 10{power} {}", chart.unit).trim_end().to_owned()
}

/// The names of the series, if there are several.
struct Legend {
    items: Vec<String>,
    /// The number of lines.
    rows: f64,
}

impl Legend {
    fn new(chart: &Chart) -> Self {
        if chart.series.len() < 2 {
            return Self { items: Vec::new(), rows: 0.0 };
        }
        let (mut items, mut x, mut y) = (Vec::new(), 0.0, 0.0);
        let room = f64::from(chart.width);
        for (number, series) in chart.series.iter().enumerate() {
            let name = labels::shortened(&series.name, room - 36.0);
            let width = labels::width(&name) + 40.0;
            if x > 0.0 && x + width > room {
                (x, y) = (0.0, y + LINE);
            }
            let colour = colour(number);
            let middle = pixels(y + 8.0);
            let sample = match chart.kind {
                Kind::Bars => format!(
                    "<rect x=\"{}\" y=\"{}\" width=\"12\" height=\"10\" {}/>",
                    pixels(x + 8.5),
                    pixels(y + 3.5),
                    fill(number)
                ),
                Kind::Lines | Kind::Sparkline => format!(
                    "<path d=\"M{} {middle}h20\" stroke=\"{colour}\" {}/>",
                    pixels(x + 2.0),
                    dash(number)
                ),
            };
            let text = html::escape(&name).into_owned();
            let (left, base) = (pixels(x + 26.0), pixels(y + FONT_SIZE));
            items.push(format!("{sample}<text x=\"{left}\" y=\"{base}\">{text}</text>\n"));
            x += width;
        }
        Self { items, rows: y / LINE + 1.0 }
    }

    fn render(&self) -> String {
        self.items.concat()
    }
}

/// The lines across the image with their numbers.
fn axis(
    ticks: &[(String, f64)],
    scale: &Scale,
    area: &Area,
    heading: &str,
    heading_y: f64,
) -> String {
    let (left, right) = (pixels(area.left), pixels(area.left + area.width));
    let mut text = String::new();
    if !heading.is_empty() {
        let y = pixels(heading_y);
        text.push_str(&format!("<text x=\"0\" y=\"{y}\">{}</text>\n", html::escape(heading)));
    }
    text.push_str("<g stroke=\"currentColor\" stroke-opacity=\".2\">");
    for (_, position) in ticks {
        let y = pixels(area.y(*position));
        text.push_str(&format!("<path d=\"M{left} {y}H{right}\"/>"));
    }
    text.push_str("</g>\n");
    if scale.has_zero() {
        let y = pixels(area.y(scale.base()));
        text.push_str(&format!("<path d=\"M{left} {y}H{right}\" stroke=\"currentColor\"/>\n"));
    }
    text.push_str("<g text-anchor=\"end\">");
    for (label, position) in ticks {
        let (x, y) = (pixels(area.left - 5.0), pixels(area.y(*position) + 4.0));
        text.push_str(&format!("<text x=\"{x}\" y=\"{y}\">{}</text>", html::escape(label)));
    }
    text.push_str("</g>\n");
    text
}

/// The labels below the image, as many as fit.
fn place_labels(chart: &Chart, area: &Area) -> String {
    let len = chart.len();
    let widest = (0..len).map(|index| labels::width(&chart.label(index))).fold(0.0, f64::max);
    #[expect(clippy::cast_precision_loss, reason = "more places than pixels look the same")]
    let band = area.width / len.max(1) as f64;
    let (mut every, mut room) = labels::spacing(widest, band);
    let mut first = 0;
    if every > 1 && chart.labels.is_empty() {
        (every, room) = (labels::round(every), area.width);
        first = every - 1;
    } else if room.min(widest) / 2.0 > area.x(0, len) {
        // The first label would be cut off, so each one is in the middle of its group.
        first = every / 2;
    }
    let y = pixels(area.top + area.height + LINE - 2.0);
    let right = area.left + area.width + 4.0;
    let mut text = String::from("<g text-anchor=\"middle\">");
    for index in (first..len).step_by(every) {
        let full = chart.label(index);
        let label = labels::shortened(&full, room.min(area.width));
        let (x, half) = (area.x(index, len), labels::width(&label) / 2.0);
        if x + half > right && index > first {
            continue;
        }
        let tooltip = if label == full { String::new() } else { tooltip(&full) };
        let (x, label) = (pixels(x.min(right - half).max(half)), html::escape(&label));
        text.push_str(&format!("<text x=\"{x}\" y=\"{y}\">{label}{tooltip}</text>"));
    }
    text.push_str("</g>\n");
    text
}

fn bars(chart: &Chart, scale: &Scale, area: &Area) -> String {
    let mut text = String::new();
    let count = u32::try_from(chart.series.len()).unwrap_or(u32::MAX);
    for (number, series) in chart.series.iter().enumerate() {
        let extents = extents(series, chart.len(), area);
        #[expect(clippy::cast_precision_loss, reason = "a few hundred at most")]
        let band = area.width / extents.len().max(1) as f64;
        let width = (band * 0.8 / f64::from(count)).min(WIDEST_BAR);
        let number_of_bar = f64::from(u32::try_from(number).unwrap_or(u32::MAX));
        let shift = width * (number_of_bar - f64::from(count) / 2.0);
        text.push_str(&format!("<g {}>", fill(number)));
        for (index, extent) in extents.iter().enumerate() {
            let Some(extent) = extent else { continue };
            let ends = [extent.low.min(0.0), extent.high.max(0.0)].map(|v| scale.position(v));
            let (low, high) = (area.y(ends[0]), area.y(ends[1]));
            // A small value isn't zero.
            let least = if extent.low == 0.0 && extent.high == 0.0 { 0.0 } else { 1.0 };
            let (top, height) = match low - high < least {
                true if extent.low < 0.0 => (high, least),
                true => (low - least, least),
                false => (high, low - high),
            };
            let x = pixels(area.x(index, extents.len()) + shift);
            let size = format!("width=\"{}\" height=\"{}\"", pixels(width), pixels(height));
            let title = value_tooltip(chart, number, index, extents.len());
            text.push_str(&format!("<rect x=\"{x}\" y=\"{}\" {size}>{title}</rect>", pixels(top)));
        }
        text.push_str("</g>\n");
    }
    text
}

fn lines(chart: &Chart, scale: &Scale, area: &Area) -> String {
    let mut text = String::new();
    for (number, series) in chart.series.iter().enumerate() {
        let colour = colour(number);
        let extents = extents(series, chart.len(), area);
        let line = line(&extents, scale, area);
        if !line.path.is_empty() {
            let path = &line.path;
            text.push_str(&format!("<path d=\"{path}\" stroke=\"{colour}\" {}/>\n", dash(number)));
        }
        let dots = match extents.len() <= FEW_DOTS {
            true => (0..extents.len()).collect(),
            false => line.lonely,
        };
        text.push_str(&format!("<g fill=\"{colour}\">"));
        for index in dots {
            let Some(extent) = extents[index] else { continue };
            let x = pixels(area.x(index, extents.len()));
            let y = pixels(area.y(scale.position(extent.high)));
            let title = value_tooltip(chart, number, index, extents.len());
            text.push_str(&format!("<circle cx=\"{x}\" cy=\"{y}\" r=\"3\">{title}</circle>"));
        }
        text.push_str("</g>\n");
    }
    text
}

/// Shows the exact value of a bar or dot when the pointer is on it.
fn value_tooltip(chart: &Chart, series: usize, index: usize, places: usize) -> String {
    // If several values share a place, there is no single one to show.
    if places > FEW_TOOLTIPS || places < chart.len() {
        return String::new();
    }
    let series = &chart.series[series];
    let Some(value) = series.values.get(index).copied().flatten() else { return String::new() };
    let name = if chart.series.len() > 1 { format!("{}, ", series.name) } else { String::new() };
    let text = format!("{name}{}: {} {}", chart.label(index), shown(value), chart.unit);
    tooltip(text.trim_end())
}

fn tooltip(text: &str) -> String {
    format!("<title>{}</title>", html::escape(text))
}

fn colour(series: usize) -> String {
    let index = series % COLOURS.len();
    format!("var(--chart-{}, {})", index + 1, COLOURS[index])
}

/// The attributes of a line, except its colour.
fn dash(series: usize) -> String {
    let dash = DASHES[series % DASHES.len()];
    let dash =
        if dash.is_empty() { String::new() } else { format!(" stroke-dasharray=\"{dash}\"") };
    format!("stroke-width=\"2\" stroke-linejoin=\"round\" fill=\"none\"{dash}")
}

/// The attributes of a bar.
fn fill(series: usize) -> String {
    let (colour, opacity) = (colour(series), FILLS[series % FILLS.len()]);
    format!("fill=\"{colour}\" fill-opacity=\"{opacity}\" stroke=\"{colour}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The contrast of two colours (WCAG 2.2).
    fn contrast(one: &str, other: &str) -> f64 {
        let luminance = |colour: &str| {
            let part = |at: usize| {
                let byte = u8::from_str_radix(&colour[at..at + 2], 16).expect("hexadecimal");
                let share = f64::from(byte) / 255.0;
                if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
            };
            0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
        };
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn colours_are_visible_on_light_and_dark_pages() {
        for colour in COLOURS {
            for page in ["#ffffff", "#fbfaf7", "#17181b", "#202226"] {
                let contrast = contrast(colour, page);
                assert!(contrast >= 3.0, "{colour} on {page}: {contrast:.2}");
            }
        }
    }
}
