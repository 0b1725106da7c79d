//! Random tokens, unique but not secret.

use std::hash::{BuildHasher as _, RandomState};

/// A new 128-bit token, derived from the standard library's random hash keys.
pub(crate) fn token() -> String {
    let (one, two) = (RandomState::new(), RandomState::new());
    format!("{:016x}{:016x}", one.hash_one(0_u8), two.hash_one(1_u8))
}
