//! The pages about copies, as a user without scripts sees them.

use std::cell::Cell;
use std::rc::Rc;

use rusqlite::Connection;
use solohttp_core::{Dates, Handler, Method, Request, Response};
use solohttp_sqlite_guard::{SqliteGuard, Undo};

use crate::copies::{Shop, add, list, names, today};
use crate::wire::form_of;

struct App {
    db: Connection,
    undo: Undo,
    restored: Rc<Cell<u32>>,
}

fn save(app: &mut App) -> Response {
    add(&app.db, "new");
    app.undo.name("Tea added");
    Response::redirect("/")
}

/// A program with a copy that contains one item, and a counter of its restores.
fn program(shop: &Shop) -> (impl Handler + use<>, Rc<Cell<u32>>) {
    let db = shop.open(7);
    add(&db, "<old>");
    let to = shop.path.with_file_name("copies").join("shop.2026-01-01.sqlite");
    db.execute("VACUUM INTO ?1", [to.to_str()]).unwrap();
    let (undo, restored) = (Undo::new(), Rc::new(Cell::new(0)));
    let guard = SqliteGuard::new(save, |app: &App| &app.db)
        .undo(&undo)
        .copies(|app| &mut app.db)
        .after_restore(|app| {
            assert_eq!(names(&app.db), ["<old>"]);
            assert!(app.undo.steps().len() <= 1);
            app.restored.set(app.restored.get() + 1);
        });
    (guard.with_state(App { db, undo, restored: Rc::clone(&restored) }), restored)
}

fn get(app: &mut impl Handler, path: &str) -> (u16, String) {
    let response = Request::get(path).send_to(app);
    (response.status().as_u16(), response.into_text())
}

/// The URL of a copy's link.
fn link_of<'a>(page: &'a str, copy: &str) -> &'a str {
    let mut links = page.split("href=\"").skip(1).filter_map(|rest| rest.split_once('"'));
    links.find(|(link, _)| link.ends_with(copy)).unwrap().0
}

#[test]
fn a_copy_is_restored_by_link_and_button() {
    let shop = Shop::new();
    let (mut app, restored) = program(&shop);
    assert_eq!(Request::post("/save").send_to(&mut app).status(), 303);
    let redirect = Request::get("/__copies").send_to(&mut app);
    assert_eq!(redirect.header("location"), Some("/__copies/"));

    let (status, page) = get(&mut app, "/__copies/");
    assert_eq!(status, 200);
    for part in ["<h1>Copies of shop.sqlite</h1>", "item: 1<br>", "item: 0<br>", " KB; item"] {
        assert!(page.contains(part), "no {part:?} in\n{page}");
    }
    assert_eq!(page.matches("<li>").count(), 2, "{page}");

    let (status, confirm) = get(&mut app, link_of(&page, "shop.2026-01-01.sqlite"));
    assert_eq!(status, 200);
    // The dates have the application's format.
    let iso = page.rsplit_once("<time datetime=\"").unwrap().1.split('"').next().unwrap();
    let dates = Dates::new();
    let time = dates.show(iso, dates.date_time_pattern()).unwrap();
    assert!(time.contains(", ") && !time.contains('-'), "{time}");
    assert!(page.contains(&format!("<time datetime=\"{iso}\">{time}</time>")), "{page}");
    assert!(page.contains(&format!("aria-label=\"Restore the copy of {time}\"")), "{page}");
    assert!(confirm.contains(&format!("Restore the copy of {time}?")), "{confirm}");
    assert!(confirm.contains("saved as another copy"), "{confirm}");
    let (action, fields) = form_of(&confirm).unwrap();
    assert_eq!(restored.get(), 0, "nothing happens before the button is pressed");

    let response = Request::post(&action).form(fields.iter()).send_to(&mut app);
    assert_eq!(response.status(), 303);
    assert_eq!(restored.get(), 1);
    let (_, page) = get(&mut app, response.header("location").unwrap());
    let kept = format!("shop.{}.replaced.sqlite", today());
    let said = format!("Restored shop.2026-01-01.sqlite. The previous content is in {kept}.");
    assert!(page.contains(&said), "{page}");
    assert!(page.contains("before another copy was restored"), "{page}");
    assert!(page.contains("item: 2<br>"), "{page}");
    for page in [page, confirm] {
        for inline in ["<script", " style=", "javascript:", " onclick"] {
            assert!(!page.contains(inline), "{inline} in\n{page}");
        }
    }
}

#[test]
fn a_restore_empties_the_list_of_undo() {
    let shop = Shop::new();
    let db = shop.open(7);
    add(&db, "old");
    let undo = Undo::new();
    let name = list(&db)[0].name.clone();
    let app = App { db, undo: undo.clone(), restored: Rc::default() };
    let guard = SqliteGuard::new(save, |app: &App| &app.db).undo(&undo);
    let mut app = guard.copies(|app| &mut app.db).with_state(app);
    Request::post("/save").send_to(&mut app);
    assert_eq!(undo.steps().len(), 1);
    let restore = Request::post("/__copies/restore").form([("copy", name.as_str())]);
    assert_eq!(restore.send_to(&mut app).status(), 303);
    assert!(undo.steps().is_empty());
    assert!(names(&app.state().db).is_empty());
    Request::post("/save").send_to(&mut app);
    assert_eq!(undo.steps().len(), 1, "and it is filled again");
}

#[test]
fn a_refusal_is_a_page_that_says_why() {
    let shop = Shop::new();
    let (mut app, restored) = program(&shop);
    let newer = shop.path.with_file_name("copies").join("shop.2026-01-01.sqlite");
    Connection::open(newer).unwrap().pragma_update(None, "user_version", 9).unwrap();
    for (copy, why) in [
        ("shop.2026-01-01.sqlite", "was made by a newer version of this program"),
        ("<b>../shop.sqlite", "The copy &lt;b&gt;../shop.sqlite no longer exists."),
    ] {
        let response = Request::post("/__copies/restore").form([("copy", copy)]).send_to(&mut app);
        assert_eq!(response.status(), 409);
        let page = response.into_text();
        assert!(page.contains(why), "{page}");
        assert!(page.contains("The database has not been changed."), "{page}");
    }
    assert_eq!(get(&mut app, "/__copies/restore?copy=none").0, 404);
    assert_eq!(Request::post("/__copies/").send_to(&mut app).status(), 405);
    let delete = Request::with_method(Method::DELETE, "/__copies/restore");
    assert_eq!(delete.send_to(&mut app).status(), 405);
    assert_eq!(Request::post("/__copies/other").send_to(&mut app).status(), 303, "the program's");
    assert_eq!(restored.get(), 0);
}

#[test]
fn the_names_in_the_message_are_names_of_copies() {
    let shop = Shop::new();
    let (mut app, _) = program(&shop);
    let (_, page) = get(&mut app, "/__copies/?restored=You+have+won&kept=shop.2026-01-01.sqlite");
    assert!(!page.contains("You have won") && !page.contains("role=\"status\""), "{page}");
}
