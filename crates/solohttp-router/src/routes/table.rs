//! All routes of a router: what leads where, by path and method.
//!
//! Precedence is `tree`'s, the grammar of paths `pattern`'s. Knows no handlers, only their numbers.

use solohttp_core::{Allow, Method, Wildcard};

use crate::routes::methods::Methods;
use crate::routes::pattern::Pattern;
use crate::routes::tree::Tree;

#[derive(Debug)]
pub(crate) struct Table {
    tree: Tree<Place>,
    routes: Vec<Route>,
}

/// What is at a node of the tree; the numbers are routes.
#[derive(Debug)]
enum Place {
    /// The whole path leads to routes by method.
    Methods(Methods),
    /// A handler for every method of this path alone.
    Whole(usize),
    /// A handler for this path and all below it.
    Mount(usize),
    /// A handler for all below this path; the path itself lacks its slash.
    Folder(usize),
    /// Nothing, but there is a route at the path with a slash.
    LacksSlash,
}

/// How a route is added.
#[derive(Debug, Clone)]
pub(crate) enum How {
    Method(Method),
    Whole,
    Mount,
    Folder,
}

/// One way to a target.
#[derive(Debug)]
pub(crate) struct Route {
    pub(crate) target: usize,
    /// Which segments are values, counted from where the router is mounted.
    pub(crate) wildcards: Vec<Wildcard>,
}

/// What to do with a request.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Run {
        route: usize,
        depth: usize,
    },
    OtherMethod(Allow),
    LacksSlash,
    /// Nothing, but there is a route at the path without the slash at its end.
    ExtraSlash {
        /// Does that route answer this method?
        answers: bool,
    },
    Nothing,
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

    /// Adds a route; `fits` says what is wrong with the wildcards' names for the target.
    ///
    /// # Errors
    /// What the program did wrong, and how to make it right.
    pub(crate) fn add(
        &mut self,
        how: &How,
        text: &str,
        target: usize,
        fits: impl FnOnce(&[Option<&str>]) -> Result<(), String>,
    ) -> Result<(), String> {
        let whole = Pattern::parse(text)?;
        let pattern = how.adapt(whole.clone())?;
        fits(&pattern.names())?;
        let route = self.routes.len();
        let node = self.tree.insert(&pattern.segments);
        let place = self.tree.value_mut(node);
        match (how, &mut *place) {
            (How::Method(method), Some(Place::Methods(methods))) => {
                if !methods.add(method.clone(), route) {
                    return Err(format!("{method} was added to this path before: keep one"));
                }
            }
            (_, None | Some(Place::LacksSlash)) => *place = Some(how.place(route)),
            (_, Some(_)) => {
                return Err("this path was added before: a path has routes by method or one \
                            other target"
                    .to_owned());
            }
        }
        if matches!(how, How::Mount | How::Folder) {
            self.tree.cover_below(node);
        }
        // A page at `/a/` is also found by those who ask for `/a`.
        if let Some(parent) = whole.without_slash() {
            let node = self.tree.insert(&parent.segments);
            self.tree.value_mut(node).get_or_insert(Place::LacksSlash);
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
    ) -> Verdict {
        let len = segments.len();
        let Some(found) = self.tree.find(segments.clone()) else {
            return self.without_slash(method, segments);
        };
        let depth = found.depth;
        match self.tree.value(found.node) {
            Some(Place::Methods(methods)) => match methods.route(method) {
                Some(route) => Verdict::Run { route, depth },
                None => Verdict::OtherMethod(methods.allow()),
            },
            Some(&Place::Whole(route) | &Place::Mount(route)) => Verdict::Run { route, depth },
            Some(&Place::Folder(route)) if depth < len => Verdict::Run { route, depth },
            Some(Place::Folder(_) | Place::LacksSlash) => Verdict::LacksSlash,
            None => Verdict::Nothing,
        }
    }

    fn without_slash<'p>(
        &self,
        method: &Method,
        segments: impl ExactSizeIterator<Item = &'p str> + Clone,
    ) -> Verdict {
        let len = segments.len();
        if len < 2 || segments.clone().last() != Some("") {
            return Verdict::Nothing;
        }
        match self.tree.find(segments.take(len - 1)).map(|found| self.tree.value(found.node)) {
            Some(Some(Place::Methods(methods))) => {
                Verdict::ExtraSlash { answers: methods.route(method).is_some() }
            }
            Some(Some(Place::Whole(_))) => Verdict::ExtraSlash { answers: true },
            _ => Verdict::Nothing,
        }
    }
}

impl How {
    /// A mount is the path that its requests start with, which has no slash at the end.
    fn adapt(&self, pattern: Pattern) -> Result<Pattern, String> {
        match self {
            Self::Method(_) | Self::Whole => Ok(pattern),
            Self::Mount => match pattern.clone().without_slash() {
                None => Ok(pattern),
                Some(root) if root.segments.is_empty() => Ok(root),
                Some(_) => {
                    Err("it ends in a slash: leave it away, or use `mount_folder`".to_owned())
                }
            },
            Self::Folder => pattern
                .without_slash()
                .ok_or_else(|| "the path of a folder ends in a slash: add it".to_owned()),
        }
    }

    fn place(&self, route: usize) -> Place {
        match self {
            Self::Method(method) => {
                let mut methods = Methods::default();
                methods.add(method.clone(), route);
                Place::Methods(methods)
            }
            Self::Whole => Place::Whole(route),
            Self::Mount => Place::Mount(route),
            Self::Folder => Place::Folder(route),
        }
    }
}
