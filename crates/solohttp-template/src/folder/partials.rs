//! Finds the templates that others include.

use std::cell::RefCell;

use super::{Stamp, TemplateFolder, check_name};
use crate::error::{Error, ErrorKind};
use crate::parse::tree::Node;
use crate::parse::{Settings, Surroundings, parse_partial};
use crate::source::Place;

/// The state while a template is parsed.
pub(super) struct Including<'f> {
    folder: &'f TemplateFolder,
    /// The names of the templates that include the current one, outermost first.
    chain: RefCell<Vec<String>>,
    /// The files that were read.
    stamps: RefCell<Vec<Stamp>>,
}

impl<'f> Including<'f> {
    pub(super) fn new(folder: &'f TemplateFolder, name: &str) -> Self {
        let (chain, stamps) = (RefCell::new(vec![name.to_owned()]), RefCell::default());
        Self { folder, chain, stamps }
    }

    /// Returns the function that the parser calls for each `<?include name?>`.
    pub(super) fn as_function(&self) -> impl Fn(&Place, Surroundings) -> Result<Vec<Node>, Error> {
        |name, surroundings| self.include(name, surroundings)
    }

    /// Adds the stamps of all included files.
    pub(super) fn stamps(&self, mut stamps: Vec<Stamp>) -> Vec<Stamp> {
        stamps.append(&mut self.stamps.borrow_mut());
        stamps
    }

    // A template is parsed again wherever it is included, because `@index` and similar names are
    // only known in rows.
    fn include(&self, place: &Place, surroundings: Surroundings) -> Result<Vec<Node>, Error> {
        let name = place.text();
        if self.chain.borrow().iter().any(|earlier| earlier == name) {
            let chain = self.chain.borrow();
            let from = chain.iter().position(|earlier| earlier == name).unwrap_or_default();
            let cycle = format!("{} → {name}", chain[from..].join(" → "));
            return Err(Error::new(ErrorKind::Cycle, "a template includes itself").at(place, cycle));
        }
        let at_include = |error: Error| match error.line() {
            Some(_) => error,
            None => error.at(place, "included here"),
        };
        check_name(name).map_err(at_include)?;
        let (source, stamps) = self.folder.read(name).map_err(at_include)?;
        self.stamps.borrow_mut().extend(stamps);
        let start = source.text.trim_start();
        for tag in ["<extend>", "<loop>"] {
            if start.starts_with(tag) {
                let message = format!("`{name}` starts with `{tag}`");
                return Err(Error::new(ErrorKind::WrongKind, message)
                    .at(place, "only a plain page can be included"));
            }
        }
        self.chain.borrow_mut().push(name.to_owned());
        let include = self.as_function();
        let settings = Settings { dialect: &self.folder.dialect, include: &include };
        let nodes = parse_partial(&source, settings, surroundings);
        self.chain.borrow_mut().pop();
        nodes
    }
}
