//! Actions on the matches of a search are undone, and the full-text table with them.

use solohttp_core::{Handler, StatusCode};

use super::*;
use crate::{Database, SqliteGuard, Undo, write};

const SCHEMA: &str = "
    CREATE TABLE t (id INTEGER PRIMARY KEY, v, code TEXT NOT NULL);
    CREATE VIRTUAL TABLE w USING fts5 (code, content = t, content_rowid = id);
    CREATE TRIGGER t_added AFTER INSERT ON t BEGIN
        INSERT INTO w (rowid, code) VALUES (new.id, new.code);
    END;
    CREATE TRIGGER t_deleted AFTER DELETE ON t BEGIN
        INSERT INTO w (w, rowid, code) VALUES ('delete', old.id, old.code);
    END;
    CREATE TRIGGER t_changed AFTER UPDATE ON t BEGIN
        INSERT INTO w (w, rowid, code) VALUES ('delete', old.id, old.code);
        INSERT INTO w (rowid, code) VALUES (new.id, new.code);
    END;
    INSERT INTO t (code) VALUES ('B-0001'), ('B-0002'), ('A-0003'), ('B-0004')";

/// Finds rows with [`List::full_text`] at `/words`, and otherwise with [`List::search`].
fn find(path: &str) -> List<i64> {
    let list = list(2).bulk("delete", "Delete").bulk_at_once("rename", "Rename");
    if path == "/words" {
        return list.full_text("Find", "w");
    }
    let matches = "id IN (SELECT rowid FROM w WHERE w MATCH :q LIMIT :limit)";
    list.search("Find", matches, fts_words)
}

fn handle(db: &mut Connection, request: &Request) -> Result<Response> {
    match find(request.path()).handle(db, request)? {
        ListOutcome::Bulk(rows) => {
            let sql = match rows.action() {
                "delete" => "DELETE FROM t WHERE id IN selected",
                _ => "UPDATE t SET code = 'C' || substr(code, 2) WHERE id IN selected",
            };
            write(db, |tx| Ok(rows.execute(tx, sql, &[])?))?;
            Ok(rows.redirect())
        }
        ListOutcome::Page(page) => Ok(Response::html(page.render())),
        other => panic!("{other:?}"),
    }
}

/// The ids that the full-text table finds, which must be in sync with the other table.
fn found(db: &Connection, word: &str) -> Vec<i64> {
    db.execute_batch("INSERT INTO w (w, rank) VALUES ('integrity-check', 1)").unwrap();
    all(db, &format!("SELECT rowid FROM w WHERE w MATCH '{word}' ORDER BY rowid"))
}

#[test]
fn an_action_on_all_matches_is_undone_like_any_other() {
    for path in ["/words", "/condition"] {
        for (action, renamed) in [("delete", &[3][..]), ("rename", &[1, 2, 3, 4])] {
            let db = Database::in_memory().migrations([SCHEMA]).open().unwrap();
            let undo = Undo::new();
            let mut app = SqliteGuard::new(handle, |db: &Connection| db).undo(&undo).with_state(db);
            let post = |app: &mut dyn Handler, url: &str, fields: &[(&str, &str)]| {
                let status = form(url, fields).send_to(app).status();
                assert_eq!(status, StatusCode::SEE_OTHER, "{url} {fields:?}");
            };
            // Installs the triggers.
            Request::get(path).send_to(&mut app);
            post(&mut app, path, &[("row", "3"), ("action", "rename")]);
            let url = format!("{path}?q=b-0");
            post(&mut app, &url, &[("all", "list"), ("action", action), ("confirmed", "3")]);
            assert_eq!(undo.steps().len(), 2, "{path} {action}");
            let step = undo.steps()[0].id.to_string();
            for _ in 0..2 {
                assert_eq!(found(app.state(), "b"), [0_i64; 0], "{path} {action}");
                assert_eq!(found(app.state(), "c"), renamed, "{path} {action}");
                post(&mut app, "/__undo/back", &[("step", &step)]);
                assert_eq!(found(app.state(), "b"), [1, 2, 4], "{path} {action}");
                assert_eq!(found(app.state(), "c"), [3], "{path} {action}");
                post(&mut app, "/__undo/again", &[("step", &step)]);
            }
        }
    }
}
