//! Forms that were saved, so that one that is sent twice is not saved twice.
//!
//! A form carries a token. The same token with the same content again is the same submission: a
//! double click, a reload, a resend. With other content it is another one, made by going back and
//! changing something, and must be saved. Tokens need to be unique, not secret: who may post is
//! decided before any form is asked.

use std::collections::VecDeque;
use std::hash::{BuildHasher, RandomState};

use solohttp_core::{Fields, IoList, Response, StatusCode};

use crate::tag::tag;

/// The field that carries the token.
pub(crate) const TOKEN: &str = ":once";

/// How many submissions are remembered: more than one user's open tabs.
const MOST: usize = 256;

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
pub(crate) struct Once {
    saved: VecDeque<Saved>,
}

/// A submission and its answer.
#[derive(Debug)]
pub(crate) struct Saved {
    fields: Fields,
    status: StatusCode,
    location: Option<String>,
}

impl Once {
    /// The answer that these fields, token included, got before.
    pub(crate) fn replay(&self, fields: &Fields, already: &str) -> Option<Response> {
        fields.get(TOKEN).filter(|token| !token.is_empty())?;
        let saved = self.saved.iter().find(|saved| saved.fields == *fields)?;
        Some(match &saved.location {
            Some(url) => Response::redirect(url).with_status(saved.status),
            None => Response::html(tag("p").text(already)),
        })
    }

    /// Remembers a submission that was saved.
    pub(crate) fn remember(&mut self, saved: Saved) {
        if self.saved.len() == MOST {
            self.saved.pop_front();
        }
        self.saved.push_back(saved);
    }
}

impl Saved {
    /// What to remember of an answer, unless it reports an error.
    pub(crate) fn by(fields: Fields, response: &Response) -> Option<Self> {
        let status = response.status();
        if status.is_client_error() || status.is_server_error() || !fields.contains(TOKEN) {
            return None;
        }
        Some(Self { fields, status, location: response.header("location").map(str::to_owned) })
    }
}
