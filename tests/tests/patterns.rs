//! A pattern means the same to browsers as to the program: real browsers and the form accept and
//! reject the same strings. Tested with all patterns in the documentation and the examples, and with
//! patterns that the two write in different ways.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;
use solohttp::forms::{RecordForm, form, text};
use solohttp::{Fields, IoList, iolist};
use solohttp_tests::browser::{Browser, Page};
use solohttp_tests::in_each_browser;
use solohttp_tests::served::serve;

/// Patterns, each with a string that it accepts.
const HARD: &[(&str, &str)] = &[
    ("[A-Z0-9-]+", "A-7"),
    ("[-A-Z]+", "-A"),
    ("[^-a]+", "b"),
    ("[&]+", "&&"),
    ("[(]", "("),
    ("[)(]*", "()"),
    ("[]a]+", "]a"),
    ("[^]a]+", "b"),
    (r"[\]\[]+", "[]"),
    ("[{}|/]+", "{|}/"),
    ("[!#$%*+,.:;<=>?@^`~ -]+", "!!##$$%%**++,,..::;;<<==>>??@@^^``~~ -"),
    ("[\"'_]+", "\"'_"),
    ("[!-/]+", "$-("),
    (r"[\\-a]+", r"\]_a"),
    (r"[\^-b]+", "^_a"),
    (r"a\-b\#\&\~\%", "a-b#&~%"),
    ("a/b]}", "a/b]}"),
    ("a.c", "a\u{2028}c"),
    (r"\w+\.\d{2,3}", "a_1.07"),
    (r"\W\D", "é-"),
    (r"\s+", " \t"),
    (r"\S+", "\u{A0}"),
    (r"[\s\d]+|[\S]{3}", "1 2"),
    (r"[^\s]+", "\u{2003}"),
    (r"[^\W\d]+", "ab"),
    (r"\bab\b.*", "ab é"),
    (r"a\Bb", "ab"),
    ("^ab?$|^$|^c", "a"),
    (r"\Aa|b\z", "b"),
    ("(a)(?P<x>b)(?<y>c)+", "abcc"),
    ("a{2}b{1,}c{ 0 , 2 }d??", "aabc"),
    ("(a|b|)+?x", "abx"),
    ("[[:alpha:]][[:^digit:][:upper:]]*", "a-A"),
    ("[[:punct:]]+[[:space:]]?[[:xdigit:]]", "[`{~ f"),
    ("[[:word:]-]+", "a_-"),
    (r"[[:graph:]]+\x20[[:print:]]+", "!~ a b"),
    (r"\x41\x{1F600}\u00e9\U0001F600", "A😀é😀"),
    ("[😀-😃]é+", "😁éé"),
    ("[kKsS]+", "Kk"),
    ("[à-ü]+ß", "éß"),
];

/// Patterns that only the program checks.
const LEFT_TO_THE_PROGRAM: &[(&str, &str)] = &[
    ("(?i)[a-z]+k", "aK"),
    ("(?i:a)b", "Ab"),
    ("a**", "aa"),
    (r"\b{start}a", "a"),
    ("(?x) a b", "ab"),
];

struct One {
    x: String,
}

fn one(pattern: &'static str) -> RecordForm<One> {
    form!(One { x: text("x").untrimmed().pattern(pattern, "No.") })
}

/// Returns the patterns in this source text: the string literals after `.pattern(`.
fn patterns_in(text: &str) -> Vec<String> {
    let calls = text.split(".pattern(").skip(1).map(str::trim_start);
    let literals = calls.filter_map(|call| match call.strip_prefix("r\"") {
        Some(raw) => Some(raw.split_once('"')?.0.to_owned()),
        None => Some(call.strip_prefix('"')?.split_once('"')?.0.replace(r"\\", r"\")),
    });
    literals.collect()
}

/// Collects the patterns of all Markdown files and Rust sources in this folder.
fn collect(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            if !name.starts_with('.') && name != "target" && name != "tests" {
                collect(&path, found);
            }
        } else if name.ends_with(".md") || name.ends_with(".rs") {
            found.extend(patterns_in(&fs::read_to_string(&path).unwrap()));
        }
    }
}

/// The patterns in the guide, the documentation and the examples.
fn documented() -> Vec<&'static str> {
    let root: PathBuf = [env!("CARGO_MANIFEST_DIR"), ".."].iter().collect();
    let mut found = BTreeSet::new();
    for folder in ["crates", "examples"] {
        collect(&root.join(folder), &mut found);
    }
    found.extend(patterns_in(&fs::read_to_string(root.join("README.md")).unwrap()));
    assert!(found.contains("[A-Z0-9-]+"), "the guide has this one: {found:?}");
    found.into_iter().map(|pattern| &*pattern.leak()).collect()
}

/// Returns strings that are close to the pattern: its own characters and others, alone and mixed.
fn near(pattern: &str) -> Vec<String> {
    let others =
        "aAzZ09kKsS -_.,;:!?/()[]{}|&~^$*+\\'\"#%@=<>`éüß😀😁\u{2028}\t\u{A0}\u{212A}\u{17F}";
    let letters: Vec<char> = pattern.chars().chain(others.chars()).collect();
    let mut seed =
        pattern.bytes().fold(7_u64, |seed, byte| seed.wrapping_mul(31).wrapping_add(byte.into()));
    let mut below = |most: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap() % most
    };
    let mut texts: Vec<String> = letters.iter().map(char::to_string).collect();
    texts.extend(["", "ab", "abc", "A-", "A-1", "a\nb"].map(str::to_owned));
    for round in 0..600 {
        // Half of the strings have only characters of the pattern.
        let known = if round % 2 == 0 { pattern.chars().count() } else { letters.len() };
        let length = 1 + below(6);
        texts.push((0..length).map(|_| letters[below(known)]).collect());
    }
    texts
}

/// JavaScript that enters each string, and returns the value and whether it fails the pattern.
/// Throws if the browser can't compile the pattern.
const ENTER: &str = "([id, texts]) => {
    const control = document.getElementById(id);
    new RegExp(control.pattern, 'v');
    return texts.map(text => {
        control.value = text;
        return [control.value, control.validity.patternMismatch];
    });
}";

/// Compares one pattern. Returns how many strings it accepts.
fn compare(
    page: &mut Page<'_>,
    index: usize,
    pattern: &'static str,
    sample: Option<&str>,
) -> usize {
    let mut texts = near(pattern);
    texts.extend(sample.map(str::to_owned));
    let id = format!("p{index}-x");
    let seen = page.eval(&format!("({ENTER})({})", json!([id, texts])));
    let form = one(pattern);
    let mut accepted = 0;
    for answer in seen.as_array().unwrap() {
        let (sent, is_rejected) = (answer[0].as_str().unwrap(), answer[1] == true);
        let is_read = form.submit(&Fields::from_iter([("x", sent)])).is_ok();
        assert_eq!(is_read, !is_rejected, "{pattern} and {sent:?}");
        accepted += usize::from(is_read && !sent.is_empty());
    }
    accepted
}

fn browsers_and_the_program_agree_on_patterns(browser: &Browser) {
    let documented = documented();
    let mut patterns: Vec<(&'static str, Option<&str>)> =
        documented.iter().map(|pattern| (*pattern, None)).collect();
    patterns.extend(HARD.iter().map(|(pattern, sample)| (*pattern, Some(*sample))));
    let mut html = iolist!["<!DOCTYPE html><meta charset=\"utf-8\"><title>Patterns</title><form>"];
    for (index, (pattern, _)) in patterns.iter().enumerate() {
        html.push(one(pattern).id_prefix(format!("p{index}")).blank()["x"].control());
    }
    let html = html.to_string();
    assert_eq!(html.matches(" pattern=\"").count(), patterns.len(), "{html}");
    let server = serve(move || move || IoList::from(html.clone()));
    let mut page = browser.page();
    page.open(&server.url);
    for (index, (pattern, sample)) in patterns.iter().enumerate() {
        let accepted = compare(&mut page, index, pattern, *sample);
        assert!(accepted > 0, "{pattern} accepts none of the strings");
    }
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

#[test]
fn other_patterns_are_checked_by_the_program_only() {
    for (pattern, sample) in LEFT_TO_THE_PROGRAM {
        let control = one(pattern).blank()["x"].control().to_string();
        assert!(!control.contains("pattern"), "{control}");
        assert!(one(pattern).submit(&Fields::from_iter([("x", *sample)])).is_ok(), "{pattern}");
        assert!(one(pattern).submit(&Fields::from_iter([("x", "?")])).is_err(), "{pattern}");
    }
}

in_each_browser!(browsers_and_the_program_agree_on_patterns);
