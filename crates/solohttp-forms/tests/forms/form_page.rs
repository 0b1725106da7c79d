//! A page with one form, from closures.

use solohttp_core::{Query, Request, Response, WithState, iolist};
use solohttp_forms::{FormPage, field, form, number, text};
use solohttp_router::{Path, Router};

#[derive(Clone, Debug, PartialEq)]
struct Delivery {
    from: String,
    count: u32,
}

#[derive(Debug, Default)]
struct App {
    saved: Vec<(u32, Delivery)>,
    stored: Option<Delivery>,
}

fn page() -> FormPage<App, Delivery> {
    FormPage::new(
        |_: &mut App, _| {
            let form = form!(Delivery { from: text("From").required(), count: number("Count") });
            Ok(form.button("receive", "Receive").side_button("reset", "Reset"))
        },
        |app, delivery, submission| {
            let Path(part) = Path::<u32>::of(submission.request())?;
            app.stored = Some(delivery.clone());
            app.saved.push((part, delivery));
            Ok(Response::redirect(format!("/{}", submission.button())))
        },
    )
    .title("Receive")
    .back_to("/parts")
}

fn site(page: FormPage<App, Delivery>) -> WithState<Router<App>, App> {
    let mut router = Router::new();
    router.mount("/part/*/delivery", page);
    router.with_state(App::default())
}

const AT: &str = "/part/7/delivery";

#[test]
fn it_shows_saves_and_knows_its_route() {
    let mut site = site(page());
    let shown = Request::get(AT).send_to(&mut site).into_text();
    assert!(shown.contains("<h1>Receive</h1>") && shown.contains("href=\"/parts\""), "{shown}");
    let wrong = Request::post(AT).form([("from", ""), ("count", "x")]).send_to(&mut site);
    assert_eq!(wrong.status(), 422);
    let sent = [("from", "Mill"), ("count", "3")];
    let saved = Request::post(AT).form(sent).send_to(&mut site);
    assert_eq!(saved.header("location"), Some("/receive"));
    assert_eq!(site.state().saved, [(7, Delivery { from: "Mill".into(), count: 3 })]);
    assert_eq!(Request::post("/part/x/delivery").form(sent).send_to(&mut site).status(), 404);
    assert_eq!(Request::get("/part/7/delivery/x").send_to(&mut site).status(), 404);
}

#[test]
fn it_begins_with_values_of_the_request() {
    let mut site = site(
        page()
            .blank(|_, request| {
                let Query(from) = Query::<Vec<(String, String)>>::of(request)?;
                Ok(Delivery { from: from[0].1.clone(), count: 1 })
            })
            .title_with(|app, request| {
                Ok(format!("{} {}", app.saved.len(), request.query().get("from").unwrap_or("-")))
            })
            .cancel_to(|view, _| format!("/{}", view[field!(Delivery.from)].text()))
            .layout(|_, view, request| Ok(iolist![request.path(), view.render()])),
    );
    let shown = Request::get(&format!("{AT}?from=Mill")).send_to(&mut site).into_text();
    for part in ["<h1>0 Mill</h1>", "value=\"Mill\"", "href=\"/Mill\"", AT] {
        assert!(shown.contains(part), "no {part} in {shown}");
    }
    assert!(!shown.contains(":base"), "{shown}");
}

#[test]
fn what_it_loads_is_merged() {
    let mut site = site(page().load(|app, _| {
        Ok(app.stored.clone().unwrap_or_else(|| Delivery { from: "Mill".into(), count: 1 }))
    }));
    let shown = Request::get(AT).send_to(&mut site).into_text();
    let base = shown.split_once("name=\":base\" value=\"").unwrap().1;
    let base = base.split('"').next().unwrap().to_owned();
    site.state_mut().stored = Some(Delivery { from: "Weir".into(), count: 1 });
    let sent = [("from", "Mill"), ("count", "2"), (":base", &base)];
    assert_eq!(Request::post(AT).form(sent).send_to(&mut site).status(), 303);
    assert_eq!(site.state().stored, Some(Delivery { from: "Weir".into(), count: 2 }));
}

#[test]
fn a_side_button_is_confirmed_on_the_applications_page() {
    let mut site = site(
        page()
            .confirm(|_, button, _| Ok(Some(format!("{button}?").into())))
            .on_button(|_, _, draft| Ok(Response::redirect(format!("/{}", draft.input().len()))))
            .page(|_, page| Ok(iolist![format!("[{}]", page.title), page.form])),
    );
    let asked = Request::post(AT).form([(":button", "reset")]).send_to(&mut site);
    assert_eq!(asked.status(), 428);
    assert!(asked.into_text().starts_with("[reset?]"));
    let mut plain = crate::form_page::site(page());
    assert_eq!(Request::post(AT).form([(":button", "reset")]).send_to(&mut plain).status(), 501);
}
