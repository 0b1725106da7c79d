//! End-to-end tests, one module per theme, in one program so that they link once.

#![allow(
    clippy::disallowed_methods,
    reason = "one thread is the rule for the library; a test plays both ends of a connection"
)]
#![allow(
    clippy::unwrap_used,
    reason = "all of this is tests, also the functions that are not marked as one"
)]

mod allocations;
mod back;
mod connection;
mod datebook;
mod defects;
mod differential;
mod faults;
mod forms;
mod guard;
mod harness;
mod hostile_page;
mod intro;
mod language;
mod large_forms;
mod launch;
mod limits;
mod mistakes;
mod numbers;
mod outside;
mod oversized;
mod patience;
#[cfg(target_os = "linux")]
mod proxy;
mod secrets;
mod sent_twice;
mod start;
mod static_content;
#[cfg(unix)]
mod stop;
mod todo;
mod trusted_origin;
mod two_tabs;
mod unsaved;
mod uploads;
