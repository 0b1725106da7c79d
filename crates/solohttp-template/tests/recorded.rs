//! Compares the output with output recorded from kali 0.0.8, the Python library whose templates
//! this crate supports.
//!
//! Each case has to produce the same bytes, or is listed in `STRICTER` with its own result.

use std::collections::HashMap;
use std::path::Path;

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::Value as Json;
use solohttp_template::{Dialect, Error, ErrorKind, Html, Repeat, Template, TemplateFolder};

/// The documented result of a case that deliberately differs from kali.
enum Instead {
    Text(&'static str),
    Load(ErrorKind),
    Render(ErrorKind),
}

use Instead::{Load, Render, Text};

const STRICTER: &[(&str, Instead)] = &[
    // Booleans use Rust's spelling.
    ("esc-1", Text("[true]")),
    ("raw-2", Text("[false]")),
    // The elements of a list are escaped, and `None` produces no output.
    ("esc-20", Text("[&lt;a&gt;&lt;b&gt;1]")),
    // In kali, a map was a set of headers.
    ("esc-21", Render(ErrorKind::WrongValue)),
    ("raw-21", Render(ErrorKind::WrongValue)),
    // `None` produces no output in any kind of slot.
    ("num null", Text("[]")),
    ("cents null", Text("[]")),
    ("rows-raw", Text("1<|2||")),
    // kali ignored these errors.
    ("no-close", Load(ErrorKind::Syntax)),
    ("rows-noclose empty", Load(ErrorKind::Syntax)),
    ("rows-noclose empty ctx", Load(ErrorKind::Syntax)),
    ("rows-trailing1", Load(ErrorKind::Syntax)),
    ("rows-trailing1 ctx", Load(ErrorKind::Syntax)),
    ("rows-trailing1 empty ctx", Load(ErrorKind::Syntax)),
    ("dup-section", Load(ErrorKind::Section)),
    ("unused-missing-raw", Load(ErrorKind::Section)),
    ("pi-xml", Load(ErrorKind::Section)),
    ("section-odd-name", Load(ErrorKind::Section)),
    ("raw-fmt-unknown", Load(ErrorKind::Formatter)),
    // These errors are detected when loading instead of when rendering.
    ("fmt-bound", Load(ErrorKind::Formatter)),
    ("rows-as-template", Load(ErrorKind::WrongKind)),
    // A byte-order mark no longer hides the tag.
    ("bom-extend", Text("<html><title>t</title><body>b</body></html>\n")),
];

/// The id of a case with a lone surrogate, which neither Rust strings nor Rust's JSON parsers
/// support.
const HALF_A_CHARACTER: &str = "surrogate";

/// A value in a request, which is JSON or has one of the forms `{"$…": …}`.
struct Data<'j>(&'j Json, &'j Engine);

impl Serialize for Data<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(json, engine) = self;
        let special = |key: &str| json.get(key);
        let text = |json: &Json| json.as_str().expect("a string").to_owned();
        if let Some(html) = special("$raw").or(special("$bytes")) {
            return Html::from_trusted(text(html)).serialize(serializer);
        }
        if let Some(request) = special("$render") {
            let html = engine.answer(request).map_err(|(_, error)| error).expect("renders");
            return Html::from_trusted(html).serialize(serializer);
        }
        if let Some(number) = special("$float") {
            return text(number).parse::<f64>().expect("a float").serialize(serializer);
        }
        if let Some(number) = special("$int") {
            return text(number).parse::<i128>().expect("a number").serialize(serializer);
        }
        match json {
            Json::Array(items) => {
                let mut list = serializer.serialize_seq(None)?;
                items.iter().try_for_each(|item| list.serialize_element(&Data(item, engine)))?;
                list.end()
            }
            Json::Object(entries) => {
                let mut map = serializer.serialize_map(None)?;
                for (key, value) in entries {
                    map.serialize_entry(key, &Data(value, engine))?;
                }
                map.end()
            }
            scalar => scalar.serialize(serializer),
        }
    }
}

#[derive(Debug, PartialEq, Clone, Copy)]
enum Stage {
    Load,
    Render,
}

struct Engine {
    folder: TemplateFolder,
}

enum Loaded {
    Page(Template),
    Repeat(Repeat),
}

impl Engine {
    fn load(&self, request: &Json) -> Result<Loaded, Error> {
        let lenient = Dialect::lenient();
        if let Some(source) = request.get("source") {
            return lenient.template(source.as_str().expect("a string")).map(Loaded::Page);
        }
        if let Some(sections) = request.get("sections") {
            let part = |name: &str| sections.get(name).and_then(Json::as_str).unwrap_or("");
            return lenient
                .repeat_from_parts(part("preamble"), part("begin"), part("end"), part("else"))
                .map(Loaded::Repeat);
        }
        let name = request["template"].as_str().expect("a name");
        if request.get("loop").is_some() {
            return self.folder.repeat(name).map(Loaded::Repeat);
        }
        let template = self.folder.template(name)?;
        let Some(sections) = request.get("assembly").and_then(Json::as_object) else {
            return Ok(Loaded::Page(template));
        };
        let sections = sections.iter().map(|(name, text)| {
            let section = lenient.template(text.as_str().expect("a string"))?;
            Ok((name.as_str(), section))
        });
        template.assembly(sections.collect::<Result<Vec<_>, Error>>()?).map(Loaded::Page)
    }

    fn answer(&self, request: &Json) -> Result<String, (Stage, Error)> {
        let empty = Json::Object(serde_json::Map::new());
        let loaded = self.load(request).map_err(|error| (Stage::Load, error))?;
        let list = match loaded {
            Loaded::Page(page) => page.render(&Data(request.get("params").unwrap_or(&empty), self)),
            Loaded::Repeat(repeat) => {
                let rows = request["loop"].as_array().expect("rows");
                let rows = rows.iter().map(|row| Data(row, self));
                repeat.render_in(rows, &Data(request.get("context").unwrap_or(&empty), self))
            }
        };
        list.map(|list| list.to_string()).map_err(|error| (Stage::Render, error))
    }
}

fn read(file: &str) -> Vec<Json> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recorded").join(file);
    let text = std::fs::read_to_string(path).expect("the recorded file is there");
    let text = text.replace(r"\ud800", "?");
    serde_json::from_str(&text).expect("the recorded file is JSON")
}

#[test]
fn agrees_with_the_ancestor_or_is_stricter_as_documented() {
    let tpl = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recorded/tpl");
    let folder = TemplateFolder::new(tpl).expect("the folder is there");
    let engine = Engine { folder: folder.dialect(Dialect::lenient()) };
    let requests: HashMap<String, Json> = read("requests.json")
        .into_iter()
        .map(|request| (request["id"].as_str().expect("an id").to_owned(), request))
        .collect();
    let mut kept = 0;
    let mut answers = read("answers.json");
    answers.retain(|answer| answer["id"] != HALF_A_CHARACTER);
    for answer in &answers {
        let id = answer["id"].as_str().expect("an id");
        let ours = engine.answer(&requests[id]);
        let stricter =
            STRICTER.iter().find(|(listed, _)| *listed == id).map(|(_, instead)| instead);
        let told = || format!("{id}: {ours:?}");
        match (stricter, &ours) {
            (Some(Text(text)), Ok(ours)) => assert_eq!(ours, text, "{id}"),
            (Some(Load(kind)), Err((Stage::Load, error))) => {
                assert_eq!(error.kind(), *kind, "{id}");
            }
            (Some(Render(kind)), Err((Stage::Render, error))) => {
                assert_eq!(error.kind(), *kind, "{id}");
            }
            (Some(_), _) => panic!("not as documented: {}", told()),
            (None, Ok(ours)) => assert_eq!(Some(ours.as_str()), answer["text"].as_str(), "{id}"),
            (None, Err((stage, _))) => {
                let theirs = answer["stage"].as_str().unwrap_or("fine");
                let is_same =
                    matches!((stage, theirs), (Stage::Load, "load") | (Stage::Render, "render"));
                assert!(is_same, "the ancestor: {theirs}; {}", told());
            }
        }
        kept += usize::from(stricter.is_none());
    }
    let is_recorded = |id: &str| answers.iter().any(|answer| answer["id"] == id);
    assert!(STRICTER.iter().all(|(id, _)| is_recorded(id)), "every exception is used");
    assert_eq!((kept, STRICTER.len()), (90, 22));
}
