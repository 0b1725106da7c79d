//! Passwords never appear in a page. After an error, the user enters them again. Leaving a password
//! blank keeps the saved one.

use solohttp_core::{
    Fields, Handler as _, IoList, IsHandler, Request, Response, Result, WithState,
};
use solohttp_forms::{
    FormView, Formlet, FormletHandler, RecordForm, Submission, form, formlet, group, password,
    rows, text,
};

use crate::browser;

#[derive(Debug, Clone, PartialEq)]
struct Login {
    user: String,
    password: String,
}

#[derive(Debug, Clone, PartialEq)]
struct Account {
    server: String,
    login: Login,
    others: Vec<Login>,
}

#[derive(Debug)]
struct Edit;

fn login() -> RecordForm<Login> {
    form!(Login { user: text("User").required(), password: password("Password").required() })
}

impl Formlet<Option<Account>> for Edit {
    type Record = Account;

    fn form(&mut self, _: &mut Option<Account>) -> Result<RecordForm<Account>> {
        Ok(form!(Account {
            server: text("Server").required(),
            login: group("Login", login()),
            others: rows("Others", login()),
        }))
    }

    fn load(&mut self, account: &mut Option<Account>, _: &Request) -> Result<Option<Account>> {
        Ok(account.clone())
    }

    fn save(
        &mut self,
        account: &mut Option<Account>,
        new: Account,
        _: &Submission<'_>,
    ) -> Result<Response> {
        *account = Some(new);
        Ok(Response::redirect("/"))
    }

    fn page(
        &mut self,
        _: &mut Option<Account>,
        view: &FormView<Account>,
        _: &Request,
    ) -> Result<IoList> {
        Ok(view.render())
    }
}

type App = WithState<FormletHandler<Edit>, Option<Account>>;

const SECRET: &str = "hunter2";

fn account() -> Account {
    let login = |user: &str| Login { user: user.into(), password: SECRET.into() };
    Account { server: "a".into(), login: login("ada"), others: vec![login("bob")] }
}

fn open(app: &mut App) -> String {
    Request::get("/").send_to::<IsHandler>(app).into_text()
}

fn send(app: &mut App, page: &str, typed: &[(&str, &str)]) -> (u16, String) {
    let mut fields: Fields = browser::submit(page);
    for (name, value) in typed {
        fields.remove(name);
        fields.push(*name, *value);
    }
    let response = Request::post("/").form(fields.iter()).send_to::<IsHandler>(app);
    (response.status().as_u16(), response.into_text())
}

/// The digests in a page. They must not cover passwords, because a digest would allow checking
/// guesses.
fn base(page: &str) -> &str {
    page.split("name=\":base\" value=\"").nth(1).unwrap().split('"').next().unwrap()
}

#[test]
fn a_redisplay_asks_for_the_password_again() {
    let mut app = formlet(Edit).with_state(None);
    let page = open(&mut app);
    let typed =
        [("server", ""), ("login.user", "ada"), ("login.password", SECRET), ("others.0.user", "b")];
    let (status, again) = send(&mut app, &page, &typed);
    assert_eq!(status, 422);
    assert!(!again.contains(SECRET), "{again}");
    assert!(again.contains("value=\"ada\""), "the rest is kept: {again}");
    assert!(again.contains("id=\"f-login-password-error\">Enter this again.<"), "{again}");
    let right = [("server", "a"), ("login.password", SECRET), ("others.0.password", SECRET)];
    assert_eq!(send(&mut app, &again, &right).0, 303);
    assert_eq!(app.state().as_ref().unwrap().login.password, SECRET);
}

#[test]
fn a_blank_password_is_unchanged() {
    let mut app = formlet(Edit).with_state(Some(account()));
    let page = open(&mut app);
    assert!(!page.contains(SECRET), "{page}");
    let control = page.split("id=\"f-login-password\"").next().unwrap().rsplit('<').next().unwrap();
    assert!(!control.contains("required"), "browsers accept a blank password: {control}");
    let row = ("others.0.password", "new");
    assert_eq!(send(&mut app, &page, &[("server", "b"), row]).0, 303);
    let kept = app.state().as_ref().unwrap();
    assert_eq!((kept.server.as_str(), kept.login.password.as_str()), ("b", SECRET));
    assert_eq!(kept.others[0].password, "new", "within rows it has to be entered again");
}

#[test]
fn a_typed_password_is_not_lost_in_a_merge() {
    let mut app = formlet(Edit).with_state(Some(account()));
    let page = open(&mut app);
    app.state_mut().as_mut().unwrap().login.user = "grace".into();
    let (status, again) = send(&mut app, &page, &[("login.password", "new")]);
    assert_eq!(status, 409, "both have changed the login: {again}");
    assert_eq!(app.state().as_ref().unwrap().login.password, SECRET);
    // A blank password means no change, so the saved password stays.
    let row = ("others.0.password", SECRET);
    assert_eq!(send(&mut app, &page, &[("server", "b"), row]).0, 303);
    let kept = app.state().as_ref().unwrap();
    assert_eq!((kept.server.as_str(), kept.login.user.as_str()), ("b", "grace"));
}

#[test]
fn pages_do_not_depend_on_the_password() {
    let bases = [SECRET, "correct horse"].map(|secret| {
        let mut it = account();
        it.login.password = secret.into();
        it.others[0].password = secret.into();
        let page = open(&mut formlet(Edit).with_state(Some(it)));
        let base = base(&page).to_owned();
        // The page's number is random.
        base.split_once(';').map_or(String::new(), |(_, rest)| rest.to_owned())
    });
    assert_eq!(bases[0], bases[1]);
    assert!(!bases[0].is_empty());
}

#[test]
fn conflicts_and_row_changes_show_no_password() {
    let mut app = formlet(Edit).with_state(Some(account()));
    let page = open(&mut app);
    app.state_mut().as_mut().unwrap().server = "c".into();
    let typed = [("server", "b"), ("login.password", "typed secret")];
    let (status, again) = send(&mut app, &page, &typed);
    assert_eq!(status, 409);
    assert!(!again.contains("typed secret") && !again.contains(SECRET), "{again}");
    assert!(again.contains("Enter this again."), "{again}");
    let (status, added) = send(&mut app, &page, &[typed[1], (":row", "add others")]);
    assert_eq!(status, 200);
    assert!(!added.contains("typed secret") && !added.contains(SECRET), "{added}");
    assert!(added.contains("Enter this again."), "{added}");
}

#[test]
fn a_read_only_password_is_masked() {
    struct Pin {
        pin: String,
    }
    let form = form!(Pin { pin: password("Pin").read_only() });
    let html = form.show(&Pin { pin: SECRET.into() }).render().to_string();
    assert!(!html.contains(SECRET) && html.contains("••••••"), "{html}");
}

#[test]
#[should_panic(expected = "a password is never shown")]
fn an_initial_password_panics() {
    let _ = password("Pin").initial(SECRET.into());
}
