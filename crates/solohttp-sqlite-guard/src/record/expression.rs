//! Reads the expressions in a schema: the conditions of `CHECK`s and indexes.

/// A part of SQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Token {
    /// A keyword, a name without quotes, or a number.
    Word(String),
    /// A name in quotes.
    Name(String),
    /// A string.
    Text(String),
    /// Any other character.
    Sign(char),
}

impl Token {
    pub(crate) fn is_word(&self, word: &str) -> bool {
        matches!(self, Self::Word(found) if found.eq_ignore_ascii_case(word))
    }

    /// Whether this is a name or a string with this text.
    pub(crate) fn is_text(&self, text: &str) -> bool {
        matches!(self, Self::Text(found) if found.eq_ignore_ascii_case(text)) || self.names(text)
    }

    pub(crate) fn is_sign(&self, sign: char) -> bool {
        *self == Self::Sign(sign)
    }

    /// Whether this is the name of a column or table.
    pub(crate) fn names(&self, name: &str) -> bool {
        matches!(self, Self::Word(found) | Self::Name(found) if found.eq_ignore_ascii_case(name))
    }
}

/// Splits SQL into tokens. Skips whitespace and comments.
pub(crate) fn tokens(sql: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
        if first.is_whitespace() {
            rest = rest.trim_start();
        } else if rest.starts_with("--") {
            rest = rest.split_once('\n').map_or("", |(_, after)| after);
        } else if rest.starts_with("/*") {
            rest = rest.split_once("*/").map_or("", |(_, after)| after);
        } else if matches!(first, '"' | '`' | '[' | '\'') {
            let (text, after) = unquoted(&rest[1..], if first == '[' { ']' } else { first });
            rest = after;
            tokens.push(if first == '\'' { Token::Text(text) } else { Token::Name(text) });
        } else if is_part(first) {
            let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
            tokens.push(Token::Word(rest[..end].to_owned()));
            rest = &rest[end..];
        } else {
            tokens.push(Token::Sign(first));
            rest = &rest[first.len_utf8()..];
        }
    }
    tokens
}

/// Reads up to the closing quote, and returns the rest after it. A doubled quote is part of the
/// text.
fn unquoted(mut rest: &str, quote: char) -> (String, &str) {
    let mut text = String::new();
    while let Some((part, after)) = rest.split_once(quote) {
        text.push_str(part);
        match after.strip_prefix(quote) {
            Some(more) if quote != ']' => {
                text.push(quote);
                rest = more;
            }
            _ => return (text, after),
        }
    }
    text.push_str(rest);
    (text, "")
}

/// The tokens between the parenthesis at `open` and the matching one.
pub(crate) fn parenthesized(tokens: &[Token], open: usize) -> Option<&[Token]> {
    let inner = tokens.get(open).filter(|token| token.is_sign('(')).map(|_| &tokens[open + 1..])?;
    let mut depth = 0_usize;
    let end = inner.iter().position(|token| {
        if token.is_sign(')') && depth == 0 {
            return true;
        }
        depth = depth + usize::from(token.is_sign('(')) - usize::from(token.is_sign(')'));
        false
    })?;
    Some(&inner[..end])
}

/// The columns that an expression names, in the order of their first mention.
pub(crate) fn columns_in(expression: &[Token], columns: &[String]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (index, token) in expression.iter().enumerate() {
        // A word before a parenthesis is a function, such as `date`.
        let calls = matches!(token, Token::Word(_))
            && expression.get(index + 1).is_some_and(|next| next.is_sign('('));
        if calls {
            continue;
        }
        if let Some(column) = columns.iter().find(|column| token.names(column))
            && !found.contains(column)
        {
            found.push(column.clone());
        }
    }
    found
}

/// A `CHECK` of a table.
#[derive(Debug)]
pub(crate) struct Check<'a> {
    pub(crate) name: Option<&'a str>,
    pub(crate) condition: &'a [Token],
}

/// The `CHECK`s in a `CREATE TABLE` statement.
pub(crate) fn checks(table: &[Token]) -> Vec<Check<'_>> {
    let mut checks = Vec::new();
    for (index, token) in table.iter().enumerate() {
        if !token.is_word("CHECK") {
            continue;
        }
        let Some(condition) = parenthesized(table, index + 1) else { continue };
        let name = match table.get(index.wrapping_sub(2)..index) {
            Some([word, Token::Word(name) | Token::Name(name)]) if word.is_word("CONSTRAINT") => {
                Some(name.as_str())
            }
            _ => None,
        };
        checks.push(Check { name, condition });
    }
    checks
}

/// The literals in `column IN ('a', 'b')`, if the condition contains this.
pub(crate) fn listed(condition: &[Token], column: &str) -> Option<Vec<String>> {
    let start = condition.windows(3).position(|found| {
        found[0].names(column) && found[1].is_word("IN") && found[2].is_sign('(')
    })?;
    let list = parenthesized(condition, start + 2)?;
    let literals = list.split(|token| token.is_sign(',')).map(|literal| match literal {
        [Token::Text(text)] => Some(format!("'{}'", text.replace('\'', "''"))),
        [Token::Word(number)] if is_number(number) => Some(number.clone()),
        [sign, Token::Word(number)] if sign.is_sign('-') && is_number(number) => {
            Some(format!("-{number}"))
        }
        _ => None,
    });
    literals.collect()
}

fn is_number(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "CREATE TABLE \"my visits\" (
        -- CHECK (a comment)
        starts TEXT NOT NULL CHECK (starts GLOB '[0-9)]'), ends TEXT,
        status TEXT CONSTRAINT known CHECK (status IN ('it''s', \"x\", 'b')),
        level INTEGER CHECK (level IN (-1, 2, 3)), [date] TEXT,
        CONSTRAINT \"in order\" CHECK (coalesce(ends, starts) >= starts /* ) */ AND date(ends) > 0)
    ) STRICT";

    fn columns() -> Vec<String> {
        ["starts", "ends", "status", "level", "date"].map(str::to_owned).to_vec()
    }

    #[test]
    fn finds_the_checks_of_a_table_and_their_columns() {
        let tokens = tokens(TABLE);
        let found: Vec<(Option<&str>, String)> = checks(&tokens)
            .iter()
            .map(|check| (check.name, columns_in(check.condition, &columns()).join(" ")))
            .collect();
        let expect = [
            (None, "starts"),
            (Some("known"), "status"),
            (None, "level"),
            (Some("in order"), "ends starts"),
        ];
        assert_eq!(found, expect.map(|(name, columns)| (name, columns.to_owned())));
    }

    #[test]
    fn reads_lists_of_literals() {
        let list = |sql: &str, column| listed(&tokens(sql), column);
        let strings = |texts: &[&str]| Some(texts.iter().map(|&text| text.to_owned()).collect());
        assert_eq!(list("a IN ('x', 'it''s')", "a"), strings(&["'x'", "'it''s'"]));
        assert_eq!(list("a IS NULL OR \"A\" in (1,-2)", "a"), strings(&["1", "-2"]));
        for other in ["a NOT IN ('x')", "b IN ('x')", "a IN (SELECT 1)", "a = 'x'", "a IN ("] {
            assert_eq!(list(other, "a"), None, "{other}");
        }
    }

    #[test]
    fn survives_any_text() {
        for broken in ["'", "\"a", "[x", "/*", "--", "CHECK (", "CHECK", "(((", "ö'ß''"] {
            checks(&tokens(broken));
        }
        assert_eq!(
            tokens("'it''s'[a]\"b\"\"c\""),
            [Token::Text("it's".into()), Token::Name("a".into()), Token::Name("b\"c".into()),]
        );
    }
}
