//! Nanoseconds per look-up: our tree against `matchit`, our router against axum's.
//!
//! `cargo run --release` in this folder prints two tables. All contestants run in one process,
//! round by round in turn, over the same paths in the same order; the medians are shown.

mod dispatch;
#[path = "../../../../crates/solohttp-router/src/literals.rs"]
mod literals;
mod paths;
#[path = "../../../../crates/solohttp-router/src/pattern.rs"]
#[allow(dead_code, reason = "the library uses the rest of it")]
mod pattern;
#[path = "../../../../crates/solohttp-router/src/tree.rs"]
#[allow(dead_code, reason = "the library uses the rest of it")]
mod tree;

use std::hint::black_box;
use std::time::Instant;

use paths::Routes;

const ROUNDS: usize = 41;
const LOOK_UPS: usize = 20_000;

fn main() {
    println!("Look-up alone, from the path to the route: ns, median of {ROUNDS} rounds\n");
    println!("| routes | solohttp | matchit | ratio |");
    println!("|---|---|---|---|");
    for count in [10, 100, 1_000] {
        look_up(&Routes::new(count));
    }
    println!("\nWhole dispatch, from a parsed request to an empty response: ns\n");
    println!("| routes | solohttp | axum | ratio |");
    println!("|---|---|---|---|");
    for count in [10, 100, 1_000] {
        dispatch::compare(&Routes::new(count));
    }
}

fn look_up(routes: &Routes) {
    let mut tree = tree::Tree::new();
    let mut matchit = matchit::Router::new();
    for (index, pattern) in routes.patterns.iter().enumerate() {
        let parsed = pattern::Pattern::parse(pattern).expect("the patterns are sound");
        let node = tree.insert(&parsed.segments);
        *tree.value_mut(node) = Some(index);
        matchit.insert(pattern.as_str(), index).expect("no two patterns are alike");
    }
    for path in &routes.paths {
        let ours = tree.find(path[1..].split('/')).and_then(|found| tree.value(found.node));
        assert_eq!(ours, matchit.at(path).ok().map(|found| found.value), "{path}");
    }
    let ours = |path: &str| {
        let found = tree.find(path[1..].split('/')).expect("every path has a route");
        black_box(tree.value(found.node));
    };
    let theirs = |path: &str| {
        black_box(matchit.at(path).expect("every path has a route"));
    };
    let [ours, theirs] = race(&routes.paths, [&mut { ours }, &mut { theirs }]);
    row(routes.patterns.len(), ours, theirs);
}

/// The median cost of each contestant, in nanoseconds per path.
pub(crate) fn race<T: AsRef<str>>(paths: &[T], contestants: [&mut dyn FnMut(&str); 2]) -> [f64; 2] {
    let mut costs = [Vec::new(), Vec::new()];
    for round in 0..ROUNDS {
        // Who is first changes from round to round.
        for turn in 0..2 {
            let who = (round + turn) % 2;
            let start = Instant::now();
            for path in paths.iter().cycle().take(LOOK_UPS) {
                contestants[who](black_box(path.as_ref()));
            }
            let count = u32::try_from(LOOK_UPS).expect("it is small");
            costs[who].push(start.elapsed().as_secs_f64() * 1e9 / f64::from(count));
        }
    }
    costs.map(|mut costs| {
        costs.sort_by(f64::total_cmp);
        costs[costs.len() / 2]
    })
}

pub(crate) fn row(routes: usize, ours: f64, theirs: f64) {
    println!("| {routes} | {ours:.0} | {theirs:.0} | {:.2} |", ours / theirs);
}
