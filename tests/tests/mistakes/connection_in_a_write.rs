//! Within `write`, use the transaction, not the connection.
use solohttp::sqlite::{rusqlite::Connection, write};

struct App {
    db: Connection,
}

fn add(app: &mut App) -> solohttp::Result<()> {
    write(&mut app.db, |_| {
        app.db.execute("INSERT INTO item VALUES ('Tea')", [])?;
        Ok(())
    })
}

fn main() {
    let _ = add;
}
