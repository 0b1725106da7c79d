//! The deserializers of texts: what is read, and what is said of a mistake.

use std::collections::BTreeMap;
use std::fmt::Debug;

use serde::Deserialize;

use super::*;

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
fn a_blank_option_is_none() {
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
fn names_the_field_and_the_mistake() {
    let refused: [(&str, &str); 6] = [
        ("priority=high", "Field `title`: it is missing."),
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
            "Field `tags`: it is blank, and a whole number from 0 to 255 is expected.",
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
    assert_eq!(error.to_string(), "2 values are expected, not 1.");
    assert!(from_texts::<(u8, u8)>(&["1", "2", "3"]).is_err());
    assert!(from_texts::<u8>(&[]).is_err());
}
