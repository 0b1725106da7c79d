//! Extension by binding names to templates: a tree goes where a slot of its name stands.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::error::{Error, ErrorKind};
use crate::parse::tree::{Block, Fragment, Mode, Node, Slot, Subject};

/// A page before it is laid out, with all the slots that can be bound.
#[derive(Debug, Clone)]
pub(crate) struct Tree {
    pub(crate) nodes: Arc<[Node]>,
    /// Also of slots that are bound already: binding them again has no effect, but is no slip.
    pub(crate) mentions: Arc<BTreeSet<Arc<str>>>,
}

/// A section to go into a base.
pub(crate) struct Binding<'b> {
    pub(crate) name: &'b str,
    pub(crate) nodes: &'b [Node],
}

impl Tree {
    pub(crate) fn new(nodes: Vec<Node>) -> Self {
        let mut mentions = BTreeSet::new();
        mention(&nodes, &mut mentions);
        Self { nodes: nodes.into(), mentions: Arc::new(mentions) }
    }

    /// The page with every bound slot filled in. Sections see the caller's data, not each other.
    ///
    /// Slots inside `<?each?>` are not bound: there a name means a field of the row first.
    pub(crate) fn bind(&self, bindings: &[Binding<'_>]) -> Result<Self, Error> {
        let nodes = fill(&self.nodes, bindings)?;
        let mut mentions = BTreeSet::clone(&self.mentions);
        bindings.iter().for_each(|binding| mention(binding.nodes, &mut mentions));
        Ok(Self { nodes: nodes.into(), mentions: Arc::new(mentions) })
    }

    /// The fragments in it, in order.
    pub(crate) fn fragments(&self) -> Vec<Arc<Fragment>> {
        let mut found = Vec::new();
        collect(&self.nodes, &mut found);
        found
    }
}

fn mention(nodes: &[Node], names: &mut BTreeSet<Arc<str>>) {
    for node in nodes {
        match node {
            Node::Slot(Slot { subject: Subject::Name(name), .. }) => {
                names.insert(Arc::clone(name));
            }
            Node::If(block) => {
                if let Subject::Name(name) = &block.subject {
                    names.insert(Arc::clone(name));
                }
                mention(&block.body, names);
                mention(&block.otherwise, names);
            }
            Node::Each(block) => mention(&block.otherwise, names),
            Node::Fragment(fragment) => mention(&fragment.body, names),
            Node::Slot(_) | Node::Text(_) => {}
        }
    }
}

fn collect(nodes: &[Node], found: &mut Vec<Arc<Fragment>>) {
    for node in nodes {
        match node {
            Node::Fragment(fragment) => {
                found.push(Arc::clone(fragment));
                collect(&fragment.body, found);
            }
            Node::If(block) | Node::Each(block) => {
                collect(&block.body, found);
                collect(&block.otherwise, found);
            }
            Node::Slot(_) | Node::Text(_) => {}
        }
    }
}

fn bound<'b>(subject: &Subject, bindings: &'b [Binding<'b>]) -> Option<&'b [Node]> {
    let Subject::Name(name) = subject else { return None };
    let binding = bindings.iter().find(|binding| binding.name == &**name)?;
    Some(binding.nodes)
}

fn fill(nodes: &[Node], bindings: &[Binding<'_>]) -> Result<Vec<Node>, Error> {
    let mut filled = Vec::with_capacity(nodes.len());
    for node in nodes {
        match node {
            Node::Slot(slot) => match bound(&slot.subject, bindings) {
                Some(section) => {
                    refuse_format(slot)?;
                    filled.extend_from_slice(section);
                }
                None => filled.push(node.clone()),
            },
            Node::If(block) => match bound(&block.subject, bindings) {
                // Whether a section is empty is known now.
                Some([]) => filled.extend(fill(&block.otherwise, bindings)?),
                Some(_) => filled.extend(fill(&block.body, bindings)?),
                None => filled.push(Node::If(Block {
                    body: fill(&block.body, bindings)?.into(),
                    ..branch(block, bindings)?
                })),
            },
            Node::Each(block) => {
                if bound(&block.subject, bindings).is_some() {
                    return Err(Error::new(ErrorKind::Section, "a section is not a sequence")
                        .at(&block.place, "this name is bound to a section"));
                }
                filled.push(Node::Each(branch(block, bindings)?));
            }
            Node::Fragment(fragment) => {
                let body = fill(&fragment.body, bindings)?;
                let name = fragment.name.clone();
                filled.push(Node::Fragment(Arc::new(Fragment { name, body })));
            }
            Node::Text(_) => filled.push(node.clone()),
        }
    }
    Ok(filled)
}

fn branch(block: &Block, bindings: &[Binding<'_>]) -> Result<Block, Error> {
    Ok(Block { otherwise: fill(&block.otherwise, bindings)?.into(), ..block.clone() })
}

fn refuse_format(slot: &Slot) -> Result<(), Error> {
    let Mode::Format(format) = &slot.mode else { return Ok(()) };
    Err(Error::new(ErrorKind::Formatter, "a section cannot be formatted")
        .at(&slot.place, "this name is bound to a section, not to a value")
        .help(format!("leave out `:{}` here, and use it inside the section", format.name)))
}
