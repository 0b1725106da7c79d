//! A page with slots, parsed once and rendered any number of times.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;
use solohttp_core::IoList;

use crate::assembly::{Binding, Tree};
use crate::data::{Renderer, RowPosition, render, with_scope};
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind};
use crate::frame::Frame;
use crate::hint;
use crate::parse::tree::Node;
use crate::parse::{Surroundings, parse_inline};
use crate::program::{Program, Root};
use crate::source::{Place, Source};

/// A page with slots. It is cheap to clone, and can be stored in a `static` `LazyLock`.
///
/// The language is described in [`crate::language`].
#[derive(Clone)]
pub struct Template {
    loaded: Arc<Loaded>,
    /// The index of the program's part to render.
    part: usize,
}

struct Loaded {
    tree: Tree,
    program: Program,
    dialect: Dialect,
    /// The names of the parts, starting with part 1.
    fragments: Vec<String>,
}

impl Template {
    /// Parses a template from a literal, with the strict [`Dialect`].
    ///
    /// # Panics
    ///
    /// If the template is invalid. The message shows the position and the problem.
    #[must_use]
    #[track_caller]
    pub fn new(text: &str) -> Self {
        match Self::parse(text) {
            Ok(template) => template,
            Err(error) => panic!("{error}"),
        }
    }

    /// Parses a template with the strict [`Dialect`].
    ///
    /// # Errors
    ///
    /// If the template is invalid.
    pub fn parse(text: &str) -> Result<Self, Error> {
        Dialect::new().template(text)
    }

    pub(crate) fn from_nodes(nodes: Vec<Node>, dialect: &Dialect) -> Result<Self, Error> {
        Self::from_tree(Tree::new(nodes), dialect)
    }

    pub(crate) fn from_tree(tree: Tree, dialect: &Dialect) -> Result<Self, Error> {
        let fragments = tree.fragments();
        // The slots of fragments are checked as a part of the page.
        let parts = fragments.iter().map(|fragment| Root::unchecked(&fragment.body));
        let roots = std::iter::once(Root::new(&tree.nodes)).chain(parts);
        let program = Program::new(roots, dialect.is_strict())?;
        for (index, fragment) in fragments.iter().enumerate() {
            let name = fragment.name.text();
            if let Some(earlier) = fragments[..index].iter().find(|f| f.name.text() == name) {
                return Err(Error::new(ErrorKind::Section, format!("duplicate fragment `{name}`"))
                    .at(
                        &fragment.name,
                        format!("the first one is on line {}", earlier.name.line()),
                    ));
            }
        }
        let fragments = fragments.iter().map(|fragment| fragment.name.text().to_owned()).collect();
        let loaded = Loaded { tree, program, dialect: dialect.clone(), fragments };
        Ok(Self { loaded: Arc::new(loaded), part: 0 })
    }

    pub(crate) fn tree(&self) -> &Tree {
        &self.loaded.tree
    }

    /// Renders the page with the fields of `data`, which is a struct, a map, or `()` if the page
    /// needs no data.
    ///
    /// `data` may be serialized more than once and must produce the same result each time.
    ///
    /// # Errors
    ///
    /// If a name is missing or a value has the wrong type.
    ///
    /// ```
    /// use solohttp_template::Template;
    ///
    /// #[derive(serde::Serialize)]
    /// struct Guest<'a> { name: &'a str, owes: f64 }
    ///
    /// let page = Template::new("<p>{name} owes {owes:cents}.</p>");
    /// let text = page.render(&Guest { name: "Tom & Co", owes: 1234.5 })?;
    /// assert_eq!(text.to_string(), "<p>Tom &amp; Co owes 1,234.50.</p>");
    /// # Ok::<(), solohttp_template::Error>(())
    /// ```
    pub fn render<T: Serialize + ?Sized>(&self, data: &T) -> Result<IoList, Error> {
        let program = &self.loaded.program;
        let mut renderer = Renderer::new(program);
        let rendered = render(&mut renderer, self.part, data, None, RowPosition::default());
        renderer.finish(rendered)
    }

    /// Renders the page with a context: values for names that `data` doesn't have, such as the menu
    /// and the messages in the frame of every page.
    ///
    /// A name in `data` takes precedence over the same name in the context.
    ///
    /// # Errors
    ///
    /// Same as [`render`](Self::render).
    ///
    /// ```
    /// use solohttp_template::Template;
    ///
    /// #[derive(serde::Serialize)]
    /// struct Frame<'a> { user: &'a str, title: &'a str }
    /// #[derive(serde::Serialize)]
    /// struct Task<'a> { title: &'a str }
    ///
    /// let page = Template::new("<h1>{title}</h1><p>Hello {user}</p>");
    /// let text = page.render_in(&Task { title: "Tea" }, &Frame { user: "Ann", title: "Home" })?;
    /// assert_eq!(text.to_string(), "<h1>Tea</h1><p>Hello Ann</p>");
    /// # Ok::<(), solohttp_template::Error>(())
    /// ```
    pub fn render_in<T, C>(&self, data: &T, context: &C) -> Result<IoList, Error>
    where
        T: Serialize + ?Sized,
        C: Serialize + ?Sized,
    {
        let program = &self.loaded.program;
        let mut renderer = Renderer::new(program);
        let rendered = with_scope(context, |scope| {
            render(&mut renderer, self.part, data, Some(scope), RowPosition::default())
        });
        renderer.finish(rendered)
    }

    /// Renders the page with the values of a frame. A name in `data` takes precedence.
    ///
    /// # Errors
    ///
    /// Same as [`render`](Self::render).
    pub fn render_framed<T>(&self, data: &T, frame: &Frame) -> Result<IoList, Error>
    where
        T: Serialize + ?Sized,
    {
        let mut renderer = Renderer::new(&self.loaded.program);
        let rendered = frame.with_scope(|scope| {
            render(&mut renderer, self.part, data, scope, RowPosition::default())
        });
        renderer.finish(rendered)
    }

    /// Returns the page's `<?fragment name?>` as a separate template.
    ///
    /// # Errors
    ///
    /// If the page has no such fragment.
    pub fn fragment(&self, name: &str) -> Result<Self, Error> {
        let fragments = &self.loaded.fragments;
        if let Some(index) = fragments.iter().position(|fragment| fragment == name) {
            return Ok(Self { loaded: Arc::clone(&self.loaded), part: index + 1 });
        }
        let known: Vec<&str> = fragments.iter().map(String::as_str).collect();
        Err(Error::new(ErrorKind::TemplateNotFound, format!("the page has no fragment `{name}`"))
            .help(hint::suggest(name, "fragments", &known)))
    }

    /// Fills slots with other templates, like `<extend>`, but without files.
    ///
    /// All sections see the page's data, but not each other. The result can be extended again. A
    /// slot that is already bound can't be changed.
    ///
    /// # Errors
    ///
    /// If there is no slot for a name, if a name is bound twice, or if its slot has a formatter.
    ///
    /// ```
    /// use solohttp_template::Template;
    ///
    /// let page = Template::new("<title>{title}</title><body>{body}</body>");
    /// let hello = page.assembly([
    ///     ("title", Template::new("Hello {name}")),
    ///     ("body", Template::new("<h1>{name}</h1>")),
    /// ])?;
    /// let text = hello.render(&std::collections::BTreeMap::from([("name", "Ann")]))?;
    /// assert_eq!(text.to_string(), "<title>Hello Ann</title><body><h1>Ann</h1></body>");
    /// # Ok::<(), solohttp_template::Error>(())
    /// ```
    pub fn assembly<'n>(
        &self,
        sections: impl IntoIterator<Item = (&'n str, Self)>,
    ) -> Result<Self, Error> {
        let sections: Vec<(&str, Self)> = sections.into_iter().collect();
        for (index, (name, _)) in sections.iter().enumerate() {
            if sections[..index].iter().any(|(earlier, _)| earlier == name) {
                return Err(Error::new(ErrorKind::Section, format!("`{name}` is bound twice")));
            }
            if !self.tree().mentions.contains(*name) {
                let known: Vec<&str> = self.tree().mentions.iter().map(|name| &**name).collect();
                return Err(Error::new(
                    ErrorKind::Section,
                    format!("the page has no slot `{name}`"),
                )
                .help(hint::suggest(name, "slots", &known)));
            }
        }
        let bindings = sections
            .iter()
            .map(|(name, section)| Binding { name, nodes: &section.tree().nodes })
            .collect::<Vec<_>>();
        Self::from_tree(self.tree().bind(&bindings)?, &self.loaded.dialect)
    }
}

impl Dialect {
    /// Parses a page, keeping all whitespace.
    ///
    /// # Errors
    ///
    /// If the template is invalid.
    pub fn template(&self, text: &str) -> Result<Template, Error> {
        let source = Source::inline(text);
        if self.is_strict()
            && let start = text.trim_start()
            && (start.starts_with("<extend>") || start.starts_with("<loop>"))
        {
            return Err(composite_as_page(&source, start));
        }
        Template::from_nodes(parse_inline(&source, self, Surroundings::PAGE)?, self)
    }
}

fn composite_as_page(source: &Arc<Source>, start: &str) -> Error {
    let from = source.text.len() - start.len();
    let place = Place::new(source, from, from + start.find('>').map_or(1, |end| end + 1));
    let error = Error::new(ErrorKind::WrongKind, "this text is not a page");
    if start.starts_with("<loop>") {
        error.at(&place, "this starts a loop").help("use `Repeat::parse`")
    } else {
        error
            .at(&place, "this extends a base, which must be in a folder")
            .help("put the template in a `TemplateFolder`, or bind sections with `assembly`")
    }
}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.loaded.tree.mentions.iter().collect::<Vec<_>>();
        f.debug_struct("Template").field("slots", &names).finish_non_exhaustive()
    }
}
