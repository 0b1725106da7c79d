//! A prefix tree over the segments of paths: which of many patterns fits a path best.
//!
//! Owns the precedence of routes and nothing else: it knows neither requests nor handlers.
//!
//! The deepest pattern wins; at equal depth the first segment that differs decides, a literal
//! before a wildcard. A value that covers what is below it also fits longer paths.

use crate::pattern::Segment;

#[derive(Debug)]
pub(crate) struct Tree<V> {
    nodes: Vec<Node<V>>,
}

/// An index into [`Tree::nodes`]; the root is 0.
pub(crate) type NodeId = usize;

#[derive(Debug)]
struct Node<V> {
    /// Sorted, for binary search.
    literals: Vec<(Box<str>, NodeId)>,
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
        Self { nodes: vec![Node::new()] }
    }

    /// The node at the end of a pattern, made if it is not there.
    pub(crate) fn insert(&mut self, segments: &[Segment]) -> NodeId {
        let mut at = 0;
        for segment in segments {
            let new = self.nodes.len();
            let node = &mut self.nodes[at];
            at = match segment {
                Segment::Wildcard(_) => *node.wildcard.get_or_insert(new),
                Segment::Literal(text) => match node.search(text) {
                    Ok(index) => node.literals[index].1,
                    Err(index) => {
                        node.literals.insert(index, (text.clone(), new));
                        new
                    }
                },
            };
            if at == new {
                self.nodes.push(Node::new());
            }
        }
        at
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
        at: Found,
        mut rest: impl Iterator<Item = &'p str> + Clone,
        best: &mut Option<Found>,
    ) -> bool {
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
        if let Ok(index) = node.search(segment) {
            let child = Found { node: node.literals[index].1, depth };
            if self.descend(child, rest.clone(), best) {
                return true;
            }
        }
        match node.wildcard {
            Some(node) if !segment.is_empty() => self.descend(Found { node, depth }, rest, best),
            _ => false,
        }
    }
}

impl<V> Node<V> {
    const fn new() -> Self {
        Self { literals: Vec::new(), wildcard: None, value: None, covers_below: false }
    }

    fn search(&self, text: &str) -> Result<usize, usize> {
        self.literals.binary_search_by(|(literal, _)| (**literal).cmp(text))
    }
}

#[cfg(test)]
mod tests;
