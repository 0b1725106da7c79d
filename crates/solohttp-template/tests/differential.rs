//! Checks generated templates against an independent implementation of the language.
//!
//! `naive` shares no code or technique with the crate. It works on strings, renders sections before
//! their base (as kali does), and looks up every name in a value tree.

mod naive;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use naive::Node;
use proptest::prelude::*;
use serde::Serialize;
use solohttp_template::{Dialect, TemplateFolder};

/// Data in the form that the crate sees. `naive` uses its own representation.
#[derive(Debug, Clone)]
struct Data(Node);

impl Serialize for Data {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Node::Nothing => serializer.serialize_none(),
            Node::Truth(truth) => serializer.serialize_bool(*truth),
            Node::Whole(number) => serializer.serialize_i64(*number),
            Node::Text(text) => serializer.serialize_str(text),
            Node::List(items) => {
                serializer.collect_seq(items.iter().map(|item| Self(item.clone())))
            }
            Node::Record(fields) => serializer
                .collect_map(fields.iter().map(|(name, value)| (name, Self(value.clone())))),
        }
    }
}

/// Names used in both templates and data.
const NAMES: [&str; 6] = ["a", "b", "_x1", "naïve", "rows", "title"];

fn text() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        Just("<"),
        Just(">"),
        Just("&"),
        Just("\""),
        Just("'"),
        Just("{a}"),
        Just("x"),
        Just("é"),
        Just(" "),
        Just("long enough for a block or two of sixteen bytes"),
        Just("\u{1c}"),
        Just("\r\n"),
    ];
    prop::collection::vec(pieces, 0..5).prop_map(|pieces| pieces.concat())
}

fn scalar() -> impl Strategy<Value = Node> {
    prop_oneof![
        Just(Node::Nothing),
        any::<bool>().prop_map(Node::Truth),
        any::<i64>().prop_map(Node::Whole),
        (0_i64..2000).prop_map(Node::Whole),
        text().prop_map(Node::Text),
        text().prop_map(Node::Text),
    ]
}

fn record(value: impl Strategy<Value = Node>) -> impl Strategy<Value = Node> {
    prop::collection::btree_map(prop::sample::select(&NAMES[..]), value, 0..6).prop_map(|fields| {
        Node::Record(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    })
}

fn data() -> impl Strategy<Value = Node> {
    let row = prop_oneof![record(scalar()), record(scalar()), scalar()];
    let rows = prop::collection::vec(row, 0..4).prop_map(Node::List);
    record(prop_oneof![scalar(), scalar(), rows.clone(), record(rows)])
}

fn literal() -> impl Strategy<Value = &'static str> {
    prop::sample::select(
        &[
            "x",
            " ",
            "\n",
            "\r\n",
            "\r",
            "\t",
            "\u{a0}",
            "\u{1f}",
            "\u{200b}",
            "\u{3000}",
            "<p>",
            "</p>",
            "{",
            "}",
            "{}",
            "{ a }",
            "{1a}",
            "{a.b}",
            "{a-b}",
            "{a:}",
            "{:num}",
            "{..a}",
            "{ñ}",
            "{a\u{301}b}",
            "{{",
            "}}",
            "\\",
            "p { color: red; }",
            "q{color:red;}",
            "$",
            "{@nothing}",
            "é",
            "€uro",
            "<",
            " ?>",
            "it is a somewhat longer piece of text, of sixty or more bytes",
        ][..],
    )
}

fn slot() -> impl Strategy<Value = String> {
    let name = prop::sample::select(
        &["a", "b", "_x1", "naïve", "missing", "title", "@it", "@index", "@number"][..],
    );
    (name, 0..8_u8).prop_map(|(name, form)| match form {
        0 => format!("{{.{name}}}"),
        // Sections can't be formatted, so this uses only names that no section has.
        1 if !["a", "b", "title"].contains(&name) => format!("{{{name}:num}}"),
        _ => format!("{{{name}}}"),
    })
}

/// Generates a piece of a body, with blocks nested up to `depth` levels.
fn body(depth: u32) -> BoxedStrategy<String> {
    let flat = prop_oneof![3 => literal().prop_map(str::to_owned), 2 => slot()];
    if depth == 0 {
        return prop::collection::vec(flat, 0..5).prop_map(|pieces| pieces.concat()).boxed();
    }
    let inner = body(depth - 1);
    let block = (0..6_u8, inner.clone(), inner, 0..3_usize, any::<bool>()).prop_map(
        |(form, yes, no, name, on_lines)| {
            let line = if on_lines { "\n  " } else { "" };
            let name = ["rows", "a", "title"][name];
            match form {
                0 => format!("{line}<?each rows?>{line}{yes}{line}<?end each?>{line}"),
                1 => format!("<?each rows?>{yes}{line}<?else?>{line}{no}<?end each?>"),
                2 => format!("{line}<?if {name}?>{line}{yes}<?end if?>{line}"),
                3 => format!("<?if {name}?>{yes}<?else?>{no}<?end if?>"),
                4 => format!("{line}<?fragment f?>{line}{yes}<?end fragment?>")
                    .replace("fragment f", "if a")
                    .replace("end fragment", "end if"),
                _ => format!("<?as is?>·{}<?end as?>", yes.replace("<?", "")),
            }
        },
    );
    prop::collection::vec(prop_oneof![6 => flat, 2 => block], 0..6)
        .prop_map(|pieces| pieces.concat())
        .boxed()
}

#[derive(Debug, Clone)]
struct Files {
    files: BTreeMap<&'static str, String>,
    data: Node,
    rows: Vec<Node>,
}

fn blank() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&["", "\n", "\u{1c} \t", "\u{85}", "\r\n"][..])
}

/// Generates a base, a page that extends it, another page that extends that page, and a loop.
fn files() -> impl Strategy<Value = Files> {
    let rows = prop::collection::vec(prop_oneof![record(scalar()), scalar()], 0..4);
    (body(2), body(1), body(2), body(1), data(), rows, blank(), any::<bool>()).prop_map(
        |(base, one, two, three, data, rows, blank, mark)| {
            let mark = if mark { "\u{feff}" } else { "" };
            let mut child = format!("{mark}{blank}<extend>{blank}base ");
            write!(child, "<? title ?>{blank}{one}{blank}<?b?>{two}</extend>{blank}")
                .expect("a string");
            let grandchild = format!("<extend>child<?a?>{three}</extend>");
            let repeat = format!(
                "<loop>{one}<?begin?>{blank}{two}<?end?>{three}{blank}<?else?>{one}</loop>{blank}"
            );
            // The base always has a slot for every section.
            let base = format!("{mark}{blank}x{base}{{title}}{{.b}}{{a}}");
            let files = BTreeMap::from([
                ("base", base),
                ("child", child),
                ("grandchild", grandchild),
                ("repeat", repeat),
            ]);
            Files { files, data, rows }
        },
    )
}

fn check(case: &Files) -> Result<(), TestCaseError> {
    let leaked: Vec<(&'static str, &'static str)> = case
        .files
        .iter()
        .map(|(name, text)| (*name, &*Box::leak(text.clone().into_boxed_str())))
        .collect();
    let folder = TemplateFolder::embedded(Vec::leak(leaked)).dialect(Dialect::lenient());
    let data = Data(case.data.clone());
    for name in ["base", "child", "grandchild"] {
        let ours = folder.render(name, &data);
        let theirs = naive::page(&case.files, name, &case.data);
        prop_assert_eq!(
            ours.as_ref().ok().map(ToString::to_string),
            theirs,
            "{}: {:?}",
            name,
            ours
        );
    }
    let rows: Vec<Data> = case.rows.iter().cloned().map(Data).collect();
    let repeat = folder.repeat("repeat").map_err(|error| TestCaseError::fail(error.to_string()))?;
    let theirs = naive::repeat(&case.files["repeat"], &case.rows, &case.data);
    prop_assert_eq!(
        repeat.render_in(&rows, &data).ok().map(|list| list.to_string()),
        theirs,
        "repeat"
    );
    Ok(())
}

/// Checks 5,000 cases with four templates each: a page, two pages that extend it, and a loop.
#[test]
fn agrees_with_a_naive_implementation() {
    let config =
        ProptestConfig { cases: 5_000, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(case in files())| check(&case)?);
}
