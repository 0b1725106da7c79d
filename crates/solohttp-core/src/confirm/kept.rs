//! Submitted forms that can't be repeated as hidden fields, and wait for the user's answer.

use std::collections::VecDeque;
use std::hash::{BuildHasher as _, RandomState};

use crate::body::{FormData, Upload};
use crate::url::Fields;

/// The field that holds the token of a kept form.
pub(super) const TOKEN: &str = ":form";

/// The maximum number of kept forms. The oldest is dropped first.
const MAX: usize = 8;

/// The largest form, in bytes, that is repeated as hidden fields.
const MAX_HIDDEN: usize = 2 << 20;

/// The forms that are kept, with their tokens, latest last.
#[derive(Debug, Default)]
pub(super) struct KeptForms(VecDeque<(String, Fields, Vec<Upload>)>);

impl KeptForms {
    /// Whether a form must be kept: because of its files, because a page may not contain its
    /// secrets, or because hidden fields would change or bloat it.
    pub(super) fn must_keep(fields: &Fields, uploads: &[Upload]) -> bool {
        let size: usize = fields.iter().map(|(name, value)| name.len() + value.len()).sum();
        // Browsers replace a NUL in HTML with U+FFFD, and parse CR as LF.
        let is_changed =
            |text: &str| text.contains('\0') || text.replace("\r\n", "").contains('\r');
        !uploads.is_empty()
            || fields.have_secrets()
            || size > MAX_HIDDEN
            || fields.iter().any(|(name, value)| is_changed(name) || is_changed(value))
    }

    /// Keeps a form. Returns its token.
    pub(super) fn keep(&mut self, fields: Fields, uploads: Vec<Upload>) -> String {
        // The token is random, so that a page of an earlier run can't confirm another form.
        let token = format!("{:016x}", RandomState::new().hash_one(self.0.len()));
        if self.0.len() == MAX {
            self.0.pop_front();
        }
        self.0.push_back((token.clone(), fields, uploads));
        token
    }

    /// Returns the form with this token. It stays, because its action may fail and be repeated.
    pub(super) fn get(&self, token: &str) -> Option<FormData> {
        let (_, fields, uploads) = self.0.iter().find(|(known, ..)| known == token)?;
        Some(FormData { fields: fields.clone(), uploads: uploads.clone() })
    }

    pub(super) fn remove(&mut self, token: &str) {
        self.0.retain(|(known, ..)| known != token);
    }
}
