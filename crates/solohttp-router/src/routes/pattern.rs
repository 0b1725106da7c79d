//! Patterns of paths as the program writes them: `/task/{id}/edit`, `/add/*/*`, `/static/`.
//!
//! Owns their grammar and the words that tell a programmer what is wrong with one. Knows nothing
//! of requests.

use std::rc::Rc;

/// A path with wildcards, split and checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern {
    pub(crate) segments: Vec<Segment>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Segment {
    /// Matches this text after percent-decoding; blank only at the end, for a trailing slash.
    Literal(Box<str>),
    /// Matches any one segment that is not blank.
    Wildcard(Option<Rc<str>>),
}

impl Pattern {
    /// # Errors
    /// What is wrong with the pattern, and what to write instead.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let Some(rest) = text.strip_prefix('/') else {
            return Err(format!("a path starts with a slash: write \"/{text}\""));
        };
        let mut segments: Vec<Segment> = Vec::new();
        let last = rest.split('/').count() - 1;
        for (index, part) in rest.split('/').enumerate() {
            if part.is_empty() && index < last {
                return Err("it has a blank segment: write one slash, not two".to_owned());
            }
            let segment = Segment::parse(part)?;
            if let Segment::Wildcard(Some(name)) = &segment
                && segments.contains(&segment)
            {
                return Err(format!("two wildcards are named {{{name}}}: give each its own name"));
            }
            segments.push(segment);
        }
        Ok(Self { segments })
    }

    /// Drops the blank segment that a trailing slash makes.
    pub(crate) fn without_slash(mut self) -> Option<Self> {
        match self.segments.pop() {
            Some(Segment::Literal(end)) if end.is_empty() => Some(self),
            _ => None,
        }
    }

    /// The names of its wildcards, `None` for a `*`, in order.
    pub(crate) fn names(&self) -> Vec<Option<&str>> {
        self.wildcards().map(|(_, name)| name.map(|name| &**name)).collect()
    }

    /// Its wildcards: which segment each is, and its name.
    pub(crate) fn wildcards(&self) -> impl Iterator<Item = (usize, Option<&Rc<str>>)> {
        self.segments.iter().enumerate().filter_map(|(index, segment)| match segment {
            Segment::Wildcard(name) => Some((index, name.as_ref())),
            Segment::Literal(_) => None,
        })
    }
}

impl Segment {
    fn parse(part: &str) -> Result<Self, String> {
        if part == "*" {
            return Ok(Self::Wildcard(None));
        }
        if let Some(name) = part.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            return parse_name(name).map(|name| Self::Wildcard(Some(name)));
        }
        if let Some(name) = part.strip_prefix(':') {
            return Err(format!("a named wildcard is written {{{name}}}, not `:{name}`"));
        }
        if let Some(name) = part.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) {
            return Err(format!("a named wildcard is written {{{name}}}, not `<{name}>`"));
        }
        if part.contains(['{', '}']) {
            return Err(format!(
                "`{part}` has a brace without its partner or with text beside it: a wildcard is \
                 a whole segment, {{name}}"
            ));
        }
        if part.contains('*') {
            return Err(format!("`{part}`: a `*` stands for a whole segment, alone"));
        }
        if part.contains(['?', '#']) {
            return Err(format!(
                "`{part}`: a query is no part of a path; take it as an argument, Query<T>"
            ));
        }
        let is_escape = |escape: &str| {
            escape.len() >= 2 && escape.bytes().take(2).all(|digit| digit.is_ascii_hexdigit())
        };
        if part.split('%').skip(1).any(is_escape) {
            return Err(format!("`{part}`: write the text itself, not percent-encoded"));
        }
        // RFC 8615 reserves this one name; all others that start so are hidden files by custom,
        // or `.` and `..`, which no normal path contains.
        if part.starts_with('.') && part != ".well-known" {
            return Err(format!("`{part}`: a segment does not start with a dot"));
        }
        Ok(Self::Literal(part.into()))
    }
}

fn parse_name(name: &str) -> Result<Rc<str>, String> {
    if name.starts_with('*') {
        return Err("the rest of a path has no wildcard: use `mount`, and `request.suffix()` \
                    gives the rest"
            .to_owned());
    }
    if name.is_empty() {
        return Err("{} has no name: write {name}, or `*` for a wildcard without one".to_owned());
    }
    if name.starts_with(|first: char| first.is_ascii_digit())
        || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    {
        return Err(format!("{{{name}}}: a name is letters, digits and underscores"));
    }
    Ok(name.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: Result<&[Option<&str>], &str>) {
        match (Pattern::parse(text), expect) {
            (Ok(pattern), Ok(names)) => assert_eq!(pattern.names(), names, "{text}"),
            (Err(problem), Err(part)) => assert!(problem.contains(part), "{text}: {problem}"),
            (parsed, _) => panic!("{text}: {parsed:?}"),
        }
    }

    #[test]
    fn takes_literals_and_wildcards() {
        check("/", Ok(&[]));
        check("/a/b c/é/", Ok(&[]));
        check("/add/*/*", Ok(&[None, None]));
        check("/{user}/note/{note_2}/*", Ok(&[Some("user"), Some("note_2"), None]));
        check("/.well-known/x", Ok(&[]));
        check("/100%/50%z", Ok(&[]));
    }

    #[test]
    fn names_the_fix_for_each_mistake() {
        check("", Err("write \"/\""));
        check("a/b", Err("write \"/a/b\""));
        check("//a", Err("one slash, not two"));
        check("/a//b", Err("one slash, not two"));
        check("/a//", Err("one slash, not two"));
        check("/a/../b", Err("does not start with a dot"));
        check("/.", Err("does not start with a dot"));
        check("/.git", Err("does not start with a dot"));
        check("/{a", Err("brace without its partner"));
        check("/a}", Err("brace without its partner"));
        check("/x{a}", Err("text beside it"));
        check("/{}", Err("has no name"));
        check("/{a b}", Err("letters, digits and underscores"));
        check("/{2nd}", Err("letters, digits and underscores"));
        check("/{*rest}", Err("use `mount`"));
        check("/:id", Err("written {id}"));
        check("/a*", Err("alone"));
        check("/**", Err("alone"));
        check("/{a}/{a}", Err("two wildcards are named {a}"));
        check("/a?b", Err("Query<T>"));
        check("/a%20b", Err("not percent-encoded"));
    }
}
