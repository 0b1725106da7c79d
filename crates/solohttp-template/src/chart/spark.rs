//! Sparklines: a line without axes.

use solohttp_core::{IoList, html};

use super::plot::{Area, extents, line, pixels};
use super::scale::Scale;
use super::table::description;
use super::{Chart, Series};

pub(super) fn render(chart: &Chart) -> IoList {
    let (width, height) = (f64::from(chart.width), f64::from(chart.height));
    // Room for the dot at the end.
    let area = Area { left: 1.0, top: 4.0, width: width - 5.0, height: height - 8.0 };
    let description = description(chart);
    let mut svg = format!(
        "<svg class=\"solo-sparkline\" viewBox=\"0 0 {} {}\" width=\"{0}\" height=\"{1}\" \
         role=\"img\" aria-label=\"{}\" style=\"vertical-align:middle\">",
        chart.width,
        chart.height,
        html::escape(&description),
    );
    if let Some(range) = chart.range() {
        for (number, series) in chart.series.iter().enumerate() {
            svg.push_str(&drawn(chart, number, series, range, &area));
        }
    }
    svg.push_str("</svg>");
    IoList::from(svg)
}

fn drawn(
    chart: &Chart,
    number: usize,
    series: &Series,
    (low, high): (f64, f64),
    area: &Area,
) -> String {
    // The line uses the whole height: without an axis, there are no ticks to round to.
    let (low, high) = if chart.from_zero { (low.min(0.0), high.max(0.0)) } else { (low, high) };
    let scale = Scale::new((low, high), false);
    let (bottom, top) = (scale.position(low), scale.position(high));
    let height = area.height / (top - bottom).max(0.01);
    let fitted = match top > bottom {
        true => Area { height, top: area.top - height * (1.0 - top), ..*area },
        false => *area,
    };
    let colour = format!("var(--chart-{}, currentColor)", number % 6 + 1);
    let extents = extents(series, chart.len(), &fitted);
    let line = line(&extents, &scale, &fitted);
    let mut drawn = String::new();
    if !line.path.is_empty() {
        drawn = format!(
            "<path d=\"{}\" stroke=\"{colour}\" stroke-width=\"1.5\" stroke-linejoin=\"round\" \
             fill=\"none\"/>",
            line.path
        );
    }
    let last = extents.iter().rposition(Option::is_some);
    for index in line.lonely.into_iter().chain(last) {
        let Some(extent) = extents[index] else { continue };
        let x = pixels(fitted.x(index, extents.len()));
        let y = pixels(fitted.y(scale.position(extent.high)));
        drawn.push_str(&format!("<circle cx=\"{x}\" cy=\"{y}\" r=\"2.5\" fill=\"{colour}\"/>"));
    }
    drawn
}
