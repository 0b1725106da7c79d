//! One page by several engines: that all wrote the same, and who needed how long for it.

use std::fs::File;
use std::hint::black_box;

use race::{Bar, Contender, Row, race};
use solohttp_core::IoList;

/// At most so many allocations per page.
const MOST_ALLOCATIONS: f64 = 6.0;

/// Ours comes first, then the others.
pub struct Page<'c> {
    what: &'static str,
    /// What the first one wrote, without the spelling of entities.
    text: Option<String>,
    bytes: usize,
    contenders: Vec<Contender<'c>>,
}

impl<'c> Page<'c> {
    pub fn new(what: &'static str) -> Self {
        Self { what, text: None, bytes: 0, contenders: Vec::new() }
    }

    /// An engine that makes the bytes of the page.
    pub fn by<R: Into<Vec<u8>>>(self, name: &'static str, render: impl Fn() -> R + 'c) -> Self {
        let page = render().into();
        self.contender(name, page, move || drop(black_box(render())))
    }

    /// The same, and the page is written to a file descriptor as well.
    pub fn written<R: Into<Vec<u8>>>(
        self,
        name: &'static str,
        render: impl Fn() -> R + 'c,
    ) -> Self {
        let (page, mut sink) = (render().into(), crate::sink());
        self.contender(name, page, move || {
            crate::write_out(&black_box(render().into()), &mut sink);
        })
    }

    /// An engine that makes a list of pieces, and writes that.
    pub fn pieces(
        self,
        name: &'static str,
        render: impl Fn() -> IoList + 'c,
        write: impl Fn(&IoList, &mut File) + 'c,
    ) -> Self {
        let (page, mut sink) = (render().into_bytes(), crate::sink());
        self.contender(name, page, move || write(&black_box(render()), &mut sink))
    }

    fn contender(mut self, name: &'static str, page: Vec<u8>, run: impl FnMut() + 'c) -> Self {
        let text = plain(&page);
        match &self.text {
            Some(first) => assert_eq!(&text, first, "{name} wrote another page"),
            None => (self.text, self.bytes) = (Some(text), page.len()),
        }
        self.contenders.push(Contender::new(name, run));
        self
    }

    /// Ours may take so many times what this peer takes.
    pub fn race(self, peer: &'static str, times: f64) -> Row {
        let what = format!("{} ({} bytes)", self.what, self.bytes);
        let entrants = race(&what, self.contenders);
        let row = Row::new(what, "ns", entrants).with_bar(Bar::Times(peer, times));
        if self.bytes > 0 { row.with_bar(Bar::Most("allocations", MOST_ALLOCATIONS)) } else { row }
    }
}

/// Engines spell the five characters differently.
fn plain(page: &[u8]) -> String {
    let mut page = String::from_utf8_lossy(page).into_owned();
    for (entities, plain) in [
        (["&lt;", "&#60;", "&#x3c;"], "<"),
        (["&gt;", "&#62;", "&#x3e;"], ">"),
        (["&quot;", "&#34;", "&#x22;"], "\""),
        (["&#x27;", "&#39;", "&apos;"], "'"),
        (["&#x2F;", "&#x2f;", "&#47;"], "/"),
        (["&#x3D;", "&#x3d;", "&#61;"], "="),
        (["&amp;", "&#38;", "&#x26;"], "&"),
    ] {
        for entity in entities {
            page = page.replace(entity, plain);
        }
    }
    page.trim_end().to_owned()
}
