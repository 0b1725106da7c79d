//! The routes of one path, by method. GET routes also handle HEAD; the server drops the body.

use solohttp_core::{Allow, Method};

/// Routes by method, in the order in which they were added.
#[derive(Debug, Default)]
pub(crate) struct Methods {
    routes: Vec<(Method, usize)>,
}

impl Methods {
    /// Returns false if the method already has a route.
    pub(crate) fn add(&mut self, method: Method, route: usize) -> bool {
        let is_new = self.exactly(&method).is_none();
        if is_new {
            self.routes.push((method, route));
        }
        is_new
    }

    pub(crate) fn route(&self, method: &Method) -> Option<usize> {
        let instead = || (*method == Method::HEAD).then(|| self.exactly(&Method::GET)).flatten();
        self.exactly(method).or_else(instead)
    }

    fn exactly(&self, method: &Method) -> Option<usize> {
        self.routes.iter().find(|(of, _)| of == method).map(|&(_, route)| route)
    }

    pub(crate) fn allow(&self) -> Allow {
        Allow::new(self.routes.iter().map(|(method, _)| method.clone()))
    }
}
