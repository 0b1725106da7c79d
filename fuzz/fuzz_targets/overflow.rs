//! Any bytes as a multi-part form that may be too large; the first byte is the size of a piece.

#![no_main]

use libfuzzer_sys::fuzz_target;
use solohttp_core::fuzzing;

fuzz_target!(|input: &[u8]| {
    if let Some((&piece, bytes)) = input.split_first() {
        fuzzing::overflow(bytes, usize::from(piece));
    }
});
