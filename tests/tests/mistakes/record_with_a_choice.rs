//! Only enums that `choices!` declares are stored as choices.
use solohttp::sqlite::columns;

enum Status {
    Fresh,
}

struct Sample {
    status: Option<Status>,
}

columns!(Sample in "sample" { status: choice });

fn main() {
    let _ = Status::Fresh;
}
