//! Links within the application, built from segments and query fields.

use std::fmt;

use crate::url::Fields;
use crate::url::path;

/// An absolute path with an optional query, percent-encoded. Never leads to another host.
///
/// Created by [`Request::root_url`](crate::Request::root_url) and
/// [`Request::app_url`](crate::Request::app_url). When formatted, it is safe in a quoted HTML
/// attribute if `&` is escaped, which templates do.
///
/// ```
/// use solohttp_core::Request;
/// let request = Request::get("/").build();
/// let url = request.root_url(["contact", "Zoë / Jörg"]).with("sort", "a&b");
/// assert_eq!(url.to_string(), "/contact/Zo%C3%AB%20%2F%20J%C3%B6rg?sort=a%26b");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalUrl {
    path: String,
    query: Fields,
}

impl LocalUrl {
    /// Returns whether a path, with or without a query, leads to this host in every browser.
    ///
    /// It must start with `/`. Browsers treat what follows two slashes as another host. They treat
    /// `\` like `/`, and ignore tabs and line breaks (WHATWG URL, "basic URL parser").
    ///
    /// ```
    /// use solohttp_core::LocalUrl;
    /// assert!(LocalUrl::is_local("/contact/7?sort=name"));
    /// assert!(!LocalUrl::is_local("//evil.example/"));
    /// assert!(!LocalUrl::is_local("/\t/evil.example/"));
    /// ```
    #[must_use]
    pub fn is_local(path: &str) -> bool {
        let starts_with_one_slash =
            path.strip_prefix('/').is_some_and(|rest| !rest.starts_with(['/', '\\']));
        starts_with_one_slash && !path.contains(['\t', '\n', '\r'])
    }

    pub(crate) fn new<S: AsRef<str>>(segments: impl IntoIterator<Item = S>) -> Self {
        Self { path: path::encode(segments), query: Fields::new() }
    }

    /// Appends a query field. Names may be repeated.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl fmt::Display) -> Self {
        self.query.push(name.into(), value.to_string());
        self
    }

    /// Appends all of these query fields, for example those of the current request.
    #[must_use]
    pub fn with_query(mut self, fields: &Fields) -> Self {
        self.query.extend(fields.iter());
        self
    }
}

impl fmt::Display for LocalUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        if self.query.is_empty() { Ok(()) } else { write!(f, "?{}", self.query) }
    }
}

impl From<LocalUrl> for String {
    fn from(url: LocalUrl) -> Self {
        url.to_string()
    }
}
