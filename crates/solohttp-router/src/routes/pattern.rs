//! The grammar of path patterns such as `/task/{id}/edit`, `/add/*/*` and `/static/`, and its error
//! messages.

use std::rc::Rc;

/// A parsed path with wildcards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern {
    pub(crate) segments: Vec<Segment>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Segment {
    /// Matches this string after percent-decoding. The string is empty only in the last segment,
    /// where it represents a trailing slash.
    Literal(Box<str>),
    /// Matches any single non-empty segment.
    Wildcard(Option<Rc<str>>),
}

impl Pattern {
    /// # Errors
    /// A message for the programmer that suggests a fix.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let Some(rest) = text.strip_prefix('/') else {
            return Err(format!("a path starts with a slash: write \"/{text}\""));
        };
        let mut segments: Vec<Segment> = Vec::new();
        let last = rest.split('/').count() - 1;
        for (index, part) in rest.split('/').enumerate() {
            if part.is_empty() && index < last {
                return Err("it has an empty segment: write one slash, not two".to_owned());
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

    /// Removes the trailing slash. Returns `None` if there isn't one.
    pub(crate) fn without_slash(mut self) -> Option<Self> {
        match self.segments.pop() {
            Some(Segment::Literal(end)) if end.is_empty() => Some(self),
            _ => None,
        }
    }

    /// Returns the names of the wildcards, in order, with `None` for each `*`.
    pub(crate) fn names(&self) -> Vec<Option<&str>> {
        self.wildcards().map(|(_, name)| name.map(|name| &**name)).collect()
    }

    /// Returns the index and name of each wildcard.
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
                "`{part}` has an unmatched brace or text next to a brace: a wildcard is a whole \
                 segment, {{name}}"
            ));
        }
        if part.contains('*') {
            return Err(format!("`{part}`: a `*` must be a whole segment"));
        }
        if part.contains(['?', '#']) {
            return Err(format!(
                "`{part}`: a path has no query; extract it with a handler argument, Query<T>"
            ));
        }
        let is_escape = |escape: &str| {
            escape.len() >= 2 && escape.bytes().take(2).all(|digit| digit.is_ascii_hexdigit())
        };
        if part.split('%').skip(1).any(is_escape) {
            return Err(format!("`{part}`: write the decoded text, not percent-encoded"));
        }
        // RFC 8615 reserves this name. Any other name that starts with a dot is that of a hidden
        // file, or it is `.` or `..`, which normalized paths don't contain.
        if part.starts_with('.') && part != ".well-known" {
            return Err(format!("`{part}`: a segment can't start with a dot"));
        }
        Ok(Self::Literal(part.into()))
    }
}

fn parse_name(name: &str) -> Result<Rc<str>, String> {
    if name.starts_with('*') {
        return Err("there is no wildcard for the rest of a path: use `mount` and \
                    `request.suffix()`"
            .to_owned());
    }
    if name.is_empty() {
        return Err("{} has no name: write {name}, or `*` for an unnamed wildcard".to_owned());
    }
    if name.starts_with(|first: char| first.is_ascii_digit())
        || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    {
        return Err(format!("{{{name}}}: names consist of letters, digits and underscores"));
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
    fn suggests_a_fix_for_each_error() {
        check("", Err("write \"/\""));
        check("a/b", Err("write \"/a/b\""));
        check("//a", Err("one slash, not two"));
        check("/a//b", Err("one slash, not two"));
        check("/a//", Err("one slash, not two"));
        check("/a/../b", Err("can't start with a dot"));
        check("/.", Err("can't start with a dot"));
        check("/.git", Err("can't start with a dot"));
        check("/{a", Err("unmatched brace"));
        check("/a}", Err("unmatched brace"));
        check("/x{a}", Err("text next to"));
        check("/{}", Err("has no name"));
        check("/{a b}", Err("letters, digits and underscores"));
        check("/{2nd}", Err("letters, digits and underscores"));
        check("/{*rest}", Err("use `mount`"));
        check("/:id", Err("written {id}"));
        check("/a*", Err("whole segment"));
        check("/**", Err("whole segment"));
        check("/{a}/{a}", Err("two wildcards are named {a}"));
        check("/a?b", Err("Query<T>"));
        check("/a%20b", Err("not percent-encoded"));
    }
}
