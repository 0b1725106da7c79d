//! An HTML page as a tree. Only this module uses html5gum, which splits HTML into tags and text as
//! browsers do.
//!
//! The tree is built with the rules that valid pages need: elements without an end tag, and end
//! tags that may be omitted. Errors such as misnested tags aren't repaired as in a browser.

use std::collections::HashMap;

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{StartTag, Token, Tokenizer};

/// The index of a node. Parents have lower indexes than their children, and the order of the
/// indexes is that of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct NodeId(usize);

/// The root of every document.
pub(super) const ROOT: NodeId = NodeId(0);

#[derive(Debug, Clone)]
pub(super) struct Document {
    nodes: Vec<Node>,
    /// The first element with each id.
    ids: HashMap<String, NodeId>,
}

#[derive(Debug, Clone)]
struct Node {
    parent: NodeId,
    children: Vec<NodeId>,
    /// The name of an element, in lower case; empty for text.
    name: String,
    attributes: Vec<(String, String)>,
    text: String,
}

/// Elements that have no end tag (WHATWG HTML section 13.1.2).
const VOID: [&str; 13] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr",
];

/// Elements whose start tag ends a paragraph (section 13.1.2.4).
const ENDS_PARAGRAPH: [&str; 32] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "details",
    "dialog",
    "div",
    "dl",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "pre",
    "search",
    "section",
    "table",
    "ul",
];

/// Elements that contain the effect of an end tag within them.
const SCOPES: [&str; 8] =
    ["table", "td", "th", "caption", "template", "button", "fieldset", "select"];

/// The open elements that a start tag ends, and the elements beyond which it doesn't look.
fn ended_by(name: &str) -> (&'static [&'static str], &'static [&'static str]) {
    match name {
        "li" => (&["li"], &["ul", "ol", "menu"]),
        "dt" | "dd" => (&["dt", "dd"], &["dl"]),
        "option" => (&["option"], &["select", "datalist"]),
        "optgroup" => (&["option", "optgroup"], &["select"]),
        "td" | "th" => (&["td", "th", "caption", "colgroup"], &["table", "tr"]),
        "tr" => (&["td", "th", "tr", "caption", "colgroup"], &["table"]),
        "tbody" | "thead" | "tfoot" => {
            (&["td", "th", "tr", "tbody", "thead", "tfoot", "caption", "colgroup"], &["table"])
        }
        name if ENDS_PARAGRAPH.contains(&name) => (&["p"], &SCOPES),
        _ => (&[], &[]),
    }
}

impl Document {
    pub(super) fn parse(html: &str) -> Self {
        let mut emitter = DefaultEmitter::default();
        emitter.naively_switch_states(true);
        let mut builder = Builder::new();
        for Ok(token) in Tokenizer::new_with_emitter(html, emitter) {
            match token {
                Token::StartTag(tag) => builder.start(&tag),
                Token::EndTag(tag) => builder.end(&string(&tag.name)),
                Token::String(text) => builder.text(&string(&text)),
                Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
            }
        }
        let mut document = Self { nodes: builder.nodes, ids: HashMap::new() };
        for id in document.elements().collect::<Vec<_>>() {
            if let Some(name) = document.attribute(id, "id") {
                let name = name.to_owned();
                document.ids.entry(name).or_insert(id);
            }
        }
        document
    }

    fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0]
    }

    /// All elements with this name, in order.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = NodeId> {
        self.elements().filter(move |&id| self.name(id) == name)
    }

    pub(super) fn elements(&self) -> impl Iterator<Item = NodeId> {
        (1..self.nodes.len()).map(NodeId).filter(|&id| !self.name(id).is_empty())
    }

    /// The name of an element, or an empty string for text.
    pub(super) fn name(&self, id: NodeId) -> &str {
        &self.node(id).name
    }

    /// The content of a text node; empty for elements.
    pub(super) fn own_text(&self, id: NodeId) -> &str {
        &self.node(id).text
    }

    pub(super) fn attribute(&self, id: NodeId, name: &str) -> Option<&str> {
        let mut attributes = self.node(id).attributes.iter();
        attributes.find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn has(&self, id: NodeId, attribute: &str) -> bool {
        self.attribute(id, attribute).is_some()
    }

    pub(super) fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        self.node(id).children.iter().copied()
    }

    /// The elements around this node, innermost first.
    pub(super) fn ancestors(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        let parent = |&id: &NodeId| (id != ROOT).then(|| self.node(id).parent);
        std::iter::successors(parent(&id), parent).filter(|&id| id != ROOT)
    }

    /// The innermost element with this name around a node.
    pub(super) fn closest(&self, id: NodeId, name: &str) -> Option<NodeId> {
        self.ancestors(id).find(|&id| self.name(id) == name)
    }

    /// The elements within an element, in order.
    pub(super) fn descendants(&self, of: NodeId) -> Vec<NodeId> {
        let children = self.children(of).filter(|&id| !self.name(id).is_empty());
        children.flat_map(|id| std::iter::once(id).chain(self.descendants(id))).collect()
    }

    /// All text within an element, unchanged.
    pub(super) fn inner_text(&self, id: NodeId) -> String {
        let mut text = self.own_text(id).to_owned();
        for child in self.children(id) {
            text.push_str(&self.inner_text(child));
        }
        text
    }

    pub(super) fn by_id(&self, id: &str) -> Option<NodeId> {
        self.ids.get(id).copied()
    }

    /// The elements whose ids are listed in this attribute, separated by spaces.
    pub(super) fn referenced(&self, by: NodeId, attribute: &str) -> impl Iterator<Item = NodeId> {
        let ids = self.attribute(by, attribute).unwrap_or_default().split_ascii_whitespace();
        ids.filter_map(|id| self.by_id(id))
    }

    /// Whether a person can't see the node, as far as HTML tells. Style sheets aren't read.
    pub(super) fn is_hidden(&self, id: NodeId) -> bool {
        let hides = |id: NodeId| {
            self.has(id, "hidden")
                || match self.name(id) {
                    "head" | "title" | "script" | "style" | "template" | "noscript"
                    | "datalist" => true,
                    "dialog" => !self.has(id, "open"),
                    _ => false,
                }
        };
        hides(id) || self.ancestors(id).any(hides)
    }
}

struct Builder {
    nodes: Vec<Node>,
    /// The open elements, outermost first.
    open: Vec<NodeId>,
    /// Whether to drop a line break, which isn't part of the content at its very start.
    drops_line_break: bool,
}

impl Builder {
    fn new() -> Self {
        let mut builder = Self { nodes: Vec::new(), open: Vec::new(), drops_line_break: false };
        builder.push(String::new(), Vec::new(), String::new());
        builder.open.push(ROOT);
        builder
    }

    fn push(&mut self, name: String, attributes: Vec<(String, String)>, text: String) -> NodeId {
        let id = NodeId(self.nodes.len());
        let parent = self.open.last().copied().unwrap_or(ROOT);
        self.nodes.push(Node { parent, children: Vec::new(), name, attributes, text });
        if id != ROOT {
            self.nodes[parent.0].children.push(id);
        }
        id
    }

    fn name(&self, id: NodeId) -> &str {
        &self.nodes[id.0].name
    }

    fn start(&mut self, tag: &StartTag<()>) {
        let name = string(&tag.name);
        let is_open = |wanted: &str| self.open.iter().any(|&id| self.name(id) == wanted);
        // A form can't contain another one (section 13.2.6.4.7).
        if name == "form" && is_open("form") {
            return;
        }
        let is_foreign = is_open("svg") || is_open("math");
        let (ended, within) = ended_by(&name);
        while self.close(ended, within) {}
        let attributes =
            tag.attributes.iter().map(|(name, value)| (string(name), string(value))).collect();
        self.drops_line_break = matches!(name.as_str(), "textarea" | "pre" | "listing");
        let is_empty = VOID.contains(&name.as_str()) || (is_foreign && tag.self_closing);
        let id = self.push(name, attributes, String::new());
        if !is_empty {
            self.open.push(id);
        }
    }

    fn end(&mut self, name: &str) {
        self.drops_line_break = false;
        let within: &[&str] = if SCOPES.contains(&name) { &[] } else { &SCOPES };
        // An end tag of a table also ends the cells in it.
        let is_of_table = matches!(name, "tr" | "tbody" | "thead" | "tfoot");
        self.close(&[name], if is_of_table { &["table"] } else { within });
    }

    /// Closes the innermost of these elements and everything in it. Returns whether there was one.
    fn close(&mut self, names: &[&str], within: &[&str]) -> bool {
        for (index, &id) in self.open.iter().enumerate().skip(1).rev() {
            if names.contains(&self.name(id)) {
                self.open.truncate(index);
                return true;
            }
            if within.contains(&self.name(id)) {
                return false;
            }
        }
        false
    }

    fn text(&mut self, text: &str) {
        let is_first = std::mem::take(&mut self.drops_line_break);
        let text = if is_first { text.strip_prefix('\n').unwrap_or(text) } else { text };
        self.push(String::new(), Vec::new(), text.to_owned());
    }
}

fn string(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tree in parentheses.
    fn shown(document: &Document, id: NodeId) -> String {
        let inner: String = document.children(id).map(|child| shown(document, child)).collect();
        match document.name(id) {
            "" => format!("{}{inner}", document.own_text(id)),
            name => format!("({name} {inner})"),
        }
    }

    #[track_caller]
    fn check(html: &str, expect: &str) {
        let document = Document::parse(html);
        assert_eq!(shown(&document, ROOT), expect, "{html}");
    }

    #[test]
    fn elements_nest() {
        check("<p>a<b>c</b></p>d", "(p a(b c))d");
        check("a<br>b<input>c", "a(br )b(input )c");
        check("<P CLASS=x>&lt;&eacute;</P>", "(p <é)");
        check("<svg><path/>a</svg>b<i/>c", "(svg (path )a)b(i c)");
    }

    #[test]
    fn end_tags_can_be_omitted() {
        check("<ul><li>a<li>b<ul><li>c</ul><li>d</ul>", "(ul (li a)(li b(ul (li c)))(li d))");
        check("<p>a<p>b<div>c</div>", "(p a)(p b)(div c)");
        check(
            "<table><tr><td>a<td>b<tr><th>c<tbody><tr><td>d</table>e",
            "(table (tr (td a)(td b))(tr (th c))(tbody (tr (td d))))e",
        );
        check("<table><tr><td><p>a</tr><tr></table>", "(table (tr (td (p a)))(tr ))");
        check(
            "<select><option>a<optgroup><option>b<option>c<optgroup></select>d",
            "(select (option a)(optgroup (option b)(option c))(optgroup ))d",
        );
        check("<dl><dt>a<dd>b<dt>c</dl>", "(dl (dt a)(dd b)(dt c))");
    }

    #[test]
    fn wrong_end_tags_are_ignored() {
        check("a</b>c", "ac");
        check("<td><b></td>c", "(td (b ))c");
        check("<fieldset><b></p></fieldset>c", "(fieldset (b ))c");
        check("<form>a<form>b</form>c", "(form ab)c");
    }

    #[test]
    fn some_elements_contain_no_tags() {
        check("<textarea>\n\n<p>&amp;</p></textarea>a", "(textarea \n<p>&</p>)a");
        check("<title><b></title>", "(title <b>)");
        check("<script>'<p>'</script>", "(script '<p>')");
        check("<pre>\na</pre>\n", "(pre a)\n");
    }
}
