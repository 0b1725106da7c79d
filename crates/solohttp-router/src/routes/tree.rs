//! A prefix tree over the segments of paths: which of many patterns fits a path best.
//!
//! Owns the precedence of routes and nothing else: it knows neither requests nor handlers.
//!
//! The deepest pattern wins; at equal depth the first segment that differs decides, a literal
//! before a wildcard. A value that covers what is below it also fits longer paths.

use super::literals::Literals;
use super::pattern::Segment;

#[derive(Debug)]
pub(crate) struct Tree<V> {
    nodes: Vec<Node<V>>,
}

/// An index into [`Tree::nodes`]; the root is 0.
pub(crate) type NodeId = usize;

#[derive(Debug)]
struct Node<V> {
    /// The literal that leads here; blank at the root and behind a wildcard.
    text: Box<str>,
    literals: Literals,
    wildcard: Option<NodeId>,
    value: Option<V>,
    /// Does the value fit paths that go on below this node, too?
    covers_below: bool,
}

/// The node that fits a path best, and how many segments lead to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) node: NodeId,
    pub(crate) depth: usize,
}

impl<V> Tree<V> {
    pub(crate) fn new() -> Self {
        Self { nodes: vec![Node::new("".into())] }
    }

    /// The node at the end of a pattern, made if it is not there.
    pub(crate) fn insert(&mut self, segments: &[Segment]) -> NodeId {
        let mut at = 0;
        for segment in segments {
            at = match segment {
                Segment::Wildcard(_) => match self.nodes[at].wildcard {
                    Some(node) => node,
                    None => {
                        let new = self.push("".into());
                        *self.nodes[at].wildcard.insert(new)
                    }
                },
                Segment::Literal(text) => match self.literal(at, text) {
                    Some(node) => node,
                    None => {
                        let new = self.push(text.clone());
                        self.nodes[at].literals.insert(text, new);
                        new
                    }
                },
            };
        }
        at
    }

    fn push(&mut self, text: Box<str>) -> NodeId {
        self.nodes.push(Node::new(text));
        self.nodes.len() - 1
    }

    /// The node that a literal leads to.
    fn literal(&self, at: NodeId, text: &str) -> Option<NodeId> {
        self.nodes[at].literals.find(text, |node| *self.nodes[node].text == *text)
    }

    pub(crate) fn value(&self, node: NodeId) -> Option<&V> {
        self.nodes[node].value.as_ref()
    }

    pub(crate) fn value_mut(&mut self, node: NodeId) -> &mut Option<V> {
        &mut self.nodes[node].value
    }

    /// From now on the node's value fits all paths below it as well.
    pub(crate) fn cover_below(&mut self, node: NodeId) {
        self.nodes[node].covers_below = true;
    }

    /// The node with a value that fits best.
    ///
    /// Every node is looked at once at most, and in practice one for each segment: only where a
    /// literal and a wildcard both fit, the search comes back.
    pub(crate) fn find<'p>(
        &self,
        segments: impl Iterator<Item = &'p str> + Clone,
    ) -> Option<Found> {
        let mut best = None;
        self.descend(Found { node: 0, depth: 0 }, segments, &mut best);
        best
    }

    /// True when the whole path fits: nothing can be deeper, and literals were tried first.
    fn descend<'p>(
        &self,
        mut at: Found,
        mut rest: impl Iterator<Item = &'p str> + Clone,
        best: &mut Option<Found>,
    ) -> bool {
        loop {
            let node = &self.nodes[at.node];
            let Some(segment) = rest.next() else {
                if node.value.is_some() {
                    *best = Some(at);
                }
                return node.value.is_some();
            };
            if node.covers_below && best.is_none_or(|best| best.depth < at.depth) {
                *best = Some(at);
            }
            let depth = at.depth + 1;
            let wildcard = node.wildcard.filter(|_| !segment.is_empty());
            let node = match (self.literal(at.node, segment), wildcard) {
                (Some(literal), Some(wildcard)) => {
                    if self.descend(Found { node: literal, depth }, rest.clone(), best) {
                        return true;
                    }
                    wildcard
                }
                (Some(node), None) | (None, Some(node)) => node,
                (None, None) => return false,
            };
            at = Found { node, depth };
        }
    }
}

impl<V> Node<V> {
    const fn new(text: Box<str>) -> Self {
        Self { text, literals: Literals::new(), wildcard: None, value: None, covers_below: false }
    }
}

// The path is said, because a benchmark includes this file from elsewhere.
#[cfg(test)]
#[path = "tree/tests.rs"]
mod tests;
