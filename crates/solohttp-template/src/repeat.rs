//! A loop in a file of its own: preamble, body, epilogue, and what to show when there are no rows.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;
use solohttp_core::IoList;

use crate::context;
use crate::data::{RowPlace, Run, render, within};
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind};
use crate::parse::tree::{File, Node, Sections};
use crate::parse::{parse_file, parse_inline};
use crate::program::Program;
use crate::source::{Place, Source};

/// The parts of the program.
const PREAMBLE: usize = 0;
const BODY: usize = 1;
const EPILOGUE: usize = 2;
const OTHERWISE: usize = 3;

/// A template for rows that come from an iterator.
///
/// The preamble, the body once per row, the epilogue; or, without rows, the otherwise part alone.
/// For a sequence that is part of a page's data, `<?each name?>` inside the page is simpler.
#[derive(Clone)]
pub struct Repeat(Arc<Program>);

impl Repeat {
    /// A loop written in the program's own text, under the strict [`Dialect`].
    ///
    /// # Panics
    ///
    /// If the text breaks a rule of the language; the message shows where and why.
    #[must_use]
    #[track_caller]
    pub fn new(text: &str) -> Self {
        match Self::parse(text) {
            Ok(repeat) => repeat,
            Err(error) => panic!("{error}"),
        }
    }

    /// Parses a text of the form `<loop>… <?begin?>… <?end?>… <?else?>…</loop>`.
    ///
    /// # Errors
    ///
    /// If the text is not a loop, or breaks a rule of the language.
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
            nodes[index] = parse_inline(&Source::inline(text), dialect, index == BODY)?;
        }
        let [preamble, body, epilogue, otherwise] = &nodes;
        Self::from_nodes([preamble, body, epilogue, otherwise], dialect)
    }

    fn from_nodes(parts: [&Vec<Node>; 4], dialect: &Dialect) -> Result<Self, Error> {
        let parts = parts.map(Vec::as_slice);
        if dialect.is_strict() {
            context::check(parts[PREAMBLE..=EPILOGUE].iter().copied())?;
            context::check([parts[OTHERWISE]])?;
        }
        Ok(Self(Arc::new(Program::new(parts, dialect.is_strict()))))
    }

    /// Shows the rows; preamble, epilogue and otherwise have no names to show.
    ///
    /// # Errors
    ///
    /// If a name is missing, or a value cannot go where the template wants it.
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

    /// Shows the rows inside a context, whose names all parts can show; a row's own come first.
    ///
    /// # Errors
    ///
    /// If a name is missing, or a value cannot go where the template wants it.
    pub fn render_in<I, C>(&self, rows: I, context: &C) -> Result<IoList, Error>
    where
        I: IntoIterator<Item: Serialize>,
        C: Serialize + ?Sized,
    {
        let program = &*self.0;
        let mut run = Run::new(program);
        let nowhere = RowPlace::default();
        let mut rows = rows.into_iter().peekable();
        if rows.peek().is_none() {
            render(&mut run, OTHERWISE, context, None, nowhere)?;
            return Ok(program.finish(run.page));
        }
        render(&mut run, PREAMBLE, context, None, nowhere)?;
        within(context, |scope| {
            let mut index = 0;
            while let Some(row) = rows.next() {
                let place = RowPlace { index, is_last: rows.peek().is_none() };
                render(&mut run, BODY, &row, Some(scope), place)?;
                index += 1;
            }
            Ok::<(), Error>(())
        })?;
        render(&mut run, EPILOGUE, context, None, nowhere)?;
        Ok(program.finish(run.page))
    }
}

impl Dialect {
    /// Parses a loop from text of the form `<loop>… <?begin?>…</loop>`.
    ///
    /// # Errors
    ///
    /// If the text is not a loop, or breaks a rule of the language.
    pub fn repeat(&self, text: &str) -> Result<Repeat, Error> {
        let source = Source::inline(text);
        match parse_file(&source, self)? {
            File::Repeat(sections) => Repeat::from_sections(&sections, self),
            File::Page(_) | File::Extend(_) => {
                Err(Error::new(ErrorKind::WrongSort, "this text is not a loop")
                    .at(&Place::new(&source, 0, 0), "expected `<loop>` here"))
            }
        }
    }

    /// A loop from its four parts, each kept exactly as it is; an empty part is a missing one.
    ///
    /// # Errors
    ///
    /// If a part breaks a rule of the language.
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
