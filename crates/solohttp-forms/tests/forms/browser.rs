//! A minimal browser that submits forms without user input. It implements value sanitization, the
//! choice of fields to send, and the conversion of line breaks (WHATWG HTML 4.10.5.1, 4.10.10,
//! 4.10.21.4).

use solohttp_core::Fields;

use crate::html::{Tag, Token, parse};

/// Presses the first button. Returns the fields that a browser would send.
pub(crate) fn submit(html: &str) -> Fields {
    let mut sent = Fields::new();
    let mut select: Option<Select> = None;
    let mut textarea: Option<(String, String)> = None;
    let mut pressed = false;
    for token in parse(html) {
        match token {
            Token::Start(tag) => match tag.kind.as_str() {
                "input" => input(&tag, &mut sent),
                "textarea" => textarea = Some((name(&tag), String::new())),
                "select" => select = Some(Select::new(&tag)),
                "option" => select.iter_mut().for_each(|select| select.option(&tag)),
                "button" if !pressed => {
                    pressed = true;
                    push(&mut sent, &name(&tag), tag.get("value").unwrap());
                }
                _ => {}
            },
            Token::Text(text) => textarea.iter_mut().for_each(|(_, inner)| inner.push_str(&text)),
            Token::End(kind) if kind == "textarea" => {
                let (name, text) = textarea.take().expect("the end tag follows a start tag");
                push(&mut sent, &name, &text);
            }
            Token::End(kind) if kind == "select" => {
                select.take().expect("the end tag follows a start tag").send(&mut sent);
            }
            Token::End(_) => {}
        }
    }
    sent
}

fn name(tag: &Tag) -> String {
    tag.get("name").unwrap_or_default().to_owned()
}

fn push(sent: &mut Fields, name: &str, value: &str) {
    let value = value.replace("\r\n", "\n").replace('\r', "\n").replace('\n', "\r\n");
    if !name.is_empty() {
        sent.push(name, value);
    }
}

fn input(tag: &Tag, sent: &mut Fields) {
    let value = tag.get("value").unwrap_or_default();
    let one_line = || value.replace(['\n', '\r'], "");
    let shaped = |separators: &[char], lengths: &[usize]| {
        let parts: Vec<&str> = value.split(separators).collect();
        let fits = parts.len() >= lengths.len()
            && parts.iter().zip(lengths).all(|(part, length)| part.len() == *length)
            && parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
        if fits && value.len() <= 23 { value.to_owned() } else { String::new() }
    };
    let kind = tag.get("type").unwrap_or("text");
    let value = match kind {
        "text" | "search" | "tel" | "password" => one_line(),
        "email" | "url" => one_line().trim().to_owned(),
        "number" => value.parse::<f64>().map(|_| value.to_owned()).unwrap_or_default(),
        "range" => slider(tag, value),
        "color" if value.len() == 7 => value.to_lowercase(),
        "color" => "#000000".to_owned(),
        "date" => shaped(&['-'], &[4, 2, 2]),
        "month" => shaped(&['-'], &[4, 2]),
        "week" => value.to_owned(),
        "time" => shaped(&[':', '.'], &[2, 2]),
        "datetime-local" => shaped(&['-', 'T', ':', '.'], &[4, 2, 2, 2, 2]),
        "hidden" => value.to_owned(),
        "checkbox" | "radio" if tag.has("checked") => value.to_owned(),
        "checkbox" | "radio" | "file" => return,
        other => panic!("unknown input type {other}"),
    };
    push(sent, &name(tag), &value);
}

/// 4.10.5.1.13: moves the value into the range and onto a step. The default value is the middle of
/// the range.
fn slider(tag: &Tag, value: &str) -> String {
    let number = |name: &str| tag.get(name).and_then(|text| text.parse::<f64>().ok());
    let (least, most) = (number("min").unwrap_or(0.0), number("max").unwrap_or(100.0));
    let wanted = value.parse::<f64>().unwrap_or_else(|_| f64::midpoint(least, most));
    let step = number("step").unwrap_or(1.0);
    let inside = wanted.clamp(least, most);
    let on_step = least + ((inside - least) / step).round() * step;
    if value.parse() == Ok(on_step) { value.to_owned() } else { on_step.to_string() }
}

struct Select {
    name: String,
    multiple: bool,
    options: Vec<(String, bool)>,
}

impl Select {
    fn new(tag: &Tag) -> Self {
        Self { name: name(tag), multiple: tag.has("multiple"), options: Vec::new() }
    }

    fn option(&mut self, tag: &Tag) {
        self.options.push((tag.get("value").unwrap().to_owned(), tag.has("selected")));
    }

    /// 4.10.7: a drop-down list sends the last selected option, or the first option if none is
    /// selected.
    fn send(self, sent: &mut Fields) {
        let mut selected = self.options.iter().filter(|(_, selected)| *selected);
        if self.multiple {
            selected.for_each(|(value, _)| push(sent, &self.name, value));
        } else if let Some((value, _)) = selected.next_back().or(self.options.first()) {
            push(sent, &self.name, value);
        }
    }
}
