//! Tests loading templates by name, caching, detecting changes, and rejecting paths outside the
//! folder.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use serde_json::json;
use solohttp_template::{ErrorKind, TemplateFolder, embedded, template_folder};

/// Writes a file whose modification time is `second` seconds after a fixed date.
fn write(folder: &Path, name: &str, text: &str, second: u64) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("a parent")).expect("it can be made");
    fs::write(&path, text).expect("it can be written");
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000 + second);
    let file = fs::File::options().write(true).open(path).expect("it opens");
    file.set_modified(time).expect("it takes a time stamp");
}

#[track_caller]
fn check(templates: &TemplateFolder, name: &str, expected: &str) {
    let page = templates.render(name, &json!({"a": "A"})).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(page.to_string(), expected, "{name}");
}

#[track_caller]
fn refuses(templates: &TemplateFolder, name: &str, kind: ErrorKind) {
    let error = templates.template(name).expect_err("there is no such template");
    assert_eq!(error.kind(), kind, "{error}");
}

#[test]
fn a_changed_file_is_noticed_by_time_or_size() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    write(root, "page.tpl", "1{a}", 0);
    let templates = TemplateFolder::new(root).expect("it is there").watch(true);
    check(&templates, "page", "1A");
    write(root, "page.tpl", "2{a}", 1);
    check(&templates, "page", "2A");
    write(root, "page.tpl", "longer {a}", 1);
    check(&templates, "page", "longer A");
}

#[test]
fn a_changed_base_is_noticed_through_those_that_extend_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    write(root, "base.tpl", "[{b}]", 0);
    write(root, "page.tpl", "<extend>base<?b?>{a}</extend>", 0);
    write(root, "deep/page.tpl", "<extend>page<?a?>deep</extend>", 0);
    let templates = TemplateFolder::new(root).expect("it is there").watch(true);
    check(&templates, "deep/page", "[deep]");
    write(root, "base.tpl", "({b})", 1);
    check(&templates, "deep/page", "(deep)");
    fs::remove_file(root.join("base.tpl")).expect("it can be removed");
    refuses(&templates, "deep/page", ErrorKind::TemplateNotFound);
    write(root, "base.tpl", "={b}", 2);
    check(&templates, "page", "=A");
}

#[test]
fn a_mistake_goes_away_when_it_is_corrected() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "page.tpl", "{a:nosuch}", 0);
    let templates = TemplateFolder::new(folder.path()).expect("it is there").watch(false);
    refuses(&templates, "page", ErrorKind::Formatter);
    write(folder.path(), "page.tpl", "{a}", 0);
    check(&templates, "page", "A");
}

#[test]
fn without_watching_a_file_is_read_once() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "base.tpl", "[{b}]", 0);
    write(folder.path(), "page.tpl", "<extend>base<?b?>{a}</extend>", 0);
    let templates = TemplateFolder::new(folder.path()).expect("it is there").watch(false);
    check(&templates, "page", "[A]");
    fs::remove_file(folder.path().join("page.tpl")).expect("it can be removed");
    fs::remove_file(folder.path().join("base.tpl")).expect("it can be removed");
    check(&templates, "page", "[A]");
    templates.forget();
    refuses(&templates, "page", ErrorKind::TemplateNotFound);
}

#[test]
fn names_cannot_leave_the_folder() {
    let outer = tempfile::tempdir().expect("a folder");
    write(outer.path(), "secret.tpl", "secret", 0);
    write(outer.path(), "inner/.hidden.tpl", "hidden", 0);
    write(outer.path(), "inner/page.tpl", "page", 0);
    let templates = TemplateFolder::new(outer.path().join("inner")).expect("it is there");
    let absolute = outer.path().join("secret").display().to_string();
    for name in [
        "../secret",
        "..",
        ".",
        "",
        "/secret",
        "//secret",
        "a/../../secret",
        "page/",
        ".hidden",
        "..\\secret",
        "C:secret",
        "C:\\secret",
        "page\0",
        "page.",
        "page ",
        "a//b",
        &absolute,
        "page::$DATA",
        "\u{7f}",
    ] {
        refuses(&templates, name, ErrorKind::TemplateNotFound);
    }
    check(&templates, "page", "page");
}

#[test]
fn templates_in_the_program_have_the_same_api() {
    let templates =
        TemplateFolder::embedded(embedded!("recorded/tpl": "page", "dash", "sub/inner"));
    let data = json!({"user": "A<", "inner": "i", "extra": ""});
    let page = templates.render("dash", &data).expect("renders").to_string();
    assert_eq!(page, "<html><title>Dash for A&lt;</title><body><h1>A&lt;</h1>\ni</body></html>\n");
    assert!(templates.template("sub/inner").is_ok());
    let error = templates.template("dahs").expect_err("no such template");
    assert!(error.to_string().contains("did you mean `dash`?"), "{error}");
    refuses(&templates, "../page", ErrorKind::TemplateNotFound);
}

const PACKAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/package");

#[test]
fn a_package_uses_its_files_in_debug_builds_only() {
    const EMBEDDED: &[(&str, &str)] = &[("page", "embedded"), ("mail/note", "embedded")];
    let title = |folder, is_debug| {
        let pages = TemplateFolder::of_package(folder, EMBEDDED, is_debug);
        pages.render("mail/note", &json!({"text": "x"})).expect("renders").to_string()
    };
    assert_eq!(title(PACKAGE, true), "<title>Note</title>\nx\n");
    assert_eq!(title(PACKAGE, false), "embedded");
    assert_eq!(title("/nowhere", true), "embedded", "the program runs on another computer");
}

#[test]
#[should_panic(expected = "`mail/note.tpl` is in the folder")]
fn a_template_of_a_package_must_be_listed() {
    let _ = TemplateFolder::of_package(PACKAGE, &[("page", "")], true);
}

#[test]
fn all_templates_can_be_parsed_at_once() {
    let pages = template_folder!("tests/package": "page", "mail/note");
    pages.parse_all().expect("they are right");
    for bad in ["<?each x?>", "<p onclick=\"{a}\">"] {
        let bad = Vec::leak(vec![("bad", &*String::leak(bad.to_owned()))]);
        assert!(TemplateFolder::embedded(bad).parse_all().is_err(), "{bad:?}");
    }
}

#[test]
fn another_extension_is_used_for_bases_too() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "base.html", "[{b}]", 0);
    write(folder.path(), "page.html", "<extend>base<?b?>{a}</extend>", 0);
    let templates = TemplateFolder::new(folder.path()).expect("it is there").extension("html");
    check(&templates, "page", "[A]");
}

#[test]
fn a_folder_must_be_there() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "file", "", 0);
    for name in ["nothing", "file"] {
        let error = TemplateFolder::new(folder.path().join(name)).expect_err("not a folder");
        assert_eq!(error.kind(), ErrorKind::Unreadable, "{error}");
    }
}

#[test]
fn a_template_can_include_others() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    write(root, "base.tpl", "<title>{title}</title>\n  <?include part/head?>\n{body}", 0);
    write(root, "part/head.tpl", "\n<h1>{title}</h1>\n<p>{user}</p>\n\n", 0);
    let page = "<extend>base<?title?>T<?body?><?each rows?><?include row?>;<?end each?></extend>";
    write(root, "page.tpl", page, 0);
    write(root, "row.tpl", "{@number}{@it}<?if @last?>.<?end if?><?include empty?>\n", 0);
    write(root, "empty.tpl", "\n", 0);
    let templates = TemplateFolder::new(root).expect("it is there").watch(true);
    let data = json!({"user": "A", "rows": ["x", "y"]});
    let shown = |name: &str| templates.render(name, &data).expect("renders").to_string();
    let expected = "<title>T</title>\n  <h1>T</h1>\n<p>A</p>\n1x;2y.;";
    assert_eq!(shown("page"), expected);
    // Names in rows mean nothing in a page.
    write(root, "alone.tpl", "<?include row?>", 0);
    assert!(templates.template("alone").is_err());
    // A change to an included file is detected.
    write(root, "part/head.tpl", "<h2>{title}</h2>", 1);
    assert_eq!(shown("page"), "<title>T</title>\n  <h2>T</h2>\n1x;2y.;");
    write(root, "empty.tpl", "!", 1);
    assert_eq!(shown("page"), "<title>T</title>\n  <h2>T</h2>\n1x!;2y.!;");
}

#[test]
fn embedded_templates_and_loops_can_include_others() {
    const FILES: &[(&str, &str)] =
        &[("row", "{@number}{text}"), ("rows", "<loop><?begin?><?include row?>,</loop>")];
    let templates = TemplateFolder::embedded(FILES);
    let rows = [json!({"text": "a"}), json!({"text": "b"})];
    let repeat = templates.repeat("rows").expect("it is a loop");
    assert_eq!(repeat.render(rows).expect("renders").to_string(), "1a,2b,");
    let error = solohttp_template::Template::parse("<?include row?>").expect_err("no folder");
    assert_eq!(error.kind(), ErrorKind::Syntax, "{error}");
}

#[test]
fn includes_are_not_nested_without_end() {
    let folder = tempfile::tempdir().expect("a folder");
    for number in 0..70 {
        let text = format!("{number}<?include p{}?>", number + 1);
        write(folder.path(), &format!("p{number}.tpl"), &text, 0);
    }
    write(folder.path(), "p70.tpl", "end", 0);
    let templates = TemplateFolder::new(folder.path()).expect("it is there");
    refuses(&templates, "p0", ErrorKind::Syntax);
    assert!(templates.template("p20").is_ok());
}

#[test]
fn a_context_fills_the_slots_of_the_base() {
    const FILES: &[(&str, &str)] = &[
        ("base", "<h1>{title}</h1>{flash}{body}"),
        ("page", "<extend>base<?body?>{text}</extend>"),
        ("titled", "<extend>base<?title?>Own<?body?>{text}</extend>"),
    ];
    let templates = TemplateFolder::embedded(FILES);
    let frame = json!({"title": "Frame", "flash": "Saved."});
    let shown = |name: &str| {
        templates.render_in(name, &json!({"text": "x"}), &frame).expect("renders").to_string()
    };
    assert_eq!(shown("page"), "<h1>Frame</h1>Saved.x");
    assert_eq!(shown("titled"), "<h1>Own</h1>Saved.x");
}
