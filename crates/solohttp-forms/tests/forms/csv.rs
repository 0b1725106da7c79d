//! CSV files: reading with a form's rules, and writing what can be read again.

use std::cell::Cell;
use std::io::{self, Read};

use jiff::civil::{Date, date};
use proptest::prelude::*;
use solohttp_core::{
    ConstraintError, ConstraintKind, Failure, Handler as _, IoList, Locale, Numerals, Request,
    Response, Result, Upload,
};
use solohttp_forms::{
    Choices, Csv, CsvError, CsvRows, DecimalMark, Errors, FormView, FormWords, Formlet, RecordForm,
    Submission, ValidationError, checkbox, checkboxes, choices, field, file, fixed_point, form,
    formlet, group, hidden, lens, number, password, radio, range, rows, select, text,
};

use crate::round_trip::any_record;
use crate::values::{self, Everything};

choices! {
    enum Priority: i64 { High = 3: "Urgent, now", Normal = 2: "Normal", Low = 1: "Some day" }
}

#[derive(Debug, Clone, PartialEq)]
struct Task {
    title: String,
    priority: Priority,
    due: Option<Date>,
    cost: Option<i64>,
    hours: f64,
    done: bool,
    tags: Vec<String>,
}

fn task_form() -> RecordForm<Task> {
    form!(Task {
        title: text("Task").required().max_length(20),
        priority: radio("How urgent?", Priority::choices()).initial(Priority::Normal),
        due: solohttp_forms::date("Due").optional().initial(Some(date(2026, 3, 31))),
        cost: fixed_point("Cost", 2).min(0).optional(),
        hours: number("Hours").initial(1.0),
        done: checkbox("Done?").initial(true),
        tags: checkboxes("Tags", Choices::pairs([("r", "Red"), ("g", "Green"), ("b", "Blue")])),
    })
}

/// The line of each row with its sentences, or `fine`.
fn read_with<T: 'static>(csv: Csv<T>, file: &[u8]) -> Vec<(u64, String)> {
    let rows = csv.read(file).unwrap();
    let row = |row: Result<solohttp_forms::CsvRow<T>>| {
        let row = row.unwrap();
        let fine = |_| "fine".to_owned();
        (row.line, row.record.map_or_else(|errors| errors.to_string(), fine))
    };
    rows.map(row).collect()
}

/// Checks a file with the single column `title` and another one.
#[track_caller]
fn check_cell<V: PartialEq + std::fmt::Debug>(
    csv: Csv<Task>,
    column: &str,
    get: impl Fn(&Task) -> V,
    cases: &[(&str, std::result::Result<V, &str>)],
) {
    let quoted = |(cell, _): &(&str, _)| format!("T\t\"{}\"\n", cell.replace('"', "\"\""));
    let file: String = cases.iter().map(quoted).collect();
    let file = format!("title\t{column}\n{file}");
    let rows = csv.read(file.as_bytes()).unwrap();
    for (row, (cell, expect)) in rows.zip(cases) {
        let found = row.unwrap().record.map(|task| get(&task)).map_err(|error| error.to_string());
        match (&found, expect) {
            (Ok(found), Ok(expect)) => assert_eq!(found, expect, "{cell:?}"),
            (Err(found), Err(expect)) => assert_eq!(*found, format!("{column}: {expect}")),
            _ => panic!("{cell:?} is {found:?} instead of {expect:?}"),
        }
    }
}

#[test]
fn columns_are_named_by_field_or_label_in_any_order_and_case() {
    let file = "\u{feff} DONE? ;Due;how urgent?;TITLE\r\nyes;2026-04-01;low;Tea\r\n";
    let mut rows = task_form().read_csv(file.as_bytes()).unwrap();
    assert_eq!(rows.columns(), ["DONE?", "Due", "how urgent?", "TITLE"]);
    let task = rows.next().unwrap().unwrap().record.unwrap();
    let expect = Task {
        title: "Tea".to_owned(),
        priority: Priority::Low,
        due: Some(date(2026, 4, 1)),
        cost: None,
        hours: 1.0,
        done: true,
        tags: Vec::new(),
    };
    assert_eq!(task, expect);
    assert!(rows.next().is_none());
}

#[test]
fn wrong_columns_are_a_sentence() {
    let check = |head: &str, expect: &str| {
        let error = task_form().read_csv(head.as_bytes()).map(drop).unwrap_err();
        assert_eq!(error.to_string(), expect, "{head:?}");
    };
    let known = "The columns are title, priority, due, cost, hours, done, tags.";
    check("title,colour\n", &format!("Unknown column “colour”. {known}"));
    check("title,Task\n", "There are two columns “title”.");
    check("title,TITLE\n", "There are two columns “title”.");
    check("due\n", "The column “title” is missing.");
    check("", "The column “title” is missing.");
    check("\r\n\r\n", "The column “title” is missing.");
    check("title,\n", "Column 2 has no name.");
    let long = "é".repeat(61);
    check(&long, &format!("Unknown column “{}…”. {known}", "é".repeat(60)));
    let latin_1 = b"title,caf\xe9\n";
    let error = task_form().read_csv(latin_1.as_slice());
    let expect = "The file is not UTF-8. Save it as CSV UTF-8.";
    assert_eq!(error.map(drop).unwrap_err().to_string(), expect);
    let utf_16 = b"\xff\xfet\0i\0t\0l\0e\0\n\0";
    assert!(matches!(task_form().read_csv(utf_16.as_slice()), Err(CsvError::NotUtf8)));

    struct Two {
        a: String,
        b: String,
    }
    let two = || form!(Two { a: text("Same").required(), b: text("Same").required() });
    let error = two().read_csv("a,same\n".as_bytes()).map(drop).unwrap_err();
    assert_eq!(error.to_string(), "Unknown column “same”. The columns are a, b.", "ambiguous");
    let error = two().read_csv("\n".as_bytes()).map(drop).unwrap_err();
    assert_eq!(error.to_string(), "These columns are missing: a, b.");
}

#[test]
fn rows_have_lines_and_all_their_errors() {
    let file =
        b"Cost;title;due\r\n1;A;\r\n\r\nx;;1\r\n;\"B\r\nb\";\r\n;C\r\n;\xff;\r\n;;;;\r\n;\"D;\r\n";
    assert_eq!(
        read_with(task_form().csv(), file),
        [
            (2, "fine".to_owned()),
            (
                4,
                "Cost: Enter a number. title: Fill in this field. \
                 due: Enter a date such as 2025-03-31."
                    .to_owned()
            ),
            (5, "fine".to_owned()),
            (7, "The row has 2 cells, but there are 3 columns.".to_owned()),
            (8, "The file is not UTF-8. Save it as CSV UTF-8.".to_owned()),
            (9, "The row has 5 cells, but there are 3 columns.".to_owned()),
            (10, "A quotation mark in this row has no counterpart.".to_owned()),
        ]
    );
    let mut rows = task_form().read_csv(file.as_slice()).unwrap();
    let row = rows.nth(1).unwrap().unwrap();
    assert_eq!((row.line, row.position), (4, 24));
    assert_eq!(row.cells().collect::<Vec<_>>(), ["x", "", "1"]);
    let errors = row.record.unwrap_err();
    assert_eq!(errors.iter().len(), 3);
    assert_eq!(errors.iter().nth(1), Some(("title", "Fill in this field.")));
    let row = rows.nth(2).unwrap().unwrap();
    assert_eq!(row.cells().collect::<Vec<_>>(), ["", "\u{fffd}", ""]);
}

#[test]
fn numbers_are_read_as_the_file_writes_them_or_not_at_all() {
    let point = || task_form().csv().decimal_mark(DecimalMark::Point);
    let comma = || task_form().csv().decimal_mark(DecimalMark::Comma);
    let cost = |task: &Task| task.cost;
    check_cell(
        comma(),
        "cost",
        cost,
        &[
            ("1.234,50", Ok(Some(123_450))),
            ("1 234,50", Ok(Some(123_450))),
            (" 1\u{202F}234,5 ", Ok(Some(123_450))),
            ("1.500", Ok(Some(150_000))),
            ("0,25", Ok(Some(25))),
            ("", Ok(None)),
            (" ", Ok(None)),
            ("1.50", Err("“1.50” is not a number like 1.234,50.")),
            ("1,234.50", Err("“1,234.50” is not a number like 1.234,50.")),
            (" dear", Err("“dear” is not a number like 1.234,50.")),
        ],
    );
    check_cell(
        point(),
        "cost",
        cost,
        &[
            ("1,234.50", Ok(Some(123_450))),
            ("1'234.50", Ok(Some(123_450))),
            ("'80", Err("“'80” is not a number like 1,234.50.")),
            ("80", Ok(Some(8_000))),
            ("1.234,50", Err("“1.234,50” is not a number like 1,234.50.")),
            ("1,50", Err("“1,50” is not a number like 1,234.50.")),
            ("1.500", Err("Enter at most 2 decimal places.")),
            ("-1", Err("Enter 0.00 or more.")),
            ("'-1", Err("Enter 0.00 or more.")),
        ],
    );
    check_cell(
        task_form().csv(),
        "cost",
        cost,
        &[("1.5", Ok(Some(150))), ("1,5", Err("Use a decimal point, not a comma."))],
    );
    check_cell(comma(), "hours", |task| task.hours, &[("2,5", Ok(2.5)), ("", Ok(1.0))]);
    // They pass through the numerals of the application.
    Locale::new().with(Numerals::new(',').group('.')).install();
    check_cell(point(), "cost", cost, &[("1,234.50", Ok(Some(123_450)))]);
    check_cell(task_form().csv(), "hours", |task| task.hours, &[("1.234,5", Ok(1234.5))]);
    assert_eq!(DecimalMark::of_application(), DecimalMark::Comma);
}

#[test]
fn choices_and_boxes_take_what_people_write() {
    let csv = || task_form().csv();
    let unknown = "Enter one of Urgent, now, Normal, Some day, not “urgent”.";
    check_cell(
        csv(),
        "priority",
        |task| task.priority,
        &[
            ("High", Ok(Priority::High)),
            (" HIGH ", Ok(Priority::High)),
            ("urgent, NOW", Ok(Priority::High)),
            ("3", Ok(Priority::High)),
            ("some day", Ok(Priority::Low)),
            ("", Ok(Priority::Normal)),
            (" ", Ok(Priority::Normal)),
            (" urgent", Err(unknown)),
        ],
    );
    let wrong = "Enter yes or no, not “maybe”.";
    let boxes = [
        ("yes", Ok(true)),
        ("TRUE", Ok(true)),
        ("1", Ok(true)),
        (" X", Ok(true)),
        ("on", Ok(true)),
        ("No", Ok(false)),
        ("false", Ok(false)),
        ("0", Ok(false)),
        ("", Ok(false)),
        ("Maybe", Err(wrong)),
    ];
    check_cell(csv(), "done", |task| task.done, &boxes);
    let tags = |tags: &[&str]| Ok(tags.iter().map(|tag| (*tag).to_owned()).collect());
    check_cell(
        csv(),
        "tags",
        |task| task.tags.clone(),
        &[
            ("", tags(&[])),
            ("red", tags(&["r"])),
            ("Red, B", tags(&["r", "b"])),
            ("g; r;", tags(&["g", "r"])),
            ("red, black", Err("Enter one of Red, Green, Blue, not “black”.")),
        ],
    );
    // An optional field may be blank, although it has an initial value.
    check_cell(csv(), "due", |task| task.due, &[("", Ok(None))]);

    struct Many {
        number: i64,
    }
    let many = form!(Many {
        number: select("Number", Choices::numbered(1, (1..=99).map(|n| format!("N{n}"))))
    });
    let found = read_with(many.csv(), b"number\nN100\n");
    let expect = "number: Enter one of N1, N2, N3, N4, N5, N6, N7, N8, N9, N10, …, not “N100”.";
    assert_eq!(found[0].1, expect);
}

#[test]
fn an_exact_key_comes_first() {
    struct Swap {
        side: String,
    }
    let sides = Choices::pairs([("left", "RIGHT"), ("right", "LEFT"), ("LEFT", "x, y")]);
    let form = form!(Swap { side: select("Side", sides) });
    let side = |text: &str| {
        let file = format!("side\n\"{text}\"\n");
        let mut rows = form.read_csv(file.as_bytes()).unwrap();
        rows.next().unwrap().unwrap().record.unwrap().side
    };
    for (text, expect) in [
        ("left", "left"),
        ("LEFT", "LEFT"),
        ("right", "right"),
        ("Right", "right"),
        ("RIGHT", "left"),
        ("Left", "left"),
        ("x, y", "LEFT"),
    ] {
        assert_eq!(side(text), expect, "{text}");
    }
    for key in ["left", "right", "LEFT"] {
        let mut file = form.csv().head();
        form.csv().push_line(&Swap { side: key.to_owned() }, &mut file);
        let mut rows = form.read_csv(file.as_slice()).unwrap();
        assert_eq!(rows.next().unwrap().unwrap().record.unwrap().side, key);
    }
}

#[test]
fn the_words_for_boxes_and_all_sentences_can_be_replaced() {
    let mut words = FormWords::default();
    words.csv_yes = "ja, wahr".into();
    words.csv_no = "nein, falsch".into();
    words.not_yes_or_no = "„{text}“ ist weder {yes} noch {no}.".into();
    words.csv_unknown_column = "Spalte {column}?".into();
    words.csv_cell = "{column} – {error}".into();
    Locale::new().with(words).install();
    let csv = || task_form().csv();
    let file = "title,done\nA,Ja\nB,WAHR\nC,falsch\nD,1\nE,yes\n";
    let read = read_with(csv(), file.as_bytes());
    assert!(read[..4].iter().all(|(_, text)| text == "fine"), "{read:?}");
    assert_eq!(read[4].1, "done – „yes“ ist weder ja noch nein.");
    let error = csv().read("Farbe".as_bytes()).map(drop).unwrap_err();
    assert_eq!(error.to_string(), "Spalte Farbe?");
    let mut line = Vec::new();
    csv().push_line(&task(), &mut line);
    assert!(String::from_utf8(line).unwrap().contains(",nein,"));
}

fn task() -> Task {
    Task {
        title: "Tea; \"x\"".to_owned(),
        priority: Priority::High,
        due: None,
        cost: Some(5),
        hours: -1.5,
        done: false,
        tags: vec!["r".to_owned(), "b".to_owned()],
    }
}

#[test]
fn records_are_written_as_the_form_shows_them() {
    let csv = task_form().csv().except(field!(Task.due));
    let written = |csv: &Csv<Task>, task: &Task| {
        let mut file = csv.head();
        csv.push_line(task, &mut file);
        String::from_utf8(file).unwrap()
    };
    let head = "\u{feff}title,priority,cost,hours,done,tags\r\n";
    let line = "\"Tea; \"\"x\"\"\",High,0.05,-1.5,no,\"Red, Blue\"\r\n";
    assert_eq!(written(&csv, &task()), format!("{head}{line}"));
    let formula = Task { title: "=1+1".to_owned(), priority: Priority::Low, ..task() };
    assert!(written(&csv, &formula).contains("\r\n'=1+1,Some day,"));
    assert_eq!(csv.columns().collect::<Vec<_>>().join(), "title,priority,cost,hours,done,tags");
    Locale::new().with(Numerals::new(',').group('.')).install();
    let csv = task_form().csv().except(field!(Task.due));
    let line = "\"Tea; \"\"x\"\"\";High;\"0,05\";\"-1,5\";no;\"Red, Blue\"\r\n";
    assert_eq!(written(&csv, &task()), format!("{}{line}", head.replace(',', ";")));
    let mut line = Vec::new();
    csv.push_line_with(&task(), &[("title", "Other")], &mut line);
    assert!(line.starts_with(b"Other;High;"));
}

trait Join {
    fn join(self) -> String;
}

impl Join for Vec<&str> {
    fn join(self) -> String {
        self.as_slice().join(",")
    }
}

#[test]
#[should_panic(expected = "the field `photo` isn't a column of a CSV file")]
fn a_file_is_no_column() {
    struct Person {
        photo: Option<Upload>,
    }
    let form = form!(Person { photo: file("Photo") });
    assert_eq!(form.csv().columns().len(), 0);
    drop(form.csv().except(field!(Person.photo)));
}

#[derive(Debug, PartialEq)]
struct Place {
    street: String,
}

#[derive(Debug)]
struct Mixed {
    name: String,
    secret: String,
    version: i64,
    fixed: String,
    home: Place,
    stops: Vec<Place>,
}

fn mixed_form() -> RecordForm<Mixed> {
    let place = || form!(Place { street: text("Street").required() });
    form!(Mixed {
        name: text("Name"),
        secret: password("Secret"),
        version: hidden(lens::NumberLens::default()).initial(7),
        fixed: text("Fixed").initial("F".to_owned()).read_only(),
        home: group("Home", place()),
        stops: rows("Stops", place()).extra(1),
    })
}

#[test]
fn only_what_users_can_edit_is_a_column_also_within_groups() {
    let csv = mixed_form().csv();
    assert_eq!(csv.columns().collect::<Vec<_>>(), ["name", "home.street"]);
    for head in ["name,Home.Street", "name,street"] {
        let file = format!("{head}\nA,Main St.\n");
        let mut rows = mixed_form().read_csv(file.as_bytes()).unwrap();
        let one = rows.next().unwrap().unwrap().record.unwrap();
        assert_eq!((one.name.as_str(), one.secret.as_str(), one.version), ("A", "", 7));
        assert_eq!((one.fixed.as_str(), one.home.street.as_str()), ("F", "Main St."));
        assert_eq!(one.stops, []);
        let mut line = Vec::new();
        csv.push_line(&Mixed { secret: "pin".to_owned(), ..one }, &mut line);
        assert_eq!(line, b"A,Main St.\r\n", "a password is never written");
    }
    let missing = mixed_form().read_csv("name\n".as_bytes()).map(drop).unwrap_err();
    assert_eq!(missing.to_string(), "The column “home.street” is missing.");
    let wrong = read_with(mixed_form().csv(), b"name,STREET\nA,\n");
    assert_eq!(wrong[0].1, "STREET: Fill in this field.");
}

#[test]
fn the_program_resolves_columns_and_checks_records() {
    let by_name = |name: &str| match name {
        "nobody" => Err(ValidationError::from("Nobody has this name.").into()),
        "crash" => Err(io::Error::other("disk full").into()),
        name => Ok(name.len() as f64),
    };
    let rows = |file: &'static str| {
        let rows = task_form().read_csv(file.as_bytes()).unwrap();
        rows.resolve(field!(Task.hours), by_name).check(|task, errors: &mut Errors<Task>| {
            if task.hours > 3.0 {
                errors.on(field!(Task.hours), "Too long.");
                errors.on(field!(Task.cost), "Too dear.");
                errors.on_form("Really.");
            }
            Ok(())
        })
    };
    let show = |row: Result<solohttp_forms::CsvRow<Task>>| match row {
        Ok(row) => row.record.map_or_else(|errors| errors.to_string(), |one| one.hours.to_string()),
        Err(failure) => format!("failed: {failure}"),
    };
    let all = |file| rows(file).map(show).collect::<Vec<_>>();
    assert_eq!(
        all("title,Hours\nA, ab \nB,nobody\n,nobody\nC,\nD,abcd\nE,'=x\nF,crash\nG,a\n"),
        [
            "2",
            "Hours: Nobody has this name.",
            "title: Fill in this field. Hours: Nobody has this name.",
            "0",
            "Hours: Too long. cost: Too dear. Really.",
            "2",
            "failed: disk full",
        ]
    );
    assert_eq!(all("title\nA\n"), ["0"], "the file needn't have the column");
}

fn constraint(kind: ConstraintKind, column: &str) -> Failure {
    ConstraintError::new(kind, "").on("task", vec![column.to_owned()]).into()
}

/// Saves a task, unless the title says what goes wrong.
fn save(task: &Task) -> Result<()> {
    match task.title.as_str() {
        "taken" => Err(constraint(ConstraintKind::Unique, "title")),
        "wrong" => {
            let mut errors = Errors::<Task>::new();
            errors.on(field!(Task.cost), "Too dear.");
            Err(errors.into())
        }
        "odd" => Err(ValidationError::from("Odd.").into()),
        "crash" => Err(io::Error::other("disk full").into()),
        _ => Ok(()),
    }
}

fn tasks(file: &str) -> CsvRows<'static, Task, &[u8]> {
    task_form().read_csv(file.as_bytes()).unwrap()
}

#[test]
fn all_rows_are_saved_or_the_errors_are_listed() {
    assert_eq!(tasks("title\nA\nB\n").save_all(|task| save(&task)).unwrap(), 2);
    let failure = tasks("title\nA\ntaken\nwrong\n\"\"\nodd\n").save_all(|task| save(&task));
    let expect = "Line 3: title: This is already taken.\nLine 4: cost: Too dear.\n\
        Line 5: title: Fill in this field.\nLine 6: Odd.";
    assert_eq!(failure.unwrap_err().to_string(), expect);
    let failure = tasks("title\nA\ncrash\n").save_all(|task| save(&task)).unwrap_err();
    assert_eq!(failure.to_string(), "disk full");
    let many = format!("title\n{}", "odd\n".repeat(123));
    let failure = tasks(&many).save_all(|task| save(&task)).unwrap_err().to_string();
    assert_eq!(failure.lines().count(), 21);
    assert!(failure.ends_with("Line 21: Odd.\nAnd 103 more invalid rows."), "{failure}");
}

#[test]
fn valid_rows_are_saved_and_the_others_counted() {
    let file = format!("title,cost\nA,1\n{}{}", "odd,\n".repeat(102), "B,\n".repeat(11));
    let saved = Cell::new(0);
    let positions = Cell::new((0, 0));
    let rows = tasks(&file).on_row(|position| {
        let (count, last) = positions.get();
        assert!(position > last);
        positions.set((count + 1, position));
        Ok(())
    });
    let summary = rows
        .save_valid(|task| {
            save(&task)?;
            saved.set(saved.get() + 1);
            Ok(())
        })
        .unwrap();
    assert_eq!((summary.valid, summary.invalid, summary.more_invalid()), (12, 102, 2));
    assert_eq!(saved.get(), 12);
    assert_eq!(positions.get().0, 114);
    assert_eq!((summary.valid_rows.len(), summary.invalid_rows.len()), (10, 100));
    assert_eq!(summary.columns, ["title", "cost"]);
    assert_eq!(
        (summary.valid_rows[0].line, &*summary.valid_rows[0].cells),
        (2, &["A".to_owned(), "1".to_owned()][..])
    );
    assert_eq!(summary.invalid_rows[1].line, 4);
    assert_eq!(summary.invalid_rows[1].error, "Odd.");
    let stopped = tasks(&file).on_row(|_| Err(io::Error::other("cancelled").into()));
    assert_eq!(stopped.save_valid(|_| Ok(())).unwrap_err().to_string(), "cancelled");
}

/// Fails after some bytes.
struct Broken<'a>(&'a [u8]);

impl Read for Broken<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self.0.read(out)? {
            0 => Err(io::Error::other("disk full")),
            count => Ok(count),
        }
    }
}

#[test]
fn a_file_that_cannot_be_read_ends_the_rows() {
    let error = task_form().read_csv(Broken(b"title")).map(drop).unwrap_err();
    assert!(matches!(error, CsvError::Io(_)), "{error:?}");
    let mut rows = task_form().read_csv(Broken(b"title\nA\nB")).unwrap();
    assert!(rows.next().unwrap().unwrap().record.is_ok());
    assert_eq!(rows.next().unwrap().unwrap_err().to_string(), "disk full");
    assert!(rows.next().is_none());
}

struct Import {
    note: String,
    file: Upload,
}

struct ImportPage;

impl Formlet<Vec<Task>> for ImportPage {
    type Record = Import;

    fn form(&mut self, _: &mut Vec<Task>) -> Result<RecordForm<Import>> {
        Ok(form!(Import { note: text("Note"), file: file("File") }))
    }

    fn save(
        &mut self,
        tasks: &mut Vec<Task>,
        import: Import,
        _: &Submission<'_>,
    ) -> Result<Response> {
        let mut new = Vec::new();
        let rows = task_form().read_csv(import.file.reader())?;
        rows.save_all(|task| {
            save(&task)?;
            new.push(task);
            Ok(())
        })?;
        tasks.append(&mut new);
        Ok(Response::redirect(import.note))
    }

    fn page(&mut self, _: &mut Vec<Task>, view: &FormView<Import>, _: &Request) -> Result<IoList> {
        Ok(view.render())
    }
}

#[test]
fn a_formlet_shows_the_errors_at_the_file() {
    let mut app = formlet(ImportPage).with_state(Vec::new());
    let mut send = |file: &str| {
        let request = Request::post("/").form([("note", "/tasks")]);
        request.upload("file", "a.csv", "text/csv", file).send_to(&mut app)
    };
    for (file, errors) in [
        ("due\n", vec!["The column “title” is missing."]),
        (
            "title\n\"\"\ntaken\n",
            vec!["Line 2: title: Fill in this field.", "Line 3: title: This is already taken."],
        ),
    ] {
        let page = send(file);
        assert_eq!(page.status(), 422);
        let page = page.into_text();
        for error in errors {
            assert!(page.contains(&format!("<a href=\"#f-file\">File: {error}</a>")), "{page}");
        }
        assert!(page.contains("value=\"/tasks\""), "{page}");
    }
    assert_eq!(send("title\ncrash\n").status(), 500);
    assert_eq!(send("title\nA\nB\n").status(), 303);
    assert_eq!(app.state().len(), 2);
}

/// Sets what isn't a column to what a new form has.
fn columns_of(record: Everything) -> Everything {
    let (password, hidden, shown) = Default::default();
    Everything { password, hidden, shown, stops: Vec::new(), ..record }
}

#[track_caller]
fn check_round_trip(records: &[Everything], decimal: Option<DecimalMark>) {
    let csv = values::form().csv();
    let mut file = csv.head();
    records.iter().for_each(|record| csv.push_line(record, &mut file));
    let csv = decimal.into_iter().fold(csv, Csv::decimal_mark);
    let rows = csv.read(file.as_slice()).unwrap();
    let found: Vec<_> = rows.map(|row| row.unwrap().record.unwrap()).collect();
    assert_eq!(found, records, "{}", String::from_utf8_lossy(&file));
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(records in proptest::collection::vec(any_record(), 0..4)) {
        let records: Vec<Everything> = records.into_iter().map(columns_of).collect();
        Locale::new().install();
        check_round_trip(&records, None);
        check_round_trip(&records, Some(DecimalMark::Point));
        Locale::new().with(Numerals::new(',').group('.')).install();
        check_round_trip(&records, None);
        check_round_trip(&records, Some(DecimalMark::Comma));
    }

    #[test]
    fn text_of_a_single_column_is_read_again(
        texts in proptest::collection::vec("['=+@\t \"\n;,a-]{0,4}", 0..6),
    ) {
        struct Note { text: String }
        let csv = form!(Note { text: text("Text").untrimmed() }).csv();
        let mut file = csv.head();
        texts.iter().for_each(|text| csv.push_line(&Note { text: text.clone() }, &mut file));
        let rows = csv.read(file.as_slice()).unwrap();
        let found: Vec<String> = rows.map(|row| row.unwrap().record.unwrap().text).collect();
        prop_assert_eq!(found, texts);
    }

    #[test]
    fn no_bytes_make_it_panic(
        mut file in proptest::collection::vec(prop_oneof![
            proptest::sample::select(b"\"\",;\t\r\n\n'=-0123.x\xef\xbb\xbf".to_vec()), any::<u8>(),
        ], 0..80),
        has_head in any::<bool>(),
        decimal in any::<bool>(),
    ) {
        if has_head {
            file.splice(0..0, *b"title,cost,done,tags,priority,hours,due\n");
        }
        let mark = if decimal { DecimalMark::Comma } else { DecimalMark::Point };
        if let Ok(rows) = task_form().csv().decimal_mark(mark).read(file.as_slice()) {
            let mut last = 1;
            for row in rows {
                let row = row.unwrap();
                prop_assert!(row.line > last && row.position < file.len() as u64);
                last = row.line;
                prop_assert!(row.record.is_err() || row.cells().len() == 7);
            }
        }
    }
}

#[test]
fn a_slider_has_plain_numbers_in_any_locale() {
    Locale::new().with(Numerals::new(',')).install();
    struct Volume {
        level: f64,
    }
    let csv = form!(Volume { level: range("Level") }).csv();
    let mut file = csv.head();
    csv.push_line(&Volume { level: 1.5 }, &mut file);
    assert!(file.ends_with(b"\"1,5\"\r\n"), "as other numbers of the file");
    let level = csv.read(file.as_slice()).unwrap().next().unwrap().unwrap().record.unwrap().level;
    assert!((level - 1.5).abs() < f64::EPSILON);
}
