//! Starts real headless browsers, each with a fresh profile, and ends them.
//! Pages and what one does on them are in `page`; each engine is in a folder of its own.

use std::fmt::{self, Debug};
use std::marker::PhantomData;
use std::time::Duration;

mod accessibility;
mod chromium;
mod error;
mod firefox;
mod keyboard;
mod network;
mod page;
mod process;
mod session;
mod tab;

pub use accessibility::AccessibleNode;
pub use error::Error;
pub use network::NetworkEntry;
pub use page::Page;
pub use process::file_url;

use chromium::Chromium;
use error::told;
use firefox::Firefox;
use tab::Tab;

/// How long anything in the browser may take before the test fails. A cold start on a busy
/// machine with two cores has been seen to take several seconds.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Names on the web that lead to this machine in every browser started here: what DNS rebinding
/// makes of an attacker's own name.
pub const REBOUND_NAMES: [&str; 3] =
    ["evil.example", "127.0.0.1.evil.example", "localhost.example"];

/// Which browser a test runs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Chromium, Chrome or Edge, over the DevTools protocol.
    Chromium,
    /// Firefox, over WebDriver BiDi.
    Firefox,
}

impl fmt::Display for Engine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        Debug::fmt(self, formatter)
    }
}

/// Makes a test for each browser of functions that take a `&Browser`, in the modules `in_chromium`
/// and `in_firefox`. Once in a module, for all of its functions; attributes such as `#[cfg(unix)]`
/// may stand before each name.
///
/// What only one browser can is a test of its own, with [`Browser::launch_in`].
///
/// ```
/// use solohttp_tests::browser::Browser;
///
/// fn the_title_is_shown(browser: &Browser) {
///     let mut page = browser.page();
///     page.open("data:text/html,<title>Hello</title>");
///     assert_eq!(page.eval("document.title"), "Hello");
/// }
///
/// solohttp_tests::in_each_browser!(the_title_is_shown);
/// ```
#[macro_export]
macro_rules! in_each_browser {
    ($($(#[$attribute:meta])* $test:ident),+ $(,)?) => {
        mod in_chromium {
            use $crate::browser::{Browser, Engine};
            $($(#[$attribute])* #[test] fn $test() {
                super::$test(&Browser::launch_in(Engine::Chromium));
            })+
        }
        mod in_firefox {
            use $crate::browser::{Browser, Engine};
            $($(#[$attribute])* #[test] fn $test() {
                super::$test(&Browser::launch_in(Engine::Firefox));
            })+
        }
    };
}

/// A running browser of one kind or the other. It ends when it is dropped.
trait Instance: Debug {
    fn new_tab(&self) -> Result<Box<dyn Tab>, Error>;
}

/// A running browser. It ends, and its profile goes, when this is dropped.
#[derive(Debug)]
pub struct Browser {
    engine: Engine,
    instance: Box<dyn Instance>,
}

impl Browser {
    /// Starts Chromium as [`xtask::browser`] finds it.
    ///
    /// # Panics
    ///
    /// If there is none, or it does not come up within [`PATIENCE`].
    #[track_caller]
    #[must_use]
    pub fn launch() -> Self {
        Self::launch_in(Engine::Chromium)
    }

    /// Starts this browser.
    ///
    /// # Panics
    ///
    /// As [`launch`](Self::launch).
    #[track_caller]
    #[must_use]
    pub fn launch_in(engine: Engine) -> Self {
        let instance: Box<dyn Instance> = match engine {
            Engine::Chromium => Box::new(told(Chromium::start(&[]))),
            Engine::Firefox => Box::new(told(Firefox::start())),
        };
        Self { engine, instance }
    }

    /// Starts Chromium with further switches of its command line.
    ///
    /// # Panics
    ///
    /// As [`launch`](Self::launch).
    #[track_caller]
    #[must_use]
    pub fn launch_with(switches: &[&str]) -> Self {
        let instance = Box::new(told(Chromium::start(switches)));
        Self { engine: Engine::Chromium, instance }
    }

    /// Which browser this is.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Opens an empty page in a tab of its own. All pages share one profile, as a person's do.
    #[track_caller]
    #[must_use]
    pub fn page(&self) -> Page<'_> {
        Page { tab: told(self.instance.new_tab()), engine: self.engine, browser: PhantomData }
    }
}
