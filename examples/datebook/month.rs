//! A month as a table: a row per week, with the first appointments of each day.

use std::collections::HashMap;

use jiff::ToSpan as _;
use jiff::civil::Date;
use solohttp::sqlite::rusqlite::{self, Connection};
use solohttp::{IoList, Query, Result, values};

use crate::app::App;
use crate::appointment;
use crate::dates::{self, At, later};

/// The maximum number of appointments in one cell.
const MOST: u32 = 3;

pub(crate) fn show(app: &mut App, Query(at): Query<At>) -> Result<IoList> {
    let today = (app.state.today)();
    let first = at.day.unwrap_or(today).first_of_month();
    let mut monday = dates::monday(first);
    let counts = counts(&app.db, monday, later(first.last_of_month(), 6.days()))?;
    let mut weeks = Vec::new();
    while monday <= first.last_of_month() {
        let days = (0..7).map(|n| later(monday, n.days()));
        let days = days.map(|day| {
            // `None` for zero, because `<?if?>` treats 0 as present.
            let count = counts.get(&day.to_string()).copied();
            let appointments =
                count.map(|_| appointment::of_day(&app.db, day, MOST)).transpose()?;
            let more = count.map(|count| count - i64::from(MOST)).filter(|more| *more > 0);
            let is_other = day.month() != first.month();
            Ok(values! { day, is_today: day == today, is_other, count, appointments, more })
        });
        weeks.push(values! { monday, days: days.collect::<Result<Vec<_>>>()? });
        // `later` can't be used here, because it never gets past the last supported week.
        monday = monday.saturating_add(7.days());
    }
    let (previous, next) = (later(first, (-1).months()), later(first, 1.month()));
    let is_this_month = first == today.first_of_month();
    let month = values! { area: "month", previous, next, is_this_month, weeks };
    app.page(&dates::month(first), "month", &month)
}

/// Counts the appointments per day. Reads only the index.
fn counts(db: &Connection, from: Date, to: Date) -> rusqlite::Result<HashMap<String, i64>> {
    let sql = "SELECT day, count(*) FROM appointment WHERE day BETWEEN ?1 AND ?2 GROUP BY day";
    let mut statement = db.prepare_cached(sql)?;
    let days = [from.to_string(), to.to_string()];
    statement.query_map(days, |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}
