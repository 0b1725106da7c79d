//! Suggestions in error messages.

use crate::nearest::nearest;

/// Returns "did you mean `x`?" if a known name is similar, and the list of known names otherwise.
pub(crate) fn suggest<'k>(wrong: &str, what: &str, known: &[&'k str]) -> String {
    if let Some(name) = nearest(wrong, known.iter().copied()) {
        return format!("did you mean `{name}`?");
    }
    let mut sorted: Vec<&'k str> = known.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    match sorted.as_slice() {
        [] => format!("there are no {what} here"),
        names => format!("{what}: {}", shortened(names)),
    }
}

fn shortened(names: &[&str]) -> String {
    const SHOWN: usize = 12;
    let mut list = names.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN {
        list.push_str(&format!(" and {} more", names.len() - SHOWN));
    }
    list
}
