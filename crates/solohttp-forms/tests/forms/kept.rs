//! Forms that are kept: their HTML is the same as that of a form declared for the page.

use std::cell::Cell;

use proptest::prelude::{ProptestConfig, Strategy, any, prop, prop_oneof, proptest};
use solohttp_core::{
    Fields, Handler as _, IoList, Locale, Numerals, Request, Response, Result, Sentence,
};
use solohttp_forms::{
    Choices, Errors, FormStore, FormView, FormWords, Formlet, RecordForm, Submission,
    ValidationError, checkbox, field, form, group, number, rows, search, select, text,
};

use crate::values::Everything;
use crate::{round_trip, values};

struct Kept<T> {
    kept: RecordForm<T>,
    declare: fn() -> RecordForm<T>,
}

impl<T: 'static> Kept<T> {
    fn new(declare: fn() -> RecordForm<T>) -> Self {
        let kept = declare();
        // The first view of a form is rendered in the ordinary way, and the second one isn't.
        let first = kept.blank().render().to_string();
        assert_eq!(kept.blank().render().to_string(), first);
        Self { kept, declare }
    }

    #[track_caller]
    fn check(&self, view: impl Fn(&RecordForm<T>) -> FormView<T>) {
        let expect = view(&(self.declare)()).render().to_string();
        assert_eq!(view(&self.kept).render().to_string(), expect);
        // The input and the pieces are those of the whole form.
        let input = view(&(self.declare)()).input().clone();
        let view = view(&self.kept);
        assert_eq!(*view.input(), input);
        let fields = view.fields().iter().map(solohttp_forms::FieldView::render);
        let fields = fields.collect::<IoList>().to_string();
        assert!(expect.contains(&fields), "{expect}\nlacks\n{fields}");
    }
}

#[test]
fn every_element_is_the_same() {
    let form = Kept::new(values::form);
    form.check(RecordForm::blank);
    form.check(|form| form.show(&values::sample()));
    form.check(|form| form.submit(&values::wrong()).unwrap_err());
    form.check(|form| form.filled(values::wrong(), Errors::new()));
    form.check(|form| form.filled(Fields::new(), Errors::new()));
    form.check(|form| {
        let mut errors = Errors::new();
        ["One.", "<b>Two</b>."].iter().for_each(|text| errors.on(field!(Everything.text), *text));
        errors.on(field!(Everything.select), "Three.");
        form.filled(form.fields_of(&values::sample()), errors)
    });
}

proptest! {
    #[test]
    fn every_record_is_the_same(record in round_trip::any_record()) {
        let form = Kept::new(values::form);
        form.check(|form| form.show(&record));
    }

    /// Whatever the texts are, however often each field was sent, and in any order.
    #[test]
    fn any_input_is_the_same(
        chosen in prop::collection::vec((any::<prop::sample::Index>(), any_text()), 0..60),
        in_order in any::<bool>(),
    ) {
        let form = Kept::new(values::form);
        let names: Vec<String> =
            values::wrong().iter().map(|(name, _)| name.to_owned()).collect();
        // Fields that the form doesn't have, and one of the form as a whole.
        let names = [names, vec!["other".to_owned(), ":base".to_owned()]].concat();
        let mut chosen: Vec<_> =
            chosen.iter().map(|(index, text)| (index.index(names.len()), text)).collect();
        if in_order {
            chosen.sort_by_key(|(index, _)| *index);
        }
        let fields: Fields = chosen.iter().map(|(index, text)| (&names[*index], text)).collect();
        form.check(|form| form.filled(fields.clone(), Errors::new()));
        form.check(|form| {
            let mut errors = Errors::new();
            errors.on(field!(values::Everything.count), "No.");
            form.filled(fields.clone(), errors)
        });
    }
}

#[derive(Debug)]
struct Part {
    name: String,
    number: u64,
    weight: f64,
    note: Option<String>,
    active: bool,
    code: String,
}

/// All of its controls are lines of text or boxes.
fn part_form() -> RecordForm<Part> {
    form!(Part {
        name: text("Name").required().autofocus(),
        number: number("Number").max(9_999_u64),
        weight: number("Weight"),
        note: search("Note").optional(),
        active: checkbox("Active"),
        code: text("Code").suggestions(["value=\"x\"", "&quot;"]).attr("title", "value=\""),
    })
}

fn any_part() -> impl Strategy<Value = Part> {
    let text = || prop_oneof![any_text(), any::<String>(), "[ -~]{0,40}"];
    let note = prop::option::of(text());
    // Numbers of every length.
    let number = (any::<u64>(), 0..64_u32).prop_map(|(bits, shift)| bits >> shift);
    (text(), number, any::<f64>(), note, any::<bool>(), text()).prop_map(
        |(name, number, weight, note, active, code)| Part {
            name,
            number,
            weight,
            note,
            active,
            code,
        },
    )
}

proptest! {
    /// The page is written while the record is read, or not if the record has several lines.
    #[test]
    fn every_record_of_lines_and_boxes_is_the_same(part in any_part()) {
        let form = Kept::new(part_form);
        form.check(|form| form.show(&part));
        let view = form.kept.show(&part);
        assert_eq!(view.render().to_string(), view.render().to_string());
        assert_eq!(*view.input(), form.kept.fields_of(&part));
        assert_eq!(view["name"].text(), part.name);
        assert_eq!(view.render().to_string(), (form.declare)().show(&part).render().to_string());
    }
}

/// Fields that can have an error: of every layout, within a row and a group, and none at all.
const WRONG: [fn(&mut Errors<Everything>, String); 16] = [
    |errors, text| errors.on(field!(Everything.text), text),
    |errors, text| errors.on(field!(Everything.email), text),
    |errors, text| errors.on(field!(Everything.password), text),
    |errors, text| errors.on(field!(Everything.count), text),
    |errors, text| errors.on(field!(Everything.volume), text),
    |errors, text| errors.on(field!(Everything.time), text),
    |errors, text| errors.on(field!(Everything.checkbox), text),
    |errors, text| errors.on(field!(Everything.radio), text),
    |errors, text| errors.on(field!(Everything.boxes), text),
    |errors, text| errors.on(field!(Everything.select), text),
    |errors, text| errors.on(field!(Everything.lines), text),
    |errors, text| errors.on(field!(Everything.hidden), text),
    |errors, text| errors.on(field!(Everything.stops), text),
    |errors, text| errors.on(field!(Everything.stops).row(1, field!(values::Place.ring)), text),
    |errors, text| errors.on(field!(Everything.home).then(field!(values::Place.street)), text),
    |errors, text| errors.on_form(text),
];

fn wrong_form() -> RecordForm<Everything> {
    let wording = |error: &ValidationError| {
        (*error == ValidationError::Missing).then(|| "<Fill> & \"go\"".to_owned())
    };
    values::form().id_prefix("x&y").wording(wording)
}

/// Whatever the errors are, and in any order, on all pages of the same two forms.
fn check_mistakes() {
    let forms = [Kept::new(values::form), Kept::new(wrong_form)];
    let any_error = (any::<prop::sample::Index>(), any_text());
    let errors = prop::collection::vec(any_error, 0..5);
    let records = round_trip::any_record();
    proptest!(ProptestConfig::with_cases(32), |(record in records, errors in errors, in_order in any::<bool>())| {
        let mut errors: Vec<_> =
            errors.iter().map(|(index, text)| (index.index(WRONG.len()), text)).collect();
        if in_order {
            errors.sort();
        }
        for form in &forms {
            form.check(|form| {
                let mut list = Errors::new();
                errors.iter().for_each(|&(index, text)| WRONG[index](&mut list, text.clone()));
                form.filled(form.fields_of(&record), list)
            });
            form.check(|form| form.submit(&values::wrong()).unwrap_err());
        }
    });
}

#[test]
fn any_mistakes_are_the_same() {
    check_mistakes();
}

#[test]
fn any_mistakes_are_the_same_in_another_language() {
    let mut words = FormWords::default();
    words.summary = "<Bitte> prüfen & ändern:".into();
    words.summary_entry = "„{error}“ & {field}: <{error}>".into();
    words.missing = "\"<Pflicht> & Feld\"".into();
    Locale::new().with(words).with(Numerals::new(',')).install();
    check_mistakes();
}

#[test]
fn any_mistakes_are_the_same_if_a_function_says_them() {
    let mut words = FormWords::default();
    words.summary_entry = Sentence::from_fn(|values| match values.get("error") {
        "" => String::new(),
        error => format!("{}: {}", values.get("field"), error.to_uppercase()),
    });
    Locale::new().with(words).install();
    check_mistakes();
}

fn any_text() -> impl Strategy<Value = String> {
    let usual: &'static [&'static str] = &[
        "",
        "x",
        " x ",
        "on",
        "off",
        "1",
        "9",
        "a\nb",
        "\r",
        "\n",
        "<\"&'>",
        "#123456",
        "2026-03-31",
        "0000-01-01",
        "17:30",
        "17:30:15",
        "17:30:15.5",
        "2026-03-31T17:30",
        "2026-03-31T17:30:15",
        "2026-03",
        "2026-W07",
        "x@y.org",
        "\0",
    ];
    prop::sample::select(usual).prop_map(str::to_owned)
}

struct Plan {
    name: String,
    kind: i64,
    lines: Vec<Line>,
    home: Line,
}

struct Line {
    item: String,
}

fn line_form() -> RecordForm<Line> {
    form!(Line { item: text("Item").autofocus() })
}

/// The element that gets the focus depends on the rows.
fn plan_form() -> RecordForm<Plan> {
    form!(Plan {
        lines: rows("Lines", line_form()),
        name: text("Name").required().autofocus().attr("data-x", "1").attr("class", "wide"),
        kind: select("Kind", Choices::numbered(1, ["One", "Two"])),
        home: group("Home", line_form()),
    })
    .id_prefix("p")
    .button("keep", "Keep & go")
}

#[test]
fn the_focus_moves() {
    let form = Kept::new(plan_form);
    let line = |item: &str| Line { item: item.to_owned() };
    let plan = |lines| Plan { name: "Tea".to_owned(), kind: 2, lines, home: line("here") };
    form.check(|form| form.show(&plan(vec![])));
    form.check(|form| form.show(&plan(vec![line("a"), line("b")])));
    for name in ["name", "kind", "home.item", "lines.0.item", ""] {
        form.check(|form| {
            let mut errors = Errors::new();
            match name {
                "name" => errors.on(field!(Plan.name), "No."),
                "kind" => errors.on(field!(Plan.kind), "No."),
                "home.item" => errors.on(field!(Plan.home).then(field!(Line.item)), "No."),
                "lines.0.item" => errors.on(field!(Plan.lines).row(0, field!(Line.item)), "No."),
                _ => errors.on_form("No."),
            }
            form.filled(form.fields_of(&plan(vec![line("a")])), errors)
        });
    }
}

#[test]
fn settings_that_change_later_do_not_affect_the_original() {
    let kept = Kept::new(plan_form).kept;
    let other = kept.clone().id_prefix("q").button("more", "More");
    let (one, two) = (kept.blank().render().to_string(), other.blank().render().to_string());
    assert!(one.contains("id=\"p-name\"") && !one.contains("More"), "{one}");
    assert!(two.contains("id=\"q-name\"") && two.contains("More"), "{two}");
    assert_eq!(two, other.blank().render().to_string());
}

struct Item {
    price: f64,
}

thread_local! {
    static DECLARED: Cell<u32> = const { Cell::new(0) };
}

fn item_form() -> RecordForm<Item> {
    DECLARED.set(DECLARED.get() + 1);
    form!(Item { price: number("Price").initial(1.5) })
}

#[test]
fn a_cached_form_is_declared_once_for_each_locale() {
    let cached = || RecordForm::cached(item_form);
    let english = cached().blank().render().to_string();
    assert!(english.contains("value=\"1.5\"") && english.contains(">Save<"), "{english}");
    assert_eq!(cached().blank().render().to_string(), english);
    assert_eq!(DECLARED.get(), 1);
    let mut words = FormWords::default();
    words.save = "Sichern".into();
    Locale::new().with(words).with(Numerals::new(',')).install();
    for _ in 0..3 {
        let german = cached().blank().render().to_string();
        assert!(german.contains("value=\"1,5\"") && german.contains(">Sichern<"), "{german}");
    }
    assert_eq!(DECLARED.get(), 2);
}

#[test]
fn each_function_has_its_own_form() {
    let first = RecordForm::cached(|| form!(Line { item: text("First") }));
    let second = RecordForm::cached(|| form!(Line { item: text("Second") }));
    assert!(first.blank().render().to_string().contains("First"));
    assert!(second.blank().render().to_string().contains("Second"));
}

/// A formlet with a form that is kept, or declared for each request.
struct EditItem {
    is_cached: bool,
}

impl Formlet<f64> for EditItem {
    type Record = Item;

    fn form(&mut self, _: &mut f64) -> Result<RecordForm<Item>> {
        Ok(if self.is_cached { RecordForm::cached(item_form) } else { item_form() })
    }

    fn load(&mut self, price: &mut f64, _: &Request) -> Result<Option<Item>> {
        Ok((*price != 0.0).then_some(Item { price: *price }))
    }

    fn save(&mut self, price: &mut f64, item: Item, _: &Submission<'_>) -> Result<Response> {
        *price = item.price;
        Ok(Response::redirect("/"))
    }

    fn page(&mut self, _: &mut f64, view: &FormView<Item>, _: &Request) -> Result<IoList> {
        Ok(view.render())
    }
}

#[test]
fn tokens_and_digests_belong_to_one_page() {
    let page = |price: f64, is_cached| {
        let mut app = FormStore::new().servlet(EditItem { is_cached }).with_state(price);
        Request::get("/").send_to(&mut app).into_text()
    };
    let hidden = |html: &str, name: &str| {
        let (_, rest) = html.split_once(&format!("name=\"{name}\" value=\""))?;
        Some(rest.split_once('"')?.0.to_owned())
    };
    for price in [0.0, 2.5] {
        page(price, true);
        let pages = [page(price, true), page(price, true), page(price, false)];
        let tokens = pages.each_ref().map(|html| hidden(html, ":once").unwrap());
        assert!(tokens[0] != tokens[1], "{tokens:?}");
        let bare = |index: usize| {
            let html = pages[index].replace(&tokens[index], "");
            let digests = hidden(&html, ":base").unwrap_or_default();
            assert_eq!(digests.is_empty(), price == 0.0);
            if digests.is_empty() { html } else { html.replace(&digests, "") }
        };
        assert_eq!(bare(0), bare(2));
        assert_eq!(bare(1), bare(2));
    }
}
