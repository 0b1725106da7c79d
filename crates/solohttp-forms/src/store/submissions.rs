//! Remembers saved submissions, so that a form that is sent twice is saved only once.
//!
//! A form carries a token. The same token with the same content is the same submission: a double
//! click, a reload or a resend. The same token with different content is a new submission, because
//! the user went back and changed something. Tokens must be unique, but don't need to be secret,
//! because access control comes first.

use std::collections::VecDeque;
use std::hash::{BuildHasher, Hash as _, Hasher as _, RandomState};
use std::time::{Duration, Instant};

use solohttp_core::{Fields, Response, StatusCode, Upload};

use crate::form::names::TOKEN;
use crate::markup::tag::tag;

/// The number of submissions to remember. This is more than the number of tabs that a user is
/// likely to have open.
const MAX_SUBMISSIONS: usize = 256;

/// A repeated submission within this time after the first response counts as a double click. Going
/// back and sending the form again takes longer.
const DOUBLE_CLICK: Duration = Duration::from_secs(1);

/// Saved submissions, latest last.
#[derive(Debug, Default)]
pub(crate) struct Submissions {
    keys: [RandomState; 2],
    saved: VecDeque<Saved>,
}

/// Identifies a submission in 24 bytes, using keyed hashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fingerprint {
    token: u64,
    content: [u64; 2],
}

/// A submission with its response.
#[derive(Debug)]
pub(crate) struct Saved {
    fingerprint: Fingerprint,
    at: Instant,
    /// Whether this is the last submission from its page.
    is_latest: bool,
    status: StatusCode,
    location: Option<String>,
}

impl Submissions {
    /// The fingerprint of a form that has a token. It covers all fields and the files' metadata.
    pub(crate) fn fingerprint(&self, fields: &Fields, uploads: &[Upload]) -> Option<Fingerprint> {
        let token = fields.get(TOKEN).filter(|token| !token.is_empty())?;
        let hash = |keys: &RandomState| {
            let mut hasher = keys.build_hasher();
            fields.iter().for_each(|field| field.hash(&mut hasher));
            for upload in uploads {
                let (name, kind) = (upload.raw_file_name(), upload.content_type());
                (upload.field(), name, kind, upload.len()).hash(&mut hasher);
            }
            hasher.finish()
        };
        let token = self.keys[0].hash_one(token);
        Some(Fingerprint { token, content: [hash(&self.keys[0]), hash(&self.keys[1])] })
    }

    pub(crate) fn find(&self, fingerprint: Fingerprint) -> Option<&Saved> {
        self.saved.iter().find(|saved| saved.fingerprint == fingerprint)
    }

    pub(crate) fn remember(&mut self, saved: Saved) {
        for older in &mut self.saved {
            older.is_latest &= older.fingerprint.token != saved.fingerprint.token;
        }
        if self.saved.len() == MAX_SUBMISSIONS {
            self.saved.pop_front();
        }
        self.saved.push_back(saved);
    }
}

impl Saved {
    /// Returns `None` if the response reports an error.
    pub(crate) fn new(fingerprint: Fingerprint, response: &Response) -> Option<Self> {
        let status = response.status();
        if status.is_client_error() || status.is_server_error() {
            return None;
        }
        let location = response.header("location").map(str::to_owned);
        Some(Self { fingerprint, at: Instant::now(), is_latest: true, status, location })
    }

    pub(crate) fn is_double_click(&self) -> bool {
        self.is_latest && self.at.elapsed() < DOUBLE_CLICK
    }

    /// Repeats a redirect. Any other response becomes a page with this text.
    pub(crate) fn replay(&self, text: &str) -> Response {
        match &self.location {
            Some(url) => Response::redirect(url).with_status(self.status),
            None => Response::html(tag("p").text(text)),
        }
    }
}
