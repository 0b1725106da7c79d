//! Servlets and services: values created for each request.

use solohttp_core::{
    Failure, Form, Handler, IntoResponse, LocalUrl, Method, Request, Response, Servlet,
};
use solohttp_router::{Path, Router, Service};

type Tasks = Vec<String>;

/// Edits a task or creates one.
struct Editor(Option<usize>);

impl Editor {
    fn new(tasks: &mut Tasks, Path(index): Path<Option<usize>>) -> Option<Self> {
        index.is_none_or(|index| index < tasks.len()).then_some(Self(index))
    }
}

impl Servlet<Tasks> for Editor {
    fn get(self, tasks: &mut Tasks, _: &mut Request) -> Result<impl IntoResponse, Failure> {
        Ok(self.0.map_or("new".to_owned(), |index| tasks[index].clone()))
    }

    fn post(self, tasks: &mut Tasks, request: &mut Request) -> Result<impl IntoResponse, Failure> {
        let Form(fields): Form<Vec<(String, String)>> = request.extract()?;
        tasks.extend(fields.into_iter().map(|(_, text)| text));
        Ok(request.root_url(["list"]))
    }
}

struct Task(usize);

impl Task {
    fn find(tasks: &mut Tasks, Path(index): Path<usize>) -> Result<Self, String> {
        if index < tasks.len() { Ok(Self(index)) } else { Err(format!("no task {index}")) }
    }

    fn show(self, tasks: &mut Tasks) -> String {
        tasks[self.0].clone()
    }

    fn form(self, request: &Request) -> LocalUrl {
        request.app_url(["edit"])
    }

    fn save(
        self,
        tasks: &mut Tasks,
        Form(fields): Form<Vec<(String, String)>>,
        request: &Request,
    ) -> Result<LocalUrl, Failure> {
        tasks[self.0] = fields.into_iter().map(|(_, text)| text).next().ok_or("no text")?;
        Ok(request.app_url([""]))
    }
}

fn app() -> impl Handler {
    let mut router = Router::new();
    router.servlet(["/appt/new", "/appt/*"], Editor::new);
    router.service(
        "/task/*/",
        Service::new(Task::find)
            .get("", Task::show)
            .get("edit", Task::form)
            .post("edit", Task::save)
            .on(Method::DELETE, "", |task: Task, tasks: &mut Tasks| drop(tasks.remove(task.0))),
    );
    router.with_state(vec!["Tea".to_owned()])
}

fn check(method: &str, target: &str, status: u16, expect: &str) -> Response {
    let builder =
        Request::with_method(Method::from_bytes(method.as_bytes()).expect("a token"), target);
    let builder = if method == "POST" { builder.form([("text", "Cake")]) } else { builder };
    let response = builder.send_to(app());
    assert_eq!(response.status(), status, "{method} {target}");
    let found = match response.header("location").or(response.header("allow")) {
        Some(field) => field.to_owned(),
        None => return check_text(response, expect),
    };
    assert_eq!(found, expect, "{method} {target}");
    response
}

fn check_text(response: Response, expect: &str) -> Response {
    let status = response.status();
    let text = response.into_text();
    assert!(text.contains(expect), "{text} has no {expect}");
    Response::empty(status)
}

#[test]
fn a_servlet_answers_at_several_paths_with_a_method_for_each_verb() {
    check("GET", "/appt/new", 200, "new");
    check("GET", "/appt/0", 200, "Tea");
    check("POST", "/appt/new", 303, "/list");
    check("GET", "/appt/1", 404, "Page not found");
    check("GET", "/appt/x", 404, "");
    check("DELETE", "/appt/0", 405, "GET, HEAD, POST, OPTIONS");
    check("OPTIONS", "/appt/0", 204, "GET, HEAD, POST, OPTIONS");
    check("GET", "/appt/0/x", 404, "");
    check("GET", "/appt/0/", 308, "/appt/0");
}

#[test]
fn a_service_is_a_folder_of_actions_on_one_thing() {
    check("GET", "/task/0/", 200, "Tea");
    check("GET", "/task/0", 308, "/task/0/");
    check("GET", "/task/0/edit", 303, "/task/0/edit");
    check("POST", "/task/0/edit", 303, "/task/0/");
    check("DELETE", "/task/0/", 204, "");
    check("POST", "/task/0/", 405, "GET, HEAD, DELETE, OPTIONS");
    check("OPTIONS", "/task/0/edit", 204, "GET, HEAD, POST, OPTIONS");
    check("GET", "/task/0/none", 404, "Page not found");
    check("GET", "/task/0/edit/", 404, "Page not found");
    check("GET", "/task/0/edit/x", 404, "Page not found");
    check("GET", "/task/9/", 500, "no task 9");
    check("GET", "/task/x/", 404, "");
    check("GET", "/task/9/none", 404, "Page not found");
}
