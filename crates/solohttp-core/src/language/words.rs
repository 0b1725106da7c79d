//! The sentences of the server's own pages.

use std::borrow::Cow;

use http::StatusCode;

use crate::response::headline;
use crate::{LocalePart, sentences};

sentences! {
    /// The sentences on the server's own pages: titles, rejections, the error page, and the pages
    /// about the launch token.
    ///
    /// Set them in the application's [`Locale`](crate::Locale). The log stays in English.
    pub struct ServerWords {
        /// The language of the pages, for `<html lang>`: a BCP 47 tag such as `de`.
        lang: "en",
        /// Title for 400.
        title_bad_request: "Bad request",
        /// Title for 401.
        title_unauthorized: "Sign-in required",
        /// Title for 403.
        title_forbidden: "Access denied",
        /// Title for 404.
        title_not_found: "Page not found",
        /// Title for 405.
        title_method_not_allowed: "Method not allowed",
        /// Title for 408.
        title_timeout: "Request timed out",
        /// Title for 409.
        title_conflict: "Conflict",
        /// Title for 410.
        title_gone: "No longer available",
        /// Title for 412.
        title_precondition_failed: "Changed in the meantime",
        /// Title for 413.
        title_too_large: "Too large",
        /// Title for 414.
        title_address_too_long: "Address too long",
        /// Title for 415.
        title_unsupported_type: "Unsupported type",
        /// Title for 416.
        title_range: "Range not available",
        /// Title for 417.
        title_expectation: "Expectation failed",
        /// Title for 422.
        title_unprocessable: "Input not accepted",
        /// Title for 431.
        title_head_too_large: "Request head too large",
        /// Title for 500 in a [`Problem`](crate::Problem), and on pages if there are no [`Oaths`].
        title_internal_error: "Internal error",
        /// Title for 501.
        title_not_implemented: "Not supported",
        /// Title for 503.
        title_unavailable: "Unavailable",
        /// Title for 505.
        title_version: "HTTP version not supported",
        /// Title for 507.
        title_storage: "Out of disk space",
        /// Title for any other status. {status} is its number, and {reason} is its English name.
        title_other: "{status} {reason}",
        /// Message for a malformed request, which no browser sends. {detail} describes the problem
        /// for developers, in English. A translation may omit it.
        malformed: "{detail}",
        /// Message for 408.
        timeout: "The request took too long to arrive.",
        /// Message for 413. {limit} is in bytes.
        too_large: "The request is too large (the limit is {limit} bytes).",
        /// Message for 413 if the text of a form, or a JSON document, is too large. {limit} is in bytes.
        text_too_large: "The text of this request is too large (the limit is {limit} bytes).",
        /// Message for 400 if there are too many fields. {limit} is the maximum number.
        too_many_fields: "This form or link has too many fields (the limit is {limit}).",
        /// Message for 414. {limit} is in bytes.
        address_too_long: "The address is too long (the limit is {limit} bytes).",
        /// Message for 431. {bytes} and {fields} are the limits.
        head_too_large: "The request has too many header fields, often cookies (the limits are {bytes} bytes and {fields} fields).",
        /// Message for 415 if the body isn't a form. {type} is the request's media type.
        form_expected: "A form was expected, but the request has the type {type}.",
        /// Message for 415 if the body isn't JSON. {type} is the request's media type.
        json_expected: "A JSON document was expected, but the request has the type {type}.",
        /// Message for 415 if the body is compressed. {coding} is the content coding.
        content_encoding: "Send the request without Content-Encoding: {coding}.",
        /// Message for 503. {limit} is the maximum number of streams.
        streams: "Too many event streams are open (the limit is {limit}). Close a tab.",
        /// Message for 405 and 501. {method} is the request's method, and {allowed} is a list of
        /// methods.
        method: "{method} is not supported here. Allowed methods: {allowed}.",
        /// Message for 500 and 507. {error} comes from the system.
        not_stored: "Could not store the upload in a temporary file: {error}.",
        /// Message for 500. {error} comes from the system.
        not_read: "Could not read the upload from its temporary file: {error}.",
        /// Message for 403 if another origin tries to change something. {origin} is the origin of
        /// the request.
        cross_origin: "Blocked a cross-origin request from a page of {origin}. To allow it, the program must call `Server::trust_origin`.",
        /// Like `cross_origin`, but for an unknown origin.
        cross_site: "Blocked a request from a page of another site.",
        /// Message for 403 if another site embeds or fetches a resource of this server.
        included: "Blocked a cross-site request. To allow it, the program must call `Server::public_asset`.",
        /// Message for 403 if the host isn't allowed. {name} is the host of the request.
        host: "This server doesn't accept requests for the host {name}. To allow it, the program must call `Server::allow_host`.",
        /// Shown on the error page. {request} is the method and a link.
        during: "Something went wrong while handling {request}.",
        /// Shown on the error page for each cause. {cause} comes from the program.
        because: "Because: {cause}",
        /// Shown on the error page for the context. {context} comes from the program.
        within: "While: {context}",
        /// Shown on the error page in debug builds. {location} is a source location.
        at: "At {location}",
        /// Shown above the backtrace on the error page, in debug builds.
        stack: "Stack",
        /// Title of the page that redirects to the start page.
        opening: "Opening…",
        /// The label of the link on that page.
        open: "Continue",
        /// Title of the page shown after following a link from another site.
        foreign_title: "A link from another site",
        /// The text on that page.
        foreign: "You followed a link from another site.",
        /// The label of the link on that page.
        foreign_continue: "Continue to the page",
        /// Message for 401 if the sign-in link is invalid.
        link_used: "This sign-in link was already used or has expired.",
        /// Message for 401 if the browser is not signed in.
        signed_out: "This browser is not signed in to the program.",
        /// Advice shown on the 401 page.
        start_again: "Start the program again (even if it is running) to open a signed-in page or get a sign-in link.",
        /// Advice shown on the 401 page when a newly started instance of the program can't find the
        /// running one.
        stop_and_start: "Stop the program and start it again to open a signed-in page or get a sign-in link.",
        /// Advice about bookmarks, shown on the 401 page. {root} is the program's address.
        bookmarks: "After that, bookmarks work too, but only at {root}.",
        /// Advice for developers of other clients, shown on the 401 page.
        bearer: "Other clients must send the token from the program's data folder as `Authorization: Bearer TOKEN`.",
        /// The link or button that cancels a [`Question`](crate::Question).
        cancel: "Cancel",
        /// Message for 410 if the files or secrets of a form are no longer kept when the user
        /// confirms.
        confirm_expired: "This form has expired. Go back and send it again.",
        /// Shown at the end of the server's pages. {version} is this crate's version.
        footer: "solohttp {version}",
    }
}

impl ServerWords {
    /// Returns the title of a page with this status.
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

/// The minced oaths for the titles of internal error pages. Each page gets one at random. Setting
/// this part replaces the whole list.
///
/// ```
/// use solohttp_core::{Locale, Oaths};
/// Locale::new().with(Oaths::new(["Potzblitz", "Sapperlot"])).install();
/// ```
#[derive(Debug, Clone)]
pub struct Oaths(Vec<Cow<'static, str>>);

impl Oaths {
    /// Creates a list of oaths. Leave out the exclamation marks; the pages add them.
    ///
    /// # Panics
    /// If the list is empty.
    #[must_use]
    #[track_caller]
    pub fn new<T: Into<Cow<'static, str>>>(oaths: impl IntoIterator<Item = T>) -> Self {
        let oaths: Vec<_> = oaths.into_iter().map(Into::into).collect();
        assert!(!oaths.is_empty(), "pass at least one oath, such as \"Error\"");
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
