//! The figures as a table, ratios first.

use crate::measure::{Result, median};

/// What the first contender must reach: so many times a peer's time.
pub struct Bar {
    peer: &'static str,
    times: f64,
}

impl Bar {
    pub fn times(peer: &'static str, times: f64) -> Self {
        Self { peer, times }
    }
}

/// At most so many allocations per page.
const MOST_ALLOCATIONS: u64 = 6;

/// One page and what everybody needed for it; ours is the first.
pub struct Page {
    name: &'static str,
    results: Vec<Result>,
    bar: Bar,
}

impl Page {
    pub fn new(name: &'static str, results: Vec<Result>, bar: Bar) -> Self {
        Self { name, results, bar }
    }

    fn ours(&self) -> &Result {
        &self.results[0]
    }

    /// The median of the ratios of each round: a busy moment of the machine hits both.
    fn ratio(&self) -> f64 {
        let peer = self.results.iter().find(|result| result.name == self.bar.peer);
        let peer = peer.expect("the peer of the bar was measured");
        let rounds = self.ours().rounds.iter().zip(&peer.rounds);
        median(rounds.map(|(ours, theirs)| ours / theirs).collect())
    }

    pub fn is_met(&self) -> bool {
        let is_page = self.ours().bytes > 0;
        self.ratio() <= self.bar.times && (!is_page || self.ours().allocations <= MOST_ALLOCATIONS)
    }
}

pub fn markdown(pages: &[Page]) {
    for page in pages {
        let (peer, times) = (page.bar.peer, page.bar.times);
        let verdict = if page.is_met() { "met" } else { "NOT MET" };
        println!("## {} ({} bytes)\n", page.name, page.ours().bytes);
        println!("{:.2} × {peer}; bar ≤ {times} × {peer}: **{verdict}**\n", page.ratio());
        println!("| engine | × ours | time | allocations |\n|---|--:|--:|--:|");
        for result in &page.results {
            let times = result.nanoseconds / page.ours().nanoseconds;
            println!(
                "| {} | {times:.2} | {} | {} |",
                result.name,
                time(result.nanoseconds),
                result.allocations
            );
        }
        println!();
    }
}

pub fn json(pages: &[Page]) {
    let pages = pages.iter().map(|page| {
        let engines = page.results.iter().map(|result| {
            serde_json::json!({
                "engine": result.name,
                "nanoseconds": result.nanoseconds,
                "allocations": result.allocations,
            })
        });
        serde_json::json!({
            "page": page.name,
            "bytes": page.ours().bytes,
            "peer": page.bar.peer,
            "ratio": page.ratio(),
            "bar": page.bar.times,
            "met": page.is_met(),
            "engines": engines.collect::<Vec<_>>(),
        })
    });
    println!("{:#}", serde_json::Value::Array(pages.collect()));
}

fn time(nanoseconds: f64) -> String {
    match nanoseconds {
        n if n < 1e3 => format!("{n:.0} ns"),
        n if n < 1e6 => format!("{:.1} µs", n / 1e3),
        n => format!("{:.2} ms", n / 1e6),
    }
}
