//! The connection must stay in the state.
use solohttp::sqlite::rusqlite::Connection;

struct App {
    db: Connection,
}

fn home(app: &mut App) -> solohttp::Result<String> {
    let db = app.db;
    Ok(db.query_row("SELECT name FROM item", [], |row| row.get(0))?)
}

fn main() {
    let _ = home;
}
