//! Every field of the record needs a control.
use solohttp::forms::{RecordForm, form, text};

struct Item {
    name: String,
    stock: u32,
}

fn main() {
    let _: RecordForm<Item> = form!(Item { name: text("Name") });
}
