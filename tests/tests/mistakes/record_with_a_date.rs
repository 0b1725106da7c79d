//! SQLite has no dates.
use solohttp::forms::jiff::civil::Date;
use solohttp::sqlite::columns;

struct Sample {
    code: String,
    taken: Date,
}

columns!(Sample in "sample" { code, taken });

fn main() {}
