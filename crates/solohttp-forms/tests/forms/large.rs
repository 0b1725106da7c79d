//! Forms with thousands of fields. Showing, sending, parsing and redisplaying them takes linear
//! time.

use solohttp_core::Fields;
use solohttp_forms::{
    Choices, RecordForm, checkboxes, form, group, multi_select, number, rows, text,
};

struct Cell {
    name: String,
    count: Option<u32>,
    inner: Inner,
}

struct Inner {
    notes: Vec<Note>,
}

struct Note {
    text: String,
}

struct Table {
    rows: Vec<Cell>,
}

fn table_form(spare: usize) -> RecordForm<Table> {
    let notes = form!(Note { text: text("Text") });
    let inner = form!(Inner { notes: rows("Notes", notes).extra(spare) });
    let row = form!(Cell {
        name: text("Name"),
        count: number("Count").max(10).optional(),
        inner: group("Inner", inner),
    });
    form!(Table { rows: rows("Rows", row).extra(spare) })
}

fn table(rows: u32, notes: u32) -> Table {
    let note = |number: u32| Note { text: number.to_string() };
    let row = |number: u32| Cell {
        name: format!("row {number}"),
        count: Some(number % 10),
        inner: Inner { notes: (0..notes).map(note).collect() },
    };
    Table { rows: (0..rows).map(row).collect() }
}

struct Selection {
    boxes: Vec<u32>,
    list: Vec<String>,
}

fn selection_form(count: u32) -> RecordForm<Selection> {
    let names = (0..count).map(|number| (format!("name {number}"), number.to_string()));
    form!(Selection {
        boxes: checkboxes("Boxes", Choices::new((0..count).map(|number| (number, "x")))),
        list: multi_select(
            "List",
            Choices::keyed(names.map(|(name, key)| (name.clone(), key, name)))
        ),
    })
}

/// Shows a record, sends it with errors everywhere, shows the errors, and sends the original
/// record.
fn round_trip<T: 'static>(
    form: &RecordForm<T>,
    record: &T,
    spoil: impl Fn(&str, &str) -> String,
) -> (T, usize) {
    let fields = form.fields_of(record);
    let page = form.show(record).render().to_string();
    assert!(page.ends_with("</form>"));
    let bad: Fields = fields.iter().map(|(name, text)| (name, spoil(name, text))).collect();
    let Err(again) = form.submit(&bad) else { panic!("there are errors") };
    let page = again.render().to_string();
    let errors = again.errors().len();
    assert_eq!(page.matches("class=\"error\"").count(), errors);
    let Ok(record) = form.submit(&fields) else { panic!("there is no error") };
    (record, errors)
}

/// Runs the closure with two sizes. The time is measured in a separate benchmark.
fn at_sizes(run: impl Fn(u32)) {
    run(1_000);
    run(4_000);
}

#[test]
fn a_table_of_many_rows() {
    for spare in [0, 1] {
        at_sizes(|count| {
            let spoil = |name: &str, text: &str| {
                if name.ends_with("count") { "many".to_owned() } else { text.to_owned() }
            };
            let (read, errors) = round_trip(&table_form(spare), &table(count / 4, 1), spoil);
            let quarter = usize::try_from(count / 4).unwrap();
            assert_eq!((read.rows.len(), errors), (quarter, quarter));
            assert!(read.rows.iter().all(|row| row.inner.notes.len() == 1));
        });
    }
}

#[test]
fn many_nested_rows() {
    at_sizes(|count| {
        let (rows, notes) = (count / 20, 10);
        let spoil =
            |name: &str, _: &str| if name.ends_with("count") { "x" } else { "y" }.to_owned();
        let spoil = |name: &str, text: &str| match name.ends_with(":row") {
            true => text.to_owned(),
            false => spoil(name, text),
        };
        let (read, _) = round_trip(&table_form(0), &table(rows, notes), spoil);
        assert_eq!(read.rows.last().map(|row| row.inner.notes.len()), Some(10));
        assert_eq!(read.rows.last().map(|row| row.inner.notes[9].text.as_str()), Some("9"));
    });
}

#[test]
fn a_selection_of_many_choices() {
    at_sizes(|count| {
        let form = selection_form(count);
        let list = (0..count).map(|number| format!("name {number}")).collect();
        let record = Selection { boxes: (0..count).collect(), list };
        let spoil = |_: &str, text: &str| format!("{text} gone");
        let (read, errors) = round_trip(&form, &record, spoil);
        assert_eq!((read.boxes, read.list, errors), (record.boxes, record.list, 2));
    });
}

/// Forged forms take linear time too.
#[test]
fn a_hostile_form() {
    at_sizes(|count| {
        let mut fields = Fields::new();
        for number in 0..count {
            fields.push("rows:row", number.to_string());
            fields.push("rows:row", "0");
            fields.push(format!("rows.{number}.inner.notes:row"), "0");
            fields.push("rows.0.inner.notes:row", number.to_string());
            fields.push(format!("rows.{number}.other"), "");
            fields.push("rows.0.name", "again");
        }
        let read = table_form(2).submit(&fields).ok();
        assert_eq!(read.map(|table| table.rows.len()), Some(1), "the others are blank");
    });
}

#[test]
fn twenty_thousand_boxes_and_a_table_of_six_thousand_fields() {
    let form = selection_form(20_000);
    let record = Selection { boxes: (0..20_000).collect(), list: Vec::new() };
    let read = form.submit(&form.fields_of(&record)).ok();
    assert_eq!(read.map(|read| read.boxes.len()), Some(20_000));
    let form = table_form(1);
    let record = table(2_000, 1);
    assert!(form.fields_of(&record).len() > 6_000);
    let read = form.submit(&form.fields_of(&record)).ok();
    assert_eq!(read.map(|read| read.rows.len()), Some(2_000));
}
