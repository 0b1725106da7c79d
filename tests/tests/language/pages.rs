//! The words in what templates and charts show.

use serde::Serialize;
use solohttp::template::ChartWords;
use solohttp::{Chart, Dates, Html, Locale, Template};

use super::{Shown, install};

#[derive(Serialize)]
struct Page {
    charts: Vec<Html>,
    at: &'static str,
}

fn charts() -> Vec<Html> {
    let many = Chart::bars("§Many¶").values(0..1_001);
    let gap = Chart::lines("§Gap¶").labels(["§a¶", "§b¶", "§c¶"]);
    let gap = gap.series("§One¶", [Some(1), None]).series("§None¶", [None::<i32>]);
    let spark = Chart::sparkline("§Small¶").values([1, 2]);
    vec![
        many.unit("§mg¶").into(),
        gap.series("§Two¶", [1.5, 2.5, 1e9]).into(),
        spark.into(),
        Chart::bars("§Blank¶").into(),
    ]
}

#[test]
fn every_word_of_a_chart_is_the_applications() {
    install();
    let page = Template::new("<?each charts?>{@it}<?end each?>");
    let html = page.render(&Page { charts: charts(), at: "" }).unwrap().to_string();
    let mut shown = Shown::default();
    shown.page("a page with charts", &html);
    shown.all_of("charts", ChartWords::default().each_mut(), &[]);
}

#[test]
fn every_word_of_a_date_is_the_applications() {
    fn marked<const N: usize>(what: &str) -> [String; N] {
        std::array::from_fn(|index| format!("§{what} {index}¶"))
    }
    let months = marked::<12>("month");
    let months = months.each_ref().map(String::as_str);
    let standalone = marked::<12>("standalone month");
    let short = marked::<12>("short month");
    let weekdays = marked::<7>("weekday");
    let short_weekdays = marked::<7>("short weekday");
    let dates = Dates::new()
        .months(months)
        .standalone_months(standalone.each_ref().map(String::as_str))
        .short_months(short.each_ref().map(String::as_str))
        .weekdays(weekdays.each_ref().map(String::as_str))
        .short_weekdays(short_weekdays.each_ref().map(String::as_str))
        .day_periods("§am¶", "§pm¶")
        .date("§on¶ %-d %B %Y")
        .time("§at¶ %-I:%M %p")
        .date_time("%B %b %A %a %H:%M")
        .month("§in¶ %OB %Y");
    Locale::new().with(dates).install();
    let page = Template::new(
        "{at:date} {at:time} {at:datetime} {at:month} {at:weekday} {at:date|%P %a %b}",
    );
    let html = page.render(&Page { charts: Vec::new(), at: "2026-03-31T17:30" }).unwrap();
    let html = html.to_string();
    Shown::default().page("a page with dates", &html);
    for name in
        ["month 2", "standalone month 2", "short month 2", "weekday 1", "short weekday 1", "pm"]
    {
        assert!(html.contains(&format!("§{name}¶")), "{name} in {html}");
    }
}
