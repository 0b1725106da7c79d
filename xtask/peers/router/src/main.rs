//! Ten to a thousand routes: lookup compared with `matchit`, the whole router with axum's.

mod dispatch;
mod paths;
#[path = "../../../../crates/solohttp-router/src/routes/pattern.rs"]
#[allow(dead_code, reason = "the library uses the rest of it")]
mod pattern;
#[path = "../../../../crates/solohttp-router/src/routes/tree.rs"]
#[allow(dead_code, reason = "the library uses the rest of it")]
mod tree;

use std::hint::black_box;
use std::process::ExitCode;

use paths::Routes;
use race::{Bar, Contender, Report, Row, race};

const NOTE: &str = "Nanoseconds per path, over all paths in the same order.";

fn main() -> ExitCode {
    let report = Report::from_args();
    let mut rows = Vec::new();
    for count in [10, 100, 1_000] {
        let routes = Routes::new(count);
        for (what, compare) in
            [("look-up", look_up as fn(&Routes) -> Row), ("dispatch", dispatch::compare)]
        {
            if report.asks_for(what) {
                rows.push(compare(&routes));
            }
        }
    }
    report.tell(NOTE, &rows)
}

fn look_up(routes: &Routes) -> Row {
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
    let ours = || {
        for path in &routes.paths {
            let path = black_box(path);
            let found = tree.find(path[1..].split('/')).expect("every path has a route");
            black_box(tree.value(found.node));
        }
    };
    let theirs = || {
        for path in &routes.paths {
            black_box(matchit.at(black_box(path)).expect("every path has a route"));
        }
    };
    let what = format!("look-up among {} routes", routes.patterns.len());
    let count = routes.paths.len();
    let entrants = race(
        &what,
        vec![
            Contender::new("solohttp", ours).of(count),
            Contender::new("matchit", theirs).of(count),
        ],
    );
    let row = Row::new(what, "ns", entrants);
    // With few routes, both are negligible.
    if count >= 1_000 { row.with_bar(Bar::Times("matchit", 2.0)) } else { row }
}
