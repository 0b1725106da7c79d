//! Whole files: which sort one is, and its sections.

use std::sync::Arc;

use super::blank::is_blank;
use super::nodes::{Halt, Parser, ROW_SECTION};
use super::slot::is_name;
use super::tree::{Extend, File, Section, Sections};
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind};
use crate::nearest;
use crate::source::{Place, Source};

/// The two sorts of file that have sections, by the tag they begin with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tag {
    Extend,
    Loop,
}

impl Tag {
    fn open(self) -> &'static str {
        match self {
            Self::Extend => "<extend>",
            Self::Loop => "<loop>",
        }
    }

    fn close(self) -> &'static str {
        match self {
            Self::Extend => "</extend>",
            Self::Loop => "</loop>",
        }
    }
}

/// Parses a file's text, whose first characters decide what it is.
pub(crate) fn parse_file(source: &Arc<Source>, dialect: &Dialect) -> Result<File, Error> {
    let text = source.text.as_str();
    let start = text.len() - text.trim_start_matches(is_blank).len();
    for tag in [Tag::Extend, Tag::Loop] {
        if text[start..].starts_with(tag.open()) {
            let body = start + tag.open().len();
            let end = closing(source, tag, start, body)?;
            let parser = Parser::new(source, dialect, body..end, true);
            return match tag {
                Tag::Extend => extend(parser, body).map(File::Extend),
                Tag::Loop => repeat(parser).map(File::Repeat),
            };
        }
    }
    if dialect.is_strict() {
        refuse_look_alike(source, start)?;
    }
    Parser::new(source, dialect, start..text.len(), false).page().map(File::Page)
}

/// Where the last closing tag stands; nothing may follow it.
fn closing(source: &Arc<Source>, tag: Tag, start: usize, body: usize) -> Result<usize, Error> {
    let Some(length) = source.text[body..].rfind(tag.close()) else {
        return Err(Error::new(ErrorKind::Syntax, format!("`{}` is never closed", tag.open()))
            .at(&Place::new(source, start, body), "opened here")
            .help(format!("end the file with `{}`", tag.close())));
    };
    let end = body + length;
    let after = end + tag.close().len();
    let rest = &source.text[after..];
    let junk = rest.trim_matches(is_blank);
    if junk.is_empty() {
        return Ok(end);
    }
    let junk_start = after + rest.len() - rest.trim_start_matches(is_blank).len();
    Err(Error::new(ErrorKind::Syntax, format!("text after `{}`", tag.close()))
        .at(
            &Place::new(source, junk_start, junk_start + junk.len()),
            "expected the end of the file",
        )
        .help("it would never be shown: move it into a section, or into the base"))
}

/// A plain page that was probably meant to be something else.
fn refuse_look_alike(source: &Arc<Source>, start: usize) -> Result<(), Error> {
    let text = &source.text[start..];
    for tag in [Tag::Extend, Tag::Loop] {
        let word = &tag.open()[1..tag.open().len() - 1];
        let near = text
            .strip_prefix('<')
            .and_then(|inner| inner.split_once('>'))
            .is_some_and(|(inner, _)| inner.trim_matches(is_blank).eq_ignore_ascii_case(word));
        let at = if near { Some(0) } else { text.find(tag.open()) };
        if let Some(at) = at {
            let length = text[at..].find('>').map_or(1, |end| end + 1);
            let place = Place::new(source, start + at, start + at + length);
            let message = format!("this looks like `{}`, but the file is a plain page", tag.open());
            return Err(Error::new(ErrorKind::Syntax, message)
                .at(&place, format!("expected exactly `{}`, at the very beginning", tag.open()))
                .help("in a text about templates, write `&lt;` for the `<`"));
        }
    }
    Ok(())
}

fn extend(mut parser: Parser<'_>, body: usize) -> Result<Extend, Error> {
    let source = Arc::clone(parser.source);
    let (_, mut halt) = parser.section(false)?;
    let first = match &halt {
        Halt::Section(marker, _) => marker.start,
        _ => source.text.rfind(Tag::Extend.close()).unwrap_or(source.text.len()),
    };
    let base = trimmed(&source, body, first);
    if base.text().is_empty() {
        return Err(Error::new(ErrorKind::Syntax, "`<extend>` without the name of a base")
            .at(
                &Place::new(&source, body - Tag::Extend.open().len(), body),
                "expected a name after it",
            )
            .help("for example `<extend>page <?title?>…</extend>`"));
    }
    let mut sections: Vec<Section> = Vec::new();
    while let Halt::Section(marker, name) = halt {
        let name = section_name(&marker, name)?;
        if let Some(earlier) = sections.iter().find(|section| section.name.text() == name.text()) {
            return Err(repeated(&name, &earlier.name));
        }
        let (nodes, next) = parser.section(false)?;
        sections.push(Section { name, nodes });
        halt = next;
    }
    Ok(Extend { base, sections })
}

fn section_name(marker: &Place, name: Place) -> Result<Place, Error> {
    let name = trimmed(&name.source, name.start, name.end);
    if is_name(name.text()) {
        return Ok(name);
    }
    let shown = if name.text().is_empty() { marker } else { &name };
    Err(Error::new(ErrorKind::Section, "this is not a section's name")
        .at(shown, "expected one plain word: letters, digits and `_`")
        .help("for a processing instruction in the page, write `<?as is?>…<?end as?>` around it"))
}

fn repeated(name: &Place, earlier: &Place) -> Error {
    Error::new(ErrorKind::Section, format!("the section `{}` is there twice", name.text()))
        .at(name, format!("the first one is on line {}", earlier.line()))
}

fn repeat(mut parser: Parser<'_>) -> Result<Sections, Error> {
    let source = Arc::clone(parser.source);
    let mut sections = Sections::default();
    let mut seen: Vec<Place> = Vec::new();
    let (preamble, mut halt) = parser.section(false)?;
    sections.preamble = preamble;
    while let Halt::Section(marker, name) = halt {
        let name = section_name(&marker, name)?;
        if let Some(earlier) = seen.iter().find(|earlier| earlier.text() == name.text()) {
            return Err(repeated(&name, earlier));
        }
        let (nodes, next) = parser.section(name.text() == ROW_SECTION)?;
        match name.text() {
            ROW_SECTION => sections.begin = nodes,
            "end" => sections.end = nodes,
            "else" => sections.otherwise = nodes,
            other => {
                return Err(Error::new(
                    ErrorKind::Section,
                    format!("a loop has no section `{other}`"),
                )
                .at(&name, nearest::hint(other, "its sections", &[ROW_SECTION, "end", "else"])));
            }
        }
        seen.push(name);
        halt = next;
    }
    if seen.iter().any(|name| name.text() == ROW_SECTION) {
        return Ok(sections);
    }
    let start = source.text.find(Tag::Loop.open()).unwrap_or(0);
    Err(Error::new(ErrorKind::Section, "a loop without `<?begin?>`")
        .at(&Place::new(&source, start, start + Tag::Loop.open().len()), "this loop has no body")
        .help("the text after `<?begin?>` is shown once for each row"))
}

fn trimmed(source: &Arc<Source>, start: usize, end: usize) -> Place {
    let text = &source.text[start..end];
    let from = start + text.len() - text.trim_start_matches(is_blank).len();
    let length = text.trim_matches(is_blank).len();
    Place::new(source, from.min(end), from.min(end) + length)
}
