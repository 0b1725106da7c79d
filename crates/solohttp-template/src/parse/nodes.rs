//! The body of a template: text, slots and nested directives.

use std::ops::Range;
use std::sync::Arc;

use super::blank::is_blank;
use super::directive::{END_AS, Marker, Opener, marker, marker_len};
use super::slot::{is_name, slot_at};
use super::tree::{Block, Fragment, Node, Slot, Subject};
use super::{Include, Settings, Surroundings};
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind};
use crate::source::{Place, Source};

/// Parses the source as a page, without looking for `<extend>` or `<loop>`.
pub(crate) fn parse_inline(
    source: &Arc<Source>,
    dialect: &Dialect,
    surroundings: Surroundings,
) -> Result<Vec<Node>, Error> {
    let settings = Settings { dialect, include: &reject_include };
    parse_nodes(source, settings, 0..source.text.len(), surroundings)
}

/// Parses the source as a part of another page. Strips whitespace from both ends.
pub(crate) fn parse_partial(
    source: &Arc<Source>,
    settings: Settings<'_>,
    surroundings: Surroundings,
) -> Result<Vec<Node>, Error> {
    let text = source.text.as_str();
    let start = text.len() - text.trim_start_matches(is_blank).len();
    let end = text.trim_end_matches(is_blank).len().max(start);
    parse_nodes(source, settings, start..end, surroundings)
}

/// Parses a range of a source independently of the rest.
pub(super) fn parse_nodes(
    source: &Arc<Source>,
    settings: Settings<'_>,
    range: Range<usize>,
    Surroundings { is_row, depth }: Surroundings,
) -> Result<Vec<Node>, Error> {
    let (text_start, floor, open) = (range.start, range.start, Vec::new());
    let (rows, rest) = (usize::from(is_row), range);
    let Settings { dialect, include } = settings;
    let mut parser =
        Parser { source, dialect, include, rest, text_start, floor, rows, depth, open };
    let (nodes, _end) = parser.nodes()?;
    Ok(nodes)
}

/// Used for templates that aren't in a folder.
pub(super) fn reject_include(name: &Place, _: Surroundings) -> Result<Vec<Node>, Error> {
    Err(Error::new(ErrorKind::Syntax, "this template isn't in a folder")
        .at(name, "can't be found")
        .help("put both templates in a `TemplateFolder`"))
}

/// Directives of other template languages, and what to use instead.
const FOREIGN_DIRECTIVES: [(&[&str], &str); 5] = [
    (&["elif", "elseif", "elsif"], "nest an `<?if …?>` in the `<?else?>`"),
    (&["endif", "endeach", "endfor", "endforeach"], "blocks end with `<?end if?>`, `<?end each?>`"),
    (&["for", "foreach"], "write `<?each rows?>`, and refer to the fields of a row by their names"),
    (&["import", "partial", "render"], "write `<?include name?>`"),
    (&["extends", "block"], "start the file with `<extend>base` and each section with `<?name?>`"),
];

/// The maximum nesting depth of blocks, to limit recursion.
const MAX_DEPTH: usize = 64;

struct Parser<'d> {
    source: &'d Arc<Source>,
    dialect: &'d Dialect,
    include: Include<'d>,
    /// The unread range.
    rest: Range<usize>,
    /// The start of the text that isn't in a node yet.
    text_start: usize,
    /// The start of the parsed range. `take_line` doesn't look back any further.
    floor: usize,
    /// The nesting depth of loops.
    rows: usize,
    /// The nesting depth of the blocks around the source.
    depth: usize,
    open: Vec<(Opener, Place)>,
}

/// Finds the first `{` or `<?`.
fn start_of_node(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += bytes[at..].iter().position(|&byte| byte == b'{' || byte == b'<')?;
        if bytes[at] == b'{' || bytes.get(at + 1) == Some(&b'?') {
            return Some(at);
        }
        at += 1;
    }
}

/// The marker that ended a sequence of nodes.
enum Halt {
    EndOfText,
    Else(Place),
    Closed,
}

impl Parser<'_> {
    fn nodes(&mut self) -> Result<(Vec<Node>, Halt), Error> {
        let mut nodes = Vec::with_capacity(16);
        let source = Arc::clone(self.source);
        loop {
            let Some(found) = start_of_node(&source.text.as_bytes()[self.rest.clone()]) else {
                self.flush(self.rest.end, &mut nodes);
                self.rest.start = self.rest.end;
                return self.at_the_end(nodes);
            };
            let at = self.rest.start + found;
            self.rest.start = at + 1;
            if source.text.as_bytes()[at] == b'{' {
                if let Some(slot) = self.slot(at)? {
                    self.flush(at, &mut nodes);
                    self.text_start = slot.place.end;
                    self.rest.start = slot.place.end;
                    nodes.push(Node::Slot(slot));
                }
            } else if let Some(halt) = self.marker(at, &mut nodes)? {
                return Ok((nodes, halt));
            }
        }
    }

    fn at_the_end(&self, nodes: Vec<Node>) -> Result<(Vec<Node>, Halt), Error> {
        let Some((opener, place)) = self.open.last() else { return Ok((nodes, Halt::EndOfText)) };
        let word = opener.word();
        Err(Error::new(ErrorKind::Syntax, format!("`<?{word} …?>` is never closed"))
            .at(place, "opened here")
            .help(format!("close it with `<?end {word}?>`")))
    }

    /// Adds the text up to `end` as a node.
    fn flush(&mut self, end: usize, nodes: &mut Vec<Node>) {
        if self.text_start < end {
            nodes.push(Node::Text(self.place(self.text_start, end)));
        }
        self.text_start = end;
    }

    fn place(&self, start: usize, end: usize) -> Place {
        Place::new(self.source, start, end)
    }

    fn slot(&self, at: usize) -> Result<Option<Slot>, Error> {
        let Some(parts) = slot_at(&self.source.text[..self.rest.end], at) else { return Ok(None) };
        self.reject_doubled_braces(&parts.whole)?;
        let name = &self.source.text[parts.name.clone()];
        let subject = match name.strip_prefix('@') {
            None => Subject::Name(name.into()),
            Some("it") if self.rows > 0 => Subject::Row,
            Some("index") if self.rows > 0 => Subject::Index,
            Some("number") if self.rows > 0 => Subject::Number,
            Some(_) => return Ok(None),
        };
        let place = self.place(parts.whole.start, parts.whole.end);
        let mode = self.dialect.mode_of(self.source, parts.is_raw, parts.format, parts.argument)?;
        Ok(Some(Slot { subject, mode, place }))
    }

    /// Rejects `{{name}}`. Other languages treat it as a slot, but in this language, it would show
    /// braces around the value.
    fn reject_doubled_braces(&self, whole: &Range<usize>) -> Result<(), Error> {
        let text = &self.source.text[..self.rest.end];
        let is_doubled = text[..whole.start].ends_with('{') && text[whole.end..].starts_with('}');
        if !self.dialect.is_strict() || !is_doubled {
            return Ok(());
        }
        Err(Error::new(ErrorKind::Syntax, "a slot has single braces")
            .at(
                &self.place(whole.start - 1, whole.end + 1),
                "these would be shown around the value",
            )
            .help("write `{name}`; put literal braces between `<?as is?>` and `<?end as?>`"))
    }

    /// Handles the `<?` at `at`. Unknown markers remain text.
    fn marker(&mut self, at: usize, nodes: &mut Vec<Node>) -> Result<Option<Halt>, Error> {
        let Some(length) = marker_len(&self.source.text[at + 2..self.rest.end]) else {
            return Ok(None);
        };
        let whole = at..at + length + 4;
        match marker(&self.source.text, at + 2..whole.end - 2) {
            Marker::AsIs => self.as_is(whole, nodes)?,
            Marker::Open(opener, name) => {
                self.take_line(whole.clone(), nodes);
                nodes.push(self.block(opener, &whole, name)?);
            }
            Marker::Close(opener) => {
                self.close(opener, whole.clone())?;
                self.take_line(whole, nodes);
                return Ok(Some(Halt::Closed));
            }
            Marker::Else if self.open.last().is_some_and(|(o, _)| *o != Opener::Fragment) => {
                let place = self.place(whole.start, whole.end);
                self.take_line(whole, nodes);
                return Ok(Some(Halt::Else(place)));
            }
            Marker::Else => self.stray("else", &whole)?,
            Marker::Include(name) => {
                self.flush(whole.start, nodes);
                nodes.extend(self.included(name)?);
                self.text_start = whole.end;
                self.rest.start = whole.end;
            }
            Marker::Other(name) => {
                let word = &self.source.text[name];
                self.stray(word, &whole)?;
            }
            Marker::Broken(label) => {
                return Err(Error::new(ErrorKind::Syntax, "malformed directive")
                    .at(&self.place(whole.start, whole.end), label));
            }
        }
        Ok(None)
    }

    /// Accepts an unknown marker as text, unless it looks like a mistake.
    fn stray(&self, text: &str, whole: &Range<usize>) -> Result<(), Error> {
        const SUSPECT: [&str; 7] = ["else", "each", "if", "fragment", "begin", "end", "include"];
        let word = text.split([' ', '\t']).next().unwrap_or_default();
        if self.dialect.is_strict()
            && let Some((_, help)) =
                FOREIGN_DIRECTIVES.iter().find(|(names, _)| names.contains(&word))
        {
            return Err(Error::new(ErrorKind::Syntax, format!("unknown directive `{word}`"))
                .at(&self.place(whole.start, whole.end), "not part of this template language")
                .help(*help));
        }
        if self.dialect.is_strict() && SUSPECT.contains(&text) {
            let open = self.open.last().map(|(opener, _)| opener.word());
            return Err(stray_marker(word, open, &self.place(whole.start, whole.end)));
        }
        Ok(())
    }

    fn block(
        &mut self,
        opener: Opener,
        whole: &Range<usize>,
        name: Range<usize>,
    ) -> Result<Node, Error> {
        let place = self.place(whole.start, whole.end);
        let name = self.place(name.start, name.end);
        if opener == Opener::Fragment && !is_name(name.text()) {
            return Err(Error::new(ErrorKind::Syntax, "invalid fragment name")
                .at(&name, "expected letters, digits and `_`"));
        }
        let subject = self.subject(opener, &name)?;
        if self.depth + self.open.len() >= MAX_DEPTH {
            return Err(Error::new(ErrorKind::Syntax, "blocks are nested too deeply")
                .at(&place, format!("{MAX_DEPTH} are already open")));
        }
        self.open.push((opener, place.clone()));
        self.rows += usize::from(opener == Opener::Each);
        let (body, halt) = self.nodes()?;
        self.rows -= usize::from(opener == Opener::Each);
        let mut otherwise = Vec::new();
        if matches!(halt, Halt::Else(_)) {
            let (nodes, halt) = self.nodes()?;
            if let Halt::Else(second) = halt {
                return Err(Error::new(ErrorKind::Syntax, "a second `<?else?>` in one block")
                    .at(&second, format!("the block starts on line {}", place.line())));
            }
            otherwise = nodes;
        }
        self.open.pop();
        let block = |body: Vec<Node>| Block {
            subject,
            body: body.into(),
            otherwise: otherwise.into(),
            place,
        };
        Ok(match opener {
            Opener::Each => Node::Each(block(body)),
            Opener::If => Node::If(block(body)),
            Opener::Fragment => Node::Fragment(Arc::new(Fragment { name, body })),
        })
    }

    /// Returns the nodes of the template with this name.
    fn included(&self, name: Range<usize>) -> Result<Vec<Node>, Error> {
        let place = self.place(name.start, name.end);
        // A chain of includes counts as nesting, too.
        let surroundings =
            Surroundings { is_row: self.rows > 0, depth: self.depth + self.open.len() + 1 };
        if surroundings.depth > MAX_DEPTH {
            return Err(Error::new(ErrorKind::Syntax, "blocks are nested too deeply")
                .at(&place, format!("{MAX_DEPTH} are already open")));
        }
        (self.include)(&place, surroundings)
    }

    fn subject(&self, opener: Opener, name: &Place) -> Result<Subject, Error> {
        let in_row = self.rows > 0;
        match name.text() {
            "@it" if in_row => Ok(Subject::Row),
            "@first" if in_row && opener == Opener::If => Ok(Subject::First),
            "@last" if in_row && opener == Opener::If => Ok(Subject::Last),
            text if is_name(text) => Ok(Subject::Name(text.into())),
            text if ["@it", "@first", "@last"].contains(&text) && !in_row => {
                Err(Error::new(ErrorKind::Syntax, format!("`{text}` outside of a row"))
                    .at(name, "only allowed within `<?each …?>` or the body of a loop"))
            }
            _ => Err(Error::new(ErrorKind::Syntax, "expected a name")
                .at(name, "letters, digits and `_`; within rows also `@it`, `@first`, `@last`")),
        }
    }

    fn close(&self, closer: Opener, whole: Range<usize>) -> Result<(), Error> {
        let place = self.place(whole.start, whole.end);
        let word = closer.word();
        match self.open.last() {
            Some((opener, _)) if *opener == closer => Ok(()),
            Some((opener, opened)) => Err(Error::new(
                ErrorKind::Syntax,
                format!("expected `<?end {}?>`, found `<?end {word}?>`", opener.word()),
            )
            .at(
                &place,
                format!("the `{}` from line {} is still open", opener.word(), opened.line()),
            )),
            None => Err(Error::new(
                ErrorKind::Syntax,
                format!("`<?end {word}?>` without `<?{word} …?>`"),
            )
            .at(&place, "no block is open")),
        }
    }

    /// Ends the text before a directive. If the directive is alone on its line, removes the whole
    /// line, so that no empty line is left in the page.
    fn take_line(&mut self, whole: Range<usize>, nodes: &mut Vec<Node>) {
        let text = &self.source.text;
        let from = self.text_start.max(self.floor);
        let lead = text[from..whole.start].trim_end_matches([' ', '\t']).len() + from;
        let starts_line = lead == self.floor || text[..lead].ends_with('\n');
        let after = &text[whole.end..self.rest.end];
        let tail = after.trim_start_matches([' ', '\t']);
        let line_end =
            if tail.starts_with("\r\n") { 2 } else { usize::from(tail.starts_with('\n')) };
        let ends_line = line_end > 0 || tail.is_empty();
        let (end, next) = if starts_line && ends_line {
            (lead, whole.end + (after.len() - tail.len()) + line_end)
        } else {
            (whole.start, whole.end)
        };
        self.flush(end, nodes);
        self.text_start = next;
        self.rest.start = next;
    }

    fn as_is(&mut self, whole: Range<usize>, nodes: &mut Vec<Node>) -> Result<(), Error> {
        let Some(length) = self.source.text[whole.end..self.rest.end].find(END_AS) else {
            return Err(Error::new(ErrorKind::Syntax, "`<?as is?>` is never closed")
                .at(&self.place(whole.start, whole.end), "opened here")
                .help("close it with `<?end as?>`"));
        };
        let close = whole.end + length;
        self.take_line(whole, nodes);
        self.rest.start = close;
        self.take_line(close..close + END_AS.len(), nodes);
        Ok(())
    }
}

fn stray_marker(word: &str, open: Option<&str>, place: &Place) -> Error {
    let error = Error::new(ErrorKind::Syntax, format!("unexpected `<?{word}?>`"));
    match word {
        "else" => error.at(place, "no `<?if …?>` or `<?each …?>` is open"),
        "end" if open.is_some() => error
            .at(place, "incomplete")
            .help(format!("write `<?end {}?>`", open.unwrap_or_default())),
        "begin" | "end" => error
            .at(place, "this file is a plain page, not a loop")
            .help("the file of a loop starts with `<loop>`; within a page, use `<?each name?>`"),
        _ => error.at(place, format!("expected a name: `<?{word} name?>`")),
    }
}
