//! Translates patterns of the regex crate to the regular expressions of browsers.
//!
//! Browsers compile the attribute `pattern` with the `v` flag (WHATWG HTML 4.10.5.3.6) and ignore
//! it if that fails. In this mode, more characters have to be escaped than in the regex crate
//! (ECMA-262 22.2.1, `ClassSetCharacter`), and the shorthands cover other characters.

use std::iter::Peekable;
use std::str::Chars;

/// Returns the ECMAScript pattern with the same meaning, or `None` if the pattern uses flags or
/// other syntax that isn't translated. The source must be a valid pattern of the regex crate.
pub(super) fn translate(source: &str) -> Option<String> {
    // Browsers ignore an empty attribute.
    if source.is_empty() {
        return None;
    }
    let mut to = Translation { rest: source.chars().peekable(), out: String::new() };
    to.expression()?;
    Some(to.out)
}

struct Translation<'a> {
    rest: Peekable<Chars<'a>>,
    out: String,
}

/// One item of a pattern or of a character class.
enum Item {
    Char(char),
    /// A set with a name of its own in both languages.
    Shorthand(&'static str),
    /// The members of a set as a class lists them, or, if `true`, those that aren't in the set.
    Set(&'static str, bool),
    Assertion(&'static str),
}

/// The whitespace that `\s` matches in regex-lite. In browsers, it also matches Unicode's.
const SPACE: &str = r"\t-\r ";

impl Translation<'_> {
    fn expression(&mut self) -> Option<()> {
        // Whether ECMAScript allows a quantifier here: it allows none after another one, and none
        // after an assertion.
        let mut is_repeatable = false;
        while let Some(letter) = self.rest.next() {
            let is_quantifier = matches!(letter, '?' | '*' | '+' | '{');
            if is_quantifier && !is_repeatable {
                return None;
            }
            is_repeatable = match letter {
                '(' => {
                    self.group()?;
                    false
                }
                '?' | '*' | '+' | '{' => {
                    self.quantifier(letter)?;
                    false
                }
                '|' | '^' | '$' => {
                    self.out.push(letter);
                    false
                }
                ')' => {
                    self.out.push(letter);
                    true
                }
                '[' => {
                    self.class()?;
                    true
                }
                '.' => {
                    self.out.push_str(r"[^\n]");
                    true
                }
                '\\' => {
                    let item = self.escaped()?;
                    self.single(&item)
                }
                letter => self.single(&Item::Char(letter)),
            };
        }
        Some(())
    }

    /// Writes an item outside of a class. Returns whether it can be repeated.
    fn single(&mut self, item: &Item) -> bool {
        match *item {
            Item::Char(letter) => {
                if r"^$\.*+?()[]{}|/".contains(letter) {
                    self.out.push('\\');
                }
                self.plain(letter);
            }
            Item::Shorthand(text) => self.out.push_str(text),
            Item::Set(members, is_negated) => {
                self.out.push_str(if is_negated { "[^" } else { "[" });
                self.out.push_str(members);
                self.out.push(']');
            }
            Item::Assertion(text) => {
                self.out.push_str(text);
                return false;
            }
        }
        true
    }

    fn plain(&mut self, letter: char) {
        if letter.is_control() {
            self.out.push_str(&format!(r"\u{{{:x}}}", u32::from(letter)));
        } else {
            self.out.push(letter);
        }
    }

    /// Nothing refers to groups, so named ones lose their names. Flags aren't translated.
    fn group(&mut self) -> Option<()> {
        if self.rest.next_if_eq(&'?').is_none() {
            self.out.push('(');
            return Some(());
        }
        let is_named = match self.rest.next()? {
            ':' => false,
            '<' => true,
            'P' => self.rest.next()? == '<',
            _ => return None,
        };
        if is_named {
            self.rest.find(|letter| *letter == '>')?;
        }
        self.out.push_str("(?:");
        Some(())
    }

    fn quantifier(&mut self, letter: char) -> Option<()> {
        self.out.push(letter);
        if letter == '{' {
            loop {
                let letter = self.rest.next()?;
                if !letter.is_whitespace() {
                    self.out.push(letter);
                }
                if letter == '}' {
                    break;
                }
            }
        }
        if self.rest.next_if_eq(&'?').is_some() {
            self.out.push('?');
        }
        Some(())
    }

    /// Translates the rest of a class.
    fn class(&mut self) -> Option<()> {
        self.out.push('[');
        if self.rest.next_if_eq(&'^').is_some() {
            self.out.push('^');
        }
        // Hyphens at the start are literal, and so is a bracket that follows immediately.
        let mut is_first = true;
        while self.rest.next_if_eq(&'-').is_some() {
            self.member('-');
            is_first = false;
        }
        if is_first && self.rest.next_if_eq(&']').is_some() {
            self.member(']');
        }
        loop {
            let first = match self.rest.next()? {
                ']' => break,
                '[' => self.named_set()?,
                '\\' => self.escaped()?,
                letter => Item::Char(letter),
            };
            match first {
                Item::Char(letter) => {
                    self.member(letter);
                    self.range_end()?;
                }
                Item::Set(members, false) => self.out.push_str(members),
                Item::Shorthand(_) | Item::Set(..) => drop(self.single(&first)),
                Item::Assertion(_) => return None,
            }
        }
        self.out.push(']');
        Some(())
    }

    /// Translates the end of a range if the character before starts one.
    fn range_end(&mut self) -> Option<()> {
        let mut next = self.rest.clone();
        if next.next() != Some('-') || matches!(next.next(), Some(']' | '-')) {
            return Some(());
        }
        self.rest.next();
        let end = match self.rest.next()? {
            '\\' => self.escaped()?,
            letter => Item::Char(letter),
        };
        let Item::Char(end) = end else { return None };
        self.out.push('-');
        self.member(end);
        Some(())
    }

    /// Writes a character of a class. The `v` flag reserves most punctuation, some of it only if it
    /// is doubled.
    fn member(&mut self, letter: char) {
        if letter.is_ascii_punctuation() && !matches!(letter, '_' | '"' | '\'') {
            self.out.push('\\');
        }
        self.plain(letter);
    }

    /// A set such as `[:alpha:]`, after its opening bracket.
    fn named_set(&mut self) -> Option<Item> {
        self.rest.next_if_eq(&':')?;
        let is_negated = self.rest.next_if_eq(&'^').is_some();
        let name: String =
            std::iter::from_fn(|| self.rest.next_if(char::is_ascii_lowercase)).collect();
        let members = match name.as_str() {
            "alnum" => "0-9A-Za-z",
            "alpha" => "A-Za-z",
            "ascii" => r"\u{0}-\u{7f}",
            "blank" => r"\t ",
            "cntrl" => r"\u{0}-\u{1f}\u{7f}",
            "digit" => "0-9",
            "graph" => r"\!-\~",
            "lower" => "a-z",
            "print" => r" -\~",
            "punct" => r"\!-\/\:-\@\[-\`\{-\~",
            "space" => SPACE,
            "upper" => "A-Z",
            "word" => r"\w",
            "xdigit" => "0-9A-Fa-f",
            _ => return None,
        };
        let is_closed = self.rest.next() == Some(':') && self.rest.next() == Some(']');
        is_closed.then_some(Item::Set(members, is_negated))
    }

    /// The item after a backslash.
    fn escaped(&mut self) -> Option<Item> {
        Some(match self.rest.next()? {
            'd' => Item::Shorthand(r"\d"),
            'D' => Item::Shorthand(r"\D"),
            'w' => Item::Shorthand(r"\w"),
            'W' => Item::Shorthand(r"\W"),
            's' => Item::Set(SPACE, false),
            'S' => Item::Set(SPACE, true),
            'A' => Item::Assertion("^"),
            'z' => Item::Assertion("$"),
            // Other word boundaries have braces.
            'b' if self.rest.peek() != Some(&'{') => Item::Assertion(r"\b"),
            'B' => Item::Assertion(r"\B"),
            'a' => Item::Char('\u{7}'),
            'f' => Item::Char('\u{c}'),
            'n' => Item::Char('\n'),
            'r' => Item::Char('\r'),
            't' => Item::Char('\t'),
            'v' => Item::Char('\u{b}'),
            'x' => Item::Char(self.code_point(2)?),
            'u' => Item::Char(self.code_point(4)?),
            'U' => Item::Char(self.code_point(8)?),
            letter if letter.is_ascii_punctuation() && !matches!(letter, '<' | '>') => {
                Item::Char(letter)
            }
            _ => return None,
        })
    }

    /// The character with this code, which has a fixed number of digits or is in braces.
    fn code_point(&mut self, digits: usize) -> Option<char> {
        let code: String = match self.rest.next_if_eq(&'{') {
            Some(_) => self.rest.by_ref().take_while(|letter| *letter != '}').collect(),
            None => self.rest.by_ref().take(digits).collect(),
        };
        char::from_u32(u32::from_str_radix(&code, 16).ok()?)
    }
}

#[cfg(test)]
mod tests {
    use regex_lite::Regex;

    use super::*;

    #[test]
    fn patterns_are_written_as_browsers_read_them() {
        for (source, expect) in [
            ("[0-9]{5}", "[0-9]{5}"),
            (r"\d{2}-\d+", r"\d{2}-\d+"),
            ("(?:a|b)*", "(?:a|b)*"),
            ("(a)(?P<x>b)(?<y>c)", "(a)(?:b)(?:c)"),
            ("[A-Z0-9-]+", r"[A-Z0-9\-]+"),
            ("[-a]|[^-a]|[--]", r"[\-a]|[^\-a]|[\-\-]"),
            (r"[]a][^]a][\]\-]", r"[\]a][^\]a][\]\-]"),
            ("[(]", r"[\(]"),
            ("[a&b]", r"[a\&b]"),
            ("[.,;:!]", r"[\.\,\;\:\!]"),
            ("[!-~]", r"[\!-\~]"),
            ("a{2,3}b{2,}?c{ 2 , 3 }", "a{2,3}b{2,}?c{2,3}"),
            (r"\-\.\/\#\%", r"-\.\/#%"),
            ("a/b]}", r"a\/b\]\}"),
            ("a.b", r"a[^\n]b"),
            (r"^a$|\Ab\z", "^a$|^b$"),
            (r"\s\S[\s\S\w\D]", r"[\t-\r ][^\t-\r ][\t-\r [^\t-\r ]\w\D]"),
            (r"\bword\B", r"\bword\B"),
            ("[[:alpha:]_][[:^digit:]]", "[A-Za-z_][[^0-9]]"),
            (r"\x41\x{1F600}\u00e9\U0001F600\n", "A😀é😀\\u{a}"),
            ("é+[à-ü]", "é+[à-ü]"),
        ] {
            assert!(Regex::new(source).is_ok(), "{source}");
            assert_eq!(translate(source).as_deref(), Some(expect), "{source}");
        }
    }

    #[test]
    fn other_patterns_are_left_to_the_program() {
        for source in
            ["", "(?i)x", "(?i:x)", r"\b{start}a", r"a\>", "a**", r"\b*a", "(?x) a b", "^*a"]
        {
            assert!(Regex::new(source).is_ok(), "{source}");
            assert_eq!(translate(source), None, "{source}");
        }
    }
}
