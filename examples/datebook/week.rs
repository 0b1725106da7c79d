//! The start page: the appointments of a week, and the tasks that are due first.

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::Serialize;
use solohttp::sqlite::rusqlite::Connection;
use solohttp::{IoList, Query, Result, values};

use crate::app::App;
use crate::appointment;
use crate::dates::{self, At, later, monday};
use crate::tasks;

/// The maximum number of appointments per day on this page; the day's own page has all of them.
const MOST: u32 = 12;

pub(crate) fn show(app: &mut App, Query(at): Query<At>) -> Result<IoList> {
    let today = (app.state.today)();
    let monday = monday(at.day.unwrap_or(today));
    let days = (0..7).map(|n| column(&app.db, later(monday, n.days()), today));
    let days = days.collect::<Result<Vec<_>>>()?;
    let (previous, next) = (later(monday, (-7).days()), later(monday, 7.days()));
    let is_this_week = monday == dates::monday(today);
    // The open tasks that are due first.
    let tasks = tasks::select(app, "WHERE by_due < '1' ORDER BY by_due LIMIT 8", &[])?;
    let number = monday.iso_week_date().week();
    let [from, to] = [monday, later(monday, 6.days())].map(|day| dates::short(day, today));
    let title = format!("Week {number}: {from} to {to}");
    let week = values! { area: "week", days, previous, next, is_this_week, tasks };
    app.page(&title, "week", &week)
}

fn column(db: &Connection, day: Date, today: Date) -> Result<impl Serialize + use<>> {
    let mut appointments = appointment::of_day(db, day, MOST + 1)?;
    let has_more = appointments.len() > MOST as usize;
    appointments.truncate(MOST as usize);
    Ok(values! { day, is_today: day == today, appointments, has_more })
}
