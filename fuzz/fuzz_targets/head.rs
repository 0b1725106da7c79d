//! Any bytes as the head of a request; the first byte is the size of a piece.

#![no_main]

use libfuzzer_sys::fuzz_target;
use solohttp_core::fuzzing;

fuzz_target!(|input: &[u8]| {
    if let Some((&piece, bytes)) = input.split_first() {
        fuzzing::head(bytes, usize::from(piece));
    }
});
