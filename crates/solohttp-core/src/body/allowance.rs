//! How long a body may be, by where it is sent.
//!
//! Decided from the head alone, before a handler or a router sees the request: so by path.

use crate::url::path::Path;

/// Parts of the application that have a limit of their own for bodies.
#[derive(Debug, Default)]
pub(crate) struct Allowances(Vec<Allowance>);

#[derive(Debug)]
struct Allowance {
    segments: Vec<String>,
    most: u64,
}

impl Allowances {
    /// `path` and all below it may have bodies of `most` bytes.
    pub(crate) fn add(&mut self, path: &str, most: u64) {
        let segments = path.split('/').filter(|segment| !segment.is_empty());
        self.0.push(Allowance { segments: segments.map(str::to_owned).collect(), most });
        // The deepest first, and of two alike the later.
        self.0.rotate_right(1);
        self.0.sort_by_key(|allowance| std::cmp::Reverse(allowance.segments.len()));
    }

    /// What a body that is sent to `target` may have, if not `usual`.
    pub(crate) fn most(&self, target: &str, usual: u64) -> u64 {
        if self.0.is_empty() {
            return usual;
        }
        // A malformed path is refused later, and needs no room till then.
        let Ok(path) = Path::parse(target.split('?').next().unwrap_or_default()) else {
            return usual;
        };
        let leads_there = |allowance: &&Allowance| {
            let segments = allowance.segments.iter().map(String::as_str);
            path.len() >= segments.len() && segments.zip(path.segments()).all(|(a, b)| a == b)
        };
        self.0.iter().find(leads_there).map_or(usual, |allowance| allowance.most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(allowed: &[(&str, u64)], target: &str, expect: u64) {
        let mut allowances = Allowances::default();
        for (path, most) in allowed {
            allowances.add(path, *most);
        }
        assert_eq!(allowances.most(target, 16), expect, "{target}");
    }

    #[test]
    fn holds_for_a_path_and_all_below_it() {
        let allowed = [("/import", 100)];
        check(&allowed, "/import", 100);
        check(&allowed, "/import/", 100);
        check(&allowed, "/%69mport/a/b?c=/d", 100);
        check(&allowed, "/imports", 16);
        check(&allowed, "/x/import", 16);
        check(&allowed, "/", 16);
        check(&[], "/import", 16);
    }

    #[test]
    fn the_deepest_path_decides_and_of_two_alike_the_later() {
        let allowed = [("/a/b", 3), ("/a", 2), ("/", 1), ("/a/b/", 4)];
        check(&allowed, "/a/b/c", 4);
        check(&allowed, "/a/c", 2);
        check(&allowed, "/c", 1);
    }

    #[test]
    fn a_path_that_is_not_normal_has_no_more_than_usual() {
        check(&[("/import", 100)], "//import", 16);
        check(&[("/import", 100)], "/x/../import", 16);
        check(&[("/import", 100)], "/import%", 16);
        check(&[("/import", 100)], "*", 16);
    }
}
