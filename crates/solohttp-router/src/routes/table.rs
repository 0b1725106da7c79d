//! A router's routes, by path and method. Each handler is represented by its index.

use solohttp_core::{Allow, Method, Wildcard};

use crate::routes::methods::Methods;
use crate::routes::pattern::Pattern;
use crate::routes::tree::Tree;

#[derive(Debug)]
pub(crate) struct Table {
    tree: Tree<Endpoint>,
    routes: Vec<Route>,
}

/// The value of a node in the tree; the numbers are route indexes.
#[derive(Debug)]
enum Endpoint {
    /// Routes by method, for exactly this path.
    Methods(Methods),
    /// All methods, for exactly this path.
    AllMethods(usize),
    /// This path and everything below it.
    Mount(usize),
    /// Everything below this path. A request for the path itself is redirected, because it lacks
    /// the trailing slash.
    Folder(usize),
    /// There is no route here, but there is one at the path with a trailing slash.
    MissingSlash,
}

/// The kind of a route.
#[derive(Debug, Clone)]
pub(crate) enum RouteKind {
    Method(Method),
    AllMethods,
    Mount,
    Folder,
}

/// A route to a handler.
#[derive(Debug)]
pub(crate) struct Route {
    pub(crate) target: usize,
    /// The wildcards, with indexes relative to where the router is mounted.
    pub(crate) wildcards: Vec<Wildcard>,
}

/// The result of looking up a request.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Lookup {
    Found {
        route: usize,
        depth: usize,
    },
    MethodNotAllowed(Allow),
    MissingSlash,
    /// There is no route here, but there is one at the path without the trailing slash.
    ExtraSlash {
        /// Whether that route handles this method.
        has_method: bool,
    },
    NotFound,
}

impl Table {
    pub(crate) fn new() -> Self {
        Self { tree: Tree::new(), routes: Vec::new() }
    }

    pub(crate) fn route(&self, route: usize) -> &Route {
        &self.routes[route]
    }

    pub(crate) fn len(&self) -> usize {
        self.routes.len()
    }

    /// Adds a route; `fits` checks the names of the wildcards.
    ///
    /// # Errors
    /// A message for the programmer that suggests a fix.
    pub(crate) fn add(
        &mut self,
        kind: &RouteKind,
        text: &str,
        target: usize,
        fits: impl FnOnce(&[Option<&str>]) -> Result<(), String>,
    ) -> Result<(), String> {
        let full = Pattern::parse(text)?;
        let pattern = kind.adapt(full.clone())?;
        fits(&pattern.names())?;
        let route = self.routes.len();
        let node = self.tree.insert(&pattern.segments);
        let endpoint = self.tree.value_mut(node);
        match (kind, &mut *endpoint) {
            (RouteKind::Method(method), Some(Endpoint::Methods(methods))) => {
                if !methods.add(method.clone(), route) {
                    return Err(format!("{method} was already added to this path: remove one"));
                }
            }
            (_, None | Some(Endpoint::MissingSlash)) => *endpoint = Some(kind.endpoint(route)),
            (_, Some(_)) => {
                return Err(
                    "this path was already added: a path has either one handler per method or a \
                     single handler for all methods"
                        .to_owned(),
                );
            }
        }
        if matches!(kind, RouteKind::Mount | RouteKind::Folder) {
            self.tree.cover_below(node);
        }
        // A request for `/a` is redirected to a route at `/a/`.
        if let Some(parent) = full.without_slash() {
            let node = self.tree.insert(&parent.segments);
            self.tree.value_mut(node).get_or_insert(Endpoint::MissingSlash);
        }
        let wildcards = pattern
            .wildcards()
            .map(|(segment, name)| Wildcard { segment, name: name.cloned() })
            .collect();
        self.routes.push(Route { target, wildcards });
        Ok(())
    }

    pub(crate) fn look_up<'p>(
        &self,
        method: &Method,
        segments: impl ExactSizeIterator<Item = &'p str> + Clone,
    ) -> Lookup {
        let len = segments.len();
        let Some(found) = self.tree.find(segments.clone()) else {
            return self.without_slash(method, segments);
        };
        let depth = found.depth;
        match self.tree.value(found.node) {
            Some(Endpoint::Methods(methods)) => match methods.route(method) {
                Some(route) => Lookup::Found { route, depth },
                None => Lookup::MethodNotAllowed(methods.allow()),
            },
            Some(&Endpoint::AllMethods(route) | &Endpoint::Mount(route)) => {
                Lookup::Found { route, depth }
            }
            Some(&Endpoint::Folder(route)) if depth < len => Lookup::Found { route, depth },
            Some(Endpoint::Folder(_) | Endpoint::MissingSlash) => Lookup::MissingSlash,
            None => Lookup::NotFound,
        }
    }

    fn without_slash<'p>(
        &self,
        method: &Method,
        segments: impl ExactSizeIterator<Item = &'p str> + Clone,
    ) -> Lookup {
        let len = segments.len();
        if len < 2 || segments.clone().last() != Some("") {
            return Lookup::NotFound;
        }
        match self.tree.find(segments.take(len - 1)).map(|found| self.tree.value(found.node)) {
            Some(Some(Endpoint::Methods(methods))) => {
                Lookup::ExtraSlash { has_method: methods.route(method).is_some() }
            }
            Some(Some(Endpoint::AllMethods(_))) => Lookup::ExtraSlash { has_method: true },
            _ => Lookup::NotFound,
        }
    }
}

impl RouteKind {
    /// Returns the pattern to insert. For mounts and folders, that is a prefix without a trailing
    /// slash.
    fn adapt(&self, pattern: Pattern) -> Result<Pattern, String> {
        match self {
            Self::Method(_) | Self::AllMethods => Ok(pattern),
            Self::Mount => match pattern.clone().without_slash() {
                None => Ok(pattern),
                Some(root) if root.segments.is_empty() => Ok(root),
                Some(_) => {
                    Err("it ends in a slash: remove the slash, or use `mount_folder`".to_owned())
                }
            },
            Self::Folder => pattern
                .without_slash()
                .ok_or_else(|| "the path of a folder must end in a slash: add it".to_owned()),
        }
    }

    fn endpoint(&self, route: usize) -> Endpoint {
        match self {
            Self::Method(method) => {
                let mut methods = Methods::default();
                methods.add(method.clone(), route);
                Endpoint::Methods(methods)
            }
            Self::AllMethods => Endpoint::AllMethods(route),
            Self::Mount => Endpoint::Mount(route),
            Self::Folder => Endpoint::Folder(route),
        }
    }
}
