//! The text of a page as a person sees it.

use super::document::{Document, NodeId};

/// Elements that don't begin a new line.
const INLINE: [&str; 40] = [
    "", "a", "abbr", "audio", "b", "bdi", "bdo", "button", "canvas", "cite", "code", "data", "del",
    "dfn", "em", "i", "img", "input", "ins", "kbd", "label", "mark", "math", "meter", "output",
    "progress", "q", "s", "samp", "select", "small", "span", "strong", "sub", "sup", "svg", "time",
    "u", "var", "video",
];

/// The text within an element. Spaces are collapsed, each block is on its own line, and the cells of
/// a table are separated by tabs. Contains neither hidden elements nor what is in the controls.
pub(super) fn visible_text(document: &Document, id: NodeId) -> String {
    let mut text = Text::default();
    text.push(document, id, false);
    text.shown
}

/// Like [`visible_text`], but on a single line, and without elements that screen readers don't
/// read. This is the text of a label or button.
pub(super) fn label_text(document: &Document, id: NodeId) -> String {
    let mut text = Text::default();
    text.push(document, id, true);
    on_one_line(&text.shown)
}

/// The text with each run of white space collapsed to a single space.
pub(super) fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The white space to insert before the next word, by strength.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
enum Gap {
    #[default]
    None,
    Space,
    Line,
}

#[derive(Default)]
struct Text {
    shown: String,
    pending: Gap,
    /// The tabs to insert after the gap. Blank cells keep theirs, so that columns can be counted.
    tabs: usize,
    row: Row,
}

/// The row of a table that is being read.
#[derive(Default)]
struct Row {
    /// The length of the text before the row.
    start: usize,
    has_cells: bool,
}

impl Text {
    fn push(&mut self, document: &Document, id: NodeId, is_label: bool) {
        let name = document.name(id);
        // A label may refer to an element that is hidden as a whole, but not to hidden parts of it.
        let is_outer = self.shown.is_empty() && self.pending == Gap::None && is_label;
        let is_unread = is_label && document.attribute(id, "aria-hidden") == Some("true");
        let is_skipped = match name {
            "script" | "style" | "template" | "noscript" | "datalist" | "head" | "title"
            | "select" | "textarea" => true,
            "dialog" => !document.has(id, "open"),
            _ => false,
        };
        if is_skipped || is_unread || (document.has(id, "hidden") && !is_outer) {
            return;
        }
        let gap = match name {
            "br" => Gap::Line,
            "td" | "th" => Gap::None,
            name if INLINE.contains(&name) => Gap::None,
            _ => Gap::Line,
        };
        self.gap(gap);
        match name {
            "tr" => return self.table_row(document, id, is_label),
            "td" | "th" => self.start_cell(),
            _ => {}
        }
        if name.is_empty() {
            let is_exact = document.closest(id, "pre").is_some();
            self.words(document.own_text(id), is_exact);
        } else if name == "img" {
            self.words(document.attribute(id, "alt").unwrap_or_default(), false);
        }
        for child in document.children(id) {
            self.push(document, child, is_label);
        }
        self.gap(gap);
    }

    fn table_row(&mut self, document: &Document, id: NodeId, is_label: bool) {
        let row = Row { start: self.shown.len(), has_cells: false };
        let (outer, tabs) = (std::mem::replace(&mut self.row, row), self.tabs);
        for child in document.children(id) {
            self.push(document, child, is_label);
        }
        if self.is_in_row_with_text() {
            let blank_cells = std::mem::take(&mut self.tabs);
            self.shown.extend(std::iter::repeat_n('\t', blank_cells));
        } else {
            self.tabs = tabs;
        }
        self.row = outer;
        self.gap(Gap::Line);
    }

    fn start_cell(&mut self) {
        if std::mem::replace(&mut self.row.has_cells, true) {
            if self.is_in_row_with_text() {
                self.pending = Gap::None;
            }
            self.tabs += 1;
        }
    }

    fn is_in_row_with_text(&self) -> bool {
        self.shown.len() > self.row.start
    }

    /// A cell starts on the line of its row, even with a block.
    fn gap(&mut self, gap: Gap) {
        if self.tabs == 0 {
            self.pending = self.pending.max(gap);
        }
    }

    fn words(&mut self, text: &str, is_exact: bool) {
        if is_exact && !text.is_empty() {
            self.flush();
            self.shown.push_str(text);
            return;
        }
        for (index, word) in text.split(is_space).enumerate() {
            if index > 0 {
                self.gap(Gap::Space);
            }
            if !word.is_empty() {
                self.flush();
                self.shown.push_str(word);
            }
        }
    }

    fn flush(&mut self) {
        let gap = match std::mem::replace(&mut self.pending, Gap::None) {
            _ if self.shown.is_empty() => "",
            Gap::None => "",
            Gap::Space => " ",
            Gap::Line => "\n",
        };
        self.shown.push_str(gap);
        let tabs = std::mem::take(&mut self.tabs);
        self.shown.extend(std::iter::repeat_n('\t', tabs));
    }
}

/// White space in HTML. A no-break space isn't.
fn is_space(letter: char) -> bool {
    matches!(letter, ' ' | '\t' | '\n' | '\r' | '\x0c')
}

#[cfg(test)]
mod tests {
    use super::super::document::ROOT;
    use super::*;

    #[track_caller]
    fn check(html: &str, expect: &str) {
        assert_eq!(visible_text(&Document::parse(html), ROOT), expect, "{html}");
    }

    #[test]
    fn text_is_laid_out_as_a_browser_does() {
        check("<title>t</title><h1>A  <b>b</b>\nc</h1><p>d<br>e", "A b c\nd\ne");
        check("<head><title>t</title></head><p>a", "a");
        check("<table><tr><td>1<td>2<tr><td>3</table>", "1\t2\n3");
        check(
            "<p>a<table><tr><td>1<td> <td>3<td><tr><td><td>2<tr><td><td></table>b",
            "a\n1\t\t3\t\n\t2\nb",
        );
        check("<table><tr><td><th>A<th hidden>B<th>C", "\tA\tC");
        check("<table><tr><td>1<td><p>2<p>3<td><input><td>5", "1\t2\n3\t\t5");
        check("<table><tr><td>1<td><table><tr><td>2<td><tr><td>3</table><td>4", "1\t2\t\n3\t4");
        check("<pre>a\n  b</pre>c", "a\n  b\nc");
        check("a<span>b</span> <i> c </i>d", "ab c d");
        check("<img alt=Tea>&nbsp;7", "Tea\u{a0}7");
    }

    #[test]
    fn hidden_and_entered_text_is_left_out() {
        check("a<p hidden>b</p><script>c</script><style>d</style><template>e</template>f", "af");
        check("<select><option>b</select><textarea>c</textarea><input value=d>e", "e");
    }

    #[test]
    fn the_text_of_a_label_is_on_one_line() {
        let label = |html| label_text(&Document::parse(html), ROOT);
        assert_eq!(label("<div>The\n<b>code</b></div> <p>is"), "The code is");
        assert_eq!(label("Code <span aria-hidden=true>*</span>"), "Code");
    }
}
