//! Decides when the program exits, which is after its last window or tab is closed.
//!
//! Open pages hold an event stream, which the tabs of a browser share. The program keeps running
//! while at least one stream is open. The exit of our own browser process is only a hint. This is a
//! pure state machine: time passes in ticks, and everything else is an argument.
//!
//! A tick counts only if the machine was awake and the event loop wasn't blocked, so sleep,
//! hibernation and slow handlers can't end the program.

use std::time::Duration;

/// The time between two ticks.
pub(crate) const TICK: Duration = Duration::from_millis(500);

/// A tick that comes later than this doesn't count, because the machine slept or a handler was
/// slow.
const AWAKE: Duration = Duration::from_secs(3);

/// The time to wait after a stream has ended. After a reload or a click on a link, the next page is
/// requested sooner than this.
const AWAY: u32 = ticks(2_500);

/// The time that a page gets to open its stream after it was sent.
const LOADING: u32 = ticks(15_000);

/// The time to wait after a browser was started, or after it has crashed, because the user may
/// restart it.
const OPENING: u32 = ticks(60_000);

/// The time to wait while the window shows something without a stream, such as a PDF, or while our
/// own browser process runs without a page, for example because a tab crashed.
const BLIND: u32 = ticks(600_000);

const fn ticks(milliseconds: u32) -> u32 {
    milliseconds / 500
}

/// The state of the browser process that the program has started with a separate profile.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum OwnBrowser {
    /// There is no process, or its exit means nothing, because it has passed the page to another
    /// process.
    #[default]
    Unknown,
    Running,
    /// All of its windows were closed.
    Closed,
    Crashed,
}

/// The facts known at a tick.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Seen {
    /// The time since the last tick.
    pub(crate) since: Duration,
    /// The number of open event streams.
    pub(crate) streams: usize,
    /// Whether the program is busy: a response is being sent, or a job is running.
    pub(crate) is_busy: bool,
    /// Whether a browser has been started but hasn't used its sign-in link yet.
    pub(crate) is_opening: bool,
    pub(crate) browser: OwnBrowser,
}

#[derive(Debug, Default)]
pub(crate) struct Presence {
    /// Whether a page has been open since the program started.
    has_arrived: bool,
    /// The result of the last navigation, if no stream has been opened since.
    shown: Option<Shown>,
    /// The number of counted ticks since the last request, or since a page was last open.
    idle: u32,
}

/// The result of a navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    /// A page that will open a stream.
    Page,
    /// Something that can't open a stream.
    Other,
}

impl Presence {
    /// Records a request of any kind.
    pub(crate) fn requested(&mut self) {
        self.idle = 0;
    }

    /// Records that a page has opened its stream.
    pub(crate) fn arrived(&mut self) {
        *self = Self { has_arrived: true, ..Self::default() };
    }

    /// Records that a window or tab shows something new.
    pub(crate) fn navigated(&mut self, shown: Shown) {
        self.shown = Some(shown);
    }

    /// Handles a tick. Returns whether the program has to exit.
    pub(crate) fn tick(&mut self, seen: Seen) -> bool {
        if seen.streams > 0 {
            self.arrived();
            return false;
        }
        if seen.is_busy || seen.is_opening {
            self.idle = 0;
            return false;
        }
        if seen.since > AWAKE {
            return false;
        }
        self.idle += 1;
        self.idle >= self.limit(seen.browser)
    }

    fn limit(&self, browser: OwnBrowser) -> u32 {
        match (browser, self.shown) {
            (_, None) if !self.has_arrived => OPENING,
            (OwnBrowser::Closed, _) => 1,
            // On macOS, the browser keeps running without windows.
            (OwnBrowser::Running, _) if cfg!(not(target_os = "macos")) => BLIND,
            (OwnBrowser::Crashed, _) => OPENING,
            (_, Some(Shown::Other)) => BLIND,
            (_, Some(Shown::Page)) => LOADING,
            (_, None) => AWAY,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IN_TIME: Seen = Seen {
        since: TICK,
        streams: 0,
        is_busy: false,
        is_opening: false,
        browser: OwnBrowser::Unknown,
    };

    fn present() -> Presence {
        let mut presence = Presence::default();
        assert!(!presence.tick(Seen { streams: 1, ..IN_TIME }));
        presence
    }

    /// Returns the number of ticks after which the program exits.
    fn ends_after(presence: &mut Presence, seen: Seen) -> u32 {
        (1..=10_000).find(|_| presence.tick(seen)).unwrap_or(u32::MAX)
    }

    #[test]
    fn it_ends_soon_after_the_last_page_is_closed() {
        assert_eq!(ends_after(&mut present(), IN_TIME), AWAY);
        assert!(TICK * AWAY <= Duration::from_secs(3));
        let closed = Seen { browser: OwnBrowser::Closed, ..IN_TIME };
        assert_eq!(ends_after(&mut present(), closed), 1);
    }

    #[test]
    fn it_stays_while_a_page_is_open() {
        for browser in [OwnBrowser::Unknown, OwnBrowser::Closed, OwnBrowser::Crashed] {
            let seen = Seen { streams: 1, browser, ..IN_TIME };
            assert_eq!(ends_after(&mut present(), seen), u32::MAX);
        }
    }

    #[test]
    fn it_stays_while_it_is_busy_and_ends_after_that() {
        let mut presence = present();
        assert_eq!(ends_after(&mut presence, Seen { is_busy: true, ..IN_TIME }), u32::MAX);
        assert_eq!(ends_after(&mut presence, IN_TIME), AWAY);
        assert_eq!(ends_after(&mut presence, Seen { is_opening: true, ..IN_TIME }), u32::MAX);
    }

    #[test]
    fn each_request_starts_the_grace_anew() {
        let mut presence = present();
        for _ in 0..100 {
            assert!((1..AWAY).all(|_| !presence.tick(IN_TIME)));
            presence.requested();
        }
        assert_eq!(ends_after(&mut presence, IN_TIME), AWAY);
    }

    #[test]
    fn sleep_and_slow_handlers_do_not_count() {
        let mut presence = present();
        let asleep = Seen { since: Duration::from_secs(8 * 3_600), ..IN_TIME };
        assert_eq!(ends_after(&mut presence, asleep), u32::MAX);
        assert_eq!(ends_after(&mut presence, IN_TIME), AWAY);
    }

    #[test]
    fn a_page_that_loads_slowly_gets_more_time() {
        let mut presence = present();
        presence.navigated(Shown::Page);
        assert_eq!(ends_after(&mut presence, IN_TIME), LOADING);
        let mut presence = present();
        presence.navigated(Shown::Page);
        presence.tick(Seen { streams: 1, ..IN_TIME });
        assert_eq!(ends_after(&mut presence, IN_TIME), AWAY);
    }

    #[test]
    fn what_cannot_hold_a_stream_counts_as_open_for_long() {
        let mut presence = present();
        presence.navigated(Shown::Other);
        assert_eq!(ends_after(&mut presence, IN_TIME), BLIND);
        let running = Seen { browser: OwnBrowser::Running, ..IN_TIME };
        let expect = if cfg!(target_os = "macos") { AWAY } else { BLIND };
        assert_eq!(ends_after(&mut present(), running), expect, "a crashed tab");
        let mut presence = present();
        presence.navigated(Shown::Other);
        assert_eq!(ends_after(&mut presence, Seen { browser: OwnBrowser::Closed, ..IN_TIME }), 1);
    }

    #[test]
    fn a_browser_may_take_its_time_to_start_and_to_come_back() {
        assert_eq!(ends_after(&mut Presence::default(), IN_TIME), OPENING);
        let handed_over = Seen { browser: OwnBrowser::Closed, ..IN_TIME };
        assert_eq!(ends_after(&mut Presence::default(), handed_over), OPENING);
        let crashed = Seen { browser: OwnBrowser::Crashed, ..IN_TIME };
        assert_eq!(ends_after(&mut present(), crashed), OPENING);
    }
}
