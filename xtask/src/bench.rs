//! `cargo xtask bench`: lists the benches, most of which compare with other libraries, and runs one
//! or all of them.
//!
//! Each bench is a package in `xtask/peers`, a separate workspace, so that ordinary builds don't
//! compile the other libraries. The arguments after a bench's name are passed on.

mod all;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::child;
use crate::failure::Failure;
use crate::nearest::nearest;
use crate::workspace::{Workspace, cargo};

pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let workspace = Workspace::load()?;
    let peers = peers(&workspace.root);
    let Some((name, rest)) = arguments.split_first() else {
        print!("{}", list(&peers));
        return Ok(());
    };
    if name == "all" {
        return all::run(&peers, rest, &workspace.target.join("bench"));
    }
    let Some(peer) = peers.iter().find(|peer| peer.name == *name) else {
        return Err(Failure::Usage(unknown(name, &peers)));
    };
    let mut measure = measure(peer);
    measure.args(rest);
    child::run(measure)
}

/// The command that runs a bench, without the bench's own arguments.
fn measure(peer: &Peer) -> Command {
    let mut measure = Command::new(cargo());
    measure.args(["run", "--release", "--quiet", "--manifest-path"]).arg(&peer.manifest);
    measure.arg("--");
    measure
}

struct Peer {
    name: String,
    manifest: PathBuf,
    summary: String,
}

fn peers(root: &Path) -> Vec<Peer> {
    let folders = fs::read_dir(root.join("xtask").join("peers")).into_iter().flatten().flatten();
    let mut peers: Vec<Peer> = folders.filter_map(|folder| read(&folder.path())).collect();
    peers.sort_by(|a, b| a.name.cmp(&b.name));
    peers
}

fn read(folder: &Path) -> Option<Peer> {
    let source = fs::read_to_string(folder.join("src").join("main.rs")).ok()?;
    let summary = source.lines().find_map(|line| line.strip_prefix("//!"))?.trim().to_owned();
    let name = folder.file_name()?.to_str()?.to_owned();
    Some(Peer { name, manifest: folder.join("Cargo.toml"), summary })
}

fn list(peers: &[Peer]) -> String {
    let width = peers.iter().map(|peer| peer.name.len()).max().unwrap_or(0);
    let mut text = String::from(
        "cargo xtask bench NAME [WHAT…] [--markdown | --json]\n\
         cargo xtask bench all [--except NAME]…\n\n",
    );
    for Peer { name, summary, .. } in peers {
        text += &format!("  {name:width$}  {summary}\n");
    }
    text
}

fn unknown(name: &str, peers: &[Peer]) -> String {
    let hint = nearest(name, peers.iter().map(|peer| peer.name.as_str()))
        .map(|near| format!(" Did you mean `{near}`?"))
        .unwrap_or_default();
    format!("there is no bench `{name}`.{hint}\n\n{}", list(peers))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_comparison_is_found_and_says_what_it_measures() {
        let peers = peers(&Workspace::load().unwrap().root);
        let names: Vec<&str> = peers.iter().map(|peer| peer.name.as_str()).collect();
        assert_eq!(
            names,
            ["form", "guard", "hour", "http", "iolist", "million", "router", "size", "template"]
        );
        assert!(peers.iter().all(|peer| peer.manifest.is_file()));
    }

    #[test]
    fn an_unknown_name_gets_the_nearest_and_the_list() {
        let peers = peers(&Workspace::load().unwrap().root);
        let text = unknown("templates", &peers);
        assert!(text.contains("Did you mean `template`?") && text.contains("  guard "), "{text}");
    }
}
