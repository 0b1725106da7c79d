//! What can be an item of `iolist!`, and what it becomes.

use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use solohttp_iolist::{IntoPieces, IoList, Static, all, display, iolist};

#[track_caller]
fn check(list: IoList, expected: &str) {
    assert_eq!(list, expected);
    assert_eq!(list.len(), expected.len());
}

struct Temperature(i32);

impl fmt::Display for Temperature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}°", self.0)
    }
}

struct App {
    name: String,
    visits: u64,
    age: u8,
}

#[test]
fn takes_literals_of_every_kind() {
    check(
        iolist!["text", b"bytes", 1, -2, 2.5, -0.5, 'x', true, 7u8, 1u128],
        "textbytes1-22.5-0.5xtrue71",
    );
    check(iolist![], "");
    check(iolist![r#"raw "text""#,], "raw \"text\"");
}

#[test]
fn takes_borrowed_items() {
    let app = App { name: "Ann".into(), visits: 3, age: 41 };
    let borrowed = &app;
    check(
        iolist![
            &app.name,
            app.visits,
            &app.visits,
            &&app.visits,
            borrowed.name.as_str(),
            borrowed.age,
            &app.age
        ],
        "Ann333Ann4141",
    );
    check(iolist![app.name, "!"], "Ann!");
}

#[test]
fn takes_nests_of_any_shape() {
    let rows = vec![("a", Some(1)), ("b", None)];
    check(iolist![&rows, rows.clone(), rows], "a1ba1ba1b");
    check(
        iolist![((("a", ()), [("b", vec![Some('c')])]), Box::new("d"), iolist!["e", iolist!["f"]])],
        "abcdef",
    );
    check(iolist![Rc::new(iolist!["x"]), &Rc::<str>::from("y"), Arc::<str>::from("z")], "xyz");
}

#[test]
fn takes_iterators() {
    let names = ["x", "y"];
    check(
        iolist!["<ul>", names.iter().map(|name| iolist!["<li>", *name]), "</ul>"],
        "<ul><li>x<li>y</ul>",
    );
    check(iolist![0..3, all(3..5), BTreeMap::from([("k", 1), ("l", 2)])], "01234k1l2");
    check((0..3).collect(), "012");
}

#[test]
fn takes_what_is_only_displayed() {
    let warm = Temperature(20);
    check(
        iolist![
            Temperature(3),
            &warm,
            display(&warm),
            Some(display(4u8)),
            format_args!("{:03}", 7)
        ],
        "3°20°20°4007",
    );
    check(iolist![Static("s"), concat!("a", "b"), String::from("c")], "sabc");
    check(iolist![std::net::Ipv4Addr::LOCALHOST, &1u8 as &dyn fmt::Display], "127.0.0.11");
}

fn framed<T: IntoPieces>(item: T) -> IoList {
    iolist!["<", item, ">"]
}

fn shown<T: fmt::Display>(item: &T) -> IoList {
    iolist!["<", item, ">"]
}

fn joined<I: Iterator<Item: IntoPieces>>(items: I) -> IoList {
    iolist!["<", items, ">"]
}

#[test]
fn works_in_generic_code() {
    check(framed(vec![1, 2]), "<12>");
    check(shown(&2.5), "<2.5>");
    check(joined("abc".chars()), "<abc>");
}
