//! Uploaded files, which are kept until their form has been saved.
//!
//! They are limited in number and total size; the oldest are dropped first. The files stay where
//! the request bodies were stored, in memory or in unnamed temporary files, and disappear when the
//! program ends.

use std::collections::{HashSet, VecDeque};

use solohttp_core::Upload;

use crate::store::token::token;

/// Combined limits for all pending uploads.
#[derive(Debug, Clone, Copy)]
pub(crate) struct UploadLimits {
    pub(crate) files: usize,
    pub(crate) bytes: u64,
}

impl Default for UploadLimits {
    fn default() -> Self {
        // Enough for several half-filled forms with many pictures.
        Self { files: 256, bytes: 1 << 30 }
    }
}

/// Files by token, latest last.
#[derive(Debug, Default)]
pub(crate) struct PendingUploads {
    limits: UploadLimits,
    files: VecDeque<(String, Upload)>,
}

impl PendingUploads {
    pub(crate) fn new(limits: UploadLimits) -> Self {
        Self { limits, files: VecDeque::new() }
    }

    /// Stores a file and returns its token.
    pub(crate) fn store(&mut self, upload: Upload) -> String {
        let token = token();
        self.files.push_back((token.clone(), upload));
        let bytes = |files: &VecDeque<(String, Upload)>| {
            files.iter().map(|(_, upload)| upload.len()).sum::<u64>()
        };
        // Always keeps the latest file: the server already limits the size of request bodies.
        while self.files.len() > 1
            && (self.files.len() > self.limits.files || bytes(&self.files) > self.limits.bytes)
        {
            self.files.pop_front();
        }
        token
    }

    pub(crate) fn find(&self, token: &str) -> Option<&Upload> {
        self.files.iter().find(|(known, _)| known == token).map(|(_, upload)| upload)
    }

    /// Drops the files with these tokens.
    pub(crate) fn release<'a>(&mut self, tokens: impl Iterator<Item = &'a str>) {
        let tokens: HashSet<&str> = tokens.collect();
        self.files.retain(|(token, _)| !tokens.contains(token.as_str()));
    }
}
