//! A text field for a number.
use solohttp::forms::{RecordForm, form, text};

struct Item {
    stock: u32,
}

fn main() {
    let _: RecordForm<Item> = form!(Item { stock: text("Stock") });
}
