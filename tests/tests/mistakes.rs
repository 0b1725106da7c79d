//! Likely mistakes in a first program, and the compiler messages that explain them.
//!
//! Each mistake is a program in `mistakes/`. The tests run rustc directly, because the library is
//! already built. They compare only our own words, because the rest varies with the compiler's
//! version.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use serde_json::Value;

/// The library that the tests were built with.
static LIBRARY: LazyLock<PathBuf> = LazyLock::new(|| {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // Builds with the same options as `program::example`, so that nothing is built twice.
    cargo.args(["build", "--quiet", "--workspace", "--message-format=json", "--example", "intro"]);
    if !cfg!(debug_assertions) {
        cargo.arg("--release");
    }
    let output = cargo.current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    library(&output.stdout).expect("cargo names what it has built")
});

/// Finds the library in cargo's messages, which are one JSON object per line.
fn library(messages: &[u8]) -> Option<PathBuf> {
    messages.split(|&byte| byte == b'\n').find_map(|line| {
        let message: Value = serde_json::from_slice(line).ok()?;
        let file = message.get("filenames")?.get(0)?.as_str()?;
        (message["target"]["name"] == "solohttp").then(|| PathBuf::from(file))
    })
}

/// Compiles this program. Returns whether that succeeded, and the compiler's messages.
#[track_caller]
fn compile(name: &str) -> (bool, String) {
    let folder = tempfile::tempdir().unwrap();
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mistakes").join(name);
    let mut rustc = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    rustc.args(["--edition", "2024", "--crate-type", "bin", "--emit", "metadata", "--out-dir"]);
    rustc.arg(folder.path()).arg(program.with_extension("rs"));
    let beside = LIBRARY.parent().unwrap();
    for dependencies in [beside.to_owned(), beside.join("deps")] {
        rustc.arg("-L").arg(format!("dependency={}", dependencies.display()));
    }
    rustc.arg("--extern").arg(format!("solohttp={}", LIBRARY.display()));
    let output = rustc.output().unwrap();
    (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// Checks that the program is rejected, and that the messages contain all of `words`.
#[track_caller]
fn check(name: &str, words: &[&str]) {
    let (succeeded, said) = compile(name);
    assert!(!succeeded, "{name} compiles");
    for words in words {
        assert!(said.contains(words), "{name}: {words:?} is missing from\n{said}");
    }
}

const ARGUMENTS: &str = "its arguments must be `&mut ";
const RETURNS: &str = "its return type: text, `IoList`, `Response`, `Json<T>`";

#[test]
fn a_program_without_a_mistake_compiles() {
    let (succeeded, said) = compile("none");
    assert!(succeeded, "{said}");
}

#[test]
fn an_invalid_handler_gets_the_valid_shapes() {
    check(
        "arguments_in_another_order",
        &["is not a handler for requests", ARGUMENTS, "`&Request`"],
    );
    check("argument_that_is_no_extractor", &["`Path(id): Path<i64>`, not `id: i64`"]);
    check("closure_without_types", &["giving this closure parameter an explicit type"]);
    check("query_without_deserialize", &["must implement `serde::Deserialize` (derive it)"]);
    check("json_without_deserialize", &["`Json<T>` must implement `serde::Deserialize`"]);
}

#[test]
fn an_invalid_return_type_gets_the_valid_ones() {
    check("returns_something_else", &["fn() -> u64 {sum}", RETURNS, "`.to_string()`"]);
    check("returns_impl_into_response", &["captures the borrow of the state", "`-> Response`"]);
    check("json_without_serialize", &["`Json<T>` (`T` must implement `serde::Serialize`)"]);
    check("question_mark_without_result", &["this function should return `Result`"]);
}

#[test]
fn a_missing_or_wrong_state_gets_its_place() {
    check("another_state", &["not a handler for the state `App`", "a router share one type"]);
    check("served_without_its_state", &["`Router<App>` is not a handler", "call `.with_state("]);
    check(
        "app_without_its_state",
        &["`Router<App>` is not a handler for requests with the state `()`", "`.with_state(app)`"],
    );
}

#[test]
fn a_form_must_match_its_record() {
    check("form_of_another_type", &["expected `u32`, found `String`"]);
    check("form_with_a_field_forgotten", &["missing field `stock` in initializer of `Item`"]);
    check(
        "limit_of_another_type",
        &["a value of type `{float}` can't limit a field of type `u32`", "without its `Some`"],
    );
    check("template_without_serialize", &["adding `#[derive(serde::Serialize)]` to your `Page`"]);
}

#[test]
fn a_record_must_match_its_struct() {
    let remedy = "declare the field as `field: text` if";
    check("record_with_a_date", &["Date` can't be stored as it is", remedy]);
    let choice = "can't be stored as a `choice`";
    check("record_with_a_choice", &[choice, "needs an enum that is declared with `choices!`"]);
    check("record_with_a_field_forgotten", &["missing field `mass` in initializer of `Sample`"]);
    check("record_with_another_word", &["`string` is no way to store a field: use text, choice"]);
}

#[test]
fn the_connection_stays_where_it_is() {
    check("connection_moved", &["cannot move out of `app.db`", "consider borrowing here"]);
    check("connection_in_a_write", &["cannot borrow `app.db`", "borrow occurs due to use of"]);
}

#[test]
fn a_closure_for_the_servers_thread_is_told_what_it_may_hold() {
    check("closure_that_borrows", &["`name` is borrowed here", "use the `move` keyword"]);
    check("rc_in_a_closure", &["`Rc<str>` cannot be sent between threads safely"]);
    check("closure_with_a_borrowed_state", &["`app` escapes the function body here"]);
    check("remote_to_another_state", &["not a handler for the state `App`", "`Remote<App>`"]);
    check("remote_without_run", &["expected function, found `Remote<App>`"]);
}
