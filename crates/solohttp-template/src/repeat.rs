//! A loop as a template. It has a preamble, a body, an epilogue, and an alternative for when there
//! are no rows.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;
use solohttp_core::IoList;

use crate::data::{Renderer, RowPosition, render, with_scope};
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind};
use crate::parse::tree::{File, Node, Sections};
use crate::parse::{Surroundings, parse_inline, parse_inline_file};
use crate::program::{Program, Root};
use crate::source::{Place, Source};

/// The indexes of the program's parts.
const PREAMBLE: usize = 0;
const BODY: usize = 1;
const EPILOGUE: usize = 2;
const OTHERWISE: usize = 3;

/// A template for rows from an iterator.
///
/// Renders the preamble, the body for each row, and the epilogue. If there are no rows, renders
/// only the `otherwise` part. If the rows are part of a page's data, `<?each name?>` in the page is
/// simpler.
#[derive(Clone)]
pub struct Repeat(Arc<Program>);

impl Repeat {
    /// Parses a loop from a literal, with the strict [`Dialect`].
    ///
    /// # Panics
    ///
    /// If the template is invalid. The message shows the position and the problem.
    #[must_use]
    #[track_caller]
    pub fn new(text: &str) -> Self {
        match Self::parse(text) {
            Ok(repeat) => repeat,
            Err(error) => panic!("{error}"),
        }
    }

    /// Parses a loop of the form `<loop>… <?begin?>… <?end?>… <?else?>…</loop>`.
    ///
    /// # Errors
    ///
    /// If the template is not a loop or is invalid.
    pub fn parse(text: &str) -> Result<Self, Error> {
        Dialect::new().repeat(text)
    }

    pub(crate) fn from_sections(sections: &Sections, dialect: &Dialect) -> Result<Self, Error> {
        let Sections { preamble, begin, end, otherwise } = sections;
        Self::from_nodes([preamble, begin, end, otherwise], dialect)
    }

    pub(crate) fn from_parts(parts: [&str; 4], dialect: &Dialect) -> Result<Self, Error> {
        let mut nodes = [const { Vec::new() }; 4];
        for (index, text) in parts.into_iter().enumerate() {
            let surroundings = if index == BODY { Surroundings::ROW } else { Surroundings::PAGE };
            nodes[index] = parse_inline(&Source::inline(text), dialect, surroundings)?;
        }
        let [preamble, body, epilogue, otherwise] = &nodes;
        Self::from_nodes([preamble, body, epilogue, otherwise], dialect)
    }

    fn from_nodes(parts: [&Vec<Node>; 4], dialect: &Dialect) -> Result<Self, Error> {
        let mut roots = parts.map(|nodes| Root::new(nodes));
        for part in [BODY, EPILOGUE] {
            roots[part].is_continued = true;
        }
        let mut program = Program::new(roots, dialect.is_strict())?;
        program.parts[BODY].is_row = true;
        Ok(Self(Arc::new(program)))
    }

    /// Renders the rows. The other parts are rendered without data.
    ///
    /// # Errors
    ///
    /// If a name is missing or a value has the wrong type.
    ///
    /// ```
    /// use solohttp_template::Repeat;
    ///
    /// let list = Repeat::new("<loop><ul><?begin?><li>{@it}</li><?end?></ul><?else?>None.</loop>");
    /// assert_eq!(list.render(["a", "b"])?.to_string(), "<ul><li>a</li><li>b</li></ul>");
    /// assert_eq!(list.render([0; 0])?.to_string(), "None.");
    /// # Ok::<(), solohttp_template::Error>(())
    /// ```
    pub fn render<I>(&self, rows: I) -> Result<IoList, Error>
    where
        I: IntoIterator<Item: Serialize>,
    {
        self.render_in(rows, &())
    }

    /// Renders the rows with a context. All parts can use its names, but a row's own names take
    /// precedence.
    ///
    /// # Errors
    ///
    /// If a name is missing or a value has the wrong type.
    pub fn render_in<I, C>(&self, rows: I, context: &C) -> Result<IoList, Error>
    where
        I: IntoIterator<Item: Serialize>,
        C: Serialize + ?Sized,
    {
        let program = &*self.0;
        let mut renderer = Renderer::new(program);
        let nowhere = RowPosition::default();
        let mut rows = rows.into_iter().peekable();
        if rows.peek().is_none() {
            render(&mut renderer, OTHERWISE, context, None, nowhere)?;
            return renderer.finish(Ok(()));
        }
        render(&mut renderer, PREAMBLE, context, None, nowhere)?;
        with_scope(context, |scope| {
            let mut index = 0;
            while let Some(row) = rows.next() {
                let place = RowPosition { index, is_last: rows.peek().is_none() };
                render(&mut renderer, BODY, &row, Some(scope), place)?;
                index += 1;
            }
            Ok::<(), Error>(())
        })?;
        render(&mut renderer, EPILOGUE, context, None, nowhere)?;
        renderer.finish(Ok(()))
    }
}

impl Dialect {
    /// Parses a loop of the form `<loop>… <?begin?>…</loop>`.
    ///
    /// # Errors
    ///
    /// If the template is not a loop or is invalid.
    pub fn repeat(&self, text: &str) -> Result<Repeat, Error> {
        let source = Source::inline(text);
        match parse_inline_file(&source, self)? {
            File::Repeat(sections) => Repeat::from_sections(&sections, self),
            File::Page(_) | File::Extend(_) => {
                Err(Error::new(ErrorKind::WrongKind, "this text is not a loop")
                    .at(&Place::new(&source, 0, 0), "expected `<loop>` here"))
            }
        }
    }

    /// Parses a loop from its four parts, keeping their whitespace. Parts may be empty.
    ///
    /// # Errors
    ///
    /// If a part is invalid.
    pub fn repeat_from_parts(
        &self,
        preamble: &str,
        body: &str,
        epilogue: &str,
        otherwise: &str,
    ) -> Result<Repeat, Error> {
        Repeat::from_parts([preamble, body, epilogue, otherwise], self)
    }
}

impl fmt::Debug for Repeat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Repeat").field("names", &self.0.names).finish_non_exhaustive()
    }
}
