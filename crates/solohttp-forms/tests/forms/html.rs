//! A minimal HTML parser: tags, attributes, text and character references.

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Token {
    Start(Tag),
    End(String),
    Text(String),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tag {
    pub(crate) kind: String,
    pub(crate) attributes: Vec<(String, String)>,
}

impl Tag {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }
}

/// Panics on malformed HTML.
pub(crate) fn parse(html: &str) -> Vec<Token> {
    // WHATWG HTML 13.2.3.5: line breaks are normalized before tokenization.
    let html = html.replace("\r\n", "\n").replace('\r', "\n");
    let mut tokens = Vec::new();
    let mut rest = html.as_str();
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix("</") {
            let end = after.find('>').expect("an end tag ends");
            tokens.push(Token::End(after[..end].to_owned()));
            rest = &after[end + 1..];
        } else if let Some(after) = rest.strip_prefix('<') {
            let (tag, after) = start_tag(after);
            rest = after;
            if tag.kind == "textarea" {
                // 13.2.6.4.7: a line break right after the start tag is ignored.
                rest = rest.strip_prefix('\n').unwrap_or(rest);
            }
            tokens.push(Token::Start(tag));
        } else {
            let end = rest.find('<').unwrap_or(rest.len());
            tokens.push(Token::Text(unescape(&rest[..end])));
            rest = &rest[end..];
        }
    }
    tokens
}

fn start_tag(after: &str) -> (Tag, &str) {
    let end = after.find([' ', '>']).expect("a tag ends");
    let mut tag = Tag { kind: after[..end].to_owned(), attributes: Vec::new() };
    let mut rest = &after[end..];
    while let Some(attribute) = rest.strip_prefix(' ') {
        let end = attribute.find([' ', '=', '>']).expect("an attribute ends");
        let name = attribute[..end].to_owned();
        assert!(!tag.has(&name), "duplicate attribute {name} in {}", tag.kind);
        rest = &attribute[end..];
        let mut value = String::new();
        if let Some(quoted) = rest.strip_prefix("=\"") {
            let end = quoted.find('"').expect("a value ends");
            assert!(!quoted[..end].contains(['<', '>']), "not escaped: {}", &quoted[..end]);
            value = unescape(&quoted[..end]);
            rest = &quoted[end + 1..];
        }
        tag.attributes.push((name, value));
    }
    (tag, rest.strip_prefix('>').expect("a tag ends after its attributes"))
}

fn unescape(text: &str) -> String {
    let mut plain = text.to_owned();
    for (reference, letter) in
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&amp;", "&")]
    {
        plain = plain.replace(reference, letter);
    }
    plain
}
