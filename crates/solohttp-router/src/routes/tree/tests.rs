//! Compares the tree with a naive model of the precedence rules.

use proptest::prelude::*;

use super::*;
use crate::routes::pattern::Pattern;

/// Adds routes in order. A route that ends in `…` also covers longer paths.
fn tree(routes: &[&str]) -> Tree<usize> {
    let mut tree = Tree::new();
    for (index, text) in routes.iter().enumerate() {
        let covers = text.strip_suffix('…');
        let pattern = match covers {
            Some("") => Pattern { segments: Vec::new() },
            Some(text) => Pattern::parse(text).unwrap(),
            None => Pattern::parse(text).unwrap(),
        };
        let node = tree.insert(&pattern.segments);
        *tree.value_mut(node) = Some(index);
        if covers.is_some() {
            tree.cover_below(node);
        }
    }
    tree
}

fn check(routes: &[&str], path: &str, expect: Option<&str>) {
    let tree = tree(routes);
    let found = tree.find(path[1..].split('/'));
    let route = found.map(|found| routes[*tree.value(found.node).unwrap()]);
    assert_eq!(route, expect, "{path} among {routes:?}");
}

#[test]
fn the_deepest_wins_and_then_the_literal() {
    let star = ["/star/*…", "/star/lit…", "/star/*/x…"];
    check(&star, "/star/lit/x", Some("/star/*/x…"));
    check(&star, "/star/lit/y", Some("/star/lit…"));
    check(&star, "/star/lit", Some("/star/lit…"));
    check(&star, "/star/b/y", Some("/star/*…"));
    check(&star, "/star", None);
    check(&["/a/*…", "/*/b…"], "/a/b", Some("/a/*…"));
    check(&["/*/b…", "/a/*…"], "/a/b/c", Some("/a/*…"));
    check(&["/a/b/c", "/*/b/d"], "/a/b/d", Some("/*/b/d"));
}

#[test]
fn an_exact_route_is_nothing_below_it() {
    let routes = ["…", "/a", "/b…", "/b/c"];
    check(&routes, "/", Some("…"));
    check(&routes, "/a", Some("/a"));
    check(&routes, "/a/b", Some("…"));
    check(&routes, "/b/c", Some("/b/c"));
    check(&routes, "/b/c/d", Some("/b…"));
    check(&["/a"], "/a/b", None);
}

#[test]
fn a_wildcard_is_a_segment_that_is_not_blank() {
    check(&["/s/*"], "/s/", None);
    check(&["/s/*", "/s/"], "/s/", Some("/s/"));
    check(&["/s…", "/s/*"], "/s/", Some("/s…"));
    check(&["/*/"], "/x/", Some("/*/"));
    check(&["/*"], "/", None);
}

/// The documented rules, implemented literally.
fn naive<'r>(routes: &'r [(Vec<&str>, bool)], path: &[&str]) -> Option<&'r (Vec<&'r str>, bool)> {
    let fits = |(segments, covers): &&(Vec<&str>, bool)| {
        let long_enough =
            if *covers { segments.len() <= path.len() } else { segments.len() == path.len() };
        let each = |(segment, part): (&&str, &&str)| match *segment {
            "*" => !part.is_empty(),
            literal => literal == *part,
        };
        long_enough && segments.iter().zip(path).all(each)
    };
    let is_wildcard = |segment: &&str| *segment == "*";
    let rank = |segments: &Vec<&str>| {
        let wildcards: Vec<bool> = segments.iter().map(is_wildcard).collect();
        (std::cmp::Reverse(segments.len()), wildcards)
    };
    routes.iter().filter(fits).min_by_key(|(segments, _)| rank(segments))
}

prop_compose! {
    /// Uses few names, so that patterns overlap. An empty segment occurs only at the end, as a
    /// trailing slash.
    fn segments(names: &'static [&'static str])(
        middle in prop::collection::vec(prop::sample::select(names), 0..4),
        end in prop::option::of(prop::sample::select(&["", "a"][..])),
    ) -> Vec<&'static str> {
        middle.into_iter().chain(end).collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12_000, ..ProptestConfig::default() })]

    #[test]
    fn finds_what_the_naive_model_finds(
        routes in prop::collection::vec((segments(&["a", "b", "*", "*"]), any::<bool>()), 0..12),
        paths in prop::collection::vec(segments(&["a", "b", "c"]), 1..6),
    ) {
        let mut distinct: Vec<(Vec<&str>, bool)> = Vec::new();
        for (segments, covers) in routes {
            // A route needs a path; only a mount can be at the very root.
            let is_new = distinct.iter().all(|(known, _)| *known != segments);
            if is_new && (covers || !segments.is_empty()) {
                distinct.push((segments, covers));
            }
        }
        let texts: Vec<String> = distinct
            .iter()
            .map(|(segments, covers)| {
                let path: String = segments.iter().flat_map(|segment| ["/", segment]).collect();
                path + if *covers { "…" } else { "" }
            })
            .collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let tree = tree(&texts);
        for path in &paths {
            let found = tree.find(path.iter().copied());
            let expect = naive(&distinct, path);
            let route = found.map(|found| &distinct[*tree.value(found.node).unwrap()]);
            prop_assert_eq!(route, expect, "{:?} among {:?}", path, texts);
            prop_assert_eq!(found.map(|found| found.depth), expect.map(|(route, _)| route.len()));
        }
    }
}
