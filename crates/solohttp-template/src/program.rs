//! A template laid out for rendering, as flat lists of steps. All literal text is in one buffer.
//!
//! Extension is already resolved, names are indexes, and each step includes the text after it.
//! Rendering is therefore a loop without lookups.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use solohttp_core::{Bytes, IoList};

use crate::context::{self, Markup};
use crate::data::plan::PlanList;
use crate::error::Error;
use crate::page::Page;
use crate::parse::tree::{Block, Mode, Node, Slot, Subject};
use crate::source::Place;
use crate::step::{Action, At, PADDING, SHARE_FROM, Step, Target, Text};

/// The steps that are run for one record. A part is a page, or the body of a loop.
#[derive(Debug)]
pub(crate) struct Part {
    /// The leads of the first row and of the other rows. A page has only the first one.
    pub(crate) leads: [Lead; 2],
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

/// The start of a part: everything up to the first step that depends on data.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lead {
    pub(crate) text: Text,
    /// The step after the text.
    pub(crate) at: At,
    /// Whether that step can be performed without a value.
    pub(crate) is_free: bool,
    /// Whether it and the following ones are slots for names.
    pub(crate) has_only_slots: bool,
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
    /// Lays out the trees, which become the first parts, in order. If `strict` is set, rejects slots
    /// in unsafe places.
    pub(crate) fn new<'n>(
        roots: impl IntoIterator<Item = Root<'n>>,
        strict: bool,
    ) -> Result<Self, Error> {
        let mut layout = Layout::default();
        let roots: Vec<Root<'_>> = roots.into_iter().collect();
        layout.parts.resize_with(roots.len(), || None);
        for (index, root) in roots.iter().enumerate() {
            if !root.is_continued {
                layout.markup = Markup::default();
            }
            layout.checks = strict && root.is_checked;
            layout.part(index, root.nodes)?;
        }
        Ok(layout.finish(strict, roots.len()))
    }

    /// Returns the estimated size of the next page.
    #[inline]
    pub(crate) fn capacity(&self) -> usize {
        self.last_len.load(Ordering::Relaxed)
    }

    /// Finishes a page and remembers its size for the next one.
    #[inline]
    pub(crate) fn finish(&self, page: Page<'_>) -> IoList {
        let len = page.bytes.len();
        // Adds some reserve, so that slightly longer values don't cause a reallocation.
        self.last_len.store(len + len / 16 + PADDING, Ordering::Relaxed);
        page.into_list()
    }
}

/// A tree that is laid out as a part of a program.
pub(crate) struct Root<'n> {
    nodes: &'n [Node],
    /// Whether the tree continues the HTML of the previous one.
    pub(crate) is_continued: bool,
    is_checked: bool,
}

impl<'n> Root<'n> {
    pub(crate) fn new(nodes: &'n [Node]) -> Self {
        Self { nodes, is_continued: false, is_checked: true }
    }

    /// A tree whose slots are checked elsewhere.
    pub(crate) fn unchecked(nodes: &'n [Node]) -> Self {
        Self { is_checked: false, ..Self::new(nodes) }
    }
}

#[derive(Default)]
struct Layout {
    /// The text before the first step of the current part.
    head: Text,
    steps: Vec<Step>,
    places: Vec<Option<Place>>,
    text: Vec<u8>,
    names: Vec<Arc<str>>,
    parts: Vec<Option<Part>>,
    asks_last: bool,
    /// The HTML state at the next node.
    markup: Markup,
    /// Whether to reject slots in unsafe places.
    checks: bool,
}

impl Layout {
    fn part(&mut self, index: usize, nodes: &[Node]) -> Result<(), Error> {
        self.asks_last = false;
        self.head = Text { start: self.text.len(), ..Text::EMPTY };
        // Enough for most parts, because each slot is followed by text.
        self.steps.reserve(nodes.len() + 4);
        self.places.reserve(nodes.len() + 4);
        self.nodes(nodes)?;
        self.step(Action::End, Target::Nothing, None);
        let leads = [true, false].map(|is_first| self.lead(is_first));
        let steps = std::mem::take(&mut self.steps);
        let places = std::mem::take(&mut self.places);
        let is_cell = match steps.as_slice() {
            [slot, _end] => slot.subject == Target::Row && slot.is_slot,
            _ => false,
        };
        let (asks_last, is_row, plans) = (self.asks_last, false, PlanList::default());
        self.parts[index] = Some(Part { leads, steps, places, asks_last, is_cell, is_row, plans });
        Ok(())
    }

    /// Performs the first steps of the current part, as far as they only depend on whether the row
    /// is the first one, and joins their text.
    fn lead(&mut self, is_first: bool) -> Lead {
        let (mut at, mut texts) = (0, Vec::new());
        loop {
            let step = &self.steps[at];
            at = match (&step.action, step.subject) {
                (Action::If(no), Target::First) if !is_first => *no,
                (Action::Jump(to), _) => *to,
                (Action::If(_), Target::First) | (Action::Pass, _) => {
                    texts.push(step.text);
                    at + 1
                }
                _ => break,
            };
        }
        let is_free = !self.steps[at].needs_value;
        let mut rest = self.steps[at..self.steps.len() - 1].iter();
        let has_only_slots =
            rest.all(|step| step.is_slot && matches!(step.subject, Target::Name(_)));
        if at == 0 {
            return Lead { text: self.head, at, is_free, has_only_slots };
        }
        let start = self.text.len();
        for text in std::iter::once(self.head).chain(texts) {
            self.text.extend_from_within(text.range());
        }
        let mut text = Text { start, ..Text::EMPTY };
        text.extend_to_end(&self.text);
        Lead { text, at, is_free, has_only_slots }
    }

    /// Lays out the body of a loop, and returns its part. The steps of a part are contiguous, so the
    /// steps of the current part are set aside meanwhile.
    fn body(&mut self, nodes: &[Node]) -> Result<usize, Error> {
        let index = self.parts.len();
        self.parts.push(None);
        let (head, asks_last) = (self.head, self.asks_last);
        let steps = std::mem::take(&mut self.steps);
        let places = std::mem::take(&mut self.places);
        self.part(index, nodes)?;
        (self.head, self.asks_last) = (head, asks_last);
        (self.steps, self.places) = (steps, places);
        Ok(index)
    }

    fn nodes(&mut self, nodes: &[Node]) -> Result<(), Error> {
        for node in nodes {
            match node {
                Node::Text(place) => {
                    self.markup.feed(place.text());
                    self.literal(place.text());
                }
                Node::Slot(slot) => self.slot(slot)?,
                Node::If(block) => self.conditional(block)?,
                Node::Each(block) => self.each(block)?,
                Node::Fragment(fragment) => self.nodes(&fragment.body)?,
            }
        }
        Ok(())
    }

    fn step(&mut self, action: Action, subject: Target, place: Option<&Place>) -> At {
        let text = Text { start: self.text.len(), ..Text::EMPTY };
        let needs_value =
            matches!(subject, Target::Name(_) | Target::Row) || matches!(action, Action::End);
        let is_slot = matches!(action, Action::Escaped | Action::Raw | Action::Format(_));
        self.steps.push(Step { action, subject, needs_value, is_slot, text });
        self.places.push(place.cloned());
        self.steps.len() - 1
    }

    /// Adds text, which always follows the step that was laid out last.
    fn literal(&mut self, text: &str) {
        self.text.extend_from_slice(text.as_bytes());
        let last = self.steps.last_mut().map_or(&mut self.head, |step| &mut step.text);
        last.extend_to_end(&self.text);
    }

    fn slot(&mut self, slot: &Slot) -> Result<(), Error> {
        if self.checks {
            context::check_slot(slot, &self.markup)?;
        }
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
        Ok(())
    }

    fn conditional(&mut self, block: &Block) -> Result<(), Error> {
        let subject = self.target(&block.subject);
        let question = self.step(Action::If(0), subject, Some(&block.place));
        let before = self.markup.clone();
        self.nodes(&block.body)?;
        let after = std::mem::replace(&mut self.markup, before);
        let no = if block.otherwise.is_empty() {
            self.step(Action::Pass, Target::Nothing, None)
        } else {
            let jump = self.step(Action::Jump(0), Target::Nothing, None);
            let no = self.step(Action::Pass, Target::Nothing, None);
            self.nodes(&block.otherwise)?;
            let after = self.step(Action::Pass, Target::Nothing, None);
            self.steps[jump].action = Action::Jump(after);
            no
        };
        self.steps[question].action = Action::If(no);
        self.markup = after;
        Ok(())
    }

    fn each(&mut self, block: &Block) -> Result<(), Error> {
        let subject = self.target(&block.subject);
        let before = self.markup.clone();
        let body = self.body(&block.body)?;
        let each = self.step(Action::Each(body, None), subject, Some(&block.place));
        let after_body = std::mem::replace(&mut self.markup, before);
        if !block.otherwise.is_empty() {
            self.nodes(&block.otherwise)?;
            let after = self.step(Action::Pass, Target::Nothing, None);
            self.steps[each].action = Action::Each(body, Some(after));
        }
        self.markup = after_body;
        Ok(())
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
