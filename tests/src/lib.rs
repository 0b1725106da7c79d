//! The harness for end-to-end tests: raw sockets, real browsers, and programs under test.
//!
//! A browser test is a function that takes a [`Browser`](browser::Browser). Listed in
//! [`in_each_browser!`], it runs in Chromium and in Firefox, as two tests:
//!
//! ```
//! use solohttp_tests::browser::{Browser, Engine};
//!
//! fn a_task_is_added(browser: &Browser) {
//!     let mut page = browser.page();
//!     page.open("http://127.0.0.1:8080/");
//!     page.click("#add");
//!     page.wait_for("document.querySelectorAll('li').length === 1");
//!     // Where browsers differ, the test says how.
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
//! A test for one browser starts it itself:
//! [`Browser::launch_in(Engine::Firefox)`](browser::Browser::launch_in).
//!
//! In scope: acting like a client or a person, and telling what was seen.
//! Out of scope: knowing what is right; that is for the tests in `tests/tests`.
//!
//! Whatever goes wrong panics at the caller's line with what was awaited and what came instead;
//! every wait is bounded.
//!
//! | module | what it plays |
//! |---|---|
//! | [`wire`] | a client of bare bytes, well-behaved or not |
//! | [`browser`] | a person with Chromium or Firefox |
//! | [`program`] | the terminal in which a program was started |
//! | [`served`] | a user whose application runs in the test's own process |

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "one thread is the rule for the library; a harness stands outside of it and waits"
)]
#![allow(
    clippy::missing_panics_doc,
    reason = "every method of a harness panics when its wait ends in vain; said once, above"
)]

pub mod browser;
pub mod program;
pub mod served;
pub mod wire;
