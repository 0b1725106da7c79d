//! The application can replace every sentence shown to users. These tests replace each sentence
//! with one between the marks `§` and `¶`, and check that no page has a word outside the marks.
//!
//! The sentences come from the lists that the crates declare, so new ones are included
//! automatically. A sentence that appears on none of the pages also fails the test.

use std::collections::BTreeSet;

use solohttp::desktop::{DesktopWords, WorkWords};
use solohttp::forms::FormWords;
use solohttp::sqlite::{CopiesWords, GuardWords, ListWords, UndoWords};
use solohttp::template::ChartWords;
use solohttp::{Dates, Locale, Numerals, Oaths, RouterWords, Sentence, ServerWords};

mod copies;
mod desktop;
mod forms;
mod guard;
mod list;
mod pages;
mod server;
mod undo;

/// Placeholders for details that concern only developers. Translations leave them out.
const FOR_DEVELOPERS: [&str; 1] = ["{detail}"];

/// Replaces a sentence with `§name value value¶`, which has every placeholder of the English
/// sentence.
fn mark(part: &str, name: &str, sentence: &mut Sentence) {
    let english = sentence.text().expect("English sentences are plain text").to_owned();
    let values = english.split('{').skip(1).filter_map(|part| part.split_once('}'));
    let values: Vec<String> = values.map(|(name, _)| format!("{{{name}}}")).collect();
    let values = values.into_iter().filter(|value| !FOR_DEVELOPERS.contains(&value.as_str()));
    let values = values.collect::<Vec<_>>().join(" ");
    *sentence = format!("§{part}.{name} {values}¶").into();
}

/// Installs marked sentences for the calling thread.
pub(crate) fn install() {
    install_with(Numerals::default());
}

/// Like [`install`], with different numerals.
pub(crate) fn install_with(numerals: Numerals) {
    let (mut server, mut router) = (ServerWords::default(), RouterWords::default());
    let (mut forms, mut guard) = (FormWords::default(), GuardWords::default());
    let (mut undo, mut copies) = (UndoWords::default(), CopiesWords::default());
    let (mut desktop, mut work) = (DesktopWords::default(), WorkWords::default());
    let mut charts = ChartWords::default();
    let mut list = ListWords::default();
    server.each_mut().for_each(|(name, sentence)| mark("server", name, sentence));
    router.each_mut().for_each(|(name, sentence)| mark("router", name, sentence));
    forms.each_mut().for_each(|(name, sentence)| mark("forms", name, sentence));
    guard.each_mut().for_each(|(name, sentence)| mark("guard", name, sentence));
    undo.each_mut().for_each(|(name, sentence)| mark("undo", name, sentence));
    copies.each_mut().for_each(|(name, sentence)| mark("copies", name, sentence));
    desktop.each_mut().for_each(|(name, sentence)| mark("desktop", name, sentence));
    work.each_mut().for_each(|(name, sentence)| mark("work", name, sentence));
    let locale = Locale::new().with(server).with(router).with(forms).with(guard);
    let locale = locale.with(undo).with(copies).with(desktop).with(work);
    charts.each_mut().for_each(|(name, sentence)| mark("charts", name, sentence));
    list.each_mut().for_each(|(name, sentence)| mark("list", name, sentence));
    let locale = locale.with(charts).with(list);
    let locale = locale.with(Dates::new().months(["§month¶"; 12]));
    locale.with(numerals).with(Oaths::new(["§server.oath¶"])).install();
}

/// The names of the sentences shown so far.
#[derive(Default)]
pub(crate) struct Shown(BTreeSet<String>);

impl Shown {
    /// Fails if the page has a word outside the marks.
    #[track_caller]
    pub(crate) fn page(&mut self, what: &str, html: &str) {
        let words = outside(&text_of(html));
        assert!(words.is_empty(), "{what} shows {words:?} outside the marks:\n{html}");
        for attribute in ["aria-label", "title", "alt", "placeholder"] {
            for part in html.split(&format!(" {attribute}=\"")).skip(1) {
                let value = part.split('"').next().unwrap();
                assert!(outside(value).is_empty(), "{what} has {attribute}={value:?}");
            }
        }
        if let Some((_, lang)) = html.split_once("<html lang=\"") {
            assert!(lang.starts_with("§server.lang"), "{what} is marked as {lang:.20}");
        }
        for part in html.split('§').skip(1) {
            self.0.insert(part.split([' ', '¶']).next().unwrap().to_owned());
        }
    }

    /// Checks that all of a part's sentences were shown, except those in `unseen`.
    #[track_caller]
    pub(crate) fn all_of<'a>(
        &self,
        part: &str,
        names: impl Iterator<Item = (&'static str, &'a mut Sentence)>,
        unseen: &[&str],
    ) {
        let missing = names.map(|(name, _)| name).filter(|name| {
            let is_shown = self.0.contains(&format!("{part}.{name}"));
            assert!(!(is_shown && unseen.contains(name)), "{name} is shown after all");
            !is_shown && !unseen.contains(name)
        });
        let missing: Vec<_> = missing.collect();
        assert!(missing.is_empty(), "no page showed {missing:?} of {part}");
    }
}

/// Returns a page's text without scripts, styles and preformatted code.
fn text_of(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        text.push_str(&rest[..open]);
        let tag = &rest[open..];
        let close = tag.find('>').expect("tags are closed");
        let skipped = ["style", "script", "pre"]
            .into_iter()
            .find(|name| tag[1..].starts_with(name) && !tag[1 + name.len()..].starts_with('-'));
        rest = match skipped {
            Some(name) => &tag[tag.find(&format!("</{name}>")).expect("it has an end")..],
            None => &tag[close..],
        };
        rest = &rest[rest.find('>').unwrap() + 1..];
        text.push('\n');
    }
    text + rest
}

/// Returns the words outside the marks. Marks may be nested.
fn outside(text: &str) -> Vec<String> {
    let mut depth = 0_i32;
    let mut words = String::new();
    for letter in text.chars() {
        match letter {
            '§' => depth += 1,
            '¶' => depth -= 1,
            _ if depth == 0 => words.push(letter),
            _ => {}
        }
    }
    assert_eq!(depth, 0, "the marks of {text:?} are paired");
    let words = words.split_whitespace().filter(|word| word.contains(char::is_alphabetic));
    words.map(str::to_owned).collect()
}

#[test]
fn a_word_outside_of_the_marks_is_found() {
    assert_eq!(outside(&text_of("<p>§a <b>B</b>¶. <i>Oh</i></p><pre>x</pre>")), ["Oh"]);
}
