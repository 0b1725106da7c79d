//! Arbitrary bytes as a query or a urlencoded form.

#![no_main]

use libfuzzer_sys::fuzz_target;
use solohttp_core::fuzzing;

fuzz_target!(|input: &[u8]| fuzzing::urlencoded(input));
