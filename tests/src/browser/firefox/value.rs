//! Converts script values from BiDi's typed form to JSON.

use serde_json::{Map, Value, json};

use crate::browser::Error;

/// Returns the result of a script.
pub(super) fn outcome(answer: &Value) -> Result<Value, Error> {
    match answer["type"].as_str() {
        Some("success") => Ok(plain(&answer["result"])),
        _ => Err(Error::Script(exception(&answer["exceptionDetails"]))),
    }
}

fn exception(details: &Value) -> String {
    let text = details["text"].as_str().unwrap_or_default();
    match details["exception"]["type"].as_str() {
        Some("error") => text.to_owned(),
        _ => format!("{text} {}", plain(&details["exception"])).trim().to_owned(),
    }
}

/// Converts a value as `JSON.stringify` does.
pub(super) fn plain(value: &Value) -> Value {
    let inner = &value["value"];
    match value["type"].as_str().unwrap_or_default() {
        "string" | "boolean" | "date" | "bigint" => inner.clone(),
        // NaN, -0 and the infinities arrive as strings.
        "number" => match inner.as_str() {
            Some("-0") => json!(0),
            Some(_) => Value::Null,
            None => inner.clone(),
        },
        "array" => inner.as_array().into_iter().flatten().map(plain).collect(),
        "object" => {
            let entries = inner.as_array().into_iter().flatten();
            let pairs = entries.filter_map(|entry| {
                let is_undefined = entry[1]["type"] == "undefined";
                Some((entry[0].as_str()?.to_owned(), plain(&entry[1]))).filter(|_| !is_undefined)
            });
            Value::Object(pairs.collect())
        }
        "undefined" | "null" => Value::Null,
        _ => Value::Object(Map::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_those_of_json() {
        let check = |told: Value, expect: Value| assert_eq!(plain(&told), expect, "{told}");
        check(json!({ "type": "number", "value": 7 }), json!(7));
        check(json!({ "type": "number", "value": "NaN" }), Value::Null);
        check(json!({ "type": "number", "value": "-0" }), json!(0));
        check(json!({ "type": "undefined" }), Value::Null);
        check(json!({ "type": "node", "sharedId": "x" }), json!({}));
        let text = json!({ "type": "string", "value": "NaN" });
        check(
            json!({ "type": "array", "value": [text, { "type": "null" }] }),
            json!(["NaN", null]),
        );
        let missing = json!({ "type": "undefined" });
        check(
            json!({ "type": "object", "value": [["a", text], ["b", missing]] }),
            json!({ "a": "NaN" }),
        );
    }

    #[test]
    fn quotes_any_thrown_value() {
        let check = |exception: Value, text: &str, expect: &str| {
            let details = json!({ "exception": exception, "text": text });
            let told = outcome(&json!({ "type": "exception", "exceptionDetails": details }));
            assert!(matches!(&told, Err(Error::Script(why)) if why == expect), "{told:?}");
        };
        check(json!({ "type": "error" }), "TypeError: a is null", "TypeError: a is null");
        check(json!({ "type": "number", "value": 7 }), "7", "7 7");
    }
}
