//! The handler of a `RecordApp`: the program's handlers, the guard around them, and the state.

use std::fmt;
use std::time::Duration;

use solohttp_core::{
    Handler, IntoHandler, IntoResponse, Locale, Numerals, Request, Response, Result, WithState,
};
use solohttp_sqlite_guard::SqliteGuard;

use super::RecordApp;

/// A [`RecordApp`] with its handlers, made by [`RecordApp::serve`].
pub struct RecordHandler<S = ()>(WithState<SqliteGuard<RecordApp<S>, Speaking<S>>, RecordApp<S>>);

impl<S: 'static> RecordApp<S> {
    /// Puts [`SqliteGuard`] around a handler, usually a router, with [undo](SqliteGuard::undo) and
    /// the pages of [copies](SqliteGuard::copies), and adds the state.
    pub fn serve<M, H>(mut self, handler: H) -> RecordHandler<S>
    where
        H: IntoHandler<Self, M>,
        H::Handler: 'static,
    {
        let after_restore = self.after_restore.take();
        let guard =
            SqliteGuard::new(Speaking(Box::new(handler.into_handler())), |app: &Self| &app.db)
                .undo(&self.undo)
                .copies(|app: &mut Self| &mut app.db)
                .after_restore(move |app| {
                    app.live.changed(Self::LIVE);
                    if let Some(then) = &after_restore {
                        then(app);
                    }
                });
        RecordHandler(guard.with_state(self))
    }
}

impl<S> RecordApp<S> {
    fn install_numerals(&self) -> Result<()> {
        if let Some(of) = &self.numerals {
            let numerals = of(self)?;
            if *Locale::current::<Numerals>() != numerals {
                Locale::install_part(numerals);
            }
        }
        Ok(())
    }
}

impl<S: 'static> RecordHandler<S> {
    /// The state, for tests that check how a request changed it.
    pub fn state(&self) -> &RecordApp<S> {
        self.0.state()
    }

    /// Mutable access to the state, for tests that prepare it.
    pub fn state_mut(&mut self) -> &mut RecordApp<S> {
        self.0.state_mut()
    }

    /// Calls `closure` every `period` while the server runs. See [`WithState::every`].
    #[must_use]
    #[track_caller]
    pub fn every(self, period: Duration, closure: impl FnMut(&mut RecordApp<S>) + 'static) -> Self {
        Self(self.0.every(period, closure))
    }

    /// Calls `closure` once, `delay` after the server has started. See [`WithState::after`].
    #[must_use]
    #[track_caller]
    pub fn after(self, delay: Duration, closure: impl FnOnce(&mut RecordApp<S>) + 'static) -> Self {
        Self(self.0.after(delay, closure))
    }
}

impl<S: 'static> Handler for RecordHandler<S> {
    fn handle(&mut self, state: &mut (), request: &mut Request) -> Response {
        self.0.handle(state, request)
    }
}

impl<S> fmt::Debug for RecordHandler<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordHandler").finish_non_exhaustive()
    }
}

/// Sets the number format, and passes on what [`RecordApp::say`] has said. It is within the guard, which may still replace the
/// response.
struct Speaking<S>(Box<dyn Handler<RecordApp<S>>>);

impl<S> Handler<RecordApp<S>> for Speaking<S> {
    fn handle(&mut self, app: &mut RecordApp<S>, request: &mut Request) -> Response {
        if let Err(failure) = app.install_numerals() {
            return Err::<Response, _>(failure).into_response();
        }
        let response = self.0.handle(app, request);
        let said = std::mem::take(&mut app.said);
        let is_success = response.status().is_success() || response.status().is_redirection();
        // A program that gets JSON shows no page.
        if !is_success || request.prefers_json() {
            return response;
        }
        said.into_iter().fold(response, |response, message| app.flash.say(message, response))
    }
}
