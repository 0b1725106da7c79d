//! An index of fields by name. Without it, each lookup in a table would scan thousands of fields.

use solohttp_core::Fields;

/// The indexes of all fields, sorted by field name. Fields with the same name keep their order.
#[derive(Debug, Clone)]
pub(crate) struct ByName(Vec<usize>);

impl ByName {
    pub(crate) fn of(fields: &Fields) -> Self {
        let names: Vec<&str> = fields.iter().map(|(name, _)| name).collect();
        let mut indexes: Vec<usize> = (0..names.len()).collect();
        indexes.sort_by_key(|&index| names[index]);
        Self(indexes)
    }

    /// The indexes of the fields with this name, in order.
    pub(crate) fn indexes(&self, fields: &Fields, name: &str) -> &[usize] {
        let from = self.from(fields, name);
        let count = from.partition_point(|&index| name_at(fields, index) == name);
        &from[..count]
    }

    /// The indexes of the fields whose names start with `start`.
    pub(crate) fn starting_with(&self, fields: &Fields, start: &str) -> &[usize] {
        let from = self.from(fields, start);
        let count = from.partition_point(|&index| name_at(fields, index).starts_with(start));
        &from[..count]
    }

    fn from(&self, fields: &Fields, name: &str) -> &[usize] {
        &self.0[self.0.partition_point(|&index| name_at(fields, index) < name)..]
    }
}

fn name_at(fields: &Fields, index: usize) -> &str {
    fields.nth(index).map(|(name, _)| name).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_a_linear_search() {
        let names = ["a", "b.1", "a", "", "b", "b:x", "b.1.c", "ba", "a.", "b.10", "\u{e9}"];
        let fields: Fields = names.iter().map(|name| (*name, "")).collect();
        let by_name = ByName::of(&fields);
        let search = |test: &dyn Fn(&str) -> bool| {
            let indexes = (0..names.len()).filter(|index| test(names[*index]));
            indexes.collect::<Vec<_>>()
        };
        for name in names.into_iter().chain(["c", "b.", "b:", "\u{10ffff}"]) {
            assert_eq!(by_name.indexes(&fields, name), search(&|known| known == name), "{name}");
            let mut found = by_name.starting_with(&fields, name).to_vec();
            found.sort_unstable();
            assert_eq!(found, search(&|known| known.starts_with(name)), "{name}");
        }
        assert!(ByName::of(&Fields::new()).indexes(&Fields::new(), "a").is_empty());
    }
}
