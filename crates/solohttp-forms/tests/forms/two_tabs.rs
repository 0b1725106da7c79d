//! Concurrent edits to one record in two tabs: merges and conflicts.

use proptest::prelude::*;
use solohttp_core::{
    Fields, Handler, IoList, IsHandler, Rejection, Request, Response, Result, StatusCode, Upload,
    WithState, iolist,
};
use solohttp_forms::{
    Choices, Draft, Drafts, FormView, Formlet, FormletHandler, RecordForm, Submission, checkbox,
    checkboxes, field, file, fixed_point, form, formlet, group, hidden, lens, number, password,
    radio, rows, text, textarea,
};

use crate::html::{Token, parse};
use crate::{accessible, browser};

mod back;
mod files;
mod stored_files;

#[derive(Debug, Clone, PartialEq, Default)]
struct Invoice {
    customer: String,
    notes: String,
    total: i64,
    days: u8,
    paid: bool,
    marks: Vec<u8>,
    kind: Option<u8>,
    secret: String,
    lines: Vec<Line>,
    scans: usize,
}

#[derive(Debug, Clone, PartialEq)]
struct Line {
    item: String,
    count: u32,
    sent: bool,
}

/// The record that the form edits. An `Invoice` holds only the number of files, because a form
/// never shows stored files.
struct Filled {
    customer: String,
    notes: String,
    total: i64,
    days: u8,
    paid: bool,
    marks: Vec<u8>,
    kind: Option<u8>,
    secret: String,
    lines: Vec<Line>,
    scans: Vec<Upload>,
}

fn invoice_form() -> RecordForm<Filled> {
    let line = form!(Line {
        item: text("Item").required(),
        count: number("Count"),
        sent: checkbox("Already sent"),
    });
    form!(Filled {
        customer: text("Customer").required(),
        notes: textarea("Notes"),
        total: fixed_point("Total", 2),
        days: number("Days"),
        paid: checkbox("Paid"),
        marks: checkboxes("Marks", Choices::new([(1, "Urgent"), (2, "Abroad"), (3, "Gift")])),
        kind: radio("Kind", Choices::new([(1, "Goods"), (2, "Work")])).optional(),
        secret: password("Code"),
        lines: rows("Lines", line),
        scans: file("Scans"),
    })
}

#[derive(Default)]
struct Book {
    invoices: Vec<Option<Invoice>>,
    /// The names of the buttons that were pressed, followed by ` as new` if they saved a new
    /// record.
    pressed: Vec<String>,
    drafts: Drafts<String>,
}

#[derive(Clone, Copy, Default)]
struct Edit {
    as_new: bool,
    last_wins: bool,
    /// The status of the rejection that reports a deleted record. If this is `None`, `load` returns
    /// `None` instead.
    gone: Option<u16>,
}

impl Formlet<Book> for Edit {
    type Record = Filled;

    fn form(&mut self, _: &mut Book) -> Result<RecordForm<Filled>> {
        let mut form = invoice_form()
            .button("save", "Save")
            .button("next", "Save and next")
            .side_button("pick", "Pick");
        if self.last_wins {
            form = form.last_wins();
        }
        Ok(form)
    }

    fn resume(&mut self, book: &mut Book, ticket: &str) -> Option<Draft<Filled>> {
        book.drafts.resume(ticket)
    }

    fn load(&mut self, book: &mut Book, request: &Request) -> Result<Option<Filled>> {
        let Some(Some(it)) = request.query().get("id").map(|_| book.invoices[0].clone()) else {
            let status = self.gone.and_then(|status| StatusCode::from_u16(status).ok());
            let gone = status.filter(|_| request.query().get("id").is_some());
            return gone.map_or(Ok(None), |gone| Err(Rejection::new(gone, "No invoice.").into()));
        };
        let Invoice { customer, notes, total, days, paid, marks, kind, secret, lines, .. } = it;
        let scans = Vec::new();
        let it = Filled { customer, notes, total, days, paid, marks, kind, secret, lines, scans };
        Ok(Some(it))
    }

    fn can_save_as_new(&self) -> bool {
        self.as_new
    }

    fn on_button(&mut self, book: &mut Book, _: &str, draft: Draft<Filled>) -> Result<Response> {
        let ticket = book.drafts.save(draft, field!(Filled.customer));
        Ok(Response::redirect(book.drafts.fill(&ticket, "Picked".to_owned()).unwrap()))
    }

    fn save(&mut self, book: &mut Book, it: Filled, sent: &Submission<'_>) -> Result<Response> {
        let new = if sent.is_new() { " as new" } else { "" };
        book.pressed.push(format!("{}{new}", sent.button()));
        let Filled { customer, notes, total, days, paid, marks, kind, secret, lines, scans } = it;
        let scans = scans.len();
        let it = Invoice { customer, notes, total, days, paid, marks, kind, secret, lines, scans };
        if sent.is_new() {
            book.invoices.push(Some(it));
        } else {
            book.invoices[0] = Some(it);
        }
        Ok(Response::redirect("/"))
    }

    fn page(&mut self, _: &mut Book, view: &FormView<Filled>, _: &Request) -> Result<IoList> {
        Ok(view.render())
    }
}

type App = WithState<FormletHandler<Edit>, Book>;

fn sample() -> Invoice {
    Invoice {
        customer: "Ada".into(),
        notes: "One\nTwo".into(),
        total: 150,
        days: 14,
        marks: vec![1, 3],
        secret: "hunter2".into(),
        lines: vec![Line { item: "Bolt".into(), count: 3, sent: true }],
        ..Invoice::default()
    }
}

fn app_of(edit: Edit) -> App {
    let invoices = vec![Some(sample())];
    formlet(edit).with_state(Book { invoices, ..Book::default() })
}

fn app() -> App {
    app_of(Edit::default())
}

fn kept(app: &App) -> Invoice {
    app.state().invoices[0].clone().unwrap()
}

fn change(app: &mut App, how: impl FnOnce(&mut Invoice)) {
    how(app.state_mut().invoices[0].as_mut().unwrap());
}

/// A tab: the current page, and the fields that the browser would send.
#[derive(Clone)]
struct Tab {
    status: u16,
    html: String,
    fields: Fields,
}

impl Tab {
    fn of(response: Response) -> Self {
        let status = response.status().as_u16();
        if status == 303 {
            return Self { status, html: String::new(), fields: Fields::new() };
        }
        let html = response.into_text();
        accessible::check(&html);
        let fields = browser::submit(&html);
        Self { status, html, fields }
    }

    fn open(app: &mut App) -> Self {
        Self::of(Request::get("/edit?id=0").send_to::<IsHandler>(app))
    }

    fn typed(mut self, name: &str, texts: &[&str]) -> Self {
        self.fields.remove(name);
        texts.iter().for_each(|text| self.fields.push(name, *text));
        self
    }

    fn post(&self, app: &mut App) -> Response {
        Request::post("/edit?id=0").form(self.fields.iter()).send_to::<IsHandler>(app)
    }

    fn save(&self, app: &mut App) -> Self {
        Self::of(self.post(app))
    }

    #[track_caller]
    fn saved(&self, app: &mut App) -> Invoice {
        let after = self.save(app);
        assert_eq!(after.status, 303, "{:?}", after.errors());
        kept(app)
    }

    fn errors(&self) -> Vec<String> {
        let tokens = parse(&self.html);
        let errors = tokens.windows(2).filter_map(|pair| match pair {
            [Token::Start(tag), Token::Text(text)] if tag.get("class") == Some("error") => {
                Some(text.clone())
            }
            _ => None,
        });
        errors.collect()
    }

    /// The choices between versions: the name, value and label of each radio button.
    fn choices(&self) -> Vec<(String, String, String)> {
        let tokens = parse(&self.html);
        let tags = tokens.iter().enumerate().filter_map(|(place, token)| match token {
            Token::Start(tag) if tag.get("name")?.starts_with(":take.") => {
                let label = tokens[place..].iter().filter_map(|token| match token {
                    Token::Text(text) if text != " " => Some(text.clone()),
                    _ => None,
                });
                let of = |name| tag.get(name).unwrap().to_owned();
                Some((of("name"), of("value"), label.take(1).collect()))
            }
            _ => None,
        });
        tags.collect()
    }

    /// Chooses a version by its button's label.
    #[track_caller]
    fn choose(self, name: &str, label: &str) -> Self {
        let choices = self.choices();
        let name = format!(":take.{name}");
        let found = choices.iter().find(|(known, _, words)| *known == name && words == label);
        let value = found.unwrap_or_else(|| panic!("{name}, {label}: {choices:?}")).1.clone();
        self.typed(&name, &[&value])
    }
}

#[test]
fn changes_to_different_fields_are_both_kept() {
    let mut app = app();
    let (one, two) = (Tab::open(&mut app), Tab::open(&mut app));
    one.typed("customer", &["Grace"]).saved(&mut app);
    let kept = two.typed("days", &["30"]).saved(&mut app);
    assert_eq!(kept, Invoice { customer: "Grace".into(), days: 30, ..sample() });
}

#[test]
fn changes_to_one_field_are_a_conflict() {
    let mut app = app();
    let (one, two) = (Tab::open(&mut app), Tab::open(&mut app));
    let first = one.typed("customer", &["Grace & <Co>"]).saved(&mut app);
    let again = two.typed("customer", &["Mary"]).typed("days", &["30"]).save(&mut app);
    assert_eq!(again.status, 409);
    assert_eq!(kept(&app), first, "nothing is saved");
    assert_eq!(
        again.errors(),
        ["This has changed since you opened the form. It is now “Grace & <Co>”."]
    );
    let fields = &again.fields;
    assert_eq!((fields.get("customer"), fields.get("days")), (Some("Mary"), Some("30")));
    let words: Vec<String> = again.choices().into_iter().map(|choice| choice.2).collect();
    assert_eq!(words, ["Keep what I entered", "Use “Grace & <Co>”"]);
    assert!(again.html.contains("Customer: which version should be saved?"), "{}", again.html);
}

#[test]
fn an_undecided_conflict_remains() {
    let mut app = app();
    let tab = Tab::open(&mut app).typed("customer", &["Mary"]);
    change(&mut app, |it| it.customer = "Grace".into());
    let again = tab.save(&mut app);
    assert_eq!(again.save(&mut app).status, 409);
    assert_eq!(kept(&app).customer, "Grace");
}

#[test]
fn each_decision_applies_to_its_field() {
    for (label, expect) in [("Keep what I entered", "Mary"), ("Use “Grace”", "Grace")] {
        let mut app = app();
        let tab = Tab::open(&mut app).typed("customer", &["Mary"]).typed("days", &["30"]);
        change(&mut app, |it| {
            it.customer = "Grace".into();
            it.total = 999;
        });
        let kept = tab.save(&mut app).choose("customer", label).saved(&mut app);
        let expect = Invoice { customer: expect.into(), days: 30, total: 999, ..sample() };
        assert_eq!(kept, expect, "{label}");
    }
}

#[test]
fn a_decision_is_valid_only_for_the_version_that_was_seen() {
    for label in ["Keep what I entered", "Use “Grace”"] {
        let mut app = app();
        let tab = Tab::open(&mut app).typed("customer", &["Mary"]);
        change(&mut app, |it| it.customer = "Grace".into());
        let again = tab.save(&mut app).choose("customer", label);
        change(&mut app, |it| it.customer = "Emmy".into());
        let third = again.save(&mut app);
        assert_eq!(third.status, 409, "{label}");
        assert_eq!(
            third.errors(),
            ["This has changed since you opened the form. It is now “Emmy”."]
        );
        let kept = third.choose("customer", "Use “Emmy”").saved(&mut app);
        assert_eq!(kept.customer, "Emmy");
    }
}

#[test]
fn a_decision_survives_errors_of_other_fields() {
    for (label, expect) in [("Keep what I entered", "Mary"), ("Use “Grace”", "Grace")] {
        let mut app = app();
        let tab = Tab::open(&mut app).typed("customer", &["Mary"]).typed("days", &["many"]);
        change(&mut app, |it| it.customer = "Grace".into());
        let again = tab.save(&mut app);
        let told =
            ["This has changed since you opened the form. It is now “Grace”.", "Enter a number."];
        assert_eq!(again.errors(), told, "all errors at once");
        let again = again.choose("customer", label).save(&mut app);
        assert_eq!((again.status, again.errors()), (422, vec!["Enter a number.".to_owned()]));
        assert_eq!(again.fields.get("customer"), Some(expect));
        assert_eq!(again.typed("days", &["30"]).saved(&mut app).customer, expect);
    }
}

#[test]
fn a_redisplay_keeps_its_base() {
    let mut app = app();
    let again = Tab::open(&mut app).typed("days", &["many"]).save(&mut app);
    assert_eq!(again.status, 422);
    change(&mut app, |it| it.customer = "Grace".into());
    let conflict = again.save(&mut app);
    assert_eq!(conflict.status, 422, "merged, and the number is still wrong");
    assert_eq!(conflict.fields.get("customer"), Some("Grace"));
    change(&mut app, |it| it.days = 7);
    let conflict = conflict.typed("days", &["30"]).save(&mut app);
    assert_eq!(conflict.status, 409);
    assert_eq!(conflict.errors(), ["This has changed since you opened the form. It is now “7”."]);
}

#[test]
fn equal_changes_do_not_conflict() {
    let mut app = app();
    let tab = Tab::open(&mut app).typed("customer", &["Grace"]).typed("paid", &["on"]);
    change(&mut app, |it| {
        it.customer = "Grace".into();
        it.paid = true;
    });
    let expect = Invoice { customer: "Grace".into(), paid: true, ..sample() };
    assert_eq!(tab.saved(&mut app), expect);
}

#[test]
fn another_spelling_of_the_same_value_is_not_a_change() {
    let mut app = app();
    change(&mut app, |it| {
        it.customer = " Ada ".into();
        it.marks = vec![3, 1];
    });
    let tab = Tab::open(&mut app);
    assert_eq!(tab.fields.get("notes"), Some("One\r\nTwo"), "as browsers send it");
    assert_eq!(tab.fields.get_all("marks").collect::<Vec<_>>(), ["1", "3"], "in page order");
    change(&mut app, |it| {
        it.customer = "Grace".into();
        it.notes = "Three".into();
        it.total = 200;
        it.days = 30;
        it.marks = vec![2];
    });
    let theirs = kept(&app);
    assert_eq!(tab.typed("total", &["1.5"]).typed("days", &["014"]).saved(&mut app), theirs);
}

#[test]
fn invalid_text_is_a_change() {
    let mut app = app();
    let tab = Tab::open(&mut app).typed("days", &["many"]);
    change(&mut app, |it| it.days = 30);
    let again = tab.save(&mut app);
    assert_eq!(again.status, 409);
    assert_eq!(
        again.errors(),
        ["This has changed since you opened the form. It is now “30”. Enter a number."]
    );
    assert_eq!(again.fields.get("days"), Some("many"));
}

#[test]
fn rows_are_merged_as_a_whole() {
    let mut app = app();
    let tab = Tab::open(&mut app).typed("customer", &["Grace"]);
    let nut = Line { item: "Nut".into(), count: 5, sent: false };
    change(&mut app, |it| it.lines.insert(0, nut.clone()));
    let merged = tab.saved(&mut app);
    assert_eq!((merged.customer.as_str(), merged.lines.len()), ("Grace", 2));
    assert_eq!(merged.lines[0], nut);

    for (label, expect) in [("Keep what I entered", 9), ("Use “Nut, 6; Bolt, 3, Already sent”", 6)]
    {
        change(&mut app, |it| it.lines[0].count = 5);
        let tab = Tab::open(&mut app).typed("lines.0.count", &["9"]);
        change(&mut app, |it| it.lines[0].count = 6);
        let again = tab.save(&mut app);
        assert_eq!(again.status, 409);
        let told = [
            "This has changed since you opened the form. It is now “Nut, 6; Bolt, 3, Already sent”.",
        ];
        assert_eq!(again.errors(), told);
        assert_eq!(again.fields.get("lines.0.count"), Some("9"));
        let saved = again.choose("lines", label).saved(&mut app);
        assert_eq!((saved.lines[0].count, saved.lines.len()), (expect, 2), "{label}");
    }
}

#[test]
fn adding_a_row_keeps_the_base() {
    let mut app = app();
    let mut tab = Tab::open(&mut app);
    tab.fields.remove(":button");
    tab.fields.push(":row", "add lines");
    let mut tab = tab.save(&mut app);
    tab.fields.remove(":row");
    change(&mut app, |it| it.customer = "Grace".into());
    let tab = tab.typed("lines.1.item", &["Nut"]).typed("lines.1.count", &["1"]);
    let kept = tab.saved(&mut app);
    assert_eq!((kept.customer.as_str(), kept.lines.len()), ("Grace", 2));
}

#[test]
fn conflicts_quote_the_labels_of_choices() {
    let mut app = app();
    let tab = Tab::open(&mut app).typed("marks", &["1"]).typed("kind", &["1"]);
    change(&mut app, |it| {
        it.marks = vec![2, 3];
        it.kind = Some(2);
    });
    let again = tab.save(&mut app);
    let told = [
        "This has changed since you opened the form. It is now “Abroad, Gift”.",
        "This has changed since you opened the form. It is now “Work”.",
    ];
    assert_eq!(again.errors(), told);
    let again = again.choose("marks", "Use “Abroad, Gift”").choose("kind", "Keep what I entered");
    let kept = again.saved(&mut app);
    assert_eq!((kept.marks, kept.kind), (vec![2, 3], Some(1)));
}

#[test]
fn conflicts_do_not_quote_passwords() {
    let mut app = app();
    let tab = Tab::open(&mut app).typed("secret", &["mine"]).typed("notes", &["mine"]);
    change(&mut app, |it| {
        it.secret = "correct horse".into();
        it.notes = String::new();
    });
    let again = tab.save(&mut app);
    let told =
        ["This has changed since you opened the form. It is now empty.", "Enter this again."];
    assert_eq!(again.errors(), told);
    assert!(!again.html.contains("correct horse"));
    // A blank password means no change. A typed one wins, because the user can't compare passwords.
    let left_blank = again.clone().choose("notes", "Leave it empty");
    let kept = left_blank.saved(&mut app);
    assert_eq!((kept.notes.as_str(), kept.secret.as_str()), ("", "correct horse"));
}

#[test]
fn conflicts_shorten_long_text() {
    let mut app = app();
    let tab = Tab::open(&mut app).typed("notes", &["mine"]);
    change(&mut app, |it| it.notes = format!("{}\n{}", "ä".repeat(50), "b".repeat(50)));
    let again = tab.save(&mut app);
    let told = format!(
        "This has changed since you opened the form. It is now “{} {}…”.",
        "ä".repeat(50),
        "b".repeat(29)
    );
    assert_eq!(again.errors(), [told]);
    let use_it = format!("Use “{} {}…”", "ä".repeat(50), "b".repeat(29));
    let kept = again.choose("notes", &use_it).saved(&mut app);
    assert_eq!(kept.notes.replace("\r\n", "\n").len(), 151, "used as a whole");
}

#[test]
fn an_upload_is_merged_with_other_changes() {
    let mut app = app();
    let tab = Tab::open(&mut app);
    change(&mut app, |it| it.customer = "Grace".into());
    let request = Request::post("/edit?id=0").form(tab.fields.iter());
    let request = request.upload("scans", "a.txt", "text/plain", "A");
    assert_eq!(request.send_to::<IsHandler>(&mut app).status(), 303);
    assert_eq!((kept(&app).customer.as_str(), kept(&app).scans), ("Grace", 1));

    let tab = Tab::open(&mut app).typed("customer", &["Mary"]);
    change(&mut app, |it| it.customer = "Emmy".into());
    let request = Request::post("/edit?id=0").form(tab.fields.iter());
    let request = request.upload("scans", "a.txt", "text/plain", "A");
    let again = Tab::of(request.send_to::<IsHandler>(&mut app));
    assert_eq!(again.status, 409);
    assert!(again.html.contains("Chosen: a.txt"), "{}", again.html);
    let kept = again.choose("customer", "Keep what I entered").saved(&mut app);
    assert_eq!((kept.customer.as_str(), kept.scans), ("Mary", 1));
}

#[test]
fn a_draft_keeps_its_base() {
    let mut app = app();
    let drafts = Tab::open(&mut app).typed(":button", &["pick"]).post(&mut app);
    let back = drafts.header("location").unwrap().to_owned();
    let tab = Tab::of(Request::get(&back).send_to::<IsHandler>(&mut app));
    assert_eq!(tab.fields.get("customer"), Some("Picked"));
    change(&mut app, |it| it.days = 30);
    let kept = tab.saved(&mut app);
    assert_eq!((kept.customer.as_str(), kept.days), ("Picked", 30));
}

#[test]
fn a_deleted_record_is_reported() {
    for gone in [None, Some(404), Some(410)] {
        let mut app = app_of(Edit { gone, ..Edit::default() });
        let tab = Tab::open(&mut app).typed("customer", &["Mary"]);
        app.state_mut().invoices[0] = None;
        let again = tab.save(&mut app);
        assert_eq!(again.status, 409, "{gone:?}");
        assert!(
            again.html.contains("This record has been deleted since you opened the form."),
            "{}",
            again.html
        );
        assert!(!again.html.contains("Save as new"), "the formlet does not allow it");
        assert_eq!(again.fields.get("customer"), Some("Mary"));
        assert_eq!(again.save(&mut app).status, 409);
        let forced = again.typed(":button", &[":new save"]).save(&mut app);
        assert_eq!(forced.status, 400);
        assert!(app.state().pressed.is_empty() && app.state().invoices == [None]);
    }
}

#[test]
fn a_failed_load_is_not_a_deletion() {
    let mut app = app_of(Edit { gone: Some(503), ..Edit::default() });
    let tab = Tab::open(&mut app);
    app.state_mut().invoices[0] = None;
    assert_eq!(tab.post(&mut app).status(), 503);
}

#[test]
fn a_deleted_record_is_saved_as_a_new_one_only_once() {
    for (button, expect) in [("save", "save as new"), ("next", "next as new")] {
        let mut app = app_of(Edit { as_new: true, gone: Some(404), ..Edit::default() });
        let tab = Tab::open(&mut app).typed("customer", &["Mary"]).typed("days", &["many"]);
        app.state_mut().invoices[0] = None;
        let again = tab.save(&mut app);
        assert_eq!(again.status, 409);
        assert!(again.html.contains(">Save as new</button>"), "{}", again.html);
        let value = format!(":new {button}");
        assert!(again.html.contains(&format!("value=\"{value}\"")), "{}", again.html);
        // After a validation error, the form still offers to save the input as a new record.
        let again = again.typed(":button", &[&value]).save(&mut app);
        assert_eq!(again.status, 422);
        let right = again.typed(":button", &[&value]).typed("days", &["30"]);
        assert_eq!(right.post(&mut app).status(), 303);
        assert_eq!(right.post(&mut app).status(), 303, "a double click");
        assert_eq!(app.state().pressed, [expect]);
        let invoices = &app.state().invoices;
        assert_eq!((invoices.len(), &invoices[0]), (2, &None));
        // The password was deleted with the record.
        let secret = String::new();
        let new = Invoice { customer: "Mary".into(), days: 30, secret, ..sample() };
        assert_eq!(invoices[1], Some(new));
    }
}

#[test]
fn last_wins_overwrites() {
    let mut app = app_of(Edit { last_wins: true, ..Edit::default() });
    let tab = Tab::open(&mut app).typed("days", &["30"]);
    assert!(!tab.fields.contains(":base"));
    change(&mut app, |it| it.customer = "Grace".into());
    let kept = tab.saved(&mut app);
    assert_eq!((kept.customer.as_str(), kept.days), ("Ada", 30));
}

#[test]
fn new_records_have_no_digests() {
    let mut app = app();
    let blank = Tab::of(Request::get("/new").send_to::<IsHandler>(&mut app));
    assert!(!blank.fields.contains(":base"), "{}", blank.fields);
    // The initial values of a new record don't count as changes by others.
    let mut app = app_of(Edit { last_wins: true, ..Edit::default() });
    let tab = Tab::open(&mut app);
    assert!(!tab.fields.contains(":base"), "{}", tab.fields);
    change(&mut app, |it| it.customer = "Grace".into());
    assert_eq!(tab.saved(&mut app).customer, "Ada");
}

#[test]
fn a_forged_base_is_harmless() {
    for base in ["", ";;==", "customer=zz", "customer=1;customer=2", "\u{0}\"<"] {
        let mut app = app();
        let tab = Tab::open(&mut app).typed(":base", &[base]);
        let status = tab.save(&mut app).status;
        assert!([303, 409].contains(&status), "{base:?}: {status}");
    }
}

/// Fields that usually can't be edited, and a group.
#[derive(Debug, Clone, PartialEq)]
struct Odd {
    version: String,
    state: String,
    place: Place,
    renamed: bool,
}

#[derive(Debug, Clone, PartialEq)]
struct Place {
    street: String,
    town: String,
}

struct EditOdd;

impl Formlet<Odd> for EditOdd {
    type Record = Odd;

    fn form(&mut self, _: &mut Odd) -> Result<RecordForm<Odd>> {
        let place = form!(Place { street: text("Street"), town: text("Town") });
        Ok(form!(Odd {
            version: hidden(lens::Text),
            state: text("State").read_only(),
            place: group("Place", place),
            renamed: checkbox("Renamed"),
        }))
    }

    fn load(&mut self, kept: &mut Odd, _: &Request) -> Result<Option<Odd>> {
        Ok(Some(kept.clone()))
    }

    fn save(&mut self, kept: &mut Odd, it: Odd, _: &Submission<'_>) -> Result<Response> {
        *kept = it;
        Ok(Response::redirect("/"))
    }

    // A custom layout, made of pieces.
    fn page(&mut self, _: &mut Odd, view: &FormView<Odd>, _: &Request) -> Result<IoList> {
        let fields = view.fields().iter();
        let fields = fields.map(|field| iolist![field.label(), field.error(), field.control()]);
        let fields: IoList = fields.collect();
        Ok(iolist![view.open(), fields, view.buttons(), view.close()])
    }
}

#[test]
fn hidden_fields_and_groups_have_choices_in_a_custom_layout() {
    let place = |street: &str, town: &str| Place { street: street.into(), town: town.into() };
    let odd = |version: &str, place| Odd {
        version: version.into(),
        state: "new".into(),
        place,
        renamed: false,
    };
    let mut app = formlet(EditOdd).with_state(odd("1", place("Elm", "Ulm")));
    let tab = Tab::of(Request::get("/").send_to::<IsHandler>(&mut app));
    *app.state_mut() = odd("2", place("Oak", "Ulm"));
    let tab = tab.typed("version", &["3"]).typed("place.town", &["Bonn"]);
    let request = Request::post("/").form(tab.fields.iter());
    let again = Tab::of(request.send_to::<IsHandler>(&mut app));
    assert_eq!(again.status, 409);
    assert_eq!(
        again.errors(),
        ["This has changed since you opened the form. It is now “Oak, Ulm”."]
    );
    let again = again.choose("version", "Use “2”").choose("place", "Keep what I entered");
    let request = Request::post("/").form(again.fields.iter());
    assert_eq!(request.send_to::<IsHandler>(&mut app).status(), 303);
    assert_eq!(app.state(), &odd("2", place("Elm", "Bonn")));
}

#[derive(Debug, Clone, PartialEq)]
struct Quad {
    a: String,
    b: String,
    c: String,
    d: String,
}

const QUAD: [&str; 4] = ["a", "b", "c", "d"];

struct EditQuad;

impl Formlet<[String; 4]> for EditQuad {
    type Record = Quad;

    fn form(&mut self, _: &mut [String; 4]) -> Result<RecordForm<Quad>> {
        Ok(form!(Quad { a: text("A"), b: text("B").max_length(3), c: textarea("C"), d: text("D") }))
    }

    fn load(&mut self, kept: &mut [String; 4], _: &Request) -> Result<Option<Quad>> {
        let [a, b, c, d] = kept.clone();
        Ok(Some(Quad { a, b, c, d }))
    }

    fn save(&mut self, kept: &mut [String; 4], it: Quad, _: &Submission<'_>) -> Result<Response> {
        *kept = [it.a, it.b, it.c, it.d];
        Ok(Response::redirect("/"))
    }

    fn page(&mut self, _: &mut [String; 4], view: &FormView<Quad>, _: &Request) -> Result<IoList> {
        Ok(view.render())
    }
}

/// Draws from a small number of strings, so that many are equal.
fn texts() -> impl Strategy<Value = [String; 4]> {
    prop::array::uniform4("[xy]{0,2}")
}

proptest! {
    #[test]
    fn what_is_saved_is_the_merge_of_three_or_a_conflict_where_both_changed(
        base in texts(),
        theirs in texts(),
        mine in texts(),
        taken in prop::array::uniform4(any::<bool>()),
    ) {
        let mut app = formlet(EditQuad).with_state(base.clone());
        let page = Request::get("/").send_to::<IsHandler>(&mut app).into_text();
        let mut fields = browser::submit(&page);
        for (name, text) in QUAD.iter().zip(&mine) {
            fields.remove(name);
            fields.push(*name, text);
        }
        app.state_mut().clone_from(&theirs);
        let response = Request::post("/").form(fields.iter()).send_to::<IsHandler>(&mut app);
        let is_both = |at: usize| {
            base[at] != theirs[at] && base[at] != mine[at] && mine[at] != theirs[at]
        };
        let merged = |at: usize| {
            let mine_counts = if is_both(at) { taken[at] } else { mine[at] != base[at] };
            if mine_counts { mine[at].clone() } else { theirs[at].clone() }
        };
        let conflicts: Vec<&str> =
            (0..4).filter(|at| is_both(*at)).map(|at| QUAD[at]).collect();
        if conflicts.is_empty() {
            prop_assert_eq!(response.status(), 303);
        } else {
            prop_assert_eq!(response.status(), 409);
            prop_assert_eq!(app.state(), &theirs);
            let tab = Tab::of(response);
            let choices = tab.choices();
            let asked: Vec<&str> =
                choices.iter().step_by(2).map(|(name, ..)| &name[":take.".len()..]).collect();
            prop_assert_eq!(&asked, &conflicts);
            let mut decided = tab.fields.clone();
            for (name, value, words) in choices {
                let at = QUAD.iter().position(|known| name.ends_with(known)).unwrap();
                if taken[at] == (words == "Keep what I entered") {
                    decided.push(name, value);
                }
            }
            let response = Request::post("/").form(decided.iter()).send_to::<IsHandler>(&mut app);
            prop_assert_eq!(response.status(), 303);
        }
        let expect: Vec<String> = (0..4).map(merged).collect();
        prop_assert_eq!(app.state().to_vec(), expect);
    }
}
