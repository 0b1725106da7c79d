//! Size limits for request bodies, which depend on the path.
//!
//! The limit is chosen once the head has arrived, before a router or handler sees the request.

use crate::url::Path;

/// Limits that override [`Limits::body`](crate::Limits::body) for parts of the application.
#[derive(Debug, Default)]
pub(crate) struct BodyLimits(Vec<BodyLimit>);

#[derive(Debug)]
struct BodyLimit {
    segments: Vec<String>,
    max: u64,
}

impl BodyLimits {
    /// Sets the limit for `path` and everything below it, in bytes.
    pub(crate) fn add(&mut self, path: &str, max: u64) {
        let segments = path.split('/').filter(|segment| !segment.is_empty());
        self.0.push(BodyLimit { segments: segments.map(str::to_owned).collect(), max });
        // The deepest path comes first. If two paths are equal, the one added later wins.
        self.0.rotate_right(1);
        self.0.sort_by_key(|limit| std::cmp::Reverse(limit.segments.len()));
    }

    /// Returns the limit for a body sent to `path`.
    pub(crate) fn max_for(&self, path: &Path, default: u64) -> u64 {
        let contains = |limit: &&BodyLimit| {
            let segments = limit.segments.iter().map(String::as_str);
            path.len() >= segments.len() && segments.zip(path.segments()).all(|(a, b)| a == b)
        };
        self.0.iter().find(contains).map_or(default, |limit| limit.max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(limits: &[(&str, u64)], path: &str, expect: u64) {
        let mut body_limits = BodyLimits::default();
        for (path, max) in limits {
            body_limits.add(path, *max);
        }
        let path = if path == "*" { Path::default() } else { Path::parse(path).unwrap() };
        assert_eq!(body_limits.max_for(&path, 16), expect, "{path:?}");
    }

    #[test]
    fn applies_to_a_path_and_everything_below_it() {
        let limits = [("/import", 100)];
        check(&limits, "/import", 100);
        check(&limits, "/import/", 100);
        check(&limits, "/%69mport/a/b", 100);
        check(&limits, "/imports", 16);
        check(&limits, "/x/import", 16);
        check(&limits, "/", 16);
        check(&[], "/import", 16);
    }

    #[test]
    fn the_deepest_path_wins_and_of_two_equal_ones_the_later() {
        let limits = [("/a/b", 3), ("/a", 2), ("/", 1), ("/a/b/", 4)];
        check(&limits, "/a/b/c", 4);
        check(&limits, "/a/c", 2);
        check(&limits, "/c", 1);
    }

    #[test]
    fn a_path_that_is_not_normal_gets_the_default() {
        check(&[("/import", 100)], "//import", 16);
        check(&[("/import", 100)], "/x/../import", 16);
        check(&[("/import", 100)], "*", 16);
    }
}
