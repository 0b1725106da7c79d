//! A template laid out for rendering, as flat lists of steps. All literal text is in one buffer.
//!
//! Extension is already resolved, names are indexes, and each step includes the text after it.
//! Rendering is therefore a loop without lookups.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use solohttp_core::{Bytes, IoList};

use crate::context::{self, Markup};
use crate::data::plan::PlanList;
use crate::page::Page;
use crate::parse::tree::{Block, Mode, Node, Slot, Subject};
use crate::source::Place;
use crate::step::{Action, At, PADDING, SHARE_FROM, Step, Target, Text};

/// The steps that are run for one record. A part is a page, or the body of a loop.
#[derive(Debug)]
pub(crate) struct Part {
    /// The text before the first step.
    pub(crate) head: Text,
    pub(crate) steps: Vec<Step>,
    /// The position of each step in the source, for errors.
    pub(crate) places: Vec<Option<Place>>,
    /// Whether any step uses `@last`, which may require counting the rows.
    pub(crate) asks_last: bool,
    /// Whether the part consists of `{@it}` with literal text before and after it, as in a table
    /// cell.
    pub(crate) is_cell: bool,
    /// Whether the part is rendered for each row of a loop.
    pub(crate) is_row: bool,
    /// The plans for the record types seen so far.
    pub(crate) plans: PlanList,
}

#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) text: Bytes,
    pub(crate) names: Vec<Arc<str>>,
    pub(crate) parts: Vec<Part>,
    pub(crate) strict: bool,
    last_len: AtomicUsize,
}

impl Program {
    /// Lays out the trees. They become the first parts, in order.
    pub(crate) fn new<'n>(trees: impl IntoIterator<Item = &'n [Node]>, strict: bool) -> Self {
        let mut layout = Layout::default();
        let trees: Vec<&[Node]> = trees.into_iter().collect();
        let roots = trees.len();
        layout.parts.resize_with(roots, || None);
        for (index, nodes) in trees.into_iter().enumerate() {
            layout.part(index, nodes);
            let after = layout.markup.clone();
            // The steps of a part are contiguous, so loop bodies are laid out afterwards.
            while let Some(Waiting { part, nodes, markup }) = layout.waiting.pop() {
                layout.markup = markup;
                layout.part(part, &nodes);
            }
            layout.markup = after;
        }
        layout.finish(strict, roots)
    }

    /// Returns the estimated size of the next page.
    pub(crate) fn capacity(&self) -> usize {
        self.last_len.load(Ordering::Relaxed)
    }

    /// Finishes a page and remembers its size for the next one.
    pub(crate) fn finish(&self, page: Page<'_>) -> IoList {
        let (list, len) = page.finish();
        // Adds some reserve, so that slightly longer values don't cause a reallocation.
        self.last_len.store(len + len / 16 + PADDING, Ordering::Relaxed);
        list
    }
}

#[derive(Default)]
struct Layout {
    steps: Vec<Step>,
    places: Vec<Option<Place>>,
    text: Vec<u8>,
    names: Vec<Arc<str>>,
    parts: Vec<Option<Part>>,
    asks_last: bool,
    /// The HTML state at the next node.
    markup: Markup,
    /// Loop bodies that haven't been laid out yet.
    waiting: Vec<Waiting>,
}

struct Waiting {
    part: usize,
    nodes: Arc<[Node]>,
    /// The HTML state at the start of the body.
    markup: Markup,
}

impl Layout {
    fn part(&mut self, index: usize, nodes: &[Node]) {
        self.asks_last = false;
        self.step(Action::Pass, Target::Nothing, None);
        self.nodes(nodes);
        self.step(Action::End, Target::Nothing, None);
        // The first step exists only to collect the text before the other steps.
        let head = self.steps[0].text;
        let mut steps = std::mem::take(&mut self.steps);
        let mut places = std::mem::take(&mut self.places);
        steps.remove(0);
        places.remove(0);
        let is_cell = match steps.as_slice() {
            [slot, _end] => slot.subject == Target::Row && slot.is_slot,
            _ => false,
        };
        let (asks_last, is_row, plans) = (self.asks_last, false, PlanList::default());
        self.parts[index] = Some(Part { head, steps, places, asks_last, is_cell, is_row, plans });
    }

    fn nodes(&mut self, nodes: &[Node]) {
        for node in nodes {
            match node {
                Node::Text(place) => {
                    self.markup.feed(place.text());
                    self.literal(place.text());
                }
                Node::Slot(slot) => self.slot(slot),
                Node::If(block) => self.conditional(block),
                Node::Each(block) => self.each(block),
                Node::Fragment(fragment) => self.nodes(&fragment.body),
            }
        }
    }

    fn step(&mut self, action: Action, subject: Target, place: Option<&Place>) -> At {
        let text = Text { start: self.text.len(), ..Text::EMPTY };
        let needs_value =
            matches!(subject, Target::Name(_) | Target::Row) || matches!(action, Action::End);
        let is_slot = matches!(action, Action::Escaped | Action::Raw | Action::Format(_));
        self.steps.push(Step { action, subject, needs_value, is_slot, text });
        self.places.push(place.cloned());
        // The first step isn't counted, because it will be removed.
        self.steps.len().saturating_sub(2)
    }

    /// Adds text, which always follows the step that was laid out last.
    fn literal(&mut self, text: &str) {
        self.text.extend_from_slice(text.as_bytes());
        if let Some(step) = self.steps.last_mut() {
            step.text.len = self.text.len() - step.text.start;
            for (to, from) in step.text.short.iter_mut().zip(&self.text[step.text.start..]) {
                *to = *from;
            }
        }
    }

    fn slot(&mut self, slot: &Slot) {
        let action = match &slot.mode {
            Mode::Escaped => Action::Escaped,
            Mode::Raw => Action::Raw,
            Mode::Format(format) => Action::Format(Arc::clone(format)),
        };
        // A browser drops one line break here. Adding one preserves a line break at the start of
        // the value.
        if self.markup.drops_line_break {
            self.literal("\n");
        }
        self.markup.feed_slot();
        let subject = self.target(&slot.subject);
        self.step(action, subject, Some(&slot.place));
    }

    fn conditional(&mut self, block: &Block) {
        let subject = self.target(&block.subject);
        let question = self.step(Action::If(0), subject, Some(&block.place));
        let before = self.markup.clone();
        self.nodes(&block.body);
        let after = std::mem::replace(&mut self.markup, before);
        let no = if block.otherwise.is_empty() {
            self.step(Action::Pass, Target::Nothing, None)
        } else {
            let jump = self.step(Action::Jump(0), Target::Nothing, None);
            let no = self.step(Action::Pass, Target::Nothing, None);
            self.nodes(&block.otherwise);
            let after = self.step(Action::Pass, Target::Nothing, None);
            self.steps[jump + 1].action = Action::Jump(after);
            no
        };
        self.steps[question + 1].action = Action::If(no);
        self.markup = after;
    }

    fn each(&mut self, block: &Block) {
        let subject = self.target(&block.subject);
        let body = self.parts.len();
        self.parts.push(None);
        let (nodes, markup) = (Arc::clone(&block.body), self.markup.clone());
        self.waiting.push(Waiting { part: body, nodes, markup });
        let each = self.step(Action::Each(body, None), subject, Some(&block.place));
        let mut after_body = self.markup.clone();
        context::pass(&block.body, &mut after_body);
        if !block.otherwise.is_empty() {
            self.nodes(&block.otherwise);
            let after = self.step(Action::Pass, Target::Nothing, None);
            self.steps[each + 1].action = Action::Each(body, Some(after));
        }
        self.markup = after_body;
    }

    fn target(&mut self, subject: &Subject) -> Target {
        match subject {
            Subject::Name(name) => Target::Name(self.name(name)),
            Subject::Row => Target::Row,
            Subject::Index => Target::Index,
            Subject::Number => Target::Number,
            Subject::First => Target::First,
            Subject::Last => {
                self.asks_last = true;
                Target::Last
            }
        }
    }

    fn name(&mut self, name: &Arc<str>) -> usize {
        let known = self.names.iter().position(|known| known == name);
        known.unwrap_or_else(|| {
            self.names.push(Arc::clone(name));
            self.names.len() - 1
        })
    }

    /// Finishes the program, in which the parts after the first `roots` ones are bodies of loops.
    fn finish(mut self, strict: bool, roots: usize) -> Program {
        let len = self.text.len();
        self.text.resize(len + PADDING, 0);
        let parts = self.parts.into_iter().enumerate().map(|(index, part)| {
            let part = part.expect("every waiting part was laid out");
            Part { is_row: index >= roots, ..part }
        });
        Program {
            text: self.text.into(),
            names: self.names,
            parts: parts.collect(),
            strict,
            last_len: AtomicUsize::new(len.min(SHARE_FROM) + 2 * PADDING),
        }
    }
}
