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
        while let Some(c) = rest.chars().next() {
            if self.state == State::Text {
                let Some(open) = rest.find('<') else { return };
                rest = &rest[open + 1..];
                self.state = State::TagOpen;
                continue;
            }
            self.step(c);
            rest = &rest[c.len_utf8()..];
            self.drops_line_break &= rest.is_empty();
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
            State::Text => self.state = if c == '<' { State::TagOpen } else { State::Text },
            State::TagOpen | State::EndTagOpen | State::Declaration(_) => self.open(c),
            State::TagName => match c {
                '>' => self.enter(),
                '/' => self.state = State::BeforeAttribute,
                _ if is_space => self.state = State::BeforeAttribute,
                _ => self.tag.extend(c.to_lowercase()),
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
            (State::Quoted(quote), _) if c == char::from(quote) => {
                self.state = State::BeforeAttribute;
            }
            (State::Quoted(_), _) => self.value.push(c),
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
            (State::AttributeName, _) => self.attribute.extend(c.to_lowercase()),
            (_, _) if is_space => {}
            _ => {
                self.attribute.clear();
                self.attribute.extend(c.to_lowercase());
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
        self.tail.clear();
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
        self.tail.extend(c.to_lowercase());
        let tag_so_far = self.tail.strip_prefix("</").unwrap_or(&self.tag);
        let is_possible = matches!(self.tail.as_str(), "<" | "</") || self.tail.starts_with("</");
        if !is_possible || !self.tag.starts_with(tag_so_far) {
            self.tail.clear();
        }
    }
}
