//! Starts real headless browsers, each with a fresh profile. Pages are in `page`; each engine has
//! its own folder.

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

/// The timeout for anything that the browser does. A cold start on a busy machine with two cores
/// has taken several seconds.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Host names that resolve to this machine in every browser started here, like an attacker's name
/// after DNS rebinding.
pub const REBOUND_NAMES: [&str; 3] =
    ["evil.example", "127.0.0.1.evil.example", "localhost.example"];

/// A browser engine.
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

/// Turns functions that take a `&Browser` into tests, one per browser, in the modules `in_chromium`
/// and `in_firefox`. Use it only once per module, and list all of the module's browser tests.
/// Attributes such as `#[cfg(unix)]` can precede each name.
///
/// For a test in one browser only, use [`Browser::launch_in`].
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

/// A running browser of either engine. Dropping it shuts the browser down.
trait Instance: Debug {
    fn new_tab(&self) -> Result<Box<dyn Tab>, Error>;
}

/// A running browser. Dropping it closes the browser and deletes its profile.
#[derive(Debug)]
pub struct Browser {
    engine: Engine,
    instance: Box<dyn Instance>,
}

impl Browser {
    /// Starts Chromium, as found by [`xtask::browser`].
    ///
    /// # Panics
    ///
    /// If it isn't installed or doesn't start within [`PATIENCE`].
    #[track_caller]
    #[must_use]
    pub fn launch() -> Self {
        Self::launch_in(Engine::Chromium)
    }

    /// Starts a browser with this engine.
    ///
    /// # Panics
    ///
    /// Like [`launch`](Self::launch).
    #[track_caller]
    #[must_use]
    pub fn launch_in(engine: Engine) -> Self {
        let instance: Box<dyn Instance> = match engine {
            Engine::Chromium => Box::new(told(Chromium::start(&[]))),
            Engine::Firefox => Box::new(told(Firefox::start())),
        };
        Self { engine, instance }
    }

    /// Starts Chromium with additional command-line switches.
    ///
    /// # Panics
    ///
    /// Like [`launch`](Self::launch).
    #[track_caller]
    #[must_use]
    pub fn launch_with(switches: &[&str]) -> Self {
        let instance = Box::new(told(Chromium::start(switches)));
        Self { engine: Engine::Chromium, instance }
    }

    /// Returns the engine.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Opens an empty page in a new tab. All pages share the browser's profile.
    #[track_caller]
    #[must_use]
    pub fn page(&self) -> Page<'_> {
        Page { tab: told(self.instance.new_tab()), engine: self.engine, browser: PhantomData }
    }
}
