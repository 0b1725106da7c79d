//! A prefix tree over path segments that finds the best-matching pattern.
//!
//! Defines the precedence of routes: the deepest pattern wins. At equal depth, the first segment
//! that differs decides, and a literal wins over a wildcard. Independent of requests and handlers.

use std::collections::HashMap;

use super::pattern::Segment;

#[derive(Debug)]
pub(crate) struct Tree<V> {
    nodes: Vec<Node<V>>,
}

/// An index into [`Tree::nodes`]; the root is 0.
pub(crate) type NodeId = usize;

#[derive(Debug)]
struct Node<V> {
    literals: HashMap<Box<str>, NodeId>,
    wildcard: Option<NodeId>,
    value: Option<V>,
    /// Whether the value also matches longer paths.
    covers_below: bool,
}

/// The best-matching node, and its depth in segments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) node: NodeId,
    pub(crate) depth: usize,
}

impl<V> Tree<V> {
    pub(crate) fn new() -> Self {
        Self { nodes: vec![Node::new()] }
    }

    /// Returns the node at the end of a pattern, creating it if necessary.
    pub(crate) fn insert(&mut self, segments: &[Segment]) -> NodeId {
        let mut at = 0;
        for segment in segments {
            at = match segment {
                Segment::Wildcard(_) => match self.nodes[at].wildcard {
                    Some(node) => node,
                    None => {
                        let new = self.push();
                        *self.nodes[at].wildcard.insert(new)
                    }
                },
                Segment::Literal(text) => match self.nodes[at].literals.get(text) {
                    Some(&node) => node,
                    None => {
                        let new = self.push();
                        self.nodes[at].literals.insert(text.clone(), new);
                        new
                    }
                },
            };
        }
        at
    }

    fn push(&mut self) -> NodeId {
        self.nodes.push(Node::new());
        self.nodes.len() - 1
    }

    pub(crate) fn value(&self, node: NodeId) -> Option<&V> {
        self.nodes[node].value.as_ref()
    }

    pub(crate) fn value_mut(&mut self, node: NodeId) -> &mut Option<V> {
        &mut self.nodes[node].value
    }

    /// Makes the node's value match all longer paths as well.
    pub(crate) fn cover_below(&mut self, node: NodeId) {
        self.nodes[node].covers_below = true;
    }

    /// Finds the best-matching node that has a value.
    ///
    /// Visits each node at most once, and usually one node per segment, because it backtracks only
    /// where both a literal and a wildcard match.
    pub(crate) fn find<'p>(
        &self,
        segments: impl Iterator<Item = &'p str> + Clone,
    ) -> Option<Found> {
        let mut best = None;
        self.descend(Found { node: 0, depth: 0 }, segments, &mut best);
        best
    }

    /// Returns true if the whole path matches, which ends the search: no match can be deeper, and
    /// literals were tried first.
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
            let node = match (node.literals.get(segment).copied(), wildcard) {
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
    fn new() -> Self {
        Self { literals: HashMap::new(), wildcard: None, value: None, covers_below: false }
    }
}

// The path is explicit because a benchmark includes this file.
#[cfg(test)]
#[path = "tree/tests.rs"]
mod tests;
