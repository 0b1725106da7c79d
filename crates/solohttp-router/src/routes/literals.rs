//! The literals below one node of the tree: from a text to the few nodes it may lead to.
//!
//! A hash table with linear probing, a quarter to a half full. The standard one costs twice as
//! much a look-up, for a hash that withstands chosen keys; all keys in here are the program's own,
//! and a request only looks up. Knows nothing of nodes but their numbers, so texts are compared by
//! the tree.

use std::num::NonZero;

/// Numbers of nodes by the hashes of their texts.
#[derive(Debug)]
pub(crate) struct Literals {
    /// A power of two of them, or none.
    slots: Vec<Option<Slot>>,
    len: usize,
}

/// Eight bytes, also in an `Option`: more of them in a cache line.
#[derive(Debug, Clone, Copy)]
struct Slot {
    hash: u32,
    node: NonZero<u32>,
}

impl Literals {
    pub(crate) const fn new() -> Self {
        Self { slots: Vec::new(), len: 0 }
    }

    /// Adds a text that is not there yet. No literal leads to node 0, which is the root.
    pub(crate) fn insert(&mut self, text: &str, node: usize) {
        let number = u32::try_from(node).ok().and_then(NonZero::new);
        let node = number.expect("a program has fewer than 2^32 routes");
        self.len += 1;
        if self.len * 2 > self.slots.len() {
            let slots = vec![None; (self.len * 4).next_power_of_two()];
            for slot in std::mem::replace(&mut self.slots, slots).into_iter().flatten() {
                self.place(slot);
            }
        }
        self.place(Slot { hash: hash(text.as_bytes()), node });
    }

    fn place(&mut self, slot: Slot) {
        let mut at = self.start(slot.hash);
        while self.slots[at].is_some() {
            at = (at + 1) & (self.slots.len() - 1);
        }
        self.slots[at] = Some(slot);
    }

    /// The node of a text; `is_it` compares the few whose text has the same hash, nearly always
    /// the right one alone.
    pub(crate) fn find(&self, text: &str, is_it: impl Fn(usize) -> bool) -> Option<usize> {
        if self.slots.is_empty() {
            return None;
        }
        let hash = hash(text.as_bytes());
        let mut at = self.start(hash);
        // Half of the slots are free, so that this ends.
        while let Some(slot) = self.slots[at] {
            let node = usize::try_from(slot.node.get()).expect("it was a usize before");
            if slot.hash == hash && is_it(node) {
                return Some(node);
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
        None
    }

    fn start(&self, hash: u32) -> usize {
        usize::try_from(hash).expect("32 bits fit in a usize") & (self.slots.len() - 1)
    }
}

/// The upper half: the upper bits of a product depend on all bits of its factors.
fn hash(text: &[u8]) -> u32 {
    u32::try_from(wide_hash(text) >> 32).expect("half of the bits are left")
}

/// Every byte counts; up to 16 bytes, which segments mostly have, cost two multiplications.
fn wide_hash(text: &[u8]) -> u64 {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    let mix = |hash: u64, word: u64| {
        let product = (hash ^ word).wrapping_mul(ODD);
        product ^ (product >> 32)
    };
    let start = u64::try_from(text.len()).expect("a length fits in 64 bits");
    if let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) {
        let (words, _) = text[8..].as_chunks();
        let hash = mix(start, u64::from_le_bytes(*first));
        let hash = words.iter().fold(hash, |hash, word| mix(hash, u64::from_le_bytes(*word)));
        return mix(hash, u64::from_le_bytes(*last)).wrapping_mul(ODD);
    }
    if let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) {
        let both = (u32::from_le_bytes(*first), u32::from_le_bytes(*last));
        return mix(start, u64::from(both.0) << 32 | u64::from(both.1)).wrapping_mul(ODD);
    }
    let word = text.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
    mix(start, word).wrapping_mul(ODD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_found_among_thousands() {
        let texts: Vec<String> =
            (0..3000).map(|index| "x".repeat(index % 40) + &index.to_string()).collect();
        let mut literals = Literals::new();
        for (node, text) in texts.iter().enumerate() {
            literals.insert(text, node + 1);
        }
        for (node, text) in texts.iter().enumerate() {
            assert_eq!(
                literals.find(text, |found| texts[found - 1] == *text),
                Some(node + 1),
                "{text}"
            );
        }
        assert_eq!(literals.find("y", |_| true), None);
        assert_eq!(Literals::new().find("x", |_| true), None);
    }

    #[test]
    fn every_byte_and_the_length_change_the_hash() {
        for len in 0..40 {
            let text = vec![b'a'; len];
            assert_ne!(hash(&text), hash(&[&text[..], b"a"].concat()), "{len}");
            for at in 0..len {
                let mut other = text.clone();
                other[at] = b'b';
                assert_ne!(hash(&text), hash(&other), "{at} of {len}");
            }
        }
    }
}
