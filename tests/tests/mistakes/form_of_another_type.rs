//! A text field doesn't fit a number.
use solohttp::forms::{RecordForm, form, text};

struct Item {
    stock: u32,
}

fn main() {
    let _: RecordForm<Item> = form!(Item { stock: text("Stock") });
}
