//! Lists whose rows differ in type, in the order of their fields, or in which fields they have.
//!
//! A template remembers where the fields of a record type are. Every case is therefore rendered
//! several times by the same template, with the rows in every rotation.

use std::collections::BTreeMap;

use serde::Serialize;
use solohttp_template::{Repeat, Template};

/// An untagged enum serializes all its variants as structs named `Row`.
#[derive(Serialize, Clone)]
#[serde(untagged)]
enum Row {
    Plain {
        name: &'static str,
        score: u32,
        note: &'static str,
    },
    OtherOrder {
        note: &'static str,
        score: u32,
        name: &'static str,
    },
    More {
        first: u8,
        name: &'static str,
        second: u8,
        score: u32,
        third: u8,
        note: &'static str,
    },
    /// As many fields as `Plain`, but not the same ones; the note is in the enclosing data.
    NoNote {
        name: &'static str,
        score: u32,
        nothing: (),
    },
    Skipping(Skipping),
    Flat(Flat),
    Variant(Variant),
    Map(BTreeMap<&'static str, Value>),
    Optional(Option<Box<Self>>),
    Nested {
        rows: Vec<Self>,
        name: &'static str,
        score: u32,
    },
}

#[derive(Serialize, Clone)]
struct Skipping {
    name: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    note: &'static str,
    score: u32,
}

#[derive(Serialize, Clone)]
struct Flat {
    score: u32,
    #[serde(flatten)]
    rest: Named,
}

#[derive(Serialize, Clone)]
struct Named {
    name: &'static str,
    note: &'static str,
}

#[derive(Serialize, Clone)]
enum Variant {
    Row { note: &'static str, name: &'static str, score: u32 },
}

#[derive(Serialize, Clone)]
#[serde(untagged)]
enum Value {
    Text(&'static str),
    Number(u32),
}

#[derive(Serialize)]
struct Page {
    rows: Vec<Row>,
    note: &'static str,
}

/// A row, and the texts that a template finds in it.
struct Case(Row, &'static str, u32, &'static str);

fn cases() -> Vec<Case> {
    let map = BTreeMap::from([
        ("name", Value::Text("map")),
        ("score", Value::Number(6)),
        ("unused", Value::Number(0)),
        ("note", Value::Text("m")),
    ]);
    let optional = Row::OtherOrder { note: "o", score: 7, name: "some" };
    let inner = Row::Plain { name: "inner", score: 9, note: "i" };
    vec![
        Case(Row::Plain { name: "plain", score: 0, note: "" }, "plain", 0, ""),
        Case(Row::Plain { name: "a & b", score: 1, note: "p" }, "a &amp; b", 1, "p"),
        Case(Row::OtherOrder { note: "", score: 2, name: "order" }, "order", 2, ""),
        Case(
            Row::More { first: 1, name: "more", second: 2, score: 33, third: 3, note: "x" },
            "more",
            33,
            "x",
        ),
        Case(Row::NoNote { name: "none", score: 444, nothing: () }, "none", 444, "page"),
        Case(Row::Skipping(Skipping { name: "skips", note: "", score: 4 }), "skips", 4, ""),
        Case(Row::Skipping(Skipping { name: "shows", note: "s", score: 4 }), "shows", 4, "s"),
        Case(
            Row::Flat(Flat { score: 55_555, rest: Named { name: "flat", note: "" } }),
            "flat",
            55_555,
            "",
        ),
        Case(
            Row::Variant(Variant::Row { note: "v", name: "variant", score: 5 }),
            "variant",
            5,
            "v",
        ),
        Case(Row::Map(map), "map", 6, "m"),
        Case(Row::Optional(Some(Box::new(optional))), "some", 7, "o"),
        Case(Row::Nested { rows: vec![inner], name: "nested", score: 8 }, "nested", 8, "page"),
    ]
}

/// Renders the body of a loop with all rotations of the cases. `expected` gets the index, whether
/// the row is the last one, the name, the score and the note.
fn check(body: &str, expected: impl Fn(usize, bool, &str, u32, &str) -> String) {
    let template = Template::new(&format!("<?each rows?>{body}<?end each?>."));
    let count = cases().len();
    for rotation in 0..2 * count {
        let mut cases = cases();
        cases.rotate_left(rotation % count);
        let texts = cases.iter().enumerate().map(|(index, Case(_, name, score, note))| {
            expected(index, index + 1 == count, name, *score, note)
        });
        let text = texts.collect::<String>() + ".";
        let page =
            Page { rows: cases.into_iter().map(|Case(row, ..)| row).collect(), note: "page" };
        assert_eq!(template.render(&page).expect("it renders").to_string(), text, "{body}");
    }
}

#[test]
fn rows_of_different_types_are_told_apart() {
    check("{name}={score}; ", |_, _, name, score, _| format!("{name}={score}; "));
    check("{score}{name}", |_, _, name, score, _| format!("{score}{name}"));
    check("{note}/{name}/{score}\n", |_, _, name, score, note| format!("{note}/{name}/{score}\n"));
    check("{name}{name}-{score}-{name}{score}", |_, _, name, score, _| {
        format!("{name}{name}-{score}-{name}{score}")
    });
}

#[test]
fn blocks_in_rows_of_different_types_run() {
    check(
        "{name}<?if note?> ({note}, {name})<?else?>!<?end if?>{score}",
        |_, _, name, score, note| {
            let note = if note.is_empty() { "!".to_owned() } else { format!(" ({note}, {name})") };
            format!("{name}{note}{score}")
        },
    );
    check(
        "<?if note?><?if score?>{score}<?end if?><?end if?>{@number}",
        |index, _, _, score, note| {
            let score = if note.is_empty() { String::new() } else { score.to_string() };
            format!("{score}{}", index + 1)
        },
    );
}

#[test]
fn the_start_of_a_row_depends_on_its_place() {
    check("<?if @first?>[<?else?>, <?end if?>{name}", |index, _, name, _, _| {
        format!("{}{name}", if index == 0 { "[" } else { ", " })
    });
    check("a<?if @first?>b<?if @last?>c<?end if?>d<?end if?>e{score}", |index, _, _, score, _| {
        format!("a{}e{score}", if index == 0 { "bd" } else { "" })
    });
    check(
        "a<?if @last?>b<?else?>c<?end if?><?if @first?>d<?end if?>{name}",
        |index, last, name, _, _| {
            format!("a{}{}{name}", if last { "b" } else { "c" }, if index == 0 { "d" } else { "" })
        },
    );
    check("<?if @first?>a<?else?>b{@index}<?end if?>c{@number}{name}", |index, _, name, _, _| {
        let start = if index == 0 { "a".to_owned() } else { format!("b{index}") };
        format!("{start}c{}{name}", index + 1)
    });
    check(
        "{name}<?if @first?>a<?else?>b<?end if?>{score}<?if @first?>c<?end if?>",
        |index, _, name, score, _| {
            let (middle, end) = if index == 0 { ("a", "c") } else { ("b", "") };
            format!("{name}{middle}{score}{end}")
        },
    );
}

#[test]
fn a_row_need_not_show_anything() {
    check("<?if @first?>a<?else?>b<?end if?>", |index, _, _, _, _| {
        if index == 0 { "a" } else { "b" }.to_owned()
    });
    check("<?if @first?><?end if?>", |_, _, _, _, _| String::new());
}

#[test]
fn the_start_of_a_row_has_any_length() {
    for len in [0, 1, 31, 32, 33, 63, 64, 65, 4095, 4096, 10_000] {
        let (first, both) = ("x".repeat(len), "y".repeat(len / 2));
        let body = format!("{both}<?if @first?>{first}<?end if?>{both}{{name}}{both}");
        check(&body, |index, _, name, _, _| {
            let first = if index == 0 { &*first } else { "" };
            format!("{both}{first}{both}{name}{both}")
        });
    }
}

#[test]
fn the_rows_of_an_iterator_start_in_the_same_way() {
    let list = Repeat::new(
        "<loop>(<?begin?><?if @first?>first <?else?>, <?end if?>{name} {score}<?end?>)</loop>",
    );
    for _ in 0..3 {
        let rows = cases().into_iter().map(|Case(row, ..)| row);
        let texts: Vec<String> =
            cases().iter().map(|Case(_, name, score, _)| format!("{name} {score}")).collect();
        let text = format!("(first {})", texts.join(", "));
        assert_eq!(list.render(rows).expect("it renders").to_string(), text);
    }
}

/// A row that contains rows of its own type, to any depth.
#[derive(Serialize)]
struct Tree {
    name: u32,
    rows: Vec<Self>,
}

#[test]
fn rows_within_rows_start_anew() {
    fn tree(name: u32, depth: u32) -> Tree {
        let rows = if depth == 0 { 0..0 } else { 0..3 };
        Tree { name, rows: rows.map(|row| tree(10 * name + row, depth - 1)).collect() }
    }
    fn text(tree: &Tree, depth: u32) -> String {
        let rows = tree.rows.iter().enumerate().map(|(index, row)| {
            let rows = if depth == 1 { String::new() } else { text(row, depth - 1) };
            format!("{}{}{rows}{}", if index == 0 { "[" } else { "," }, row.name, row.name)
        });
        rows.collect::<String>() + "]"
    }
    let mut template = String::new();
    for _ in 0..3 {
        let start = "<?each rows?><?if @first?>[<?else?>,<?end if?>{name}";
        template = format!("{start}{template}{{name}}<?end each?>]");
    }
    let template = Template::new(&template);
    for name in 1..4 {
        let tree = tree(name, 3);
        assert_eq!(template.render(&tree).expect("it renders").to_string(), text(&tree, 3));
    }
}
