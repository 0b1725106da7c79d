//! A to-do list: templates in files and in the source, a servlet, and a service.
//!
//! Run it with `cargo xtask demo todo`, then read it from top to bottom. While it runs, change a
//! file in `examples/todo` and reload the page.

use serde::{Deserialize, Serialize};
use solohttp::template::{Value, template_folder};
use solohttp::{
    Dialect, Error, Form, Handler, Html, IntoResponse, IoList, Path, Request, Response, Result,
    Router, Server, Service, Servlet, Template, TemplateFolder, values,
};

fn main() -> std::result::Result<(), Error> {
    env_logger::Builder::from_env(env_logger::Env::default().default_filter_or("info")).init();
    Server::from_args()?.open_browser("/").run(app())
}

// The state: the tasks and their templates. A template renders any `Serialize` value, such as a task,
// or what `values!` puts together.
struct App {
    tasks: Vec<Task>,
    last_id: u64,
    pages: TemplateFolder,
    form: Template,
}

#[derive(Serialize)]
struct Task {
    id: u64,
    text: String,
    done: bool,
}

// Three kinds of routes:
// - a function, for one method of one path;
// - a servlet: a value created for each request, with one method per HTTP verb;
// - a service: a folder of named actions on one object, `/task/7/edit` and `/task/7/toggle`.
//
// Every route that changes data is a POST, because link previews may send a GET at any time.
fn app() -> impl Handler {
    let mut router = Router::new();
    router.get("/", list);
    router.servlet("/new", || NewTask);
    router.service(
        "/task/*/",
        Service::new(Item::find)
            .get("edit", Item::edit)
            .post("edit", Item::save)
            .post("toggle", Item::toggle),
    );
    router.with_state(App::new())
}

impl App {
    fn new() -> Self {
        // A custom formatter, called by `{done:class}` in a template. Its output is escaped like
        // everything else.
        let dialect = Dialect::new().format("class", |value, out| {
            out.push_str(if value == Value::Bool(true) { "done" } else { "open" });
            Ok(())
        });
        // In debug builds, templates are files that you can change while the program runs. Release
        // builds embed them.
        let pages = template_folder!("todo": "page", "list");
        // A template can also be written in the source. A slot in a quoted attribute is escaped as
        // an attribute value.
        let form = Template::new(
            "<form method=\"post\">\n\
             <label for=\"text\">What needs to be done?</label>\n\
             <input id=\"text\" name=\"text\" value=\"{text}\" autofocus autocomplete=\"off\">\n\
             <button>Save</button> <a href=\"/\">Cancel</a>\n</form>\n\
             <?if id?><p>To delete the task, save it blank.</p><?end if?>",
        );
        Self { tasks: Vec::new(), last_id: 0, pages: pages.dialect(dialect), form }
    }

    // A template renders to an `IoList`. Converted to `Html`, it is inserted unescaped into another
    // template.
    fn page(&self, title: &str, body: IoList) -> Result<IoList> {
        Ok(self.pages.render("page", &values! { title, body: Html::from(body) })?)
    }
}

fn list(app: &mut App) -> Result<IoList> {
    let open = app.tasks.iter().filter(|task| !task.done).count();
    Ok(app.pages.render("list", &values! { tasks: &app.tasks, open })?)
}

#[derive(Deserialize)]
struct Entry {
    text: String,
}

struct NewTask;

impl Servlet<App> for NewTask {
    fn get(self, app: &mut App, _: &mut Request) -> Result<impl IntoResponse> {
        app.page("New task", app.form.render(&values! { text: "", id: None::<u64> })?)
    }

    fn post(self, app: &mut App, request: &mut Request) -> Result<impl IntoResponse> {
        let text = request.form()?.get("text").unwrap_or_default().trim();
        if !text.is_empty() {
            app.last_id += 1;
            app.tasks.push(Task { id: app.last_id, text: text.to_owned(), done: false });
        }
        // Redirect after a POST, so that a reload doesn't submit again.
        Ok(Response::redirect("/"))
    }
}

// One task, looked up for each request to the task's folder; `None` is a 404.
struct Item {
    index: usize,
}

impl Item {
    fn find(app: &mut App, Path(id): Path<u64>) -> Option<Self> {
        let index = app.tasks.iter().position(|task| task.id == id)?;
        Some(Self { index })
    }

    fn edit(self, app: &mut App) -> Result<IoList> {
        let form = app.form.render(&app.tasks[self.index])?;
        app.page("Edit task", form)
    }

    // The typed arguments of handlers work here, too.
    fn save(self, app: &mut App, Form(entry): Form<Entry>) -> Response {
        if entry.text.trim().is_empty() {
            app.tasks.remove(self.index);
        } else {
            app.tasks[self.index].text = entry.text;
        }
        Response::redirect("/")
    }

    fn toggle(self, app: &mut App) -> Response {
        let task = &mut app.tasks[self.index];
        task.done = !task.done;
        Response::redirect("/")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use solohttp::TestClient;

    const TEXT: &str = "What needs to be done?";

    // The client finds fields, buttons and links by their names, as a person does.
    #[test]
    fn a_task_is_added_toggled_edited_and_deleted() {
        let mut browser = TestClient::new(app());
        let page = browser.get("/");
        assert!(page.text().contains("Nothing to do."));
        let mut page = browser.follow(page, "New task");
        page.fill(TEXT, "Tea & <cake>");
        let page = browser.press(page, "Save");
        assert!(page.html().contains("class=\"open\"") && page.has_link("Tea & <cake>"));
        let page = browser.press(page, "Mark as done: Tea & <cake>");
        assert!(page.html().contains("class=\"done\""));
        let mut page = browser.follow(page, "Tea & <cake>");
        assert_eq!(page.value(TEXT), "Tea & <cake>");
        page.fill(TEXT, "Coffee");
        let page = browser.press(page, "Save");
        let mut form = browser.follow(page, "Coffee");
        form.fill(TEXT, " ");
        assert!(browser.press(&form, "Save").text().contains("Nothing to do."));
        assert_eq!(browser.press(&form, "Save").status(), 404, "it is gone");
    }

    #[test]
    fn changing_takes_a_post() {
        let mut app = app();
        Request::post("/new").form([("text", "Tea")]).send_to(&mut app);
        let response = Request::get("/task/1/toggle").send_to(&mut app);
        assert_eq!(
            (response.status().as_u16(), response.header("allow")),
            (405, Some("POST, OPTIONS"))
        );
        assert_eq!(Request::get("/task/1/other").send_to(&mut app).status(), 404);
    }
}
