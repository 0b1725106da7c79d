//! `cargo xtask bench all`: runs the benches one after another, and sums up which targets they
//! meet.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::{Peer, measure};
use crate::child;
use crate::failure::Failure;

/// What one bench has found out.
struct Outcome {
    name: String,
    /// The targets that are met.
    met: usize,
    /// The rows with targets that aren't, each with its figure and the target.
    missed: Vec<String>,
    /// Whether it has measured everything.
    is_complete: bool,
    succeeded: bool,
}

/// Runs all benches but those that `arguments` leaves out. `folder` gets their results as JSON.
pub(super) fn run(peers: &[Peer], arguments: &[String], folder: &Path) -> Result<(), Failure> {
    let peers = selected(peers, arguments)?;
    fs::create_dir_all(folder).map_err(failed(folder))?;
    let mut outcomes = Vec::new();
    for peer in peers {
        let file = folder.join(format!("{}.json", peer.name));
        // Otherwise, the results of an earlier run could be taken for those of this one.
        if file.exists() {
            fs::remove_file(&file).map_err(failed(&file))?;
        }
        println!("# {}\n", peer.name);
        let mut command = measure(peer);
        command.arg("--json-file").arg(&file);
        let succeeded = child::run(command).is_ok();
        println!();
        let results = fs::read_to_string(&file).unwrap_or_default();
        outcomes.push(Outcome::read(&peer.name, succeeded, &results));
    }
    print!("{}", summary(&outcomes));
    println!("\nAll figures, as JSON: {}", folder.display());
    let failed = outcomes.into_iter().filter(|outcome| !outcome.succeeded);
    let failed: Vec<String> = failed.map(|outcome| outcome.name).collect();
    if failed.is_empty() { Ok(()) } else { Err(Failure::Steps(failed)) }
}

fn failed(path: &Path) -> impl FnOnce(std::io::Error) -> Failure {
    let path = path.to_owned();
    move |source| Failure::Write { path, source }
}

/// Returns the benches that no `--except NAME` leaves out.
fn selected<'p>(peers: &'p [Peer], arguments: &[String]) -> Result<Vec<&'p Peer>, Failure> {
    let mut selected: Vec<&Peer> = peers.iter().collect();
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        let name = arguments.next().filter(|_| argument == "--except");
        let Some(name) = name else {
            let detail = format!("`all` takes only `--except NAME`, got `{argument}`");
            return Err(Failure::Usage(detail));
        };
        if !peers.iter().any(|peer| peer.name == *name) {
            return Err(Failure::Usage(super::unknown(name, peers)));
        }
        selected.retain(|peer| peer.name != *name);
    }
    Ok(selected)
}

impl Outcome {
    /// Reads the results of a bench, which are empty if it has failed.
    fn read(name: &str, succeeded: bool, results: &str) -> Self {
        let (mut met, mut missed) = (0, Vec::new());
        let results: Option<Value> = serde_json::from_str(results).ok();
        let items = |value: &Value, key: &str| value[key].as_array().cloned().unwrap_or_default();
        for row in results.iter().flat_map(|results| items(results, "rows")) {
            let what = row["what"].as_str().unwrap_or_default();
            for bar in items(&row, "bars") {
                if bar["met"] == true {
                    met += 1;
                } else {
                    missed.push(format!("{what}: {}", bar["text"].as_str().unwrap_or_default()));
                }
            }
        }
        Self { name: name.to_owned(), met, missed, is_complete: results.is_some(), succeeded }
    }
}

/// Returns how many targets are met, then each that isn't, and the benches that have failed.
fn summary(outcomes: &[Outcome]) -> String {
    let met: usize = outcomes.iter().map(|outcome| outcome.met).sum();
    let missed: usize = outcomes.iter().map(|outcome| outcome.missed.len()).sum();
    let mut text = format!("{met} of {} targets are met.\n", met + missed);
    let width = outcomes.iter().map(|outcome| outcome.name.len()).max().unwrap_or(0);
    for Outcome { name, missed, is_complete, .. } in outcomes {
        for missed in missed {
            text += &format!("  {name:width$}  {missed}\n");
        }
        if !is_complete {
            text += &format!("  {name:width$}  failed; its targets aren't counted\n");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    const RESULTS: &str = r#"{ "note": "Nanoseconds.", "rows": [
        { "what": "one client", "measure": "ns", "entrants": [], "bars": [
            { "text": "1.10 × raw (target ≤ 1.2: met)", "met": true },
            { "text": "0.91 × hyper (target ≤ 0.85: NOT MET)", "met": false }
        ] },
        { "what": "without a target", "measure": "ns", "entrants": [], "bars": [] }
    ] }"#;

    #[test]
    fn the_summary_counts_targets_and_lists_those_that_are_missed() {
        let met = r#"{ "note": "", "rows": [{ "what": "a page", "bars": [{ "text": "", "met": true }] }] }"#;
        let outcomes = [
            Outcome::read("form", true, met),
            Outcome::read("http", false, RESULTS),
            Outcome::read("million", false, ""),
        ];
        assert_eq!(
            summary(&outcomes),
            "2 of 3 targets are met.\n  \
             http     one client: 0.91 × hyper (target ≤ 0.85: NOT MET)\n  \
             million  failed; its targets aren't counted\n"
        );
        assert_eq!(summary(&outcomes[..1]), "1 of 1 targets are met.\n");
    }

    #[test]
    fn benches_can_be_left_out_by_their_names() {
        let peer = |name: &str| Peer {
            name: name.to_owned(),
            manifest: PathBuf::new(),
            summary: String::new(),
        };
        let peers = ["form", "http", "million"].map(peer);
        let names = |arguments: &[&str]| {
            let arguments: Vec<String> = arguments.iter().map(|&it| it.to_owned()).collect();
            let selected = selected(&peers, &arguments).map_err(|failure| failure.to_string())?;
            Ok::<_, String>(selected.iter().map(|peer| peer.name.clone()).collect::<Vec<_>>())
        };
        assert_eq!(names(&[]).unwrap(), ["form", "http", "million"]);
        assert_eq!(names(&["--except", "million", "--except", "form"]).unwrap(), ["http"]);
        let refused = names(&["--except", "milion"]).unwrap_err();
        assert!(refused.contains("Did you mean `million`?"), "{refused}");
        let refused = names(&["http"]).unwrap_err();
        assert!(refused.contains("`all` takes only `--except NAME`, got `http`"), "{refused}");
        assert!(names(&["--except"]).is_err());
    }
}
