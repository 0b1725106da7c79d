//! An HTML tokenizer that only tracks its state and produces no tokens.
//!
//! The states are those in section 13.2.5 of the HTML standard that matter for slots.

/// The construct that the next character belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum State {
    #[default]
    Text,
    TagOpen,
    TagName,
    EndTagOpen,
    EndTag,
    BeforeAttribute,
    AttributeName,
    AfterAttributeName,
    BeforeValue,
    Quoted(u8),
    Unquoted,
    /// After `<!` (0) or `<!-` (1).
    Declaration(u8),
    Comment,
    /// `<!DOCTYPE …>`, `<?…>`
    Other,
    /// Inside an element where `<` can start only the element's own end tag.
    RawText,
}

/// Elements whose content is not markup.
const RAW_TEXT: [&str; 4] = ["script", "style", "title", "textarea"];

/// The tokenizer's state at the current position.
#[derive(Debug, Clone, Default)]
pub(crate) struct Markup {
    pub(super) state: State,
    /// The name of the current tag or raw-text element, in lower case.
    pub(super) tag: String,
    pub(super) attribute: String,
    /// The attribute's value so far.
    pub(super) value: String,
    /// Text that may be the start of an end tag, or of the end of a comment.
    tail: String,
    /// Whether the position is directly after a `pre`, `listing` or `textarea` tag, where browsers
    /// drop a line break (HTML standard, section 13.2.6.4.7).
    pub(crate) drops_line_break: bool,
}

impl Markup {
    /// Advances over literal text.
    pub(crate) fn feed(&mut self, text: &str) {
        let mut rest = text;
        self.drops_line_break &= text.is_empty();
        loop {
            rest = &rest[self.skip(rest)..];
            let Some(c) = rest.chars().next() else { return };
            self.step(c);
            rest = &rest[c.len_utf8()..];
            self.drops_line_break &= rest.is_empty();
        }
    }

    /// Advances over characters that don't change the state, and returns their length.
    fn skip(&mut self, text: &str) -> usize {
        let until = |is_end: fn(u8) -> bool| text.bytes().position(is_end).unwrap_or(text.len());
        match self.state {
            State::Text => {
                let open = until(|byte| byte == b'<');
                open + self.skip_tag_start(&text[open..])
            }
            State::RawText if self.tail.is_empty() => until(|byte| byte == b'<'),
            State::Comment if self.tail.is_empty() => until(|byte| byte == b'-'),
            State::EndTag | State::Other => until(|byte| byte == b'>'),
            State::TagName => {
                let name = lower_name(text);
                self.tag.push_str(name);
                name.len()
            }
            State::AttributeName => {
                let name = lower_name(text);
                self.attribute.push_str(name);
                name.len()
            }
            State::Quoted(quote) => {
                let len = text.bytes().position(|byte| byte == quote).unwrap_or(text.len());
                self.value.push_str(&text[..len]);
                len
            }
            _ => 0,
        }
    }

    /// Advances over the start of the most common tags, and returns its length.
    fn skip_tag_start(&mut self, text: &str) -> usize {
        match text.as_bytes() {
            [b'<', b'/', b'a'..=b'z', ..] => {
                self.state = State::EndTag;
                3
            }
            [b'<', b'a'..=b'z', ..] => {
                let name = lower_name(&text[1..]);
                name.clone_into(&mut self.tag);
                self.state = State::TagName;
                1 + name.len()
            }
            _ => 0,
        }
    }

    /// Advances over a slot with an unknown value.
    pub(crate) fn feed_slot(&mut self) {
        self.drops_line_break = false;
        match self.state {
            State::Text | State::BeforeAttribute | State::RawText => {}
            _ => self.feed("x"),
        }
    }

    fn step(&mut self, c: char) {
        let is_space = matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}');
        match self.state {
            State::Text => self.state = State::TagOpen,
            State::TagOpen | State::EndTagOpen | State::Declaration(_) => self.open(c),
            State::TagName => match c {
                '>' => self.enter(),
                '/' => self.state = State::BeforeAttribute,
                _ if is_space => self.state = State::BeforeAttribute,
                _ => push_lower(&mut self.tag, c),
            },
            State::EndTag | State::Other => {
                self.state = if c == '>' { State::Text } else { self.state };
            }
            State::Comment => self.comment(c),
            State::RawText => self.raw_text(c, is_space),
            _ => self.attribute(c, is_space),
        }
    }

    fn open(&mut self, c: char) {
        self.state = match (self.state, c) {
            (State::TagOpen, '/') => State::EndTagOpen,
            (State::TagOpen, '!') => State::Declaration(0),
            (State::TagOpen, '?') => State::Other,
            (State::TagOpen, _) if c.is_ascii_alphabetic() => {
                self.tag.clear();
                self.tag.push(c.to_ascii_lowercase());
                State::TagName
            }
            (State::TagOpen, '<') => State::TagOpen,
            (State::TagOpen, _) => State::Text,
            (State::EndTagOpen, _) if c.is_ascii_alphabetic() => State::EndTag,
            (State::Declaration(0), '-') => State::Declaration(1),
            (State::Declaration(1), '-') => {
                self.tail.clear();
                State::Comment
            }
            (_, '>') => State::Text,
            _ => State::Other,
        };
    }

    fn attribute(&mut self, c: char, is_space: bool) {
        match (self.state, c) {
            (State::Quoted(_), _) => self.state = State::BeforeAttribute,
            (_, '>') => self.enter(),
            (State::BeforeValue, '"') => self.begin_value(State::Quoted(b'"')),
            (State::BeforeValue, '\'') => self.begin_value(State::Quoted(b'\'')),
            (State::BeforeValue, _) if is_space => {}
            (State::BeforeValue, _) => {
                self.begin_value(State::Unquoted);
                self.value.push(c);
            }
            (State::Unquoted, _) if is_space => self.state = State::BeforeAttribute,
            (State::Unquoted, _) => self.value.push(c),
            (State::AttributeName | State::AfterAttributeName, '=') => {
                self.state = State::BeforeValue;
            }
            (State::AttributeName, _) if is_space => self.state = State::AfterAttributeName,
            (_, '/') => self.state = State::BeforeAttribute,
            (State::AttributeName, _) => push_lower(&mut self.attribute, c),
            (_, _) if is_space => {}
            _ => {
                self.attribute.clear();
                push_lower(&mut self.attribute, c);
                self.state = State::AttributeName;
            }
        }
    }

    fn begin_value(&mut self, state: State) {
        self.value.clear();
        self.state = state;
    }

    /// Handles the `>` of an opening tag.
    fn enter(&mut self) {
        // Empty strings are cloned without an allocation.
        for text in [&mut self.tail, &mut self.attribute, &mut self.value] {
            text.clear();
        }
        self.drops_line_break = matches!(self.tag.as_str(), "pre" | "listing" | "textarea");
        let is_raw = RAW_TEXT.contains(&self.tag.as_str());
        self.state = if is_raw { State::RawText } else { State::Text };
    }

    fn comment(&mut self, c: char) {
        match c {
            '-' => self.tail.push('-'),
            '>' if self.tail.len() >= 2 => self.state = State::Text,
            _ => self.tail.clear(),
        }
    }

    fn raw_text(&mut self, c: char, is_space: bool) {
        let end_tag = self.tail.strip_prefix("</") == Some(&self.tag);
        if end_tag && (is_space || c == '/' || c == '>') {
            self.state = if c == '>' { State::Text } else { State::EndTag };
            return;
        }
        if c == '<' {
            self.tail.clear();
        }
        push_lower(&mut self.tail, c);
        let tag_so_far = self.tail.strip_prefix("</").unwrap_or(&self.tag);
        let is_possible = matches!(self.tail.as_str(), "<" | "</") || self.tail.starts_with("</");
        if !is_possible || !self.tag.starts_with(tag_so_far) {
            self.tail.clear();
        }
    }
}

/// Returns the lower-case letters and hyphens at the start of `text`.
fn lower_name(text: &str) -> &str {
    let is_other = |byte: u8| !byte.is_ascii_lowercase() && byte != b'-';
    &text[..text.bytes().position(is_other).unwrap_or(text.len())]
}

fn push_lower(text: &mut String, c: char) {
    if c.is_ascii() {
        text.push(c.to_ascii_lowercase());
    } else {
        text.extend(c.to_lowercase());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advances_over_runs_as_over_single_characters() {
        let page = "a<!DOCTYPE html><p Class='x' data-x=\"a&b\" é=1 y>é</p ><!-- a - b -- c --><PRE>\n\
                    <pre>\n</pre><title>a <b></title><script>if (a</b) </scripty> </SCRIPT ><my-tag2/>\
                    <a href=/x?y=z>1 < 2 <3 </ b><?php ?></é><textarea></textarea><b><listing>";
        let mut stepwise = Markup::default();
        for (at, c) in page.char_indices() {
            let mut whole = Markup::default();
            whole.feed(&page[..at]);
            assert_eq!(format!("{whole:?}"), format!("{stepwise:?}"), "{}", &page[..at]);
            stepwise.feed(c.encode_utf8(&mut [0; 4]));
        }
        assert!(stepwise.drops_line_break);
    }
}
