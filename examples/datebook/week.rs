//! The start page: the appointments of a week, and the tasks that are due first.

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::Serialize;
use solohttp::sqlite::rusqlite::Connection;
use solohttp::{IoList, Query, Result};

use crate::app::App;
use crate::appointment::{self, Line};
use crate::dates::{self, At, later, monday};
use crate::tasks;

/// The maximum number of appointments per day on this page; the day's own page has all of them.
const MOST: u32 = 12;

#[derive(Serialize)]
struct Week {
    days: Vec<Column>,
    previous: Date,
    next: Date,
    is_this_week: bool,
    tasks: Vec<tasks::Line>,
}

#[derive(Serialize)]
struct Column {
    day: Date,
    is_today: bool,
    appointments: Vec<Line>,
    has_more: bool,
}

pub(crate) fn show(app: &mut App, Query(at): Query<At>) -> Result<IoList> {
    let today = (app.today)();
    let monday = monday(at.day.unwrap_or(today));
    let days = (0..7).map(|n| column(&app.db, later(monday, n.days()), today));
    let week = Week {
        days: days.collect::<Result<_>>()?,
        previous: later(monday, (-7).days()),
        next: later(monday, 7.days()),
        is_this_week: monday == dates::monday(today),
        tasks: tasks::next(app)?,
    };
    let number = monday.iso_week_date().week();
    let title = format!(
        "Week {number}: {} to {}",
        dates::short(monday, today),
        dates::short(later(monday, 6.days()), today)
    );
    app.page("week", &title, "week", &week)
}

fn column(db: &Connection, day: Date, today: Date) -> Result<Column> {
    let mut appointments = appointment::of_day(db, day, MOST + 1)?;
    let has_more = appointments.len() > MOST as usize;
    appointments.truncate(MOST as usize);
    Ok(Column { day, is_today: day == today, appointments, has_more })
}
