//! Finds the name that a misspelled name was probably meant to be. `xtask` includes this file too.

/// Returns the most similar known name, if it is similar enough.
pub(crate) fn nearest<'k>(
    wrong: &str,
    known: impl IntoIterator<Item = &'k str>,
) -> Option<&'k str> {
    let allowed = (wrong.chars().count() / 3).max(1);
    known
        .into_iter()
        .filter(|name| *name != wrong)
        .map(|name| (distance(wrong, name), name))
        .filter(|(edits, _)| *edits <= allowed)
        .min()
        .map(|(_, name)| name)
}

/// Returns the edit distance, where an edit is an insertion, a deletion, a replacement, or a swap
/// of adjacent characters. Ignores case.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.to_lowercase().chars().collect();
    let b: Vec<char> = b.to_lowercase().chars().collect();
    let mut before = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (i, &left) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, &right) in b.iter().enumerate() {
            let swap = (i > 0 && j > 0 && left == b[j - 1] && a[i - 1] == right)
                .then(|| before[j - 1] + 1);
            let best = (above[j] + usize::from(left != right))
                .min(above[j + 1] + 1)
                .min(row[j] + 1)
                .min(swap.unwrap_or(usize::MAX));
            row.push(best);
        }
        before = std::mem::replace(&mut above, row);
    }
    above[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_typos_and_nothing_far_away() {
        let known = ["title", "body", "contacts", "x"];
        let check = |wrong: &str, expected: Option<&str>| {
            assert_eq!(nearest(wrong, known), expected, "{wrong}");
        };
        check("titel", Some("title"));
        check("Title", Some("title"));
        check("bdy", Some("body"));
        check("contact", Some("contacts"));
        check("y", Some("x"));
        check("nothing", None);
        check("title", None);
    }
}
