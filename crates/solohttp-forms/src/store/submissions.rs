//! Forms that were saved, so that one that is sent twice is not saved twice.
//!
//! A form carries a token. The same token with the same content again is the same submission: a
//! double click, a reload, a resend. With other content it is another one, made by going back and
//! changing something, and must be saved. Tokens need to be unique, not secret: who may post is
//! decided before any form is asked.

use std::collections::VecDeque;
use std::hash::{BuildHasher, Hash as _, Hasher as _, RandomState};
use std::time::{Duration, Instant};

use solohttp_core::{Fields, IoList, Response, StatusCode, Upload};

use crate::markup::tag::tag;

/// The field that carries the token.
pub(crate) const TOKEN: &str = ":once";

/// How many submissions are remembered: more than one user's open tabs.
const MOST: usize = 256;

/// The second click of a double click comes while the browser still shows the form. To go back and
/// send a form takes longer, counted from the moment the first one was answered.
const DOUBLE_CLICK: Duration = Duration::from_secs(1);

/// A new token of 128 bits, from the standard library's random hash keys.
pub(crate) fn token() -> String {
    let (one, two) = (RandomState::new(), RandomState::new());
    format!("{:016x}{:016x}", one.hash_one(0_u8), two.hash_one(1_u8))
}

pub(crate) fn field(token: &str) -> IoList {
    tag("input").attr("type", "hidden").attr("name", TOKEN).attr("value", token).void()
}

/// What was saved, the latest last.
#[derive(Debug, Default)]
pub(crate) struct Submissions {
    keys: [RandomState; 2],
    saved: VecDeque<Saved>,
}

/// What tells one submission from another, in 24 bytes however large it was: hashes with keys that
/// nobody knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Print {
    token: u64,
    whole: [u64; 2],
}

/// A submission and its answer.
#[derive(Debug)]
pub(crate) struct Saved {
    print: Print,
    at: Instant,
    /// Was nothing else saved from the same page since?
    is_latest: bool,
    status: StatusCode,
    location: Option<String>,
}

impl Submissions {
    /// The print of a form with a token: of all that was sent, and of files what is known without
    /// reading them.
    pub(crate) fn print(&self, fields: &Fields, uploads: &[Upload]) -> Option<Print> {
        let token = fields.get(TOKEN).filter(|token| !token.is_empty())?;
        let print = |keys: &RandomState| {
            let mut hasher = keys.build_hasher();
            fields.iter().for_each(|field| field.hash(&mut hasher));
            for upload in uploads {
                let (name, kind) = (upload.raw_file_name(), upload.content_type());
                (upload.field(), name, kind, upload.len()).hash(&mut hasher);
            }
            hasher.finish()
        };
        let token = self.keys[0].hash_one(token);
        Some(Print { token, whole: [print(&self.keys[0]), print(&self.keys[1])] })
    }

    /// This submission, if it was saved before.
    pub(crate) fn earlier(&self, print: Print) -> Option<&Saved> {
        self.saved.iter().find(|saved| saved.print == print)
    }

    /// Remembers a submission that was saved.
    pub(crate) fn remember(&mut self, saved: Saved) {
        for older in &mut self.saved {
            older.is_latest &= older.print.token != saved.print.token;
        }
        if self.saved.len() == MOST {
            self.saved.pop_front();
        }
        self.saved.push_back(saved);
    }
}

impl Saved {
    /// What to remember of an answer, unless it reports an error.
    pub(crate) fn by(print: Print, response: &Response) -> Option<Self> {
        let status = response.status();
        if status.is_client_error() || status.is_server_error() {
            return None;
        }
        let location = response.header("location").map(str::to_owned);
        Some(Self { print, at: Instant::now(), is_latest: true, status, location })
    }

    pub(crate) fn is_double_click(&self) -> bool {
        self.is_latest && self.at.elapsed() < DOUBLE_CLICK
    }

    /// The answer that it got.
    pub(crate) fn answer(&self, already: &str) -> Response {
        match &self.location {
            Some(url) => Response::redirect(url).with_status(self.status),
            None => Response::html(tag("p").text(already)),
        }
    }
}
