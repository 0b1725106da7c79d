//! Arbitrary bytes as the cookies of a browser that signs in.

#![no_main]

use libfuzzer_sys::fuzz_target;
use solohttp_core::fuzzing;

fuzz_target!(|input: &[u8]| fuzzing::cookie(input));
