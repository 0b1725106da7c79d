//! Tests for charts: scales, ticks, labels and tables.

use solohttp_core::{Locale, Numerals};

use super::*;

/// Checks the HTML's tags and that no coordinate is invalid. Returns the HTML.
#[track_caller]
fn html(chart: &Chart) -> String {
    let html = chart.render().to_string();
    for wrong in ["NaN", "inf", "\"-0\""] {
        assert!(!html.contains(wrong), "{wrong} in {html}");
    }
    let mut open = Vec::new();
    for tag in html.split('<').skip(1) {
        let (tag, _) = tag.split_once('>').expect("tags are closed");
        let name = tag.split([' ', '/']).next().unwrap_or_default();
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "{html}");
        } else if !tag.ends_with('/') {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?} in {html}");
    html
}

fn charts(title: &str) -> [Chart; 3] {
    [Chart::bars(title), Chart::lines(title), Chart::sparkline(title)]
}

#[test]
fn a_chart_has_a_title_an_image_and_a_table() {
    let chart = Chart::bars("A & B").labels(["x<", "y"]).unit("mg/l").values([1.5, -2.0]);
    let html = html(&chart);
    for part in [
        "<figcaption>A &amp; B</figcaption>",
        "aria-label=\"Bar chart. A &amp; B: 2 values, from -2 mg/l (y) to 1.5 mg/l (x&lt;).\"",
        "<summary>A &amp; B: table</summary>",
        "<th scope=\"col\">A &amp; B (mg/l)</th>",
        "<tr><th scope=\"row\">x&lt;</th><td>1.5</td></tr>",
        "<title>x&lt;: 1.5 mg/l</title>",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
    assert_eq!(html.matches("<rect ").count(), 2);
}

#[test]
fn bars_start_at_zero_and_point_in_the_right_direction() {
    let html = html(&Chart::bars("T").values([4, -2, 0]).size(640, 320));
    let rects: Vec<(f64, f64)> = html
        .split("<rect ")
        .skip(1)
        .map(|rect| {
            let number = |name: &str| {
                let value = rect.split(&format!(" {name}=\"")).nth(1).expect("has it");
                value.split('"').next().expect("closed").parse::<f64>().expect("a number")
            };
            (number("y"), number("height"))
        })
        .collect();
    let [up, down, zero] = rects.as_slice() else { panic!("three bars: {rects:?}") };
    assert!((up.0 + up.1 - down.0).abs() < 0.2, "both touch the zero line: {rects:?}");
    assert!((up.1 / down.1 - 2.0).abs() < 0.02, "twice as high: {rects:?}");
    assert!(zero.1.abs() < f64::EPSILON && (zero.0 - down.0).abs() < 0.2, "{rects:?}");
    assert!(html.contains(">-2<") && html.contains(">4<"), "{html}");
}

#[test]
fn gaps_interrupt_a_line() {
    let values = [Some(1.0), Some(2.0), None, Some(f64::NAN), Some(3.0), Some(f64::INFINITY)];
    let html = html(&Chart::lines("T").values(values));
    let path = html.split("<path d=\"M").last().expect("a line").split('"').next();
    assert_eq!(path.expect("closed").matches(['M', 'L']).count(), 2, "{path:?}");
    assert_eq!(html.matches("<circle ").count(), 3);
    assert_eq!(html.matches("<td>no value</td>").count(), 3);
    assert!(html.contains("3 values, from 1 (1) to 3 (5)."), "{html}");
}

#[test]
fn no_values_are_no_data() {
    let gaps: [Option<f64>; 2] = [None, None];
    for chart in [Chart::bars("T"), Chart::lines("T").values(gaps), Chart::bars("T").labels(["a"])]
    {
        let html = html(&chart);
        assert!(html.contains("<p>No data</p>") && !html.contains("<svg"), "{html}");
    }
    let html = html(&Chart::sparkline("T").values(gaps));
    assert!(html.contains("aria-label=\"T: no data.\"") && !html.contains("<path"), "{html}");
    assert!(Chart::sparkline("T").render().to_string().contains("aria-label=\"T: no data.\""));
}

#[test]
fn any_numbers_make_a_valid_image() {
    let extremes = [0.0, -0.0, 5e-324, 1e-300, 1.0, -1.0, 1e290, -1e290, f64::MAX, f64::NAN];
    for one in extremes {
        for other in extremes {
            for chart in charts("T") {
                html(&chart.clone().values([one]));
                html(&chart.clone().values([one, other]));
                html(&chart.clone().values([one, other, one]).from_zero());
                html(&chart.size(0, 0).series("a", [one]).series("b", [other, one]));
            }
        }
    }
    for chart in charts("T") {
        html(&chart.clone().values([i128::MIN, i128::MAX]));
        html(&chart.clone().values([u64::MAX; 3]));
        html(&chart.clone().values([1e-300; 3]));
        html(&chart.values((0..50).map(|n| f64::from(n) * 1e-12)));
    }
}

#[test]
fn many_values_are_reduced_to_pixels() {
    let many: Vec<i32> = (0..100_000).map(|n| if n == 54_321 { 1_000 } else { n % 7 }).collect();
    for chart in charts("T") {
        let html = html(&chart.values(&many));
        assert!(html.len() < 120_000, "{}", html.len());
        assert!(html.matches("<text ").count() < 40, "{html}");
        assert!(html.contains("1000"), "the highest value is described");
    }
    let html = html(&Chart::lines("T").values(&many));
    assert!(html.contains("The first 1000 of 100000 rows."));
    assert_eq!(html.matches("<tr>").count(), 1_001);
    // The one high value is in the image.
    let ys = html.split('V').skip(1).filter_map(|rest| rest.split(['L', 'M', '"']).next());
    assert!(ys.filter_map(|y| y.parse::<f64>().ok()).any(|y| y < 20.0), "{html:.2000}");
}

#[test]
fn labels_are_shortened_or_left_out() {
    let labels = (0..30).map(|n| format!("A rather long label number {n}"));
    let html = html(&Chart::bars("T").labels(labels).values(0..30));
    let labels = html.matches("<text ").count();
    assert!((8..20).contains(&labels), "{labels} in {html}");
    assert!(html.contains("…<title>A rather long label number 2</title>"), "{html}");
    // Missing labels are blank, and a label without a value is a gap.
    let html = self::html(&Chart::bars("T").labels(["a", "b"]).values([1, 2, 3]));
    assert!(html.contains("<th scope=\"row\"></th><td>3</td>"), "{html}");
    let html = self::html(&Chart::bars("T").labels(["a", "b"]).values([1]));
    assert!(html.contains("<th scope=\"row\">b</th><td>no value</td>"), "{html}");
}

#[test]
fn series_differ_in_more_than_colour() {
    let lines = Chart::lines("T").series("First", [1, 2]).series("Second", [2, 1]);
    let html = html(&lines);
    assert!(html.contains(">First</text>") && html.contains(">Second</text>"), "{html}");
    assert!(html.contains("var(--chart-2, #c2661a)"), "{html}");
    assert_eq!(html.matches("stroke-dasharray").count(), 2, "the line and its sample: {html}");
    let bars = Chart::bars("T").series("First", [1, 2]).series("Second", [2, 1]);
    let html = self::html(&bars);
    assert_eq!(html.matches("fill-opacity=\".5\"").count(), 2, "{html}");
    assert!(html.contains("<title>Second, 1: 2</title>"), "{html}");
}

#[test]
fn numbers_and_words_are_the_applications() {
    let words = ChartWords {
        table: "{title} als Tabelle".into(),
        gap: "kein Wert".into(),
        lines: "Liniendiagramm.".into(),
        single: "{name}: {value} am {at}.".into(),
        ..ChartWords::default()
    };
    let numerals = Numerals::new(',').group('.');
    Locale::new().with(words).with(numerals).install();
    let html = html(&Chart::lines("T").labels(["Mo", "Di"]).values([Some(12_345.5), None]));
    for part in [
        "<summary>T als Tabelle</summary>",
        "<td>12.345,5</td>",
        "<td>kein Wert</td>",
        "aria-label=\"Liniendiagramm. T: 12.345,5 am Mo.\"",
        ">12.000</text>",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
}
