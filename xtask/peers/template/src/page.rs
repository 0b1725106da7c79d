//! One page by several engines: checks that the output is equal, and times them.

use std::fs::File;
use std::hint::black_box;

use race::{Bar, Contender, Row, race};
use solohttp_core::IoList;

/// The maximum number of allocations per page.
const MOST_ALLOCATIONS: f64 = 6.0;

/// solohttp comes first, then the others.
pub struct Page<'c> {
    what: &'static str,
    /// The first engine's output, with entities normalized.
    text: Option<String>,
    bytes: usize,
    contenders: Vec<Contender<'c>>,
}

impl<'c> Page<'c> {
    pub fn new(what: &'static str) -> Self {
        Self { what, text: None, bytes: 0, contenders: Vec::new() }
    }

    /// An engine that returns the bytes of the page.
    pub fn by<R: Into<Vec<u8>>>(self, name: &'static str, render: impl Fn() -> R + 'c) -> Self {
        let page = render().into();
        self.contender(name, page, move || drop(black_box(render())))
    }

    /// The same, also written to a file descriptor.
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

    /// An engine that returns a list of pieces, and writes it.
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

    /// Sets the target: at most this many times the time of `peer`.
    pub fn race(self, peer: &'static str, times: f64) -> Row {
        let what = format!("{} ({} bytes)", self.what, self.bytes);
        let entrants = race(&what, self.contenders);
        let row = Row::new(what, "ns", entrants).with_bar(Bar::Times(peer, times));
        if self.bytes > 0 { row.with_bar(Bar::Most("allocations", MOST_ALLOCATIONS)) } else { row }
    }
}

/// Engines spell the five escaped characters differently.
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
