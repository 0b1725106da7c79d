//! Every sentence that a form can show.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::time::Duration;

use jiff::civil::{Date, DateTime, Time};
use solohttp::forms::lens::{Color, YearMonth, YearWeek};
use solohttp::forms::{
    Choices, DecimalMark, FormPage, FormView, FormWords, Formlet, FormletHandler, RecordForm,
    RecordPages, Submission, checkbox, checkboxes, color, date, date_time, email, fields, file,
    fixed_point, form, formlet, month, number, password, radio, rows, select, stored_file, text,
    time, url, week,
};
use solohttp::{
    ConstraintError, ConstraintKind, Fields, FileInfo, Handler, IoList, IsHandler, Numerals,
    Rejection, Request, RequestBuilder, Response, Result, StatusCode, StoredFile, Upload,
    WithState,
};

use super::{Shown, install, install_with};

struct Everything {
    missing: String,
    short: String,
    long: String,
    email: String,
    url: String,
    whole: i64,
    comma: f64,
    number: f64,
    price: i64,
    small: i64,
    large: i64,
    step: i64,
    date: Date,
    time: Time,
    date_time: DateTime,
    month: YearMonth,
    week: YearWeek,
    color: Color,
    radio: Option<i64>,
    select: i64,
    few: BTreeSet<String>,
    many: BTreeSet<String>,
    lines: Vec<Line>,
    scan: Option<Upload>,
    photo: Option<Upload>,
    gone: Option<Upload>,
    photos: Vec<Upload>,
    image: Option<Upload>,
    images: Vec<Upload>,
    night: Time,
    quarter: Time,
    last: Time,
    secret: String,
}

struct Line {
    text: String,
}

struct Edit;

fn at(hour: i8) -> Time {
    Time::constant(hour, 0, 0, 0)
}

fn ab() -> Choices<String> {
    Choices::pairs([("a", "§A¶"), ("b", "§B¶")])
}

impl Formlet<()> for Edit {
    type Record = Everything;

    fn form(&mut self, (): &mut ()) -> Result<RecordForm<Everything>> {
        let line = form!(Line { text: text("§Text¶").required() });
        Ok(form!(Everything {
            missing: text("§l¶").required(),
            short: text("§l¶").min_length(3),
            long: text("§l¶").max_length(3),
            email: email("§l¶"),
            url: url("§l¶"),
            whole: number("§l¶"),
            comma: number("§l¶"),
            number: number("§l¶"),
            price: fixed_point("§l¶", 2),
            small: number("§l¶").min(5),
            large: number("§l¶").max(5),
            step: number("§l¶").min(0).step(5),
            date: date("§l¶"),
            time: time("§l¶"),
            date_time: date_time("§l¶"),
            month: month("§l¶"),
            week: week("§l¶"),
            color: color("§l¶"),
            radio: radio("§l¶", Choices::numbered(1, ["§one¶"])).optional(),
            select: select("§l¶", Choices::numbered(1, ["§one¶"])),
            few: checkboxes("§l¶", ab()).at_least(2),
            many: checkboxes("§l¶", ab()).at_most(1),
            lines: rows("§Lines¶", line).extra(2),
            scan: file("§l¶").accept("image/*"),
            photo: file("§l¶").max_bytes(1),
            gone: file("§l¶"),
            photos: file("§l¶").max_bytes(1),
            image: file("§l¶").images(),
            images: file("§l¶").images(),
            night: time("§l¶").range(at(22)..=at(6)),
            quarter: time("§l¶").range(at(0)..=at(23)).step(Duration::from_secs(900)),
            last: time("§l¶").range(at(0)..=at(23)).step(Duration::from_secs(18 * 3600)),
            secret: password("§l¶"),
        }))
    }

    fn save(&mut self, (): &mut (), _: Everything, _: &Submission<'_>) -> Result<Response> {
        Ok(Response::redirect("/"))
    }

    fn page(&mut self, (): &mut (), view: &FormView<Everything>, _: &Request) -> Result<IoList> {
        Ok(view.render())
    }
}

/// A form that adds a record.
struct Once;

impl Formlet<()> for Once {
    type Record = Line;

    fn form(&mut self, (): &mut ()) -> Result<RecordForm<Line>> {
        let form = form!(Line { text: text("§Text¶") });
        Ok(form.button("go", "§Go¶").side_button("aside", "§Drafts¶"))
    }

    fn save(&mut self, (): &mut (), _: Line, _: &Submission<'_>) -> Result<Response> {
        Ok(Response::html("§saved¶"))
    }

    fn page(&mut self, (): &mut (), view: &FormView<Line>, _: &Request) -> Result<IoList> {
        Ok(view.render())
    }
}

/// A form whose database rejects everything.
struct Rejected(ConstraintKind, &'static [&'static str]);

impl Formlet<()> for Rejected {
    type Record = Line;

    fn form(&mut self, (): &mut ()) -> Result<RecordForm<Line>> {
        Ok(form!(Line { text: text("§Text¶") }))
    }

    fn save(&mut self, (): &mut (), _: Line, _: &Submission<'_>) -> Result<Response> {
        let columns = self.1.iter().map(|&column| column.to_owned()).collect();
        Err(ConstraintError::new(self.0, "").on("line", columns).into())
    }

    fn page(&mut self, (): &mut (), view: &FormView<Line>, _: &Request) -> Result<IoList> {
        Ok(view.render())
    }
}

fn rejected_by_the_database(shown: &mut Shown) {
    for (kind, columns) in [
        (ConstraintKind::Unique, &["text"][..]),
        (ConstraintKind::Unique, &["text", "day"]),
        (ConstraintKind::Check, &["text"]),
        (ConstraintKind::Check, &[]),
        (ConstraintKind::Referenced, &[]),
    ] {
        let mut rejected = formlet(Rejected(kind, columns)).with_state(());
        let page = send(&mut rejected, Request::post("/").form([("text", "§a¶")]));
        shown.page(&format!("{kind:?} {columns:?}"), &page);
    }
}

/// A record that other users can change. `kept` is `None` once the record is deleted.
struct Shared {
    kept: Rc<RefCell<Option<String>>>,
    version: Rc<RefCell<&'static str>>,
}

impl Formlet<()> for Shared {
    type Record = Line;

    fn form(&mut self, (): &mut ()) -> Result<RecordForm<Line>> {
        Ok(form!(Line { text: text("§Text¶").version(*self.version.borrow()) }))
    }

    fn load(&mut self, (): &mut (), _: &Request) -> Result<Option<Line>> {
        Ok(self.kept.borrow().clone().map(|text| Line { text }))
    }

    fn can_save_as_new(&self) -> bool {
        true
    }

    fn save(&mut self, (): &mut (), line: Line, _: &Submission<'_>) -> Result<Response> {
        *self.kept.borrow_mut() = Some(line.text);
        Ok(Response::redirect("/"))
    }

    fn page(&mut self, (): &mut (), view: &FormView<Line>, _: &Request) -> Result<IoList> {
        Ok(view.render())
    }
}

struct Sheet {
    text: String,
    size: i64,
    select: i64,
    done: bool,
}

/// The file that a record has.
fn stored(shown: &mut Shown) {
    struct Card {
        photo: StoredFile,
    }
    let form = form!(Card { photo: stored_file("§l¶") });
    let (name, media_type) = ("§a.png¶".to_owned(), "image/png".to_owned());
    let photo = FileInfo { id: 7, name, media_type, len: 900 }.into();
    shown.page("a stored file", &form.show(&Card { photo }).render().to_string());
}

/// CSV files in which everything is wrong.
fn files(shown: &mut Shown) {
    let form = || {
        let sizes = Choices::new([(1, "§Small¶")]);
        form!(Sheet {
            text: text("§Text¶").required(),
            size: fixed_point("§Size¶", 1),
            select: select("§Select¶", sizes),
            done: checkbox("§Done¶"),
        })
    };
    let head = "text,size,select,done";
    for file in ["x\n", "text,\n", "text,text\n", "text\n", "\n"] {
        let error = form().read_csv(file.as_bytes()).map(drop).unwrap_err();
        shown.page(file, &error.to_string());
    }
    let missing = form().read_csv("text,size,done\n".as_bytes()).map(drop).unwrap_err();
    shown.page("a missing column", &missing.to_string());
    let long = "x".repeat(4 << 20);
    let wrong =
        format!("{head}\na\n,x,y,z\n{long}\n{}\"", "a,1,1,\n".repeat(20) + &"b\n".repeat(20));
    let rows = form().csv().decimal_mark(DecimalMark::Point).read(wrong.as_bytes()).unwrap();
    let error = rows.save_all(|_| Ok(())).unwrap_err();
    shown.page("wrong rows", &error.to_string());
    let wrong = [head.as_bytes(), b"\n\xff,1,1,\n\""].concat();
    let rows = form().read_csv(wrong.as_slice());
    let error = rows.unwrap().save_all(|_| Ok(())).unwrap_err();
    shown.page("wrong bytes", &error.to_string());
}

fn changed_meanwhile(shown: &mut Shown) {
    let kept = Rc::new(RefCell::new(Some("§1¶".to_owned())));
    let mut shared = formlet(Shared { kept: kept.clone(), version: Rc::default() }).with_state(());
    let page = send(&mut shared, Request::get("/"));
    let base = hidden(&page, ":base");
    let fields = Fields::from_iter([(":base", base), ("text", "§2¶")]);
    for (what, now) in
        [("changed", Some("§3¶")), ("emptied", Some("")), ("deleted meanwhile", None)]
    {
        *kept.borrow_mut() = now.map(str::to_owned);
        shown.page(what, &send(&mut shared, Request::post("/").form(fields.iter())));
    }
}

/// Shows the pages that add, edit and delete a record.
fn ready_made_pages(shown: &mut Shown) {
    let mut pages = RecordPages::new(
        |(): &mut (), _| Ok(form!(Line { text: text("§Text¶") })),
        |(), _| Ok(Line { text: "§1¶".to_owned() }),
        |(), _, _| Ok(1),
    )
    .delete(|(), _, _| Ok(()))
    .confirm_delete(|(), _, _| Ok(Some("§Sure?¶".into())))
    .with_state(());
    for request in [Request::get("/new"), Request::get("/1/edit"), Request::post("/1/delete")] {
        shown.page("a record", &request.send_to::<IsHandler>(&mut pages).into_text());
    }
}

struct Pair {
    first: String,
    second: String,
}

/// The two steps of a form.
fn steps(shown: &mut Shown) {
    let mut pages = FormPage::new(
        |(): &mut (), _| Ok(form!(Pair { first: text("§1¶"), second: text("§2¶") })),
        |(), _, _| Ok(Response::html("§¶")),
    )
    .title("§Pair¶")
    .step("§First¶", fields!(Pair { first }))
    .step("§Second¶", fields!(Pair { second }))
    .with_state(());
    let next = Request::post("/").form([(":button", ":next"), (":step", "0"), ("first", "")]);
    for request in [Request::get("/"), next] {
        shown.page("a step", &request.send_to::<IsHandler>(&mut pages).into_text());
    }
}

struct Scan {
    file: Option<Upload>,
}

/// A record whose stored file is deleted with it, while it is being edited.
fn deleted_file(shown: &mut Shown) {
    let mut pages = RecordPages::new(
        |is_there: &mut bool, _| {
            let version = if *is_there { "1" } else { "" };
            Ok(form!(Scan { file: file("§File¶").version(version.to_owned()) }))
        },
        |is_there, _| match is_there {
            true => Ok(Scan { file: None }),
            false => Err(Rejection::from(StatusCode::NOT_FOUND).into()),
        },
        |_, _, _| Ok(1),
    )
    .with_state(true);
    let page = Request::get("/1/edit").send_to::<IsHandler>(&mut pages).into_text();
    *pages.state_mut() = false;
    let sent = Request::post("/1/edit").form([(":base", hidden(&page, ":base"))]);
    shown.page("a deleted file", &sent.send_to::<IsHandler>(&mut pages).into_text());
}

/// Saves a record, goes back to the form and submits the original value again. Then submits once
/// more after another user has changed a file.
fn saved_before(shown: &mut Shown) {
    for (what, text) in [("saved here", "§2¶"), ("emptied here", "")] {
        let kept = Rc::new(RefCell::new(Some("§1¶".to_owned())));
        let version = Rc::new(RefCell::new("1"));
        let mut shared = formlet(Shared { kept, version: version.clone() }).with_state(());
        let page = send(&mut shared, Request::get("/"));
        let base = hidden(&page, ":base").to_owned();
        let post =
            |text: &'static str| Request::post("/").form([(":base", &*base), ("text", text)]);
        let sent = send(&mut shared, post(text));
        assert_eq!(sent, "", "a redirect");
        shown.page(what, &send(&mut shared, post("§1¶")));
        *version.borrow_mut() = "2";
        shown.page("another file", &send(&mut shared, post("§3¶")));
    }
}

/// The value of a hidden field.
fn hidden<'a>(page: &'a str, name: &str) -> &'a str {
    let (_, value) = page.split_once(&format!("name=\"{name}\" value=\"")).unwrap();
    value.split('"').next().unwrap()
}

/// Invalid input for each field.
const WRONG: [(&str, &str); 29] = [
    ("missing", ""),
    ("short", "a"),
    ("long", "abcd"),
    ("email", "a"),
    ("url", "a"),
    ("whole", "1.5"),
    ("comma", "1,5"),
    ("number", "many"),
    ("price", "1.005"),
    ("small", "4"),
    ("large", "6"),
    ("step", "3"),
    ("date", "1"),
    ("time", "1"),
    ("date_time", "1"),
    ("month", "1"),
    ("week", "1"),
    ("color", "1"),
    ("radio", "9"),
    ("select", "9"),
    ("few", "a"),
    ("many", "a"),
    ("many", "b"),
    ("lines:row", "0"),
    ("lines:row", "1"),
    ("night", "12:00"),
    ("quarter", "12:01"),
    ("last", "20:00"),
    ("secret", "typed"),
];

fn wrong() -> RequestBuilder {
    let rows = [("lines.0.text", "\0"), ("lines.1.text", "b"), ("gone:kept", "§no¶")];
    let typed = WRONG.into_iter().chain(rows);
    Request::post("/")
        .form(typed)
        .upload("scan", "§a.txt¶", "text/plain", "a")
        .upload("photo", "§a.png¶", "image/png", "ab")
        .upload("photos", "§b.png¶", "image/png", "ab")
        .upload("image", "§c.png¶", "image/png", "c")
        .upload("images", "§d.png¶", "image/png", "d")
        .upload("gone", "", "application/octet-stream", "")
}

fn send(
    app: &mut WithState<FormletHandler<impl Formlet<()>>, ()>,
    request: RequestBuilder,
) -> String {
    request.send_to::<IsHandler>(app).into_text()
}

#[test]
fn all_sentences_of_forms_can_be_replaced() {
    install();
    let mut shown = Shown::default();
    let pressed =
        |name: &'static str, value: &'static str| Request::post("/").form([(name, value)]);
    let mut edit = formlet(Edit).with_state(());
    shown.page("blank", &send(&mut edit, Request::get("/")));
    shown.page("wrong", &send(&mut edit, wrong()));
    let problem = pressed("missing", "").header("accept", "application/json");
    let problem = send(&mut edit, problem);
    let (_, detail) = problem.split_once("\"detail\":\"").unwrap();
    shown.page("a problem", detail.split('"').next().unwrap());
    shown.page("a draft", &send(&mut edit, Request::get("/?resume=x")));
    let kept = Request::post("/").form([("missing", "")]).upload("gone", "§k¶", "a/b", "abc");
    shown.page("kept", &send(&mut edit, kept));
    let half = || "a".repeat(2_000);
    let both = Request::post("/").upload("scan", "§a¶", "image/png", half());
    let both = both.upload("gone", "§b¶", "a/b", half()).body_limit(3_000);
    shown.page("no room", &send(&mut edit, both));
    shown.page("no button", &send(&mut edit, pressed(":button", "x")));
    shown.page("no row", &send(&mut edit, pressed(":row", "up lines 7")));

    let mut once = formlet(Once).with_state(());
    let first = send(&mut once, Request::get("/"));
    shown.page("once", &first);
    let fields = Fields::from_iter([(":once", hidden(&first, ":once")), ("text", "a")]);
    let sent = || Request::post("/").form(fields.iter());
    shown.page("saved", &send(&mut once, sent()));
    shown.page("saved already", &send(&mut once, sent()));
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    shown.page("saved before", &send(&mut once, sent()));
    shown.page("no action", &send(&mut once, pressed(":button", "aside")));
    files(&mut shown);
    stored(&mut shown);
    changed_meanwhile(&mut shown);
    saved_before(&mut shown);
    rejected_by_the_database(&mut shown);
    ready_made_pages(&mut shown);
    steps(&mut shown);
    deleted_file(&mut shown);
    for (numerals, number) in [
        (Numerals::new(','), "1.5"),
        (Numerals::new(','), "1.500"),
        (Numerals::new(',').group('.'), "1.5"),
    ] {
        install_with(numerals);
        let typed = Request::post("/").form([("number", number)]);
        shown.page("other numerals", &send(&mut edit, typed));
    }
    shown.all_of("forms", FormWords::default().each_mut(), &[]);
}
