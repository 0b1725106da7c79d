//! Starts real headless browsers, each with a fresh profile, and keeps some of them running for
//! other tests (`pool`). Pages are in `page`; each engine has its own folder.

use std::fmt::{self, Debug};
use std::marker::PhantomData;
use std::thread;
use std::time::Duration;

mod accessibility;
mod chromium;
mod error;
mod firefox;
mod keyboard;
mod network;
mod page;
mod pool;
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
/// The tests use [`Browser::shared`], except those listed last, after `; launch:`, which use
/// [`Browser::launch_in`].
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
    ($($(#[$attribute:meta])* $test:ident),+ $(,)?
     $(; launch: $($(#[$of_own:meta])* $own:ident),+ $(,)?)?) => {
        mod in_chromium {
            use $crate::browser::{Browser, Engine};
            $($(#[$attribute])* #[test] fn $test() {
                super::$test(&Browser::shared(Engine::Chromium));
            })+
            $($($(#[$of_own])* #[test] fn $own() {
                super::$own(&Browser::launch_in(Engine::Chromium));
            })+)?
        }
        mod in_firefox {
            use $crate::browser::{Browser, Engine};
            $($(#[$attribute])* #[test] fn $test() {
                super::$test(&Browser::shared(Engine::Firefox));
            })+
            $($($(#[$of_own])* #[test] fn $own() {
                super::$own(&Browser::launch_in(Engine::Firefox));
            })+)?
        }
    };
}

/// A running browser of either engine. Dropping it ends the browser.
trait Instance: Debug + Send {
    /// Makes new tabs use an empty store for cookies, storage and caches.
    fn open_context(&mut self) -> Result<(), Error>;

    /// Closes the tabs of that context, and deletes what their pages have stored.
    fn close_context(&mut self) -> Result<(), Error>;

    fn new_tab(&self) -> Result<Box<dyn Tab>, Error>;

    /// Makes the browser exit as if it had crashed, and waits until it has exited.
    fn crash(&mut self);
}

/// A running browser, used by one test at a time.
#[derive(Debug)]
pub struct Browser {
    engine: Engine,
    // `None` only while dropping.
    instance: Option<Box<dyn Instance>>,
    is_shared: bool,
}

impl Browser {
    /// Returns a browser with this engine and an empty store for cookies, storage and caches. Other
    /// tests may have used the browser before. In Chromium, its pages open in an incognito window.
    ///
    /// # Panics
    ///
    /// Like [`launch_in`](Self::launch_in).
    #[track_caller]
    #[must_use]
    pub fn shared(engine: Engine) -> Self {
        Self { engine, instance: Some(told(pool::take(engine))), is_shared: true }
    }

    /// Starts a browser with this engine and a fresh profile. [`xtask::browser`] finds the program.
    /// Dropping the returned value closes the browser and deletes the profile.
    ///
    /// # Panics
    ///
    /// If the browser isn't installed or doesn't start within [`PATIENCE`].
    #[track_caller]
    #[must_use]
    pub fn launch_in(engine: Engine) -> Self {
        let instance: Box<dyn Instance> = match engine {
            Engine::Chromium => Box::new(told(Chromium::start(&[]))),
            Engine::Firefox => Box::new(told(Firefox::start_another())),
        };
        Self { engine, instance: Some(instance), is_shared: false }
    }

    /// Starts Chromium with additional command-line switches.
    ///
    /// # Panics
    ///
    /// Like [`launch_in`](Self::launch_in).
    #[track_caller]
    #[must_use]
    pub fn launch_with(switches: &[&str]) -> Self {
        let instance = Box::new(told(Chromium::start(switches)));
        Self { engine: Engine::Chromium, instance: Some(instance), is_shared: false }
    }

    /// Returns the engine.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Opens an empty page in a new tab. All pages of this browser share its cookies and storage.
    #[track_caller]
    #[must_use]
    pub fn page(&self) -> Page<'_> {
        let instance = self.instance.as_ref().expect("only dropping takes it");
        Page { tab: told(instance.new_tab()), engine: self.engine, browser: PhantomData }
    }

    /// Makes the browser exit as if it had crashed, to test what happens then.
    pub fn crash(&mut self) {
        self.instance.as_mut().expect("only dropping takes it").crash();
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // After a failed test, the browser may be in any state.
        if let Some(instance) = self.instance.take()
            && self.is_shared
            && !thread::panicking()
        {
            pool::give_back(self.engine, instance);
        }
    }
}
