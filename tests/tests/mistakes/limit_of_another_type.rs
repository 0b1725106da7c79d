//! A limit must have the type of the value.
use solohttp::forms::{RecordForm, form, number};

struct Item {
    stock: u32,
}

fn main() {
    let _: RecordForm<Item> = form!(Item { stock: number("Stock").max(99.5) });
}
