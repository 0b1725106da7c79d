//! When a file was changed, as HTTP tells it.

use std::time::{SystemTime, UNIX_EPOCH};

/// An IMF-fixdate (RFC 9110 section 5.6.7).
///
/// A clock that was wrong leaves files behind that are older than the dates there are, or from the
/// future, which a response must not tell (section 8.8.2.1).
pub(crate) fn http_date(time: SystemTime) -> String {
    httpdate::fmt_http_date(between(time, SystemTime::now()))
}

fn between(time: SystemTime, now: SystemTime) -> SystemTime {
    time.max(UNIX_EPOCH).min(now.max(UNIX_EPOCH))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn impossible_dates_become_possible_ones() {
        let (day, now) = (Duration::from_secs(86_400), SystemTime::now());
        assert_eq!(between(UNIX_EPOCH - day, now), UNIX_EPOCH);
        assert_eq!(between(UNIX_EPOCH + day, now), UNIX_EPOCH + day);
        assert_eq!(between(now + day * 4_000_000, now), now);
        assert_eq!(http_date(UNIX_EPOCH - day), "Thu, 01 Jan 1970 00:00:00 GMT");
    }
}
