//! The cookies of a test client (RFC 6265).

use std::time::SystemTime;

use http::HeaderMap;
use http::header::SET_COOKIE;

#[derive(Debug, Default)]
pub(super) struct Cookies(Vec<Cookie>);

#[derive(Debug)]
struct Cookie {
    name: String,
    path: String,
    value: String,
}

impl Cookies {
    /// Stores or deletes the cookies that a response to a request for `path` sets.
    pub(super) fn receive(&mut self, path: &str, headers: &HeaderMap) {
        for value in headers.get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok()) {
            let mut parts = value.split(';').map(str::trim);
            let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else {
                continue;
            };
            let folder = path.rfind('/').filter(|&slash| slash > 0).map_or("/", |end| &path[..end]);
            let (mut own_path, mut is_expired, mut has_max_age) = (folder, false, false);
            for attribute in parts {
                let (key, value) = attribute.split_once('=').unwrap_or((attribute, ""));
                match key.to_ascii_lowercase().as_str() {
                    "path" if value.starts_with('/') => own_path = value,
                    // Takes precedence over `Expires` (section 5.3).
                    "max-age" => {
                        has_max_age = true;
                        is_expired = value.parse::<i64>().is_ok_and(|seconds| seconds <= 0);
                    }
                    "expires" if !has_max_age => {
                        let date = httpdate::parse_http_date(value);
                        is_expired = date.is_ok_and(|date| date <= SystemTime::now());
                    }
                    _ => {}
                }
            }
            let (name, path) = (name.trim().to_owned(), own_path.to_owned());
            let is_same = |cookie: &Cookie| cookie.name == name && cookie.path == path;
            let earlier = self.0.iter().position(is_same);
            let cookie = Cookie { name, path, value: value.trim().to_owned() };
            match earlier {
                Some(index) if is_expired => drop(self.0.remove(index)),
                Some(index) => self.0[index] = cookie,
                None if is_expired => {}
                None => self.0.push(cookie),
            }
        }
    }

    /// Returns the `Cookie` field of a request for `path`, with the longest paths first.
    pub(super) fn header(&self, path: &str) -> Option<String> {
        let mut sent: Vec<&Cookie> =
            self.0.iter().filter(|cookie| is_within(path, &cookie.path)).collect();
        sent.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        let pairs = sent.iter().map(|cookie| format!("{}={}", cookie.name, cookie.value));
        let pairs: Vec<String> = pairs.collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }
}

/// Section 5.1.4.
fn is_within(path: &str, cookie_path: &str) -> bool {
    path.strip_prefix(cookie_path)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || cookie_path.ends_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[track_caller]
    fn check(set: &[&'static str], path: &str, expect: &str) {
        let mut cookies = Cookies::default();
        for value in set {
            let mut headers = HeaderMap::new();
            headers.insert(SET_COOKIE, HeaderValue::from_static(value));
            cookies.receive("/a/b", &headers);
        }
        assert_eq!(cookies.header(path).unwrap_or_default(), expect, "{set:?} {path}");
    }

    #[test]
    fn cookies_are_kept_replaced_and_deleted() {
        check(&["x=1; Path=/", "y=2; Path=/; HttpOnly"], "/", "x=1; y=2");
        check(&["x=1", "x=2"], "/a/c", "x=2");
        check(&["x=1", "x=; Max-Age=0"], "/a/c", "");
        check(&["x=1", "x=; Expires=Thu, 01 Jan 1970 00:00:00 GMT"], "/a/c", "");
        check(&["x=1; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT"], "/a/c", "x=1");
        check(&["nothing"], "/a/c", "");
    }

    #[test]
    fn cookies_are_sent_within_their_path() {
        check(&["x=1"], "/", "");
        check(&["x=1"], "/a", "x=1");
        check(&["x=1"], "/ab", "");
        check(&["x=1; Path=/", "x=2; Path=/a"], "/a/c", "x=2; x=1");
    }
}
