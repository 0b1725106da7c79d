//! Files that the record has: shown, kept, replaced and removed, also in two tabs.

use solohttp_core::{
    FileInfo, Handler, IoList, IsHandler, Rejection, Request, Response, Result, StatusCode,
    StoredFile, WithState,
};
use solohttp_forms::{
    FormView, Formlet, FormletHandler, RecordForm, Submission, form, formlet, stored_file, text,
};

use super::Tab;

const GIF: &str = "GIF89a";

#[derive(Debug, Clone, PartialEq)]
struct Card {
    name: String,
    photo: Option<FileInfo>,
    /// The last id.
    last: i64,
    is_deleted: bool,
    is_required: bool,
}

struct Edited {
    name: String,
    photo: StoredFile,
}

struct EditCard;

impl Formlet<Card> for EditCard {
    type Record = Edited;

    fn form(&mut self, card: &mut Card) -> Result<RecordForm<Edited>> {
        let photo = stored_file("Photo").images().max_bytes(1_000);
        let photo = if card.is_required { photo.required() } else { photo };
        let photo = photo.url(|file| format!("/photo/{}?a&b", file.id));
        // Without this, the fast test would look like a double click.
        Ok(form!(Edited { name: text("Name").required(), photo: photo }).allow_duplicates())
    }

    fn load(&mut self, card: &mut Card, _: &Request) -> Result<Option<Edited>> {
        if card.is_deleted {
            return Err(Rejection::new(StatusCode::NOT_FOUND, "deleted").into());
        }
        let photo = card.photo.clone().map(StoredFile::from).unwrap_or_default();
        Ok(Some(Edited { name: card.name.clone(), photo }))
    }

    fn can_save_as_new(&self) -> bool {
        true
    }

    fn save(&mut self, card: &mut Card, it: Edited, sent: &Submission<'_>) -> Result<Response> {
        if sent.is_new() {
            card.is_deleted = false;
            card.photo = None;
            assert!(it.photo.info().is_none(), "a new record has no file");
        }
        card.name = it.name;
        if it.photo.is_removed() {
            card.photo = None;
        }
        if let Some(upload) = it.photo.upload() {
            card.last += 1;
            card.photo = Some(info(card.last, &upload.file_name(), upload.len()));
        }
        Ok(Response::redirect("/"))
    }

    fn page(&mut self, _: &mut Card, view: &FormView<Edited>, _: &Request) -> Result<IoList> {
        Ok(view.render())
    }
}

type App = WithState<FormletHandler<EditCard>, Card>;

fn info(id: i64, name: &str, len: u64) -> FileInfo {
    FileInfo { id, name: name.into(), media_type: "image/gif".into(), len }
}

fn app_with(photo: Option<FileInfo>) -> App {
    let (name, last) = ("Ann".to_owned(), 7);
    let card = Card { name, photo, last, is_deleted: false, is_required: false };
    formlet(EditCard).with_state(card)
}

fn app() -> App {
    app_with(Some(info(7, "a <b>.gif", 900)))
}

fn open(app: &mut App) -> Tab {
    Tab::of(Request::get("/").send_to::<IsHandler>(app))
}

fn save(app: &mut App, tab: &Tab) -> Tab {
    Tab::of(Request::post("/").form(tab.fields.iter()).send_to::<IsHandler>(app))
}

fn upload(app: &mut App, tab: &Tab, name: &'static str, content: &'static str) -> Tab {
    let request = Request::post("/").form(tab.fields.iter());
    Tab::of(request.upload("photo", name, "image/gif", content).send_to::<IsHandler>(app))
}

#[track_caller]
fn photo(app: &App) -> (i64, &str) {
    app.state().photo.as_ref().map(|photo| (photo.id, &*photo.name)).unwrap_or_default()
}

fn remove(tab: Tab) -> Tab {
    assert!(tab.html.contains("name=\"photo:remove\""), "{}", tab.html);
    tab.typed("photo:remove", &["yes"])
}

#[test]
fn the_form_shows_the_file_and_keeps_it() {
    let mut app = app();
    let tab = open(&mut app);
    for part in [
        "<img src=\"/photo/7?a&amp;b\" alt=\"\" height=\"64\"> <a href=\"/photo/7?a&amp;b\">",
        ">a &lt;b&gt;.gif (900 bytes)</a>",
        "enctype=\"multipart/form-data\"",
    ] {
        assert!(tab.html.contains(part), "{part}: {}", tab.html);
    }
    assert_eq!(save(&mut app, &tab.typed("name", &["Ada"])).status, 303);
    assert_eq!((photo(&app), &*app.state().name), ((7, "a <b>.gif"), "Ada"));

    let mut app = app_with(None);
    let tab = open(&mut app);
    assert!(!tab.html.contains("photo:") && !tab.html.contains("<img"), "{}", tab.html);
    assert_eq!(save(&mut app, &tab).status, 303);
    assert_eq!(photo(&app), (0, ""));
}

#[test]
fn a_file_is_replaced_and_removed() {
    let mut app = app();
    let tab = open(&mut app);
    assert_eq!(upload(&mut app, &tab, "b.gif", GIF).status, 303);
    assert_eq!(photo(&app), (8, "b.gif"));
    let tab = remove(open(&mut app));
    // The checkbox survives a mistake elsewhere, and so does a new file.
    let again = save(&mut app, &tab.typed("name", &[""]));
    assert_eq!((again.status, photo(&app)), (422, (8, "b.gif")));
    let again = again.typed("name", &["Ann"]);
    assert_eq!((save(&mut app, &again).status, photo(&app)), (303, (0, "")));
    let tab = open(&mut app).typed("name", &[""]);
    let again = upload(&mut app, &tab, "c.gif", GIF);
    assert!(again.status == 422 && again.html.contains("Chosen: c.gif"), "{}", again.html);
    assert_eq!(save(&mut app, &again.typed("name", &["Ann"])).status, 303);
    assert_eq!(photo(&app), (9, "c.gif"));
}

#[test]
fn files_are_checked() {
    let mut app = app();
    let tab = open(&mut app);
    let again = upload(&mut app, &tab, "b.gif", "<svg>");
    assert_eq!(again.errors(), ["Choose a PNG, JPEG, GIF or WebP image."]);
    assert!(again.html.contains("a &lt;b&gt;.gif"), "the stored file is still shown");
    assert_eq!(photo(&app), (7, "a <b>.gif"));
}

#[test]
fn a_required_file_can_only_be_replaced() {
    let mut app = app();
    app.state_mut().is_required = true;
    let tab = open(&mut app);
    assert!(!tab.html.contains("photo:remove"), "{}", tab.html);
    assert!(
        !tab.html.contains(
            "type=\"file\" accept=\"image/png,image/jpeg,image/gif,image/webp\" \
        required"
        ),
        "{}",
        tab.html
    );
    // A forged request.
    assert_eq!(save(&mut app, &tab.typed("photo:remove", &["yes"])).status, 303);
    assert_eq!(photo(&app), (7, "a <b>.gif"));
    app.state_mut().photo = None;
    let tab = open(&mut app);
    assert_eq!(save(&mut app, &tab).errors(), ["Fill in this field."]);
    assert_eq!(upload(&mut app, &tab, "b.gif", GIF).status, 303);
}

#[test]
fn a_file_that_was_replaced_in_another_tab_is_a_conflict() {
    let choices = [("Keep what I entered", (9, "c.gif")), ("Use “b.gif”", (8, "b.gif"))];
    for (label, expect) in choices {
        let mut app = app();
        let (one, two) = (open(&mut app), open(&mut app));
        assert_eq!(upload(&mut app, &one, "b.gif", GIF).status, 303);
        let again = upload(&mut app, &two, "c.gif", GIF);
        assert_eq!((again.status, photo(&app)), (409, (8, "b.gif")));
        let error = "This has changed since you opened the form. It is now “b.gif”.";
        assert_eq!(again.errors(), [error]);
        assert_eq!(save(&mut app, &again.choose("photo", label)).status, 303);
        assert_eq!(photo(&app), expect);
    }
    // Removing a file that the user hasn't seen is a conflict, too.
    let mut app = app();
    let (one, two) = (open(&mut app), remove(open(&mut app)));
    assert_eq!(upload(&mut app, &one, "b.gif", GIF).status, 303);
    assert_eq!((save(&mut app, &two).status, photo(&app)), (409, (8, "b.gif")));
}

#[test]
fn other_changes_are_merged() {
    let mut app = app();
    let (one, two) = (open(&mut app), open(&mut app));
    assert_eq!(upload(&mut app, &one, "b.gif", GIF).status, 303);
    assert_eq!(save(&mut app, &two.typed("name", &["Ada"])).status, 303);
    assert_eq!((photo(&app), &*app.state().name), ((8, "b.gif"), "Ada"));
    let (one, two) = (remove(open(&mut app)), remove(open(&mut app)));
    assert_eq!(save(&mut app, &one).status, 303);
    assert_eq!((save(&mut app, &two).status, photo(&app)), (303, (0, "")));
}

#[test]
fn a_file_that_was_deleted_with_its_record_has_to_be_chosen_again() {
    let as_new = |tab: Tab| tab.typed(":button", &[":new save"]);
    let mut app = app();
    let tab = open(&mut app);
    app.state_mut().is_deleted = true;
    let again = save(&mut app, &tab);
    assert_eq!(again.status, 409);
    let error = "The file is no longer available. Choose it again.";
    assert!(again.errors().contains(&error.to_owned()), "{:?}", again.errors());
    assert!(!again.html.contains("photo:stored"), "{}", again.html);
    let saved = upload(&mut app, &as_new(again), "b.gif", GIF);
    assert_eq!((saved.status, photo(&app)), (303, (8, "b.gif")));
    // Whoever was told may go on without a file.
    let tab = open(&mut app);
    app.state_mut().is_deleted = true;
    let again = save(&mut app, &tab);
    assert_eq!((save(&mut app, &as_new(again)).status, photo(&app)), (303, (0, "")));
}

#[test]
fn the_id_of_another_file_is_ignored() {
    let mut app = app();
    let tab = open(&mut app);
    let forged = tab.typed("photo:stored", &["1 5 image/gif secret.gif"]);
    save(&mut app, &forged);
    assert_eq!(photo(&app), (7, "a <b>.gif"));
    let mut forged = open(&mut app);
    forged.fields.remove(":base");
    forged.fields.push(":button", ":new save");
    // `save` checks that the new record has no file.
    save(&mut app, &forged.typed("photo:stored", &["1 5 image/gif secret.gif"]));
    assert_eq!(photo(&app), (0, ""));
}
