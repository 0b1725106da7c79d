//! The minced oaths that head the error pages.
//!
//! A joke kept from the ancestor: the page a user sees when something broke should not be grim.

use std::hash::{BuildHasher, RandomState};

const OATHS: [&str; 36] = [
    "Ach du grüne Neune",
    "Bah, humbug",
    "Barnacles",
    "Begorra",
    "Blast and botheration",
    "Blimey",
    "Blistering barnacles",
    "By Jove",
    "By the great horn spoon",
    "Consarn it",
    "Cor lumme",
    "Crikey",
    "Dagnabbit",
    "Drat",
    "Egad",
    "Fiddlesticks",
    "Flippin' heck",
    "Fudge",
    "Gadzooks",
    "Good grief",
    "Goodness gracious",
    "Great Caesar's ghost",
    "Great Scott",
    "Heavens to Betsy",
    "Jeepers creepers",
    "Jumping Jehoshaphat",
    "Leaping lizards",
    "Mercy me",
    "My giddy aunt",
    "Odds bodkins",
    "Rats",
    "Sacré bleu",
    "Shiver my timbers",
    "Suffering succotash",
    "Tarnation",
    "Zounds",
];

/// A different one now and then. The standard library's hash keys are random enough for that.
pub(crate) fn pick() -> &'static str {
    let hash = RandomState::new().hash_one(OATHS.len());
    let count = u64::try_from(OATHS.len()).expect("36 fits in 64 bits");
    OATHS[usize::try_from(hash % count).expect("a remainder of 36 fits in any usize")]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn picks_more_than_one() {
        let picked: std::collections::HashSet<_> = (0..200).map(|_| pick()).collect();
        assert!(picked.len() > 1);
    }
}
