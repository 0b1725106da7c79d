//! A password must never appear in a page's source, not even after an error or when the database is
//! busy.

use solohttp::forms::{FormView, Formlet, RecordForm, Submission, form, formlet, password, text};
use solohttp::sqlite::rusqlite::Connection;
use solohttp::{Handler, IoList, Request, Response, Result, Router, SqliteGuard, iolist};
use solohttp_tests::browser::{Browser, Page};
use solohttp_tests::in_each_browser;
use solohttp_tests::served::serve;

const PASSWORD: &str = "correct-horse";

struct Account {
    name: String,
    secret: String,
}

struct AddAccount;

struct App {
    db: Connection,
}

impl Formlet<App> for AddAccount {
    type Record = Account;

    fn form(&mut self, _: &mut App) -> Result<RecordForm<Account>> {
        let form = form!(Account {
            name: text("Name").check(|name| name != "Grace", "Taken."),
            secret: password("Code")
        });
        Ok(form.without_browser_checks())
    }

    fn save(&mut self, app: &mut App, it: Account, _: &Submission<'_>) -> Result<Response> {
        let insert = "INSERT INTO account VALUES (?1, ?2)";
        app.db.execute(insert, (it.name, it.secret))?;
        Ok(Response::redirect("/saved"))
    }

    fn page(&mut self, _: &mut App, view: &FormView<Account>, _: &Request) -> Result<IoList> {
        Ok(iolist!["<!DOCTYPE html><title>Account</title>", view.render()])
    }
}

fn saved(app: &mut App) -> Result<String> {
    let sql = "SELECT '<title>Saved</title>' || group_concat(secret) FROM account";
    Ok(app.db.query_row(sql, [], |row| row.get(0))?)
}

/// Checks that the page shown after submitting doesn't contain the password.
#[track_caller]
fn is_not_in_the_page(page: &mut Page<'_>) {
    let html = page.eval("document.documentElement.outerHTML");
    let html = html.as_str().unwrap();
    assert!(!html.contains(PASSWORD), "{html}");
}

fn a_password_is_never_in_the_page(browser: &Browser) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accounts.sqlite");
    let other = Connection::open(&file).unwrap();
    other.execute_batch("CREATE TABLE account (name TEXT, secret TEXT)").unwrap();
    let server = serve(move || {
        let db = Connection::open(&file).unwrap();
        db.busy_timeout(std::time::Duration::ZERO).unwrap();
        let mut router: Router<App> = Router::new();
        router.mount("/new", formlet(AddAccount));
        router.get("/saved", saved);
        SqliteGuard::new(router, |app: &App| &app.db).with_state(App { db })
    });
    let mut page = browser.page();
    page.open(&format!("{}new", server.url));
    page.type_over("[name=name]", "Grace");
    page.type_over("[name=secret]", PASSWORD);
    page.navigate(|page| page.click(".buttons button"));
    is_not_in_the_page(&mut page);
    let told = page.eval("document.querySelector('#f-secret-error').textContent");
    assert_eq!(told, "Enter this again.");
    assert_eq!(page.eval("document.querySelector('[name=secret]').value"), "");

    // The page for a busy database can resubmit the form, but without the password.
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    page.type_over("[name=name]", "Ada");
    page.type_over("[name=secret]", PASSWORD);
    page.navigate(|page| page.click(".buttons button"));
    assert_eq!(page.eval("document.title"), "The database is in use");
    is_not_in_the_page(&mut page);
}

in_each_browser!(a_password_is_never_in_the_page);
