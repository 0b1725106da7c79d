//! A record's stored files, which its form doesn't show.

use solohttp_core::{Handler, IoList, IsHandler, Request, Response, Result, Upload, WithState};
use solohttp_forms::{
    FormView, Formlet, FormletHandler, RecordForm, Submission, checkbox, file, form, formlet, text,
};

use super::Tab;

#[derive(Debug, Clone, PartialEq)]
struct Card {
    name: String,
    photo: String,
}

struct Filled {
    name: String,
    photo: Option<Upload>,
    drops_photo: bool,
}

struct EditCard;

impl Formlet<Card> for EditCard {
    type Record = Filled;

    fn form(&mut self, card: &mut Card) -> Result<RecordForm<Filled>> {
        Ok(form!(Filled {
            name: text("Name").required(),
            photo: file("Photo").version(card.photo.clone()),
            drops_photo: checkbox("Remove the photo").version(card.photo.clone()),
        })
        // Without this, the fast test would look like a double click.
        .allow_duplicates())
    }

    fn load(&mut self, card: &mut Card, _: &Request) -> Result<Option<Filled>> {
        Ok(Some(Filled { name: card.name.clone(), photo: None, drops_photo: false }))
    }

    fn save(&mut self, card: &mut Card, it: Filled, _: &Submission<'_>) -> Result<Response> {
        card.name = it.name;
        if it.drops_photo {
            card.photo = String::new();
        }
        if let Some(photo) = it.photo {
            card.photo = String::from_utf8(photo.to_bytes()?.to_vec())?;
        }
        Ok(Response::redirect("/"))
    }

    fn page(&mut self, _: &mut Card, view: &FormView<Filled>, _: &Request) -> Result<IoList> {
        Ok(view.render())
    }
}

type App = WithState<FormletHandler<EditCard>, Card>;

fn card(name: &str, photo: &str) -> Card {
    Card { name: name.into(), photo: photo.into() }
}

fn app() -> App {
    formlet(EditCard).with_state(card("Ann", "old"))
}

fn open(app: &mut App) -> Tab {
    Tab::of(Request::get("/").send_to::<IsHandler>(app))
}

fn save(app: &mut App, tab: &Tab) -> Tab {
    Tab::of(Request::post("/").form(tab.fields.iter()).send_to::<IsHandler>(app))
}

fn upload(app: &mut App, tab: &Tab, photo: &'static str) -> Tab {
    let request = Request::post("/").form(tab.fields.iter());
    Tab::of(request.upload("photo", "p.png", "image/png", photo).send_to::<IsHandler>(app))
}

#[test]
fn replacing_a_file_in_both_tabs_is_a_conflict() {
    let choices = [("Keep what I entered", "2"), ("Use “a different file”", "1")];
    for (label, expect) in choices {
        let mut app = app();
        let (one, two) = (open(&mut app), open(&mut app));
        assert_eq!(upload(&mut app, &one, "1").status, 303);
        let again = upload(&mut app, &two, "2");
        assert_eq!(again.status, 409);
        assert_eq!(
            again.errors(),
            ["This has changed since you opened the form. It is now “a different file”."]
        );
        assert!(again.html.contains("Chosen: p.png"), "{}", again.html);
        assert_eq!(app.state().photo, "1", "nothing is saved");
        let again = again.choose("photo", label);
        assert_eq!(save(&mut app, &again).status, 303);
        assert_eq!(app.state().photo, expect);
    }
}

#[test]
fn changes_to_a_file_and_a_name_are_merged() {
    let mut app = app();
    let (one, two) = (open(&mut app), open(&mut app));
    assert_eq!(upload(&mut app, &one, "1").status, 303);
    assert_eq!(save(&mut app, &two.typed("name", &["Anne"])).status, 303);
    assert_eq!(*app.state(), card("Anne", "1"));
    let (one, two) = (open(&mut app), open(&mut app));
    assert_eq!(save(&mut app, &one.typed("name", &["Ada"])).status, 303);
    assert_eq!(upload(&mut app, &two, "2").status, 303);
    assert_eq!(*app.state(), card("Ada", "2"));
}

#[test]
fn a_conflict_reports_a_removed_file() {
    let mut app = app();
    let (one, two) = (open(&mut app), open(&mut app));
    assert_eq!(save(&mut app, &one.typed("drops_photo", &["on"])).status, 303);
    let again = upload(&mut app, &two, "2");
    assert_eq!(
        (again.status, again.errors().join(" ")),
        (409, "This has changed since you opened the form. It is now empty.".to_owned())
    );
}

#[test]
fn a_file_that_the_user_has_not_seen_is_not_removed() {
    let mut app = app();
    let (one, two) = (open(&mut app), open(&mut app));
    assert_eq!(upload(&mut app, &one, "1").status, 303);
    let again = save(&mut app, &two.typed("drops_photo", &["on"]));
    assert_eq!(again.status, 409);
    assert_eq!(
        again.errors(),
        ["This has changed since you opened the form. It is now “a different file”."]
    );
    assert_eq!(app.state().photo, "1");
    let again = again.choose("drops_photo", "Keep what I entered");
    assert_eq!(save(&mut app, &again).status, 303);
    assert_eq!(app.state().photo, "");
}

#[test]
fn a_decision_about_a_file_is_valid_only_for_that_file() {
    let mut app = app();
    let tab = open(&mut app);
    app.state_mut().photo = "1".into();
    let again = upload(&mut app, &tab, "2").choose("photo", "Keep what I entered");
    app.state_mut().photo = "3".into();
    assert_eq!(save(&mut app, &again).status, 409);
    assert_eq!(app.state().photo, "3");
}

#[test]
fn saving_a_file_again_does_not_conflict_with_itself() {
    let mut app = app();
    let tab = open(&mut app);
    for photo in ["1", "1", "2"] {
        let after = upload(&mut app, &tab, photo);
        assert_eq!((after.status, after.errors()), (303, vec![]), "{photo}");
        assert_eq!(app.state().photo, photo);
    }
    // The stored file has changed, but only because the page itself replaced it.
    let after = save(&mut app, &tab.typed("drops_photo", &["on"]));
    assert_eq!((after.status, after.errors()), (303, vec![]));
    assert_eq!(app.state().photo, "");
}

#[test]
fn a_file_of_others_is_not_replaced_after_going_back() {
    let mut app = app();
    let tab = open(&mut app);
    assert_eq!(upload(&mut app, &tab, "1").status, 303);
    app.state_mut().photo = "5".into();
    assert_eq!(upload(&mut app, &tab, "2").status, 409);
    assert_eq!(app.state().photo, "5");
    assert_eq!(save(&mut app, &tab.typed("name", &["Anne"])).status, 303);
    assert_eq!(*app.state(), card("Anne", "5"));
}
