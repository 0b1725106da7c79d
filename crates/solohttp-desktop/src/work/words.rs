//! The sentences in the list of work, in the application's language.

use std::time::Duration;

use solohttp_core::sentences;

sentences! {
    /// The sentences of [`Work::view`](crate::Work::view). Set them once, in the application's
    /// [`Locale`](solohttp_core::Locale). {name} is the name that the work was started with.
    pub struct WorkWords {
        /// The name of the list, for screen readers.
        list: "Activity",
        /// The progress. {percent} is a whole number from 0 to 100.
        percent: "{percent}%",
        /// The progress, if the time left is known. {left} is one of the next five messages.
        percent_and_left: "{percent}%, {left}",
        /// The time left: less than ten seconds.
        left_moment: "a few seconds left",
        /// The time left. {seconds} is 10, 20, 30, 40 or 50.
        left_seconds: "about {seconds} seconds left",
        /// The time left: one minute.
        left_minute: "about 1 minute left",
        /// The time left. {minutes} is from 2 to 89.
        left_minutes: "about {minutes} minutes left",
        /// The time left. {hours} is 2 or more.
        left_hours: "about {hours} hours left",
        /// The button that cancels work.
        cancel: "Cancel",
        /// The button's label for screen readers, which read it out of context.
        cancel_name: "Cancel: {name}",
        /// Shown after a click on the button, until the work has stopped.
        cancelling: "Cancelling …",
        /// The outcome of work that was cancelled.
        cancelled: "Cancelled",
        /// The outcome of work that was still running when the program ended.
        interrupted: "Interrupted, because the program ended",
        /// The outcome of work that succeeded without a message of its own.
        done: "Done",
        /// The outcome of work that failed. {error} is the message of the error.
        failed: "Failed: {error}",
        /// A cause of the error, in the list below it.
        cause: "Cause: {error}",
        /// The outcome of work that panicked. {error} is the message of the panic.
        panicked: "Failed because of an error in the program: {error}",
        /// The button that removes an outcome from the list.
        dismiss: "Dismiss",
        /// That button's label for screen readers.
        dismiss_name: "Dismiss: {name}",
    }
}

impl WorkWords {
    /// Returns the time left, rounded so that it doesn't change with each update.
    pub(super) fn left(&self, left: Duration) -> String {
        let seconds = left.as_secs();
        let minutes = (seconds + 30) / 60;
        let hours = (seconds + 1_800) / 3_600;
        match seconds {
            0..10 => self.left_moment.to_string(),
            10..55 => self.left_seconds.say(&[("seconds", &((seconds + 5) / 10 * 10).min(50))]),
            55..90 => self.left_minute.to_string(),
            90..5_400 => self.left_minutes.say(&[("minutes", &minutes.min(89))]),
            _ => self.left_hours.say(&[("hours", &hours)]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_the_time_left() {
        let words = WorkWords::default();
        let check = |seconds, expect: &str| {
            let shown = words.left(Duration::from_secs(seconds));
            assert_eq!(shown, format!("{expect} left"), "{seconds} seconds");
        };
        check(0, "a few seconds");
        check(9, "a few seconds");
        check(10, "about 10 seconds");
        check(15, "about 20 seconds");
        check(54, "about 50 seconds");
        check(55, "about 1 minute");
        check(89, "about 1 minute");
        check(90, "about 2 minutes");
        check(149, "about 2 minutes");
        check(150, "about 3 minutes");
        check(5_399, "about 89 minutes");
        check(5_400, "about 2 hours");
        check(8_999, "about 2 hours");
        check(9_000, "about 3 hours");
    }
}
