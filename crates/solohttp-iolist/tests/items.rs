//! Tests the items of `iolist!`.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::net::Ipv4Addr;
use std::rc::Rc;
use std::sync::Arc;

use solohttp_iolist::{Bytes, IoList, Pieces, Static, all, display, iolist};

#[track_caller]
fn check(list: impl Into<IoList>, expected: &str) {
    let list = list.into();
    assert_eq!(list, expected);
    assert_eq!(list.len(), expected.len());
}

#[test]
fn takes_literals_of_every_kind() {
    check(iolist!["text", b"bytes", 1, -2, 2.5, -0.5, 'ö', true], "textbytes1-22.5-0.5ötrue");
    check(iolist![7u8, b'a', 1u128, 3_000_000_000_u64, 0xff], "79713000000000255");
    check(iolist![], "");
    check(iolist![r#"raw "text""#,], "raw \"text\"");
}

#[test]
fn takes_numbers_of_every_kind() {
    check(iolist![-8i8 - 1, 16i16 * 2, i32::MIN, i64::MIN], "-932-2147483648-9223372036854775808");
    check(iolist![isize::MAX, usize::MIN, u16::MAX], "9223372036854775807065535");
    check(iolist![u32::MAX, u64::MAX, u8::MAX], "429496729518446744073709551615255");
    check(iolist![&i128::MIN], "-170141183460469231731687303715884105728");
    check(iolist![0.1f32 + 0.2, &(0.1 + 0.2), 2.0 * 3.0], "0.30.300000000000000046");
    check(iolist![1 > 2, &true, &'x', 1 + 1], "falsetruex2");
}

struct App {
    name: String,
    visits: u64,
    age: u8,
}

#[test]
fn takes_borrowed_and_moved_items() {
    let app = App { name: "Ann".into(), visits: 3, age: 41 };
    let borrowed = &app;
    let texts = iolist![&app.name, &&app.name, borrowed.name.as_str(), &borrowed.name[1..]];
    check(texts, "AnnAnnAnnnn");
    check(iolist![app.visits, &app.visits, &&app.visits, borrowed.age, &app.age], "3334141");
    check(iolist![app.name, "!"], "Ann!");

    let mut list = iolist!["a"];
    let mut text = String::from("b");
    check(iolist![&mut list, &mut text, list, text], "abab");
}

#[test]
fn takes_text_and_bytes_of_every_owner() {
    check(iolist![String::from("a"), Box::<str>::from("b"), Rc::<str>::from("c")], "abc");
    check(iolist![Arc::<str>::from("a"), Cow::Borrowed("b"), Cow::<str>::Owned("c".into())], "abc");
    check(iolist![&Box::<str>::from("a"), &Rc::<str>::from("b"), &Cow::Borrowed("c")], "abc");
    check(iolist![&b"a"[..], [b'b'], vec![b'c'], &vec![b'd'], &[b'e'; 2]], "abcdee");
    check(
        iolist![Bytes::from_static(b"a"), Box::<[u8]>::from(*b"b"), Arc::<[u8]>::from(*b"c")],
        "abc",
    );
    check(
        iolist![Cow::Borrowed(&b"a"[..]), &Cow::Borrowed(&b"b"[..]), Rc::<[u8]>::from(*b"c")],
        "abc",
    );
    check(
        iolist![Static("a"), Static(b"b"), Static(&b"c"[..]), &Static("d"), concat!("e", 'f')],
        "abcdef",
    );
}

#[test]
fn takes_nests_of_any_shape() {
    let rows = vec![("a", Some(1)), ("b", None)];
    check(iolist![&rows, rows.clone(), &rows[..1], rows], "a1ba1ba1a1b");
    check(iolist![((("a", ()), [("b", vec![Some('c')])]), Box::new("d"), iolist!["e"])], "abcde");
    check(iolist![Some(Some(vec![[("a", [1, 2]); 2]])), None::<&str>, ((), ((),))], "a12a12");
    check(iolist![&Some(&vec![&[&("a", &"b")][..]]), Rc::new(iolist!["c"])], "abc");
    let boxed: [Box<dyn Pieces>; 3] = [Box::new("a"), Box::new(1), Box::new(iolist!["b"])];
    check(iolist![boxed.iter().rev(), &boxed, boxed], "b1aa1ba1b");
    check(iolist![(1, 2, 3, 4, 5, 6, 7, 8, 9, "a", 'b', true)], "123456789abtrue");
    check(iolist![&(1, 2, 3, 4, 5, 6, 7, 8, 9, "a", 'b', true)], "123456789abtrue");
}

#[test]
fn takes_iterators() {
    let names = ["x", "y"];
    let items = names.iter().map(|name| iolist!["<li>", *name]);
    check(iolist!["<ul>", items, "</ul>"], "<ul><li>x<li>y</ul>");
    check(iolist![0..3, all(3..5), BTreeMap::from([("k", 1), ("l", 2)])], "01234k1l2");
    check(iolist![(0..2).map(|row| all((0..2).map(move |cell| (row, cell))))], "00011011");
    check((0..3).collect::<IoList>(), "012");
    let mut list = iolist![];
    list.extend(["a", "b"]);
    check(list, "ab");
}

struct Temperature(i32);

impl fmt::Display for Temperature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}°", self.0)
    }
}

#[test]
fn takes_what_is_only_displayed() {
    let warm = Temperature(20);
    check(iolist![Temperature(3), &warm, display(&warm), Some(display(4u8))], "3°20°20°4");
    check(
        iolist![format_args!("{:03}", 7), format_args!("a"), Ipv4Addr::LOCALHOST],
        "007a127.0.0.1",
    );
    check(iolist![&1u8 as &dyn fmt::Display, &display('a')], "1a");
}

#[test]
fn becomes_a_list_from_one_value() {
    check("a", "a");
    check(String::from("a"), "a");
    check(Box::<str>::from("a"), "a");
    check(Cow::Borrowed("a"), "a");
    check(Cow::<str>::Owned("a".into()), "a");
    check(vec![b'a'], "a");
    check(b"a", "a");
    check(&b"a"[..], "a");
    check(Bytes::from_static(b"a"), "a");
    check(format_args!("{}", 1), "1");
}

fn framed<T: Pieces>(item: T) -> IoList {
    iolist!["<", item, ">"]
}

fn shown<T: fmt::Display>(item: &T) -> IoList {
    iolist!["<", item, ">"]
}

fn joined<I: IntoIterator<Item: Pieces>>(items: I) -> IoList {
    iolist!["<", items, ">"]
}

fn borrowed<T: Pieces>(items: &[T]) -> IoList {
    iolist!["<", items, items.first(), ">"]
}

#[test]
fn works_in_generic_code() {
    check(framed(vec![1, 2]), "<12>");
    check(shown(&2.5), "<2.5>");
    check(joined("abc".chars()), "<abc>");
    check(borrowed(&[("a", 1), ("b", 2)]), "<a1b2a1>");
}

#[test]
fn evaluates_each_item_once_in_order() {
    let mut count = 0;
    let mut next = || {
        count += 1;
        count
    };
    check(iolist![next(), next(), "-", next()], "12-3");
}

#[test]
fn temporaries_live_until_they_are_pushed() {
    let cell = RefCell::new(String::from("cell"));
    check(iolist![cell.borrow().as_str(), String::from(" text ").trim()], "celltext");
    let list = "list";
    let item = "item";
    check(iolist![item, list], "itemlist");
}

#[test]
fn passes_on_early_returns() {
    fn parsed(text: &str) -> Result<IoList, std::num::ParseIntError> {
        Ok(iolist!["<", text.parse::<u64>()?, ">"])
    }
    check(parsed("17").unwrap(), "<17>");
    assert!(parsed("x").is_err());
}

/// Doubles the items for every `x`.
macro_rules! doubled {
    ([$($item:expr),*]) => { iolist![$($item),*] };
    ([$($item:expr),*] x $($rest:tt)*) => { doubled!([$($item),*, $($item),*] $($rest)*) };
}

#[test]
fn takes_a_thousand_items() {
    let one = 1;
    check(doubled!(["a", one] x x x x x x x x x), &"a1".repeat(512));
}
