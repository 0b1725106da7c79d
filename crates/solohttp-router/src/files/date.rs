//! Modification dates in HTTP's format.

use std::time::{SystemTime, UNIX_EPOCH};

/// Formats a time as an IMF-fixdate (RFC 9110 section 5.6.7).
///
/// Clamps dates before 1970 or in the future, such as those left by a wrong clock. A
/// `Last-Modified` date must not be in the future (section 8.8.2.1).
pub(crate) fn http_date(time: SystemTime) -> String {
    httpdate::fmt_http_date(clamp(time, SystemTime::now()))
}

fn clamp(time: SystemTime, now: SystemTime) -> SystemTime {
    time.max(UNIX_EPOCH).min(now.max(UNIX_EPOCH))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn clamps_impossible_dates() {
        let (day, now) = (Duration::from_secs(86_400), SystemTime::now());
        assert_eq!(clamp(UNIX_EPOCH - day, now), UNIX_EPOCH);
        assert_eq!(clamp(UNIX_EPOCH + day, now), UNIX_EPOCH + day);
        assert_eq!(clamp(now + day * 4_000_000, now), now);
        assert_eq!(http_date(UNIX_EPOCH - day), "Thu, 01 Jan 1970 00:00:00 GMT");
    }
}
