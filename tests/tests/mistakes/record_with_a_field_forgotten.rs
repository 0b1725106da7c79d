//! Every field needs a column.
use solohttp::sqlite::columns;

struct Sample {
    code: String,
    mass: i64,
}

columns!(Sample in "sample" { code });

fn main() {}
