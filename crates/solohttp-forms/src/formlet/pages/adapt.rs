//! What a program replaces in pages that another function has made, such as solohttp's
//! `RecordApp::pages`.

use solohttp_core::Result;

use super::RecordPages;

impl<S, T> RecordPages<S, T> {
    /// Replaces the function that loads a record.
    #[must_use]
    pub fn load(mut self, load: impl Fn(&mut S, i64) -> Result<T> + 'static) -> Self {
        self.load = Box::new(load);
        self
    }

    /// Removes the button that deletes.
    #[must_use]
    pub fn without_delete(mut self) -> Self {
        self.delete = None;
        self
    }
}
