//! Constraints of a database, shown next to the fields that they involve.

use std::error::Error;
use std::fmt;

use solohttp_core::{
    ConstraintError, ConstraintKind, Failure, Handler as _, IoList, Request, Response, Result,
};
use solohttp_forms::{
    Choices, Errors, FormView, Formlet, RecordForm, Submission, field, form, formlet, group,
    hidden, lens, rows, select, text,
};

use crate::accessible;

struct Order {
    code: String,
    day: String,
    customer: i64,
    version: String,
    address: Address,
    lines: Vec<Line>,
}

struct Address {
    street: String,
}

struct Line {
    item: String,
    shelf: String,
    code: String,
}

struct AddOrder {
    fails: fn() -> Failure,
    has_words: bool,
}

impl Formlet<()> for AddOrder {
    type Record = Order;

    fn form(&mut self, (): &mut ()) -> Result<RecordForm<Order>> {
        let line = form!(Line { item: text("Item"), shelf: text("Shelf"), code: text("Code") });
        let address = form!(Address { street: text("Street") });
        Ok(form!(Order {
            code: text("Code"),
            day: text("Day"),
            customer: select("Customer", Choices::new([(7, "Ada")])),
            version: hidden(lens::Text),
            address: group("Address", address),
            lines: rows("Lines", line).extra(1),
        }))
    }

    fn save(&mut self, (): &mut (), order: Order, _: &Submission<'_>) -> Result<Response> {
        assert_eq!((order.code.as_str(), order.lines.len()), ("A", 3));
        assert_eq!((order.day + &order.version + &order.address.street).as_str(), "");
        assert_eq!(order.customer, 7);
        assert!(order.lines.iter().all(|line| (line.item.len(), line.shelf.len()) == (3, 1)));
        assert!(order.lines.iter().all(|line| line.code.len() < 2));
        Err((self.fails)())
    }

    fn map_error(&mut self, error: &(dyn Error + 'static), errors: &mut Errors<Order>) {
        if self.has_words && ConstraintError::find(error).is_some_and(|it| it.involves("code")) {
            errors.on(field!(Order.code), "Another order has this code.");
        }
    }

    fn page(&mut self, (): &mut (), view: &FormView<Order>, _: &Request) -> Result<IoList> {
        assert_eq!(accessible::faults(&view.render().to_string()), [""; 0]);
        let errors = view.errors().map(|(name, error)| format!("{name}: {error}\n"));
        Ok(errors.collect::<String>().into())
    }
}

/// Submits an order that isn't saved. Returns the status and the errors.
fn send(formlet_: AddOrder) -> (u16, String) {
    let mut app = formlet(formlet_).with_state(());
    let fields = [("code", "A"), ("day", ""), ("customer", "7"), ("version", "")];
    let mut sent: Vec<(String, String)> =
        fields.map(|(name, text)| (name.to_owned(), text.to_owned())).to_vec();
    sent.push(("address.street".into(), String::new()));
    for (row, item) in ["nut", "nut", "cog", ""].into_iter().enumerate() {
        sent.push(("lines:row".into(), row.to_string()));
        sent.push((format!("lines.{row}.item"), item.into()));
        let shelf = if item.is_empty() { String::new() } else { row.to_string() };
        sent.push((format!("lines.{row}.shelf"), shelf));
        sent.push((format!("lines.{row}.code"), String::new()));
    }
    let response = Request::post("/").form(sent).send_to(&mut app);
    (response.status().as_u16(), response.into_text())
}

#[track_caller]
fn check(fails: fn() -> Failure, expect: &str) {
    let (status, errors) = send(AddOrder { fails, has_words: false });
    assert_eq!((status, errors.as_str()), (422, expect));
}

fn failed(kind: ConstraintKind, fields: &[&str]) -> Failure {
    let fields = fields.iter().map(|&field| field.to_owned()).collect();
    ConstraintError::new(kind, "the database's words").on("order", fields).into()
}

#[test]
fn a_sentence_appears_next_to_the_field() {
    use ConstraintKind::{Check, ForeignKey, NotNull, Unique};
    check(|| failed(Unique, &["code"]), "code: This is already taken.\n");
    check(
        || failed(Unique, &["code", "day"]),
        "code: This combination already exists.\nday: This combination already exists.\n",
    );
    check(|| failed(NotNull, &["day"]), "day: Fill in this field.\n");
    check(|| failed(Check, &["day"]), "day: This value is not allowed.\n");
    check(|| failed(Check, &["day", "secret"]), "day: This combination is not allowed.\n");
    let gone = "customer: This choice is no longer available. Choose another one.\n";
    check(|| failed(ForeignKey, &["customer"]), gone);
    check(|| failed(Unique, &["street"]), "address.street: This is already taken.\n");
}

#[test]
fn a_sentence_appears_above_the_form_if_it_has_no_such_field() {
    use ConstraintKind::{Check, Referenced, Unique};
    check(|| failed(Unique, &["secret"]), ": This combination already exists.\n");
    check(|| failed(Unique, &["version"]), ": This combination already exists.\n");
    check(|| failed(Unique, &[]), ": This combination already exists.\n");
    check(|| failed(Check, &[]), ": This combination is not allowed.\n");
    check(|| failed(Referenced, &["customer"]), ": This is still in use.\n");
}

#[test]
fn a_missing_value_without_a_field_is_a_mistake_in_the_program() {
    let fails = || failed(ConstraintKind::NotNull, &["created"]);
    assert_eq!(send(AddOrder { fails, has_words: false }).0, 500);
    let fails = || "disk full".into();
    assert_eq!(send(AddOrder { fails, has_words: false }).0, 500);
}

/// An error of a database crate, with SQLite's message as its cause.
#[derive(Debug)]
struct Sqlite(&'static str);

impl fmt::Display for Sqlite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Error for Sqlite {}

#[derive(Debug)]
struct NotSaved(Sqlite);

impl fmt::Display for NotSaved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not saved")
    }
}

impl Error for NotSaved {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

#[test]
fn the_messages_of_sqlite_are_recognized() {
    let taken = "code: This is already taken.\n";
    check(|| Sqlite("UNIQUE constraint failed: order.code").into(), taken);
    check(|| NotSaved(Sqlite("UNIQUE constraint failed: order.code")).into(), taken);
    let missing = "day: Fill in this field.\n";
    check(|| Sqlite("NOT NULL constraint failed: order.day").into(), missing);
    let not_allowed = ": This combination is not allowed.\n";
    check(|| Sqlite("CHECK constraint failed: day > 0").into(), not_allowed);
}

#[test]
fn rows_show_their_own_errors() {
    use ConstraintKind::{Check, Unique};
    let in_row = || -> Failure {
        ConstraintError::new(Unique, "").on("line", vec!["shelf".into()]).in_row("lines", 2).into()
    };
    check(in_row, "lines.2.shelf: This is already taken.\n");
    // The second row repeats the first one's item.
    check(|| failed(Unique, &["item"]), "lines.1.item: This is already taken.\n");
    // No row repeats another one, so the row isn't known.
    check(|| failed(Unique, &["shelf"]), "lines: This is already taken.\n");
    check(|| failed(Check, &["shelf"]), "lines: This value is not allowed.\n");
    // The codes of all rows are blank, so this is the order's own code.
    check(|| failed(Unique, &["code"]), "code: This is already taken.\n");
}

#[test]
fn the_program_may_word_it() {
    let fails = || failed(ConstraintKind::Unique, &["code"]);
    let (status, errors) = send(AddOrder { fails, has_words: true });
    assert_eq!((status, errors.as_str()), (422, "code: Another order has this code.\n"));
}
