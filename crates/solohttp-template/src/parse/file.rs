//! Determines a file's kind and parses its sections.

use std::sync::Arc;

use super::blank::is_blank;
use super::nodes::{parse_nodes, reject_include};
use super::sections::{RawSection, cut};
use super::tree::{Extend, File, Section, Sections};
use super::{Settings, Surroundings};
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind};
use crate::hint;
use crate::source::{Place, Source};

/// The tags that start a file with sections.
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

/// Parses a file's source that isn't in a folder. Its first characters determine its kind.
pub(crate) fn parse_inline_file(source: &Arc<Source>, dialect: &Dialect) -> Result<File, Error> {
    parse_file(source, Settings { dialect, include: &reject_include })
}

/// Parses a file. Its first characters determine its kind.
pub(crate) fn parse_file(source: &Arc<Source>, settings: Settings<'_>) -> Result<File, Error> {
    let text = source.text.as_str();
    let start = text.len() - text.trim_start_matches(is_blank).len();
    for tag in [Tag::Extend, Tag::Loop] {
        if text[start..].starts_with(tag.open()) {
            let body = start + tag.open().len();
            let end = closing(source, tag, start, body)?;
            let sections = cut(source, body..end)?;
            return match tag {
                Tag::Extend => extend(source, settings, &sections).map(File::Extend),
                Tag::Loop => repeat(source, settings, &sections).map(File::Repeat),
            };
        }
    }
    if settings.dialect.is_strict() {
        reject_look_alike(source, start)?;
    }
    parse_nodes(source, settings, start..text.len(), Surroundings::PAGE).map(File::Page)
}

/// Finds the last closing tag, which must end the file.
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
        .help("this text would never be shown: move it into a section or into the base"))
}

/// Rejects a plain page that looks as if it were meant to be an extension or a loop.
fn reject_look_alike(source: &Arc<Source>, start: usize) -> Result<(), Error> {
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
                .at(&place, format!("expected exactly `{}` at the start of the file", tag.open()))
                .help("if it is meant as text, write `&lt;` for the `<`"));
        }
    }
    Ok(())
}

fn extend(
    source: &Arc<Source>,
    settings: Settings<'_>,
    sections: &[RawSection],
) -> Result<Extend, Error> {
    let base = sections[0].text.clone();
    if base.text().is_empty() {
        let start = source.text.find(Tag::Extend.open()).unwrap_or(0);
        let place = Place::new(source, start, start + Tag::Extend.open().len());
        return Err(Error::new(ErrorKind::Syntax, "`<extend>` without a base")
            .at(&place, "expected the name of a template after it")
            .help("for example `<extend>page <?title?>…</extend>`"));
    }
    let sections = sections.iter().filter_map(|section| {
        let name = section.name.clone()?;
        let range = section.text.start..section.text.end;
        let nodes = parse_nodes(source, settings, range, Surroundings::PAGE);
        Some(nodes.map(|nodes| Section { name, nodes }))
    });
    Ok(Extend { base, sections: sections.collect::<Result<_, _>>()? })
}

/// The section of a loop that is rendered for each row.
const ROW_SECTION: &str = "begin";

fn repeat(
    source: &Arc<Source>,
    settings: Settings<'_>,
    cuts: &[RawSection],
) -> Result<Sections, Error> {
    let mut sections = Sections::default();
    let mut has_body = false;
    for section in cuts {
        let name = section.name.as_ref().map_or("", Place::text);
        let range = section.text.start..section.text.end;
        let surroundings = if name == ROW_SECTION { Surroundings::ROW } else { Surroundings::PAGE };
        let nodes = parse_nodes(source, settings, range, surroundings)?;
        match (name, &section.name) {
            (ROW_SECTION, _) => {
                has_body = true;
                sections.begin = nodes;
            }
            ("end", _) => sections.end = nodes,
            ("else", _) => sections.otherwise = nodes,
            (_, None) => sections.preamble = nodes,
            (other, Some(place)) => {
                let suggestion =
                    hint::suggest(other, "its sections", &[ROW_SECTION, "end", "else"]);
                return Err(Error::new(
                    ErrorKind::Section,
                    format!("a loop has no section `{other}`"),
                )
                .at(place, suggestion));
            }
        }
    }
    if has_body {
        return Ok(sections);
    }
    let start = source.text.find(Tag::Loop.open()).unwrap_or(0);
    Err(Error::new(ErrorKind::Section, "a loop without `<?begin?>`")
        .at(&Place::new(source, start, start + Tag::Loop.open().len()), "this loop has no body")
        .help("the text after `<?begin?>` is rendered for each row"))
}
