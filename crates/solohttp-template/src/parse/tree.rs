//! The syntax tree of a template.

use std::sync::Arc;

use crate::format::FormatUse;
use crate::source::Place;

/// A parsed file.
#[derive(Debug)]
pub(crate) enum File {
    Page(Vec<Node>),
    Extend(Extend),
    Repeat(Sections),
}

/// `<extend>base <?name?>…</extend>`
#[derive(Debug)]
pub(crate) struct Extend {
    pub(crate) base: Place,
    pub(crate) sections: Vec<Section>,
}

#[derive(Debug)]
pub(crate) struct Section {
    /// The position of the section's name.
    pub(crate) name: Place,
    pub(crate) nodes: Vec<Node>,
}

/// The four parts of a loop.
#[derive(Debug, Default)]
pub(crate) struct Sections {
    pub(crate) preamble: Vec<Node>,
    pub(crate) begin: Vec<Node>,
    pub(crate) end: Vec<Node>,
    pub(crate) otherwise: Vec<Node>,
}

#[derive(Debug, Clone)]
pub(crate) enum Node {
    Text(Place),
    Slot(Slot),
    Each(Block),
    If(Block),
    Fragment(Arc<Fragment>),
}

/// `{name}` and its variants.
#[derive(Debug, Clone)]
pub(crate) struct Slot {
    pub(crate) subject: Subject,
    pub(crate) mode: Mode,
    pub(crate) place: Place,
}

#[derive(Debug, Clone)]
pub(crate) enum Mode {
    Escaped,
    Raw,
    Format(Arc<FormatUse>),
}

/// The value that a slot or directive refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Subject {
    Name(Arc<str>),
    /// `@it`: the row itself.
    Row,
    /// `@index`: the row's position, counted from 0.
    Index,
    /// `@number`: the row's position, counted from 1.
    Number,
    /// `@first`
    First,
    /// `@last`
    Last,
}

/// `<?each name?> … <?else?> … <?end each?>`, or the same with `if`.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    pub(crate) subject: Subject,
    pub(crate) body: Arc<[Node]>,
    pub(crate) otherwise: Arc<[Node]>,
    pub(crate) place: Place,
}

/// A part of a page that can be rendered separately.
#[derive(Debug)]
pub(crate) struct Fragment {
    pub(crate) name: Place,
    pub(crate) body: Vec<Node>,
}
