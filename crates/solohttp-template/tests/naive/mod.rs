//! A second, simple and slow implementation of the language. Its functions return `None` for an
//! error.

use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node {
    Nothing,
    Truth(bool),
    Whole(i64),
    Text(String),
    List(Vec<Self>),
    Record(BTreeMap<String, Self>),
}

/// The value that a name refers to during rendering.
#[derive(Clone)]
enum Found {
    Data(Node),
    Markup(Section),
}

/// A rendered section, and whether its source was non-empty.
#[derive(Clone)]
struct Section {
    markup: String,
    is_written: bool,
}

/// The scopes, innermost last. Sections see only the outermost scope.
#[derive(Clone)]
struct Scopes {
    sections: BTreeMap<String, Section>,
    levels: Vec<Level>,
}

#[derive(Clone)]
struct Level {
    record: Node,
    row: Option<(usize, Node)>,
}

impl Scopes {
    fn find(&self, name: &str) -> Option<Found> {
        let is_outside_rows = self.levels.len() == 1;
        if is_outside_rows && let Some(section) = self.sections.get(name) {
            return Some(Found::Markup(section.clone()));
        }
        self.levels.iter().rev().find_map(|level| match &level.record {
            Node::Record(fields) => fields.get(name).cloned().map(Found::Data),
            _ => None,
        })
    }

    fn row(&self) -> Option<&(usize, Node)> {
        self.levels.last().and_then(|level| level.row.as_ref())
    }
}

const BLANKS: &str = "\t\n\u{b}\u{c}\r\u{1c}\u{1d}\u{1e}\u{1f} \u{85}\u{a0}\u{1680}\u{2000}\u{2001}\u{2002}\u{2003}\u{2004}\u{2005}\u{2006}\u{2007}\u{2008}\u{2009}\u{200a}\u{2028}\u{2029}\u{202f}\u{205f}\u{3000}";

fn blank(c: char) -> bool {
    BLANKS.contains(c)
}

fn read(text: &str) -> String {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    text.replace("\r\n", "\n").replace('\r', "\n").trim_start_matches(blank).to_owned()
}

pub(crate) fn page(
    files: &BTreeMap<&'static str, String>,
    name: &str,
    data: &Node,
) -> Option<String> {
    sub(files, name, data, BTreeMap::new())
}

/// Renders a file with sections from the files that extend it.
fn sub(
    files: &BTreeMap<&'static str, String>,
    name: &str,
    data: &Node,
    outer: BTreeMap<String, Section>,
) -> Option<String> {
    let text = read(&files[name]);
    let Some(rest) = text.strip_prefix("<extend>") else {
        return body(&text, &alone(data, outer), false);
    };
    let sections = cut(&rest[..rest.rfind("</extend>")?]);
    let mut rendered = outer.clone();
    for (section, text) in &sections[1..] {
        let markup = body(text, &alone(data, outer.clone()), false)?;
        rendered.insert(section.clone(), Section { markup, is_written: !text.is_empty() });
    }
    sub(files, &sections[0].1, data, rendered)
}

fn alone(data: &Node, sections: BTreeMap<String, Section>) -> Scopes {
    Scopes { sections, levels: vec![Level { record: data.clone(), row: None }] }
}

pub(crate) fn repeat(text: &str, rows: &[Node], context: &Node) -> Option<String> {
    let text = read(text);
    let rest = text.strip_prefix("<loop>")?;
    let parts: BTreeMap<String, String> =
        cut(&rest[..rest.rfind("</loop>")?]).into_iter().collect();
    let outside = alone(context, BTreeMap::new());
    if rows.is_empty() {
        return body(&parts["else"], &outside, false);
    }
    let mut page = body(&parts[""], &outside, false)?;
    for (index, row) in rows.iter().enumerate() {
        page += &body(&parts["begin"], &inside(&outside, index, row), true)?;
    }
    Some(page + &body(&parts["end"], &outside, false)?)
}

fn inside(scopes: &Scopes, index: usize, row: &Node) -> Scopes {
    let mut scopes = scopes.clone();
    scopes.levels.push(Level { record: row.clone(), row: Some((index, row.clone())) });
    scopes
}

/// Returns the stripped sections with their names. The name of the text before the first marker is
/// empty.
fn cut(text: &str) -> Vec<(String, String)> {
    let (mut sections, mut name, mut start, mut at) = (Vec::new(), String::new(), 0, 0);
    let mut depth = 0;
    while let Some(marker) = next_marker(text, at) {
        let words = marker.words.as_str();
        if words == "as is" {
            at = text[marker.end..].find("<?end as?>").map_or(text.len(), |n| marker.end + n + 10);
            continue;
        }
        if words.starts_with("each ") || words.starts_with("if ") {
            depth += 1;
        } else if words.starts_with("end ") {
            depth -= 1;
        } else if depth == 0 {
            sections.push((name, text[start..marker.start].trim_matches(blank).to_owned()));
            name = words.to_owned();
            start = marker.end;
        }
        at = marker.end;
    }
    sections.push((name, text[start..].trim_matches(blank).to_owned()));
    sections
}

struct Marker {
    start: usize,
    end: usize,
    words: String,
}

fn next_marker(text: &str, from: usize) -> Option<Marker> {
    let start = from + text[from..].find("<?")?;
    let end = start + text[start..].find("?>")? + 2;
    let words = text[start + 2..end - 2].trim_matches(blank).to_owned();
    Some(Marker { start, end, words })
}

/// Returns the range to remove for the directive at `start..end`. If the directive is alone on its
/// line, this is the whole line.
fn around(text: &str, start: usize, end: usize) -> (usize, usize) {
    let before = text[..start].trim_end_matches([' ', '\t']);
    let after = text[end..].trim_start_matches([' ', '\t']);
    let is_first = before.is_empty() || before.ends_with('\n');
    let gone = text[end..].len() - after.len();
    if is_first && after.is_empty() {
        (before.len(), text.len())
    } else if is_first && after.starts_with('\n') {
        (before.len(), end + gone + 1)
    } else {
        (start, end)
    }
}

/// Renders the text of a page or section.
fn body(text: &str, scopes: &Scopes, is_row: bool) -> Option<String> {
    let mut page = String::new();
    let marks = directives(text);
    render(text, &marks, 0..text.len(), scopes, is_row, &mut page)?;
    Some(page)
}

/// Returns the directives, each with the range to remove.
fn directives(text: &str) -> Vec<(usize, usize, String)> {
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(marker) = next_marker(text, at) {
        at = marker.end;
        let words = marker.words;
        if words == "as is" {
            let close = marker.end + text[marker.end..].find("<?end as?>").expect("it is closed");
            let (start, end) = around(text, marker.start, marker.end);
            found.push((start, end, words));
            let (start, end) = around(text, close, close + 10);
            found.push((start.max(found[found.len() - 1].1), end, "end as".to_owned()));
            at = close + 10;
        } else if words == "else"
            || ["each ", "if ", "end "].iter().any(|word| words.starts_with(word))
        {
            let (start, end) = around(text, marker.start, marker.end);
            let last = found.last().map_or(0, |(_, end, _)| *end);
            found.push((start.max(last), end, words));
        }
    }
    found
}

fn render(
    text: &str,
    marks: &[(usize, usize, String)],
    range: std::ops::Range<usize>,
    scopes: &Scopes,
    is_row: bool,
    page: &mut String,
) -> Option<()> {
    let (mut at, mut index) = (range.start, 0);
    while index < marks.len() {
        let (start, end, words) = &marks[index];
        slots(&text[at..*start], scopes, is_row, page)?;
        if words == "as is" {
            page.push_str(&text[*end..marks[index + 1].0]);
            at = marks[index + 1].1;
            index += 2;
            continue;
        }
        let (mut depth, mut close, mut other) = (1, index, None);
        while depth > 0 {
            close += 1;
            match marks[close].2.as_str() {
                "end as" => {}
                words if words.starts_with("end ") => depth -= 1,
                "else" if depth == 1 => other = Some(close),
                "else" | "as is" => {}
                _ => depth += 1,
            }
        }
        let middle = other.unwrap_or(close);
        let yes = |scopes: &Scopes, is_row, page: &mut String| {
            render(text, &marks[index + 1..middle], *end..marks[middle].0, scopes, is_row, page)
        };
        let no = |page: &mut String| match other {
            Some(other) => render(
                text,
                &marks[other + 1..close],
                marks[other].1..marks[close].0,
                scopes,
                is_row,
                page,
            ),
            None => Some(()),
        };
        if let Some(name) = words.strip_prefix("if ") {
            if is_there(scopes.find(name)) { yes(scopes, is_row, page)? } else { no(page)? }
        } else {
            let rows = match scopes.find(words.strip_prefix("each ")?) {
                None | Some(Found::Data(Node::Nothing)) => Vec::new(),
                Some(Found::Data(Node::List(rows))) => rows,
                Some(Found::Data(record @ Node::Record(_))) => vec![record],
                Some(_) => return None,
            };
            for (index, row) in rows.iter().enumerate() {
                yes(&inside(scopes, index, row), true, page)?;
            }
            if rows.is_empty() {
                no(page)?;
            }
        }
        at = marks[close].1;
        index = close + 1;
    }
    slots(&text[at..range.end], scopes, is_row, page)
}

fn is_there(found: Option<Found>) -> bool {
    match found {
        None | Some(Found::Data(Node::Nothing)) => false,
        Some(Found::Markup(section)) => section.is_written,
        Some(Found::Data(Node::Truth(truth))) => truth,
        Some(Found::Data(Node::Text(text))) => !text.is_empty(),
        Some(Found::Data(Node::List(items))) => !items.is_empty(),
        Some(Found::Data(Node::Record(fields))) => !fields.is_empty(),
        Some(Found::Data(Node::Whole(_))) => true,
    }
}

fn slots(text: &str, scopes: &Scopes, is_row: bool, page: &mut String) -> Option<()> {
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        page.push_str(&rest[..open]);
        rest = &rest[open..];
        let inner = rest[1..].split('}').next().unwrap_or("");
        let is_closed = rest.len() > inner.len() + 1;
        if !is_closed || !slot(inner, scopes, is_row, page)? {
            page.push('{');
            rest = &rest[1..];
        } else {
            rest = &rest[inner.len() + 2..];
        }
    }
    page.push_str(rest);
    Some(())
}

/// Renders `inner` if it is a slot, and returns whether it was one.
fn slot(inner: &str, scopes: &Scopes, is_row: bool, page: &mut String) -> Option<bool> {
    let (is_raw, inner) = (inner.starts_with('.'), inner.strip_prefix('.').unwrap_or(inner));
    let (name, format) = match inner.split_once(':') {
        Some((name, format)) => (name, Some(format)),
        None => (inner, None),
    };
    let is_word =
        |word: &str| !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || c == '_');
    let plain = name.strip_prefix('@').unwrap_or(name);
    if !is_word(plain)
        || !plain.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        || format.is_some_and(|format| !is_word(format))
    {
        return Some(false);
    }
    let value = match (name, scopes.row()) {
        ("@it", Some((_, row))) if is_row => Some(Found::Data(row.clone())),
        ("@index", Some((index, _))) if is_row => Some(Found::Data(Node::Whole(*index as i64))),
        ("@number", Some((index, _))) if is_row => {
            Some(Found::Data(Node::Whole(*index as i64 + 1)))
        }
        _ if name.starts_with('@') => return Some(false),
        _ => scopes.find(name),
    };
    match (value, format) {
        (None, None) if !is_raw => *page += &format!("{{{name}}}"),
        (None, _) => return None,
        (Some(Found::Markup(section)), None) => *page += &section.markup,
        (Some(Found::Markup(_)), Some(_)) => return None,
        (Some(Found::Data(value)), None) => show(&value, is_raw, page)?,
        (Some(Found::Data(value)), Some(_)) => num(&value, page)?,
    }
    Some(true)
}

fn show(value: &Node, is_raw: bool, page: &mut String) -> Option<()> {
    match value {
        Node::Nothing => {}
        Node::Truth(truth) => *page += &truth.to_string(),
        Node::Whole(number) => *page += &number.to_string(),
        Node::Text(text) if is_raw => *page += text,
        Node::Text(text) => {
            for c in text.chars() {
                match c {
                    '&' => *page += "&amp;",
                    '<' => *page += "&lt;",
                    '>' => *page += "&gt;",
                    '"' => *page += "&quot;",
                    '\'' => *page += "&#x27;",
                    c => page.push(c),
                }
            }
        }
        Node::List(items) => return items.iter().try_for_each(|item| show(item, is_raw, page)),
        Node::Record(_) => return None,
    }
    Some(())
}

fn num(value: &Node, page: &mut String) -> Option<()> {
    let digits = match value {
        Node::Nothing => return Some(()),
        Node::Truth(truth) => u64::from(*truth).to_string(),
        Node::Whole(number) => {
            if *number < 0 {
                page.push('-');
            }
            number.unsigned_abs().to_string()
        }
        _ => return None,
    };
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            page.push(',');
        }
        page.push(digit);
    }
    Some(())
}
