//! The harness for end-to-end tests: raw sockets, real browsers, and programs under test.
//!
//! A browser test is a function that takes a [`Browser`](browser::Browser). Once it is listed in
//! [`in_each_browser!`], it runs as two tests, one in Chromium and one in Firefox:
//!
//! ```
//! use solohttp_tests::browser::{Browser, Engine};
//!
//! fn a_task_is_added(browser: &Browser) {
//!     let mut page = browser.page();
//!     page.open("http://127.0.0.1:8080/");
//!     page.click("#add");
//!     page.wait_for("document.querySelectorAll('li').length === 1");
//!     // Differences between browsers are explicit.
//!     let months = match page.engine() {
//!         Engine::Chromium => "month",
//!         Engine::Firefox => "text",
//!     };
//!     assert_eq!(page.eval("document.querySelector('[name=due]').type"), months);
//! }
//!
//! solohttp_tests::in_each_browser!(a_task_is_added);
//! ```
//!
//! A test for a single browser calls
//! [`Browser::shared(Engine::Firefox)`](browser::Browser::shared).
//!
//! **In scope:** acting as a client or user, and reporting what happened. **Out of scope:**
//! deciding what is correct, which is left to `tests/tests`.
//!
//! A failure panics at the caller's line. The message says what was expected and what happened
//! instead. Every wait has a timeout.
//!
//! | module | plays |
//! |---|---|
//! | [`wire`] | a client that sends raw bytes |
//! | [`browser`] | a user with Chromium or Firefox |
//! | [`program`] | the terminal that starts a program |
//! | [`served`] | an application in the test's own process |
//!
//! The programs in `bin` are servers and helpers that tests start; `tests/tests` has one module per
//! topic.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "single-threading is a rule for the library; a harness may block"
)]
#![allow(
    clippy::missing_panics_doc,
    reason = "every method of the harness panics on a timeout, as described above"
)]

pub mod browser;
pub mod program;
pub mod served;
pub mod wire;
