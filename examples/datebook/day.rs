//! One day with all its appointments, one page at a time.

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::Serialize;
use solohttp::{Html, IoList, Query, Request, Result};

use crate::app::App;
use crate::appointment::{self, LINES, Line};
use crate::dates::{self, At, later};
use crate::paging::List;

#[derive(Serialize)]
struct Shown {
    day: Date,
    previous: Date,
    next: Date,
    appointments: Vec<Line>,
    pager: Html,
}

pub(crate) fn show(app: &mut App, Query(at): Query<At>, request: &Request) -> Result<IoList> {
    let day = at.day.map_or_else(app.today, |day| day.0);
    let list = List {
        select: &format!("{LINES} WHERE day = ?"),
        values: &[&day.to_string()],
        column: "by_time",
        newest_first: false,
    };
    let page = list.page(&app.db, request, appointment::line)?;
    let shown = Shown {
        day,
        previous: later(day, (-1).days()),
        next: later(day, 1.day()),
        pager: page.pager(&app.pages)?,
        appointments: page.rows,
    };
    app.page("week", &dates::long(day), "day", &shown)
}
