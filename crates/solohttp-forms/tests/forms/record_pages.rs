//! The ready-made pages that add, show, edit and delete a record.

use std::collections::BTreeMap;

use solohttp_core::{
    Handler, IoList, Question, Rejection, Request, Response, Result, StatusCode, WithState, iolist,
};
use solohttp_forms::{Draft, Drafts, EditPage, RecordPages, field, form, text};
use solohttp_router::Router;

#[derive(Debug, Clone, PartialEq)]
struct Task {
    title: String,
    room: String,
}

#[derive(Default)]
struct App {
    tasks: BTreeMap<i64, Task>,
    drafts: Drafts<String>,
    /// How often initial values were asked for.
    begun: usize,
}

impl App {
    fn task(&mut self, id: i64) -> Result<Task> {
        Ok(self.tasks.get(&id).cloned().ok_or(Rejection::from(StatusCode::NOT_FOUND))?)
    }

    fn save(&mut self, task: &Task, id: Option<i64>) -> Result<i64> {
        let id = id.unwrap_or_else(|| self.tasks.keys().last().map_or(1, |last| last + 1));
        self.tasks.insert(id, task.clone());
        Ok(id)
    }

    fn delete(&mut self, id: i64, task: &Task) -> Result<()> {
        assert_eq!(self.tasks.remove(&id).as_ref(), Some(task));
        Ok(())
    }

    #[expect(clippy::unnecessary_wraps, reason = "the signature of a page")]
    fn page(&mut self, page: EditPage) -> Result<IoList> {
        let EditPage { id, title, form, cancel, delete, .. } = page;
        Ok(iolist![format!("[{id:?} {title} {cancel:?} {delete:?}]"), form])
    }
}

fn pages() -> RecordPages<App, Task> {
    RecordPages::new(
        |_: &mut App, _| {
            let form = form!(Task { title: text("Task").required(), room: text("Room") });
            Ok(form.button("save", "Save").button("again", "Again").side_button("pick", "Pick"))
        },
        App::task,
        App::save,
    )
    .titles("New task", "Task")
    .back_to("/tasks")
    .page(App::page)
}

type Site = WithState<Router<App>, App>;

fn site(pages: RecordPages<App, Task>) -> Site {
    let mut router = Router::new();
    router.mount("/house/*/task", pages);
    router.post("/house/*/task/*/toggle", || "toggled");
    let task = Task { title: "Tea".into(), room: "Hall".into() };
    router.with_state(App { tasks: BTreeMap::from([(7, task)]), ..App::default() })
}

const AT: &str = "/house/1/task";

fn get(site: &mut Site, path: &str) -> Response {
    Request::get(&format!("{AT}{path}")).send_to(site)
}

fn post(site: &mut Site, path: &str, fields: &[(&str, &str)]) -> Response {
    Request::post(&format!("{AT}{path}")).form(fields.iter().copied()).send_to(site)
}

#[track_caller]
fn leads_to(response: &Response, url: &str) {
    assert_eq!((response.status().as_u16(), response.header("location")), (303, Some(url)));
}

/// The value of a hidden field.
fn hidden(page: &str, name: &str) -> String {
    let (_, value) = page.split_once(&format!("name=\"{name}\" value=\"")).unwrap();
    value.split('"').next().unwrap().to_owned()
}

#[test]
fn each_path_has_its_page() {
    let mut small = site(pages());
    let mut full =
        site(pages().delete(App::delete).show(|_, id, task| Ok(format!("{id}: {}", task.title))));
    for (method, path, few, all) in [
        ("GET", "", 404, 404),
        ("GET", "/new", 200, 200),
        ("GET", "/new/", 404, 404),
        ("GET", "/new/edit", 404, 404),
        ("GET", "/7/edit", 200, 200),
        ("HEAD", "/7/edit", 200, 200),
        ("PUT", "/7/edit", 405, 405),
        ("GET", "/8/edit", 404, 404),
        ("GET", "/x/edit", 404, 404),
        ("GET", "/7/edit/", 404, 404),
        ("POST", "/8/edit", 404, 404),
        ("GET", "/7/", 404, 200),
        ("POST", "/7/", 404, 405),
        ("GET", "/8/", 404, 404),
        ("GET", "/7", 404, 303),
        ("GET", "/x", 404, 404),
        ("POST", "/7/toggle", 200, 200),
        ("GET", "/7/delete", 404, 405),
        ("POST", "/8/delete", 404, 404),
        ("POST", "/7/delete", 404, 303),
        ("GET", "/7/", 404, 404),
    ] {
        let method = solohttp_core::Method::from_bytes(method.as_bytes()).unwrap();
        let send = |site: &mut Site| {
            let request = Request::with_method(method.clone(), &format!("{AT}{path}"));
            request.form([("title", "A")]).send_to(site).status().as_u16()
        };
        let (shown, expected) = ([send(&mut small), send(&mut full)], [few, all]);
        assert_eq!(shown, expected, "{method} {path}");
    }
    leads_to(&get(&mut full, "/9?a=b"), "/house/1/task/9/?a=b");
}

#[test]
fn the_page_knows_its_record_and_where_its_links_lead() {
    let mut site = site(pages().delete(App::delete));
    let page = get(&mut site, "/new").into_text();
    assert!(page.starts_with("[None New task Some(\"/tasks\") None]"), "{page}");
    let page = get(&mut site, "/7/edit").into_text();
    let delete = "[Some(7) Task Some(\"/tasks\") Some(\"/house/1/task/7/delete\")]";
    assert!(page.starts_with(delete) && page.contains("value=\"Tea\""), "{page}");
}

#[test]
fn without_a_page_it_is_in_the_servers_style() {
    let mut pages = RecordPages::new(
        |_: &mut App, _| Ok(form!(Task { title: text("Task"), room: text("Room") })),
        |_, _| Ok(Task { title: "Tea".into(), room: String::new() }),
        App::save,
    )
    .delete(App::delete)
    .back_to("/?a&b")
    .with_state(App::default());
    let page = Request::get("/1/edit").send_to(&mut pages).into_text();
    for part in [
        "<h1>Edit</h1>",
        "<a href=\"/?a&amp;b\">Cancel</a>",
        "<form method=\"post\" action=\"/1/delete\" class=\"delete\"><button class=\"quiet\">Delete",
    ] {
        assert!(page.contains(part), "no {part} in {page}");
    }
    let page = Request::get("/new").send_to(&mut pages).into_text();
    assert!(page.contains("<h1>New</h1>") && !page.contains("/delete"), "{page}");
}

#[test]
fn records_are_added_and_changed() {
    let mut site = site(pages().after_save(|_, saved| {
        let (id, title, button) = (saved.id, &saved.record.title, saved.submission.button());
        Ok(Response::redirect(format!("/{id}/{title}/{button}")))
    }));
    leads_to(&post(&mut site, "/new", &[("title", "Mow"), (":button", "again")]), "/8/Mow/again");
    leads_to(&post(&mut site, "/7/edit", &[("title", "Cup"), (":button", "save")]), "/7/Cup/save");
    let titles = site.state().tasks.values().map(|task| &*task.title).collect::<Vec<_>>();
    assert_eq!(titles, ["Cup", "Mow"]);
    assert_eq!(post(&mut site, "/new", &[("title", "")]).status(), 422);
}

#[test]
fn a_record_that_was_deleted_meanwhile_is_saved_as_new() {
    let mut site = site(pages());
    let base = hidden(&get(&mut site, "/7/edit").into_text(), ":base");
    site.state_mut().tasks.clear();
    let mut fields = vec![(":base", &*base), ("title", "Cup"), ("room", "Hall")];
    let gone = post(&mut site, "/7/edit", &fields);
    assert_eq!(gone.status(), 409);
    assert!(gone.into_text().contains("value=\":new save\""));
    fields.push((":button", ":new save"));
    leads_to(&post(&mut site, "/7/edit", &fields), "/tasks");
    let tasks = site.state().tasks.iter().map(|(id, task)| (*id, &*task.title));
    assert_eq!(tasks.collect::<Vec<_>>(), [(1, "Cup")]);
}

#[test]
fn changes_of_two_tabs_are_merged() {
    let mut site = site(pages());
    let base = hidden(&get(&mut site, "/7/edit").into_text(), ":base");
    site.state_mut().tasks.get_mut(&7).unwrap().room = "Loft".into();
    let fields = [(":base", &*base), ("title", "Cup"), ("room", "Hall")];
    leads_to(&post(&mut site, "/7/edit", &fields), "/tasks");
    assert_eq!(site.state().tasks[&7], Task { title: "Cup".into(), room: "Loft".into() });
}

#[test]
fn initial_values_are_no_record_to_compare_with() {
    let mut site = site(pages().blank(|app, request| {
        app.begun += 1;
        let room = request.query().get("room").unwrap_or_default();
        Ok(Task { title: app.begun.to_string(), room: room.to_owned() })
    }));
    let page = get(&mut site, "/new?room=Attic").into_text();
    assert!(page.contains("value=\"1\"") && page.contains("value=\"Attic\""), "{page}");
    assert!(!page.contains(":base"), "{page}");
    leads_to(&post(&mut site, "/new", &[("title", "1"), ("room", "Attic")]), "/tasks");
}

#[test]
fn a_record_is_checked_as_a_whole() {
    let mut site = site(pages().check(|app, task, errors| {
        if app.tasks.values().any(|known| known == task) {
            errors.on(field!(Task.room), "There already.");
        }
        Ok(())
    }));
    let again = post(&mut site, "/new", &[("title", "Tea"), ("room", "Hall")]);
    assert_eq!(again.status(), 422);
    assert!(again.into_text().contains("There already."));
    leads_to(&post(&mut site, "/new", &[("title", "Tea"), ("room", "Loft")]), "/tasks");
}

#[test]
fn deletion_is_confirmed_on_the_applications_page() {
    let mut site = site(
        pages()
            .delete(App::delete)
            .confirm_delete(|_, _, task| {
                let asks = task.room == "Hall";
                Ok(asks.then(|| format!("Delete <{}>?", task.title).into()))
            })
            .after_delete(|_, id, task| Ok(Response::redirect(format!("/{id}/{}", task.title)))),
    );
    let asked = post(&mut site, "/7/delete", &[]);
    assert_eq!((asked.status(), site.state().tasks.len()), (StatusCode::PRECONDITION_REQUIRED, 1));
    let page = asked.into_text();
    assert!(page.starts_with("[Some(7) Delete <Tea>? None None]"), "{page}");
    assert!(
        page.contains("action=\"/house/1/task/7/delete\"") && page.contains(">Delete</button>")
    );
    let old = [(Question::FIELD, "Delete <Mow>?")];
    assert_eq!(post(&mut site, "/7/delete", &old).status(), 428, "another question");
    leads_to(&post(&mut site, "/7/delete", &[(Question::FIELD, "Delete <Tea>?")]), "/7/Tea");
    assert!(site.state().tasks.is_empty());
    post(&mut site, "/new", &[("title", "Mow")]);
    leads_to(&post(&mut site, "/1/delete", &[]), "/1/Mow");
}

#[test]
fn a_side_button_keeps_the_input_as_a_draft() {
    let mut site = site(
        pages()
            .on_button(|app, button, draft: Draft<Task>| {
                let ticket = app.drafts.save(draft, field!(Task.room));
                Ok(Response::redirect(format!("/{button}/{ticket}")))
            })
            .resume(|app, ticket| app.drafts.resume(ticket)),
    );
    let left = post(&mut site, "/7/edit", &[("title", ""), (":button", "pick")]);
    let ticket = left.header("location").unwrap().strip_prefix("/pick/").unwrap().to_owned();
    let back = site.state_mut().drafts.fill(&ticket, "Attic".into()).unwrap();
    assert!(back.starts_with("/house/1/task/7/edit?resume="), "{back}");
    let page = Request::get(&back).send_to(&mut site).into_text();
    assert!(page.contains("value=\"Attic\"") && !page.contains("value=\"Tea\""), "{page}");
    let mut plain = crate::record_pages::site(pages());
    assert_eq!(post(&mut plain, "/7/edit", &[(":button", "pick")]).status(), 501);
}

#[test]
fn the_layout_and_the_link_back_depend_on_the_form() {
    let mut site = site(
        pages()
            .layout(|app, view, edit| {
                let count = app.tasks.len();
                Ok(iolist![format!("{:?} of {count}: ", edit.id), view.open(), view.close()])
            })
            .cancel_to(|view, edit| format!("/{:?}/{}", edit.id, view[field!(Task.room)].text())),
    );
    let page = get(&mut site, "/7/edit").into_text();
    assert!(
        page.starts_with("[Some(7) Task Some(\"/Some(7)/Hall\") None]Some(7) of 1: "),
        "{page}"
    );
}

#[derive(Debug, Clone, PartialEq)]
struct Note {
    text: String,
}

struct Sample {
    code: String,
    notes: Vec<Note>,
    photo: Option<solohttp_core::Upload>,
}

/// The code and the photo of a sample, and the state of the program.
type Stored = Option<(String, Vec<Note>, String)>;

fn sample_pages() -> RecordPages<Stored, Sample> {
    RecordPages::new(
        |stored: &mut Stored, _| {
            let photo = stored.as_ref().map(|(_, _, photo)| photo.clone()).unwrap_or_default();
            let note = form!(Note { text: text("Note").initial("today".to_owned()) });
            Ok(form!(Sample {
                code: text("Code"),
                notes: solohttp_forms::rows("Notes", note).extra(2),
                photo: solohttp_forms::file("Photo").version(photo),
            }))
        },
        |stored, _| {
            let (code, notes, _) = stored.clone().ok_or(Rejection::from(StatusCode::NOT_FOUND))?;
            Ok(Sample { code, notes, photo: None })
        },
        |_, _, _| Ok(1),
    )
}

#[test]
fn saving_as_new_warns_of_a_stored_file_that_is_lost() {
    for (photo, warns) in [("photo", true), ("", false)] {
        let stored: Stored = Some(("A".into(), vec![], photo.into()));
        let mut site = sample_pages().with_state(stored);
        let base = hidden(&Request::get("/1/edit").send_to(&mut site).into_text(), ":base");
        *site.state_mut() = None;
        let sent = [(":base", &*base), ("code", "B")];
        let page = Request::post("/1/edit").form(sent).send_to(&mut site).into_text();
        assert!(page.contains("Save as new"), "{page}");
        let warning = "The stored file was deleted, too. To keep it, choose it again.";
        assert_eq!(page.contains(&format!("Photo: {warning}")), warns, "{page}");
        let chosen = Request::post("/1/edit").form(sent);
        let chosen = chosen.upload("photo", "a.png", "image/png", "new").send_to(&mut site);
        assert!(!chosen.into_text().contains(warning));
    }
}

#[test]
fn a_conflict_does_not_show_blank_rows() {
    let note = |text: &str| Note { text: text.into() };
    let stored: Stored = Some(("A".into(), vec![note("dry")], String::new()));
    let mut site = sample_pages().with_state(stored.clone());
    let base = hidden(&Request::get("/1/edit").send_to(&mut site).into_text(), ":base");
    *site.state_mut() = Some(("A".into(), vec![note("wet"), note("cold")], String::new()));
    let sent = [(":base", &*base), ("code", "A"), ("notes:row", "0"), ("notes.0.text", "hot")];
    let page = Request::post("/1/edit").form(sent).send_to(&mut site).into_text();
    assert!(page.contains("Use “wet; cold”") && page.contains("It is now “wet; cold”"), "{page}");
}

#[test]
fn a_single_record_is_edited_at_the_path_itself() {
    let mut site = site(pages().single(7));
    let page = get(&mut site, "").into_text();
    assert!(page.starts_with("[Some(7) Task Some(\"/tasks\") None]"), "{page}");
    let wrong = post(&mut site, "", &[("title", ""), ("room", "")]).into_text();
    assert!(wrong.contains("Fill in this field."), "{wrong}");
    let saved = post(&mut site, "", &[("title", "Cake"), ("room", "")]);
    assert_eq!((saved.status(), saved.header("location")), (StatusCode::SEE_OTHER, Some("/tasks")));
    assert_eq!(site.state().tasks[&7].title, "Cake");
    assert_eq!(get(&mut site, "/new").status(), StatusCode::NOT_FOUND);
    let mut many = crate::record_pages::site(pages());
    assert_eq!(get(&mut many, "").status(), StatusCode::NOT_FOUND);
}
