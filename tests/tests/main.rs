//! End-to-end tests, with one module per topic. They form a single program, which is linked only
//! once.
//!
//! | topic | modules |
//! |---|---|
//! | the wire | `connection`, `defects`, `faults`, `limits`, `oversized`, `patience`, `uploads`, `allocations` |
//! | access | `hostile_page`, `launch`, `trusted_origin`, `secrets`, `proxy` |
//! | starting and stopping | `start`, `stop` |
//! | pages in a browser | `charts` |
//! | forms in a browser | `forms`, `confirm`, `numbers`, `large_forms`, `back`, `sent_twice`, `two_tabs`, `unsaved`, `differential` |
//! | the test client | `test_client` |
//! | desktop programs | `live`, `window` |
//! | work outside requests | `outside` |
//! | the tutorials | `intro`, `static_content`, `todo`, `guard`, `datebook` |
//! | messages | `language` (all sentences can be replaced), `mistakes` (compiler messages) |
//! | the harness itself | `harness` |

#![allow(
    clippy::disallowed_methods,
    reason = "single-threading is a rule for the library; a test plays both ends of a connection"
)]
#![allow(
    clippy::unwrap_used,
    reason = "everything here is test code, including functions that aren't marked as tests"
)]

mod allocations;
mod back;
mod charts;
mod confirm;
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
mod live;
mod mistakes;
mod numbers;
mod outside;
mod oversized;
mod patience;
mod patterns;
#[cfg(target_os = "linux")]
mod proxy;
mod rows;
mod secrets;
mod sent_twice;
mod start;
mod static_content;
#[cfg(unix)]
mod stop;
mod test_client;
mod todo;
mod trusted_origin;
mod two_tabs;
mod unsaved;
mod uploads;
#[cfg(target_os = "linux")]
mod window;
