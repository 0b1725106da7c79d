//! What a chart says in words: the figure with its title, the description, and the table.

use solohttp_core::{IoList, Locale, html, iolist};

use super::{Chart, ChartWords, Kind, Series, draw, shown};

/// The longest table. A longer one would make the page slow.
const MOST_ROWS: usize = 1_000;

pub(super) fn figure(chart: &Chart) -> IoList {
    let title = html::escape(&chart.title).into_owned();
    let image = match chart.range() {
        Some(range) => iolist![draw::svg(chart, range, &description(chart)), table(chart)],
        None => {
            let words = Locale::current::<ChartWords>();
            iolist!["<p>", html::escape(&words.no_data.say(&[])).into_owned(), "</p>\n"]
        }
    };
    iolist![
        "<figure class=\"solo-chart\">\n<figcaption>",
        title,
        "</figcaption>\n",
        image,
        "</figure>\n"
    ]
}

/// Describes the image for screen readers.
pub(super) fn description(chart: &Chart) -> String {
    let words = Locale::current::<ChartWords>();
    let mut sentences = match chart.kind {
        Kind::Bars => vec![words.bars.say(&[])],
        Kind::Lines => vec![words.lines.say(&[])],
        Kind::Sparkline if chart.series.is_empty() => {
            vec![words.none.say(&[("name", &chart.title)])]
        }
        Kind::Sparkline => Vec::new(),
    };
    sentences.extend(chart.series.iter().map(|series| match chart.kind {
        Kind::Sparkline => trend(chart, series, &words),
        Kind::Bars | Kind::Lines => summary(chart, series, &words),
    }));
    sentences.join(" ")
}

/// A value with its unit.
fn with_unit(chart: &Chart, value: f64) -> String {
    match chart.unit.as_str() {
        "" => shown(value),
        unit => format!("{} {unit}", shown(value)),
    }
}

fn summary(chart: &Chart, series: &Series, words: &ChartWords) -> String {
    let value = |value| with_unit(chart, value);
    let Some(extremes) = Extremes::of(series) else {
        return words.none.say(&[("name", &series.name)]);
    };
    let Extremes { count, lowest, highest, .. } = extremes;
    let at = |(index, _): (usize, f64)| chart.label(index);
    if count == 1 {
        let value = value(lowest.1);
        return words.single.say(&[("name", &series.name), ("value", &value), ("at", &at(lowest))]);
    }
    words.range.say(&[
        ("name", &series.name),
        ("count", &count),
        ("lowest", &value(lowest.1)),
        ("lowest_at", &at(lowest)),
        ("highest", &value(highest.1)),
        ("highest_at", &at(highest)),
    ])
}

fn trend(chart: &Chart, series: &Series, words: &ChartWords) -> String {
    let value = |value| with_unit(chart, value);
    let Some(extremes) = Extremes::of(series) else {
        return words.none.say(&[("name", &series.name)]);
    };
    words.trend.say(&[
        ("name", &series.name),
        ("count", &extremes.count),
        ("first", &value(extremes.first)),
        ("last", &value(extremes.last)),
        ("lowest", &value(extremes.lowest.1)),
        ("highest", &value(extremes.highest.1)),
    ])
}

/// The values that a description names, some with their index.
struct Extremes {
    count: usize,
    first: f64,
    last: f64,
    lowest: (usize, f64),
    highest: (usize, f64),
}

impl Extremes {
    /// Returns `None` if all values are gaps.
    fn of(series: &Series) -> Option<Self> {
        let values = series.values.iter().enumerate();
        values.filter_map(|(index, value)| Some((index, (*value)?))).fold(None, |all, point| {
            let (count, first, lowest, highest) = match all {
                None => (0, point.1, point, point),
                Some(Self { count, first, lowest, highest, .. }) => (
                    count,
                    first,
                    if point.1 < lowest.1 { point } else { lowest },
                    if point.1 > highest.1 { point } else { highest },
                ),
            };
            Some(Self { count: count + 1, first, last: point.1, lowest, highest })
        })
    }
}

fn table(chart: &Chart) -> String {
    let words = Locale::current::<ChartWords>();
    let gap = html::escape(&words.gap.say(&[])).into_owned();
    let summary = words.table.say(&[("title", &chart.title)]);
    let mut text = format!(
        "<details>\n<summary>{}</summary>\n<table>\n<thead><tr><td></td>",
        html::escape(&summary)
    );
    for series in &chart.series {
        let unit = if chart.unit.is_empty() { String::new() } else { format!(" ({})", chart.unit) };
        let head = format!("{}{unit}", series.name);
        text.push_str(&format!("<th scope=\"col\">{}</th>", html::escape(&head)));
    }
    text.push_str("</tr></thead>\n<tbody>\n");
    let len = chart.len();
    for index in 0..len.min(MOST_ROWS) {
        let label = chart.label(index);
        text.push_str(&format!("<tr><th scope=\"row\">{}</th>", html::escape(&label)));
        for series in &chart.series {
            let value = series.values.get(index).copied().flatten();
            let cell = value.map_or_else(|| gap.clone(), |v| html::escape(&shown(v)).into_owned());
            text.push_str(&format!("<td>{cell}</td>"));
        }
        text.push_str("</tr>\n");
    }
    text.push_str("</tbody>\n</table>\n");
    if len > MOST_ROWS {
        let more = words.first_rows.say(&[("shown", &MOST_ROWS), ("count", &len)]);
        text.push_str(&format!("<p>{}</p>\n", html::escape(&more)));
    }
    text.push_str("</details>\n");
    text
}
