//! A template's source text, and positions in it. A position has a line, a column, and the text to
//! quote in an error.

use std::sync::Arc;

/// The source text of a template.
#[derive(Debug)]
pub(crate) struct Source {
    /// The name that errors show, which is a file name or "inline template".
    pub(crate) name: String,
    pub(crate) text: String,
}

impl Source {
    pub(crate) fn inline(text: &str) -> Arc<Self> {
        Arc::new(Self { name: "inline template".to_owned(), text: text.to_owned() })
    }

    /// Decodes a file. Removes the byte-order mark and normalizes line endings to `\n`.
    ///
    /// If the file isn't UTF-8, returns an error with the offset of the first invalid byte, and all
    /// bytes.
    pub(crate) fn from_file(name: &str, bytes: Vec<u8>) -> Result<Arc<Self>, (usize, Vec<u8>)> {
        let text = String::from_utf8(bytes)
            .map_err(|error| (error.utf8_error().valid_up_to(), error.into_bytes()))?;
        let mut text = match text.strip_prefix('\u{feff}') {
            Some(marked) => marked.to_owned(),
            None => text,
        };
        if text.contains('\r') {
            text = text.replace("\r\n", "\n").replace('\r', "\n");
        }
        Ok(Arc::new(Self { name: name.to_owned(), text }))
    }
}

/// A range in a template's source text.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) source: Arc<Source>,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Place {
    pub(crate) fn new(source: &Arc<Source>, start: usize, end: usize) -> Self {
        Self { source: Arc::clone(source), start, end }
    }

    pub(crate) fn text(&self) -> &str {
        &self.source.text[self.start..self.end]
    }

    /// Returns the line, counted from 1.
    pub(crate) fn line(&self) -> usize {
        self.source.text[..self.start].matches('\n').count() + 1
    }

    /// Returns the column in characters, counted from 1.
    pub(crate) fn column(&self) -> usize {
        self.source.text[self.line_start()..self.start].chars().count() + 1
    }

    /// Returns the line on which the range starts, without its line ending.
    pub(crate) fn line_text(&self) -> &str {
        let line = &self.source.text[self.line_start()..];
        line.split(['\n', '\r']).next().unwrap_or(line)
    }

    /// Returns the number of characters that the range covers on its first line, but at least 1.
    pub(crate) fn width(&self) -> usize {
        let first = self.text().split(['\n', '\r']).next().unwrap_or("");
        first.chars().count().max(1)
    }

    fn line_start(&self) -> usize {
        self.source.text[..self.start].rfind(['\n', '\r']).map_or(0, |at| at + 1)
    }
}
