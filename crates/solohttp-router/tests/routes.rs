//! A router's responses: methods, redirects, extractors, nested mounts.

use serde::Deserialize;
use solohttp_core::{Form, Handler, Method, Query, Request, Response, StatusCode};
use solohttp_router::{Path, Router};

#[derive(Deserialize)]
struct Note {
    user: String,
    id: u32,
}

#[derive(Deserialize)]
struct Paging {
    page: u32,
}

#[derive(Default)]
struct App {
    saved: Vec<String>,
}

fn app() -> impl Handler {
    let mut router = Router::new();
    router.get("/", || "home");
    router.get("/sum/*/*", |Path((a, b)): Path<(i32, i32)>| (a + b).to_string());
    router.get("/user/{user}/note/{id}", |Path(note): Path<Note>| {
        note.user + " " + &note.id.to_string()
    });
    router.get("/list", |Query(paging): Query<Paging>| paging.page.to_string());
    router.get("/task/{id}", |Path(id): Path<u32>, request: &Request| {
        format!("task {id} at depth {}", request.mount_depth())
    });
    router.put("/task/{number}", |Path(number): Path<u32>| format!("put {number}"));
    router.delete("/task/{id}", |Path(_): Path<u32>| ());
    router.patch("/task/{id}", |Path(_): Path<u32>| "patched");
    router.post("/save", |app: &mut App, Form(paging): Form<Paging>| {
        app.saved.push(paging.page.to_string());
        format!("{:?}", app.saved)
    });
    router.get(["/new", "/edit/*"], |Path(id): Path<Option<u32>>| format!("{id:?}"));
    router.get("/folder/", || "the folder");
    router.mount("/any", |request: &Request| {
        format!("{} {:?}", request.method(), request.suffix().collect::<Vec<_>>())
    });
    router.mount_folder("/tree/*/", |request: &Request| {
        format!("{:?} {:?}", wildcards(request), request.suffix().collect::<Vec<_>>())
    });
    router.on(Method::from_bytes(b"REPORT").expect("a token"), "/report", || "reported");
    router.with_state(App::default())
}

fn wildcards(request: &Request) -> Vec<(Option<&str>, &str)> {
    request.wildcards().collect()
}

fn ask(method: &str, target: &str) -> Response {
    let method = Method::from_bytes(method.as_bytes()).expect("a token");
    Request::with_method(method, target).send_to(app())
}

fn check(method: &str, target: &str, status: u16, text: &str) {
    let response = ask(method, target);
    assert_eq!(response.status(), status, "{method} {target}");
    let body = response.into_text();
    if status == 200 {
        assert_eq!(body, text, "{method} {target}");
    } else {
        assert!(body.contains(text), "{method} {target}: {body}");
    }
}

fn check_redirect(method: &str, target: &str, url: &str) {
    let response = ask(method, target);
    assert_eq!(response.status(), StatusCode::PERMANENT_REDIRECT, "{method} {target}");
    assert_eq!(response.header("location"), Some(url), "{method} {target}");
    assert_eq!(response.header("cache-control"), Some("no-store"));
}

#[test]
fn wildcards_arrive_as_typed_values() {
    check("GET", "/sum/5/-7", 200, "-2");
    check("GET", "/user/Zo%C3%AB%2F1/note/7", 200, "Zoë/1 7");
    check("GET", "/task/7", 200, "task 7 at depth 2");
    check("PUT", "/task/8", 200, "put 8");
    check("GET", "/new", 200, "None");
    check("GET", "/edit/7", 200, "Some(7)");
}

#[test]
fn a_segment_that_does_not_parse_is_404() {
    check("GET", "/sum/5/x", 404, "<code>x</code> is not a whole number");
    check("GET", "/user/u/note/-1", 404, "Field <code>id</code>");
    check("GET", "/edit/x", 404, "");
}

#[test]
fn a_query_or_form_that_does_not_parse_is_400_and_names_the_field() {
    check("GET", "/list?page=2&unknown=1", 200, "2");
    check("GET", "/list?page=two", 400, "Field <code>page</code>");
    check("GET", "/list", 400, "Field <code>page</code>");
    let response = Request::post("/save").form([("page", "x")]).send_to(app());
    assert_eq!(response.status(), 400);
    assert!(response.into_text().contains("Field <code>page</code>"));
    let response = Request::post("/save").form([("page", "3")]).send_to(app());
    assert_eq!(response.into_text(), "[\"3\"]");
}

#[test]
fn a_wrong_method_is_405_with_allow_and_options_answers_by_itself() {
    let allow = "GET, HEAD, PUT, DELETE, PATCH, OPTIONS";
    for (method, target, status, expect) in [
        ("POST", "/task/7", 405, allow),
        ("OPTIONS", "/task/7", 204, allow),
        ("TRACE", "/task/7", 405, allow),
        ("BREW", "/task/7", 501, allow),
        ("GET", "/save", 405, "POST, OPTIONS"),
        ("HEAD", "/save", 405, "POST, OPTIONS"),
        ("GET", "/report", 405, "REPORT, OPTIONS"),
    ] {
        let response = ask(method, target);
        assert_eq!(response.status(), status, "{method} {target}");
        assert_eq!(response.header("allow"), Some(expect), "{method} {target}");
    }
    check("REPORT", "/report", 200, "reported");
    check("HEAD", "/", 200, "home"); // the server leaves the body out
}

#[test]
fn below_a_function_there_is_nothing() {
    for target in ["/sum/1/2/3", "/folder/x", "/none", "/none/", "/sum/1", "/edit/"] {
        check("GET", target, 404, "Page not found");
    }
    check("POST", "/none", 404, "");
}

#[test]
fn a_slash_too_many_is_redirected_for_those_who_read() {
    check_redirect("GET", "/list/?page=1&page=2", "/list?page=1&page=2");
    check_redirect("HEAD", "/sum/1/2/", "/sum/1/2");
    check_redirect("GET", "/task/a%2Fb/", "/task/a%2Fb");
    let told = "Did you mean /save, without the slash at the end?";
    check("POST", "/save/", 404, told);
    check("GET", "/save/", 404, told);
    check("GET", "/folder/", 200, "the folder");
    check("GET", "/any/", 200, "GET [\"\"]");
}

#[test]
fn a_fallback_sees_what_is_not_redirected() {
    let mut router: Router<()> = Router::new();
    router.post("/save", || "saved");
    router.fallback(|| (StatusCode::NOT_FOUND, "mine"));
    let response = Request::post("/save/").send_to(&mut router);
    assert_eq!((response.status().as_u16(), response.into_text()), (404, "mine".to_owned()));
}

#[test]
fn a_path_that_is_not_normal_is_redirected_before_look_up() {
    check_redirect("GET", "//sum//5/./7?x=//", "/sum/5/7?x=//");
    check_redirect("GET", "/none/../x", "/x");
    check_redirect("GET", "/../x", "/x");
    check_redirect("GET", "/%2e%2E/list?page=1&page=2", "/list?page=1&page=2");
    check_redirect("POST", "//save", "/save");
    check_redirect("GET", "//evil.example/%2e%2e", "/");
    check_redirect("GET", "//evil.example/x", "/evil.example/x");
    check_redirect("GET", "/.//\\evil.example", "/%5Cevil.example");
}

#[test]
fn a_folder_without_its_slash_is_redirected() {
    check("GET", "/folder/", 200, "the folder");
    check_redirect("GET", "/folder?a=1&a=2", "/folder/?a=1&a=2");
    check_redirect("POST", "/tree/x", "/tree/x/");
    check_redirect("GET", "/tree/%2Fevil%5C", "/tree/%2Fevil%5C/");
    check("GET", "/tree/x/", 200, "[(None, \"x\")] [\"\"]");
    check("GET", "/tree/x/a/b", 200, "[(None, \"x\")] [\"a\", \"b\"]");
    check("GET", "/tree/", 404, "");
}

#[test]
fn a_mount_answers_every_method_below_it() {
    check("GET", "/any", 200, "GET []");
    check("BREW", "/any/a/b/", 200, "BREW [\"a\", \"b\", \"\"]");
    check("OPTIONS", "/any/", 200, "OPTIONS [\"\"]");
}

fn nested() -> impl Handler {
    let mut notes = Router::<()>::new();
    notes.get("/", |request: &Request| request.router_url(["note", "1"]).to_string());
    notes.get("/note/{id}", |Path(id): Path<u32>, request: &Request| {
        format!(
            "{id} {:?} {} {}",
            wildcards(request),
            request.router_url([""]),
            request.app_url(["edit"]),
        )
    });
    let mut router = Router::new();
    router.mount_folder("/user/{user}/", notes);
    let mut plain = Router::<()>::new();
    plain.get("/", || "plain");
    router.mount("/plain", plain);
    router
}

#[test]
fn a_router_works_wherever_it_is_mounted() {
    let text = |target| Request::get(target).send_to(nested()).into_text();
    assert_eq!(text("/user/Zo%C3%AB/"), "/user/Zo%C3%AB/note/1");
    assert_eq!(
        text("/user/a/note/7"),
        "7 [(Some(\"user\"), \"a\"), (Some(\"id\"), \"7\")] /user/a/ /user/a/note/7/edit"
    );
    assert_eq!(Request::get("/user/a/note/7/x").send_to(nested()).status(), 404);
    assert_eq!(text("/plain/"), "plain");
    let response = Request::get("/plain").send_to(nested());
    assert_eq!(response.header("location"), Some("/plain/"));
}

#[test]
fn a_mount_at_the_root_gets_what_has_no_route() {
    let mut router = Router::<()>::new();
    router.mount("/", |request: &Request| request.path().to_owned());
    router.get("/", || "home").get("/about", || "about").post("/save", || "saved");
    let mut text = |target| Request::get(target).send_to(&mut router).into_text();
    assert_eq!(text("/"), "home");
    assert_eq!(text("/about"), "about");
    assert_eq!(text("/about/x"), "/about/x");
    assert_eq!(text("/x/"), "/x/");
}

#[test]
fn a_fallback_answers_where_there_is_no_route() {
    let mut router = Router::<()>::new();
    router.get("/a", || "a");
    router.fallback(|request: &Request| (StatusCode::NOT_FOUND, format!("no {}", request.path())));
    let response = Request::post("/b").send_to(&mut router);
    assert_eq!((response.status().as_u16(), response.into_text().as_str()), (404, "no /b"));
    assert_eq!(Request::post("/a").send_to(&mut router).status(), 405);
}
