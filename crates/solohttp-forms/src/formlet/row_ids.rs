//! The ids of rows and stored files in a submitted form: only those of the record's own count.

use std::collections::HashSet;

use solohttp_core::Fields;

use crate::form::names::{ID, STORED};

fn is_id(name: &str) -> bool {
    ID.ends(name) || STORED.ends(name)
}

/// Whether any row or file was sent with an id.
pub(super) fn has_any(fields: &Fields) -> bool {
    fields.iter().any(|(name, _)| is_id(name))
}

/// Removes ids that aren't in `known`, the fields of the record, and those that occur twice. A
/// request can contain any id, but the application should change only what belongs to this record.
pub(super) fn forget_unknown(known: &Fields, fields: &mut Fields) {
    let ids = known.iter().filter(|(name, _)| is_id(name));
    let mut ids: HashSet<(String, String)> =
        ids.map(|(name, id)| (column(name), id.to_owned())).collect();
    let all = std::mem::take(fields).into_iter();
    *fields =
        all.filter(|(name, id)| !is_id(name) || ids.remove(&(column(name), id.clone()))).collect();
}

/// The name without the numbers of rows, which may have moved.
fn column(name: &str) -> String {
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let parts = name.split('.').map(|part| if is_number(part) { "*" } else { part });
    parts.collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_other_rows_are_forgotten() {
        let known =
            Fields::from_iter([("a.0.id:id", "7"), ("a.1.id:id", "8"), ("a.1.b.0.id:id", "9")]);
        let mut sent = Fields::from_iter([
            ("a.0.id:id", "8"),
            ("a.0.x", "7"),
            ("a.0.b.3.id:id", "9"),
            ("a.1.id:id", "8"),
            ("a.2.id:id", "9"),
            ("a.3.id:id", "7"),
        ]);
        forget_unknown(&known, &mut sent);
        let kept: Vec<(&str, &str)> = sent.iter().collect();
        let expect =
            [("a.0.id:id", "8"), ("a.0.x", "7"), ("a.0.b.3.id:id", "9"), ("a.3.id:id", "7")];
        assert_eq!(kept, expect);
    }
}
