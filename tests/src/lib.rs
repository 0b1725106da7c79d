//! End-to-end tests of solohttp.
