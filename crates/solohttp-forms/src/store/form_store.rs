//! What forms remember between requests: submissions that were saved, what pages have left in
//! their records, and files that wait.
//!
//! Every formlet handler has a desk of its own. Knows nothing of what is on it.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use solohttp_core::{Fields, Request, Response, Result};

use crate::form::left::{Left, Pages};
use crate::form::outline::Outline;
use crate::form::sent::Sent;
use crate::store::submissions::{Print, Saved, Submissions};
use crate::store::uploads::{PendingUploads, Room};

/// What forms remember between requests; a clone is the same desk.
///
/// Only who makes formlets by the request, or asks them by hand, needs to keep one: see
/// [`servlet`](Self::servlet) and [`answer`](Self::answer).
#[derive(Clone, Default)]
pub struct FormStore {
    once: Rc<RefCell<Submissions>>,
    kept: Rc<RefCell<PendingUploads>>,
    pages: Rc<RefCell<Pages>>,
}

impl FormStore {
    /// An empty desk, with room for 256 files of together 1 GiB that wait for their forms to be
    /// right.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty desk with this much room for files. The latest file stays whatever its size.
    #[must_use]
    pub fn with_room(files: usize, bytes: u64) -> Self {
        let kept = PendingUploads::new(Room { files, bytes });
        Self { kept: Rc::new(RefCell::new(kept)), ..Self::default() }
    }

    /// What a request sends, and what tells it from others.
    pub(crate) fn read(
        &self,
        outline: &Outline,
        request: &Request,
        fields: &Fields,
    ) -> Result<(Sent, Option<Print>)> {
        let form = request.sent_form()?;
        let sent = self.kept.borrow_mut().read(outline, fields, &form);
        Ok((sent, self.once.borrow().print(fields, form.uploads)))
    }

    /// The files that a form carries which was set aside.
    pub(crate) fn resolve(&self, fields: Fields) -> Sent {
        let mut sent = Sent::from(fields);
        self.kept.borrow().resolve(&mut sent);
        sent
    }

    pub(crate) fn release(&self, sent: &Sent) {
        self.kept.borrow_mut().release(sent);
    }

    /// What `widget` finds in this submission, if it was saved before.
    pub(crate) fn earlier<R>(
        &self,
        print: Option<Print>,
        widget: impl FnOnce(&Saved) -> R,
    ) -> Option<R> {
        self.once.borrow().earlier(print?).map(widget)
    }

    /// What a page has left when it was saved before.
    pub(crate) fn left_by(&self, page: u64) -> Vec<Left> {
        self.pages.borrow().left_by(page).to_vec()
    }

    /// Takes note of what a page has left, when that is final.
    pub(crate) fn remember(&self, page: u64, left: Vec<Left>, response: Response) -> Response {
        let pages = Rc::clone(&self.pages);
        response.when_final(move || pages.borrow_mut().remember(page, left))
    }

    /// Takes note of what was saved and lets its files go, but only when it is sure that nobody
    /// around the form takes that back, as the guard of a database does.
    pub(crate) fn settle(&self, print: Option<Print>, sent: Sent, response: Response) -> Response {
        let desk = self.clone();
        let saved = print.and_then(|print| Saved::by(print, &response));
        response.when_final(move || {
            if let Some(saved) = saved {
                desk.once.borrow_mut().remember(saved);
            }
            desk.release(&sent);
        })
    }
}

impl fmt::Debug for FormStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FormStore").finish_non_exhaustive()
    }
}
