//! Template extension: replaces a base's slots with sections.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::error::{Error, ErrorKind};
use crate::parse::tree::{Block, Fragment, Mode, Node, Slot, Subject};

/// A parsed page whose slots can be bound to sections.
#[derive(Debug, Clone)]
pub(crate) struct Tree {
    pub(crate) nodes: Arc<[Node]>,
    /// The names of all slots. This includes bound slots, because binding those again isn't an
    /// error, although it has no effect.
    pub(crate) mentions: Arc<BTreeSet<Arc<str>>>,
}

/// A section for one of a base's slots.
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

    /// Fills all bound slots. Sections see the page's data, but not each other.
    ///
    /// Slots inside `<?each?>` are not bound, because names in such a block refer to the row's
    /// fields.
    pub(crate) fn bind(&self, bindings: &[Binding<'_>]) -> Result<Self, Error> {
        let nodes = fill(&self.nodes, bindings)?;
        let mut mentions = BTreeSet::clone(&self.mentions);
        bindings.iter().for_each(|binding| mention(binding.nodes, &mut mentions));
        Ok(Self { nodes: nodes.into(), mentions: Arc::new(mentions) })
    }

    /// Returns the fragments of the page, in order.
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
                    reject_format(slot)?;
                    filled.extend_from_slice(section);
                }
                None => filled.push(node.clone()),
            },
            Node::If(block) => match bound(&block.subject, bindings) {
                // The condition can be resolved now, because the section is already known.
                Some([]) => filled.extend(fill(&block.otherwise, bindings)?),
                Some(_) => filled.extend(fill(&block.body, bindings)?),
                None => filled.push(Node::If(Block {
                    body: fill(&block.body, bindings)?.into(),
                    ..branch(block, bindings)?
                })),
            },
            Node::Each(block) => {
                if bound(&block.subject, bindings).is_some() {
                    return Err(Error::new(ErrorKind::Section, "cannot iterate over a section")
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

fn reject_format(slot: &Slot) -> Result<(), Error> {
    let Mode::Format(format) = &slot.mode else { return Ok(()) };
    Err(Error::new(ErrorKind::Formatter, "a section cannot be formatted")
        .at(&slot.place, "this name is bound to a section")
        .help(format!("remove `:{}` here and use it inside the section", format.name)))
}
