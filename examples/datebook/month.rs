//! A month as a table: a row per week, with the first appointments of each day.

use std::collections::HashMap;

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::Serialize;
use solohttp::sqlite::rusqlite::{self, Connection};
use solohttp::{IoList, Query, Result};

use crate::app::App;
use crate::appointment::{self, Line};
use crate::dates::{self, At, later};

/// The maximum number of appointments in one cell.
const MOST: u32 = 3;

#[derive(Serialize)]
struct Month {
    previous: Date,
    next: Date,
    is_this_month: bool,
    weeks: Vec<Week>,
}

#[derive(Serialize)]
struct Week {
    monday: Date,
    days: Vec<Cell>,
}

#[derive(Serialize)]
struct Cell {
    day: Date,
    is_today: bool,
    /// Belongs to the previous or next month.
    is_other: bool,
    /// `None` for zero, because `<?if?>` treats 0 as present.
    count: Option<i64>,
    appointments: Vec<Line>,
    more: Option<i64>,
}

pub(crate) fn show(app: &mut App, Query(at): Query<At>) -> Result<IoList> {
    let today = (app.today)();
    let first = at.day.unwrap_or(today).first_of_month();
    let mut monday = dates::monday(first);
    let counts = counts(&app.db, monday, later(first.last_of_month(), 6.days()))?;
    let mut weeks = Vec::new();
    while monday <= first.last_of_month() {
        let days = (0..7).map(|n| later(monday, n.days()));
        let days = days.map(|day| cell(&app.db, day, first, today, &counts));
        weeks.push(Week { monday, days: days.collect::<Result<_>>()? });
        // `later` can't be used here, because it never gets past the last supported week.
        monday = monday.saturating_add(7.days());
    }
    let month = Month {
        previous: later(first, (-1).months()),
        next: later(first, 1.month()),
        is_this_month: first == today.first_of_month(),
        weeks,
    };
    app.page("month", &dates::month(first), "month", &month)
}

fn cell(
    db: &Connection,
    day: Date,
    first: Date,
    today: Date,
    counts: &HashMap<String, i64>,
) -> Result<Cell> {
    let count = counts.get(&day.to_string()).copied();
    let appointments = match count {
        Some(_) => appointment::of_day(db, day, MOST)?,
        None => Vec::new(),
    };
    Ok(Cell {
        day,
        is_today: day == today,
        is_other: day.month() != first.month(),
        count,
        more: count.map(|count| count - i64::from(MOST)).filter(|more| *more > 0),
        appointments,
    })
}

/// Counts the appointments per day. Reads only the index.
fn counts(db: &Connection, from: Date, to: Date) -> rusqlite::Result<HashMap<String, i64>> {
    let sql = "SELECT day, count(*) FROM appointment WHERE day BETWEEN ?1 AND ?2 GROUP BY day";
    let mut statement = db.prepare_cached(sql)?;
    let days = [from.to_string(), to.to_string()];
    statement.query_map(days, |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}
