//! One day with all its appointments, one page at a time.

use jiff::ToSpan as _;
use jiff::civil::Date;
use solohttp::sqlite::List;
use solohttp::{Html, IoList, Query, Request, Result, values};

use crate::app::App;
use crate::appointment::{self, LINES, Line};
use crate::dates::{self, At, later};

/// The appointments of a day.
pub(crate) fn all(day: Date) -> List<Line> {
    List::new(&format!("{LINES} WHERE day = :day"), appointment::line)
        .value("day", day.to_string())
        .order_by("by_time")
}

pub(crate) fn show(app: &mut App, Query(at): Query<At>, request: &Request) -> Result<IoList> {
    let day = at.day.unwrap_or_else(app.state.today);
    let page = all(day).page(&app.db, request)?;
    let (previous, next) = (later(day, (-1).days()), later(day, 1.day()));
    let pager = Html::from(page.pager());
    let shown =
        values! { area: "week", day, previous, next, pager, appointments: page.into_rows() };
    app.page(&dates::long(day), "day", &shown)
}
