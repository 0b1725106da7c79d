//! Where fields are by their names, so that a table of thousands is not searched for each of them.
//!
//! Knows nothing of what the names mean.

use solohttp_core::Fields;

/// The places of fields, sorted by name; those of one name stay in their order.
#[derive(Debug, Clone)]
pub(crate) struct ByName(Vec<usize>);

impl ByName {
    pub(crate) fn of(fields: &Fields) -> Self {
        let names: Vec<&str> = fields.iter().map(|(name, _)| name).collect();
        let mut places: Vec<usize> = (0..names.len()).collect();
        places.sort_by_key(|&place| names[place]);
        Self(places)
    }

    /// Where the fields of this name are, in order.
    pub(crate) fn places(&self, fields: &Fields, name: &str) -> &[usize] {
        let from = self.from(fields, name);
        let count = from.partition_point(|&place| name_at(fields, place) == name);
        &from[..count]
    }

    /// Where fields are whose names start with this.
    pub(crate) fn starting_with(&self, fields: &Fields, start: &str) -> &[usize] {
        let from = self.from(fields, start);
        let count = from.partition_point(|&place| name_at(fields, place).starts_with(start));
        &from[..count]
    }

    fn from(&self, fields: &Fields, name: &str) -> &[usize] {
        &self.0[self.0.partition_point(|&place| name_at(fields, place) < name)..]
    }
}

fn name_at(fields: &Fields, place: usize) -> &str {
    fields.nth(place).map(|(name, _)| name).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_a_search_finds() {
        let names = ["a", "b.1", "a", "", "b", "b:x", "b.1.c", "ba", "a.", "b.10", "\u{e9}"];
        let fields: Fields = names.iter().map(|name| (*name, "")).collect();
        let by_name = ByName::of(&fields);
        let search = |test: &dyn Fn(&str) -> bool| {
            let places = (0..names.len()).filter(|place| test(names[*place]));
            places.collect::<Vec<_>>()
        };
        for name in names.into_iter().chain(["c", "b.", "b:", "\u{10ffff}"]) {
            assert_eq!(by_name.places(&fields, name), search(&|known| known == name), "{name}");
            let mut found = by_name.starting_with(&fields, name).to_vec();
            found.sort_unstable();
            assert_eq!(found, search(&|known| known.starts_with(name)), "{name}");
        }
        assert!(ByName::of(&Fields::new()).places(&Fields::new(), "a").is_empty());
    }
}
