//! Tests error messages. Each file in `errors/` is a test case with the complete message.
//!
//! A file contains templates (`## name.tpl`), a request (`## ask: name`, with data as JSON), and
//! the message. If the actual message differs, a copy of the file with the actual message is
//! written to the target folder.

use std::fs;
use std::path::Path;

use solohttp_template::{Dialect, Error, TemplateFolder};

struct Case {
    files: Vec<(String, String)>,
    ask: String,
    data: String,
    expected: String,
}

fn parse(text: &str) -> Case {
    let mut case = Case {
        files: Vec::new(),
        ask: "page".to_owned(),
        data: "{}".to_owned(),
        expected: String::new(),
    };
    for block in text.split("## ").skip(1) {
        let (head, body) = block.split_once('\n').expect("a headline ends its line");
        let body = body.strip_suffix('\n').unwrap_or(body).to_owned();
        if head == "error" {
            case.expected = body;
        } else if let Some(ask) = head.strip_prefix("ask: ") {
            ask.clone_into(&mut case.ask);
            case.data = body;
        } else {
            case.files.push((head.to_owned(), body));
        }
    }
    case
}

fn message(case: &Case) -> String {
    let folder = tempfile::tempdir().expect("a folder for the templates");
    for (name, text) in &case.files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("inside the folder")).expect("it can be made");
        // `\xe9` represents an invalid byte, which the text file can't contain.
        let bytes: Vec<u8> = match text.split_once("\\xe9") {
            Some((before, after)) => [before.as_bytes(), &[0xe9], after.as_bytes()].concat(),
            None => text.clone().into_bytes(),
        };
        fs::write(path, bytes).expect("it can be written");
    }
    let templates = TemplateFolder::new(folder.path()).expect("the folder is there");
    let templates = templates.dialect(Dialect::new());
    let error = ask(&templates, case).expect_err("this is a mistake");
    error.to_string().replace(&folder.path().display().to_string(), "templates")
}

fn ask(templates: &TemplateFolder, case: &Case) -> Result<(), Error> {
    let data: serde_json::Value = serde_json::from_str(&case.data).expect("the data is JSON");
    if let Some(name) = case.ask.strip_prefix("loop ") {
        return templates.repeat(name)?.render(data.as_array().expect("rows")).map(drop);
    }
    if let Some((name, fragment)) = case.ask.split_once('#') {
        return templates.template(name)?.fragment(fragment)?.render(&data).map(drop);
    }
    templates.render(&case.ask, &data).map(drop)
}

#[test]
fn every_mistake_gets_its_message() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/errors");
    let beside = Path::new(env!("CARGO_TARGET_TMPDIR")).join("errors");
    let mut names: Vec<_> = fs::read_dir(folder)
        .expect("the cases are there")
        .map(|entry| entry.expect("readable").path())
        .collect();
    names.sort();
    let mut different = Vec::new();
    for path in &names {
        let text = fs::read_to_string(path).expect("a case is text").replace("\r\n", "\n");
        let case = parse(&text);
        let message = message(&case);
        if message != case.expected {
            let kept = text.split("## error\n").next().unwrap_or_default();
            fs::create_dir_all(&beside).expect("it can be made");
            fs::write(
                beside.join(path.file_name().expect("a file")),
                format!("{kept}## error\n{message}\n"),
            )
            .expect("it can be written");
            different.push(format!("{}\n{message}\n", path.display()));
        }
    }
    assert!(different.is_empty(), "{}\nnow in {}", different.join("\n"), beside.display());
    assert!(names.len() >= 25, "only {} mistakes", names.len());
}
