//! One day with all its appointments, a page at a time.

use jiff::ToSpan as _;
use serde::Serialize;
use solohttp::{Html, IoList, Query, Request, Result};

use crate::app::App;
use crate::appointment::{self, Line};
use crate::dates::{self, At, later};
use crate::paging;

#[derive(Serialize)]
struct Shown {
    day: String,
    previous: String,
    next: String,
    appointments: Vec<Line>,
    pager: Html,
}

pub(crate) fn show(app: &mut App, Query(at): Query<At>, request: &Request) -> Result<IoList> {
    let day = at.day.map_or_else(app.today, |day| day.0);
    let offset = paging::offset(at.page);
    let mut appointments = appointment::of_day(&app.db, day, paging::MOST_READ, offset)?;
    let shown = Shown {
        day: day.to_string(),
        previous: later(day, (-1).days()).to_string(),
        next: later(day, 1.day()).to_string(),
        pager: paging::links(&app.pages, request, at.page, &mut appointments)?,
        appointments,
    };
    app.page("week", &dates::long(day), "day", &shown)
}
