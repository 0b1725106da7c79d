//! Normalizes an arbitrary string as a path.

#![no_main]

use libfuzzer_sys::fuzz_target;
use solohttp_core::fuzzing;

fuzz_target!(|input: &str| fuzzing::normal_path(input));
