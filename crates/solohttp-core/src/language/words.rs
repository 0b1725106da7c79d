//! The sentences of the server's own pages.

use std::borrow::Cow;

use http::StatusCode;

use crate::response::headline;
use crate::{LocalePart, sentences};

sentences! {
    /// What the server's own pages say: titles by status, why a request was rejected, the error
    /// page, the pages of the launch token.
    ///
    /// Set them once for the application, in its [`Locale`](crate::Locale). The log stays English.
    pub struct ServerWords {
        /// The language of the pages, for `<html lang>`, as in BCP 47: `de`.
        lang: "en",
        /// 400, as a title.
        title_bad_request: "Bad request",
        /// 401, as a title.
        title_unauthorized: "Sign-in required",
        /// 403, as a title.
        title_forbidden: "Access denied",
        /// 404, as a title.
        title_not_found: "Page not found",
        /// 405, as a title.
        title_method_not_allowed: "Method not allowed",
        /// 408, as a title.
        title_timeout: "Request timed out",
        /// 409, as a title.
        title_conflict: "Conflict",
        /// 410, as a title.
        title_gone: "No longer available",
        /// 412, as a title.
        title_precondition_failed: "Changed meanwhile",
        /// 413, as a title.
        title_too_large: "Too large",
        /// 414, as a title.
        title_address_too_long: "Address too long",
        /// 415, as a title.
        title_unsupported_type: "Unsupported type",
        /// 416, as a title.
        title_range: "Range not available",
        /// 417, as a title.
        title_expectation: "Expectation failed",
        /// 422, as a title.
        title_unprocessable: "Input not accepted",
        /// 431, as a title.
        title_head_too_large: "Request head too large",
        /// 500, as a title, where it isn't one of the [`Oaths`].
        title_internal_error: "Internal error",
        /// 501, as a title.
        title_not_implemented: "Not supported",
        /// 503, as a title.
        title_unavailable: "Unavailable",
        /// 505, as a title.
        title_version: "HTTP version not supported",
        /// 507, as a title.
        title_storage: "Out of disk space",
        /// Any other status, as a title. {status} is its number, {reason} its English name.
        title_other: "{status} {reason}",
        /// A request that is not HTTP as it should be, which no browser sends. {detail} says what
        /// is wrong, in English, for developers: leave it out.
        malformed: "{detail}",
        /// 408.
        timeout: "The request took too long to arrive.",
        /// 413. {limit} is in bytes.
        too_large: "The request is too large (the limit is {limit} bytes).",
        /// 413. {limit} is in bytes.
        text_too_large: "The text of this form is too large (the limit is {limit} bytes).",
        /// 400. {limit} is a number of fields.
        too_many_fields: "This form or link has too many fields (the limit is {limit}).",
        /// 414. {limit} is in bytes.
        address_too_long: "The address is too long (the limit is {limit} bytes).",
        /// 431. {bytes} and {fields} are the limits.
        head_too_large: "The request has too many header fields, often cookies (the limits are {bytes} bytes and {fields} fields).",
        /// 415. {type} is what came instead.
        form_expected: "A form is expected here (the request has the type {type}).",
        /// 415, for a form that is compressed. {coding} is how.
        content_encoding: "Send the form without Content-Encoding: {coding}.",
        /// 503. {limit} is a number of streams.
        streams: "Too many event streams are open (the limit is {limit}). Close a tab.",
        /// 405 and 501. {method} was asked for, {allowed} is a list.
        method: "{method} is not supported here. Allowed methods: {allowed}.",
        /// 500 and 507. {error} comes from the system.
        not_stored: "The server couldn't store the upload in a temporary file: {error}.",
        /// 500. {error} comes from the system.
        not_read: "The server couldn't read the upload back from its temporary file: {error}.",
        /// 403. {origin} is where it came from.
        cross_origin: "Blocked a change requested by a page of {origin}. To allow it, the program must call `Server::trust_origin`.",
        /// 403, where it came from is unknown.
        cross_site: "Blocked a change requested by a page of another site.",
        /// 403.
        included: "Blocked a cross-site request. To allow it, the program must call `Server::public_asset`.",
        /// 403. {name} is the host in the address.
        host: "This server doesn't accept requests for the host {name}. To allow it, the program must call `Server::allow_host`.",
        /// Above the error page. {request} is the method and a link.
        during: "Something went wrong during: {request}.",
        /// On the error page, before each cause. {cause} comes from the program.
        because: "Because: {cause}",
        /// On the error page, what was being done. {context} comes from the program.
        within: "While: {context}",
        /// On the error page of debug builds. {location} is a place in the source.
        at: "At {location}",
        /// On the error page of debug builds, above the stack.
        stack: "Stack",
        /// The title of a page that leads to the program's first page.
        opening: "Opening…",
        /// The link on that page.
        open: "Continue",
        /// The title of the page after a link from another site.
        foreign_title: "A link from another site",
        /// The sentence of that page.
        foreign: "You followed a link from another site.",
        /// The link on that page.
        foreign_continue: "Continue to the page",
        /// 401, for a sign-in link.
        link_used: "This sign-in link was already used or has expired.",
        /// 401.
        signed_out: "This browser is not signed in to the program.",
        /// 401, what to do.
        start_again: "Start the program again, although it is running: that opens a signed-in browser page, or prints a link to one.",
        /// 401, what to do, where a second start can't find the first.
        end_and_start: "End the program and start it again: that opens a signed-in browser page, or prints a link to one.",
        /// 401, what comes after. {root} is the program's address.
        bookmarks: "From then on bookmarks work too, at {root} and under no other name.",
        /// 401, for developers of clients.
        bearer: "Other clients send the token from the program's data folder, as `Authorization: Bearer TOKEN`.",
        /// Below the server's pages. {version} is that of this crate.
        footer: "solohttp {version}",
    }
}

impl ServerWords {
    /// The title of a page with this status.
    pub(crate) fn title(&self, status: StatusCode) -> String {
        let title = match status {
            StatusCode::BAD_REQUEST => &self.title_bad_request,
            StatusCode::UNAUTHORIZED => &self.title_unauthorized,
            StatusCode::FORBIDDEN => &self.title_forbidden,
            StatusCode::NOT_FOUND => &self.title_not_found,
            StatusCode::METHOD_NOT_ALLOWED => &self.title_method_not_allowed,
            StatusCode::REQUEST_TIMEOUT => &self.title_timeout,
            StatusCode::CONFLICT => &self.title_conflict,
            StatusCode::GONE => &self.title_gone,
            StatusCode::PRECONDITION_FAILED => &self.title_precondition_failed,
            StatusCode::PAYLOAD_TOO_LARGE => &self.title_too_large,
            StatusCode::URI_TOO_LONG => &self.title_address_too_long,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => &self.title_unsupported_type,
            StatusCode::RANGE_NOT_SATISFIABLE => &self.title_range,
            StatusCode::EXPECTATION_FAILED => &self.title_expectation,
            StatusCode::UNPROCESSABLE_ENTITY => &self.title_unprocessable,
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => &self.title_head_too_large,
            StatusCode::INTERNAL_SERVER_ERROR => &self.title_internal_error,
            StatusCode::NOT_IMPLEMENTED => &self.title_not_implemented,
            StatusCode::SERVICE_UNAVAILABLE => &self.title_unavailable,
            StatusCode::HTTP_VERSION_NOT_SUPPORTED => &self.title_version,
            StatusCode::INSUFFICIENT_STORAGE => &self.title_storage,
            _ => &self.title_other,
        };
        let reason = status.canonical_reason().unwrap_or("Error");
        title.say(&[("status", &status.as_u16()), ("reason", &reason)])
    }
}

/// The minced oaths that head the page of an internal error, one of them picked at random. They
/// are replaced as a whole.
///
/// ```
/// use solohttp_core::{Locale, Oaths};
/// Locale::new().with(Oaths::new(["Potzblitz", "Sapperlot"])).install();
/// ```
#[derive(Debug, Clone)]
pub struct Oaths(Vec<Cow<'static, str>>);

impl Oaths {
    /// Other oaths, without an exclamation mark at their end.
    ///
    /// # Panics
    /// If there are none.
    #[must_use]
    #[track_caller]
    pub fn new<T: Into<Cow<'static, str>>>(oaths: impl IntoIterator<Item = T>) -> Self {
        let oaths: Vec<_> = oaths.into_iter().map(Into::into).collect();
        assert!(!oaths.is_empty(), "give at least one oath, such as \"Error\"");
        Self(oaths)
    }

    pub(crate) fn pick(&self) -> &str {
        headline::pick(&self.0)
    }
}

impl Default for Oaths {
    fn default() -> Self {
        Self::new(headline::OATHS)
    }
}

impl LocalePart for Oaths {}
