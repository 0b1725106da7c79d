//! Each field is stored in one of a few ways.
use solohttp::sqlite::columns;

struct Sample {
    code: String,
}

columns!(Sample in "sample" { code: string });

fn main() {}
