//! Suggests a known name for a misspelt one.

/// Returns the candidate with the fewest edits from `name`; the first one if several tie.
pub(crate) fn nearest<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    candidates.into_iter().min_by_key(|candidate| edits(name, candidate))
}

/// The Levenshtein distance, computed with one row of the table.
fn edits(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (above, left) in from.chars().enumerate() {
        let mut diagonal = above;
        row[0] = above + 1;
        for (column, right) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(left != *right);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, distances: &[(&str, usize)]) {
        for &(other, distance) in distances {
            assert_eq!(edits(name, other), distance, "{name} → {other}");
            assert_eq!(edits(other, name), distance, "{other} → {name}");
        }
    }

    #[test]
    fn counts_insertions_deletions_and_replacements() {
        check("intro", &[("intro", 0), ("into", 1), ("intros", 1), ("entro", 1), ("", 5)]);
        check("kitten", &[("sitting", 3), ("mitten", 1)]);
    }

    #[test]
    fn picks_the_first_of_the_nearest() {
        assert_eq!(nearest("todi", ["intro", "todo", "tidy"]), Some("todo"));
        assert_eq!(nearest("x", []), None);
    }
}
