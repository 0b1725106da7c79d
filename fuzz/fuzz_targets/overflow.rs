//! Arbitrary bytes as a multipart form that may be too large. The first byte is the size of each
//! piece.

#![no_main]

use libfuzzer_sys::fuzz_target;
use solohttp_core::fuzzing;

fuzz_target!(|input: &[u8]| {
    if let Some((&piece, bytes)) = input.split_first() {
        fuzzing::overflow(bytes, usize::from(piece));
    }
});
