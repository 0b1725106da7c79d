//! The state of forms between requests: saved submissions, the fields that each page has saved, and
//! pending uploads.
//!
//! Each formlet handler has its own store, unless the application shares one between several
//! handlers.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use solohttp_core::{Fields, Response, Upload};

use crate::store::saved_pages::{SavedField, SavedPages};
use crate::store::submissions::{Fingerprint, Saved, Submissions};
use crate::store::uploads::{PendingUploads, UploadLimits};

/// The state of forms between requests. Clones share the same store.
///
/// Applications only need to create a store if they create a formlet for each request and pass it
/// to [`servlet`](Self::servlet), or call formlets with [`handle`](Self::handle).
#[derive(Clone, Default)]
pub struct FormStore {
    submissions: Rc<RefCell<Submissions>>,
    uploads: Rc<RefCell<PendingUploads>>,
    pages: Rc<RefCell<SavedPages>>,
}

impl FormStore {
    /// Creates an empty store for up to 256 pending files, with a total of up to 1 GiB.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates an empty store with different limits for pending files. The latest file is kept even
    /// if it exceeds the limit.
    #[must_use]
    pub fn with_upload_limits(files: usize, bytes: u64) -> Self {
        let uploads = PendingUploads::new(UploadLimits { files, bytes });
        Self { uploads: Rc::new(RefCell::new(uploads)), ..Self::default() }
    }

    pub(crate) fn store_upload(&self, upload: Upload) -> String {
        self.uploads.borrow_mut().store(upload)
    }

    pub(crate) fn upload(&self, token: &str) -> Option<Upload> {
        self.uploads.borrow().find(token).cloned()
    }

    pub(crate) fn release<'a>(&self, tokens: impl Iterator<Item = &'a str>) {
        self.uploads.borrow_mut().release(tokens);
    }

    pub(crate) fn fingerprint(&self, fields: &Fields, uploads: &[Upload]) -> Option<Fingerprint> {
        self.submissions.borrow().fingerprint(fields, uploads)
    }

    /// Calls `read` with the earlier submission, if this one was saved before.
    pub(crate) fn earlier<R>(
        &self,
        fingerprint: Option<Fingerprint>,
        read: impl FnOnce(&Saved) -> R,
    ) -> Option<R> {
        self.submissions.borrow().find(fingerprint?).map(read)
    }

    /// The fields that a page has saved before.
    pub(crate) fn saved_by(&self, page: u64) -> Vec<SavedField> {
        self.pages.borrow().fields(page).to_vec()
    }

    /// Remembers the fields that a page has saved, once the response is final.
    pub(crate) fn remember_page(
        &self,
        page: u64,
        fields: Vec<SavedField>,
        response: Response,
    ) -> Response {
        let pages = Rc::clone(&self.pages);
        response.when_final(move || pages.borrow_mut().remember(page, fields))
    }

    /// Remembers a saved submission and drops its files once the response is final. Until then, a
    /// handler around the form, such as a database guard, can still roll the save back.
    pub(crate) fn remember_submission(
        &self,
        fingerprint: Option<Fingerprint>,
        tokens: Vec<String>,
        response: Response,
    ) -> Response {
        let store = self.clone();
        let saved = fingerprint.and_then(|fingerprint| Saved::new(fingerprint, &response));
        response.when_final(move || {
            if let Some(saved) = saved {
                store.submissions.borrow_mut().remember(saved);
            }
            store.release(tokens.iter().map(String::as_str));
        })
    }
}

impl fmt::Debug for FormStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FormStore").finish_non_exhaustive()
    }
}
