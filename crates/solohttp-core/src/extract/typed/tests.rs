//! Tests the values and error messages of the deserializers.

use std::collections::BTreeMap;
use std::fmt::Debug;

use serde::Deserialize;

use super::*;

fn from_texts<T: DeserializeOwned>(texts: &[&str]) -> Result<T, TypeError> {
    T::deserialize(text::TextsDeserializer::new(texts))
}

fn check<T: DeserializeOwned + PartialEq + Debug>(encoded: &str, expect: Result<T, &str>) {
    let fields = Fields::parse(encoded.as_bytes(), 100).unwrap();
    let found = from_fields::<T>(&fields).map_err(|error| error.to_string());
    assert_eq!(found, expect.map_err(str::to_owned), "{encoded}");
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Priority {
    Low,
    High,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Task {
    title: String,
    priority: Priority,
    hours: Option<f64>,
    #[serde(default)]
    done: bool,
    #[serde(default)]
    tags: Vec<u8>,
}

fn task(title: &str) -> Task {
    Task {
        title: title.to_owned(),
        priority: Priority::High,
        hours: None,
        done: false,
        tags: vec![],
    }
}

#[test]
fn reads_a_struct() {
    check("title=a&priority=high", Ok(task("a")));
    check("priority=high&title=+a+&unknown=1", Ok(task(" a ")));
    check(
        "title=&priority=high&done=on&hours=+1.5+",
        Ok(Task { done: true, hours: Some(1.5), ..task("") }),
    );
}

#[test]
fn an_empty_option_is_none() {
    check("title=a&priority=high&hours=", Ok(task("a")));
}

#[test]
fn a_repeated_name_fills_a_sequence_and_its_last_value_wins_elsewhere() {
    check(
        "title=a&title=b&priority=high&tags=1&tags=2",
        Ok(Task { tags: vec![1, 2], ..task("b") }),
    );
}

#[test]
fn errors_name_the_field_and_the_problem() {
    let refused: [(&str, &str); 6] = [
        ("priority=high", "Field `title` is missing."),
        (
            "title=a&priority=mid",
            "Field `priority`: unknown variant `mid`, expected `low` or `high`.",
        ),
        ("title=a&priority=low&hours=x", "Field `hours`: `x` is not a number."),
        (
            "title=a&priority=low&done=perhaps",
            "Field `done`: `perhaps` is neither `true` nor `false`.",
        ),
        (
            "title=a&priority=low&tags=1&tags=300",
            "Field `tags`: `300` is not a whole number from 0 to 255.",
        ),
        (
            "title=a&priority=low&tags=",
            "Field `tags` is empty, but must be a whole number from 0 to 255.",
        ),
    ];
    for (encoded, message) in refused {
        check::<Task>(encoded, Err(message));
    }
}

#[test]
fn reads_a_map() {
    let expect = BTreeMap::from([("a".to_owned(), 1), ("b".to_owned(), 3)]);
    check::<BTreeMap<String, i32>>("a=1&b=2&b=3", Ok(expect));
}

#[test]
fn reads_pairs_with_their_order_and_repeats() {
    let expect = [("b", 1), ("a", 2), ("b", 3)].map(|(name, value)| (name.to_owned(), value));
    check::<Vec<(String, u8)>>("b=1&a=2&b=3", Ok(expect.into()));
}

#[test]
fn reads_texts_in_order() {
    assert_eq!(from_texts::<(u32, String)>(&["7", "x"]), Ok((7, "x".to_owned())));
    assert_eq!(from_texts::<f64>(&["-1e3"]), Ok(-1000.0));
    assert_eq!(from_texts::<Vec<i8>>(&["1", "-2"]), Ok(vec![1, -2]));
    assert_eq!(from_texts::<Priority>(&["low"]), Ok(Priority::Low));
    assert_eq!(from_texts::<(char,)>(&["é"]), Ok(('é',)));
}

#[test]
fn rejects_a_different_number_of_texts() {
    let error = from_texts::<(u8, u8)>(&["1"]).unwrap_err();
    assert_eq!(error.to_string(), "expected 2 values, found 1.");
    assert!(from_texts::<(u8, u8)>(&["1", "2", "3"]).is_err());
    assert!(from_texts::<u8>(&[]).is_err());
}

#[derive(Debug, PartialEq, Deserialize)]
struct Page {
    page: u32,
    #[serde(default)]
    size: Option<u8>,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Search {
    q: String,
    #[serde(flatten)]
    page: Page,
}

fn found(q: &str, page: u32, size: Option<u8>) -> Result<Search, &'static str> {
    Ok(Search { q: q.to_owned(), page: Page { page, size } })
}

#[test]
fn a_flattened_number_is_read_as_one() {
    check("q=x&page=3", found("x", 3, None));
    check("q=3&page=3&size=3", found("3", 3, Some(3)));
    check("q=&page=3&size=", found("", 3, None));
    check("page=+3+&q=NaN", found("NaN", 3, None));
}

#[test]
fn an_error_in_a_flattened_field_names_it() {
    check::<Search>("q=x", Err("Field `page` is missing."));
    check::<Search>("page=3", Err("Field `q` is missing."));
    check::<Search>(
        "q=x&page=",
        Err("Field `page` is empty, but must be a whole number from 0 to 4294967295."),
    );
    check::<Search>(
        "q=x&page=3&size=300",
        Err("Field `size`: `300` is not a whole number from 0 to 255."),
    );
}

#[derive(Debug, PartialEq, Deserialize)]
struct Filter {
    open: bool,
    tags: Vec<u8>,
    rate: Option<f64>,
    label: String,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Outer {
    #[serde(flatten)]
    filter: Filter,
    #[serde(flatten)]
    rest: BTreeMap<String, String>,
}

fn filter(open: bool, tags: &[u8], rate: Option<f64>) -> Filter {
    Filter { open, tags: tags.to_vec(), rate, label: "l".to_owned() }
}

#[test]
fn fields_that_browsers_omit_are_not_errors() {
    check("label=l", Ok(filter(false, &[], None)));
    check("label=l&open=on&tags=7", Ok(filter(true, &[7], None)));
    check::<Filter>("open=on", Err("Field `label` is missing."));
}

#[test]
fn flattened_boxes_and_lists_work_alike() {
    let outer = |filter, rest: &[(&str, &str)]| {
        let rest = rest.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Ok(Outer { filter, rest: rest.collect() })
    };
    check("label=l", outer(filter(false, &[], None), &[]));
    check("label=l&tags=7", outer(filter(false, &[7], None), &[]));
    check(
        "tags=7&label=l&x=1&open=on&tags=8&rate=1.5",
        outer(filter(true, &[7, 8], Some(1.5)), &[("x", "1")]),
    );
    check::<Outer>("tags=7", Err("Field `label` is missing."));
    check::<Outer>("label=l&tags=x", Err("Field `tags`: `x` is not a whole number from 0 to 255."));
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Shape {
    Circle { radius: f64 },
    Square { side: u32, filled: bool },
}

#[test]
fn the_fields_of_a_tagged_enum_are_read_by_their_types() {
    check("kind=circle&radius=2", Ok(Shape::Circle { radius: 2.0 }));
    check("kind=square&side=2", Ok(Shape::Square { side: 2, filled: false }));
    check::<Shape>("kind=circle&radius=x", Err("Field `radius`: `x` is not a number."));
}

#[test]
fn infinity_and_nan_are_rejected() {
    for text in ["NaN", "inf", "-inf", "infinity", "1e999", "-nan"] {
        let message = format!("`{text}` is not a number.");
        assert_eq!(from_texts::<f64>(&[text]).unwrap_err().to_string(), message);
        assert_eq!(from_texts::<f32>(&[text]).unwrap_err().to_string(), message);
        let field = format!("Field `rate`: {message}");
        check::<Filter>(&format!("label=l&rate={text}"), Err(&field));
        check::<Outer>(&format!("label=l&rate={text}"), Err(&field));
    }
    assert!(from_texts::<f32>(&["1e39"]).is_err(), "it would be infinite");
}

/// Serde buffers flattened numbers as strings, so each number costs another attempt.
#[test]
fn the_work_for_stored_numbers_is_bounded() {
    #[derive(Debug, Deserialize)]
    struct Numbers {
        #[serde(flatten)]
        _all: BTreeMap<String, u32>,
    }
    let few: String = (0..20).map(|number| format!("f{number}={number}&")).collect();
    let read = |encoded: &str| {
        from_fields::<Numbers>(&Fields::parse(encoded.as_bytes(), usize::MAX).unwrap())
    };
    assert!(read(&few).is_ok());
    let many: String = (0..1_000).map(|number| format!("f{number}={number}&")).collect();
    assert!(read(&many).is_err());
}
