//! The minced oaths in the titles of internal error pages.
//!
//! A joke taken from kali, the Python library that solohttp grew out of.

use std::borrow::Cow;
use std::hash::{BuildHasher, RandomState};

pub(crate) const OATHS: [&str; 36] = [
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

/// Picks one at random. The standard library's hash keys are random enough for this.
pub(crate) fn pick<'a>(oaths: &'a [Cow<'static, str>]) -> &'a str {
    let count = u64::try_from(oaths.len()).unwrap_or(1).max(1);
    let place = RandomState::new().hash_one(count) % count;
    usize::try_from(place).ok().and_then(|place| oaths.get(place)).map_or("", |oath| oath)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn picks_more_than_one() {
        let oaths = OATHS.map(Cow::Borrowed);
        let picked: std::collections::HashSet<_> = (0..200).map(|_| pick(&oaths)).collect();
        assert!(picked.len() > 1);
    }
}
