//! `values!` as JSON: the order of the fields, and the fields of a base.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::Html;

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap()
}

#[derive(Serialize)]
struct Base {
    r#type: &'static str,
    count: u8,
}

const BASE: Base = Base { r#type: "box", count: 3 };

#[test]
fn values_are_fields_in_order() {
    let (list, r#type) = (vec![1, 2], "x");
    let owned = String::from("text");
    let record = values! {
        list,
        r#type,
        borrowed: &*owned,
        nested: values! { owned: &owned, none: None::<u8> },
    };
    assert_eq!(
        json(&record),
        r#"{"list":[1,2],"type":"x","borrowed":"text","nested":{"owned":"text","none":null}}"#
    );
    assert_eq!(json(&values! {}), "{}");
    // Within a statement, temporary values can be borrowed.
    assert_eq!(json(&values! { length: &format!("{owned}s") }), r#"{"length":"texts"}"#);
}

#[test]
fn a_record_outlives_the_function_that_makes_it() {
    fn made(name: &str) -> impl Serialize {
        values! { name, length: name.len() }
    }
    assert_eq!(json(&made("Ann")), r#"{"name":"Ann","length":3}"#);
}

#[test]
fn a_base_adds_its_fields_except_those_that_are_named() {
    assert_eq!(json(&values! { id: 7, ..&BASE }), r#"{"id":7,"type":"box","count":3}"#);
    assert_eq!(json(&values! { r#type: "bag", ..BASE }), r#"{"type":"bag","count":3}"#);
    assert_eq!(json(&values! { ..Some(BASE) }), r#"{"type":"box","count":3}"#);
    assert_eq!(json(&values! { id: 7, ..None::<Base> }), r#"{"id":7}"#);
    let inner = values! { count: 4, ..BASE };
    assert_eq!(json(&values! { id: 7, ..inner }), r#"{"id":7,"count":4,"type":"box"}"#);
}

#[test]
fn a_base_can_be_a_map() {
    let map = BTreeMap::from([("a", 1), ("b", 2)]);
    assert_eq!(json(&values! { b: "two", ..&map }), r#"{"b":"two","a":1}"#);
    // Keys that aren't text.
    assert_eq!(json(&values! { id: 7, ..BTreeMap::from([(1, 2)]) }), r#"{"id":7,"1":2}"#);
}

#[test]
fn a_base_without_fields_is_an_error() {
    let wrong = serde_json::to_string(&values! { id: 7, ..[1, 2] }).unwrap_err().to_string();
    assert!(wrong.contains("the base of `values!` must be a struct or a map"), "{wrong}");
    assert!(serde_json::to_string(&values! { ..Html::default() }).is_err());
}
