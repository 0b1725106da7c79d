//! Arbitrary bytes as the cookies that a browser sends.

#![no_main]

use libfuzzer_sys::fuzz_target;
use solohttp_core::fuzzing;

fuzz_target!(|input: &[u8]| fuzzing::cookie(input));
