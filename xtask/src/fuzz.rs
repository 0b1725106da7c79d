//! `cargo xtask fuzz`: lists the fuzz targets in `fuzz/fuzz_targets`, or runs one.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::child;
use crate::demo::summary;
use crate::failure::Failure;
use crate::nearest::nearest;
use crate::workspace::{Workspace, cargo};

const MINUTES: &str = "--minutes";

const HOW_TO_GET_IT: &str = "\
fuzzing needs cargo-fuzz, which runs on Linux and macOS. To install it:
  cargo install cargo-fuzz --locked";

pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let root = Workspace::load()?.root;
    let targets = targets(&root.join("fuzz").join("fuzz_targets"));
    let (name, minutes) = match arguments {
        [] => {
            print!("{}", list(&targets));
            return Ok(());
        }
        [name] => (name, 1),
        [name, option, minutes] if option == MINUTES => (name, parse(minutes)?),
        _ => return Err(Failure::Usage(format!("`fuzz` takes NAME and {MINUTES} N"))),
    };
    if !targets.iter().any(|target| target.name == *name) {
        return Err(Failure::Usage(unknown(name, &targets)));
    }
    if !child::has_subcommand("fuzz") {
        return Err(Failure::Tool(HOW_TO_GET_IT.to_owned()));
    }
    start(&root, name, minutes)
}

/// A fuzz target, as shown in the list.
struct Target {
    name: String,
    summary: String,
}

fn targets(folder: &Path) -> Vec<Target> {
    let mut targets = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if let (Some(name), Ok(source)) = (path.file_stem(), fs::read_to_string(&path)) {
            let name = name.to_string_lossy().into_owned();
            targets.push(Target { name, summary: summary(&source) });
        }
    }
    targets.sort_by(|one, other| one.name.cmp(&other.name));
    targets
}

fn parse(minutes: &str) -> Result<u64, Failure> {
    minutes.parse().map_err(|_| Failure::Usage(format!("{MINUTES} {minutes}: not a number")))
}

/// Starts the fuzzer with the committed seeds and the corpus of earlier runs.
fn start(root: &Path, name: &str, minutes: u64) -> Result<(), Failure> {
    let fuzz = root.join("fuzz");
    let corpus = fuzz.join("corpus").join(name);
    let failed_to_start = |source| Failure::Start { program: "cargo fuzz".to_owned(), source };
    fs::create_dir_all(&corpus).map_err(failed_to_start)?;
    let mut command = Command::new(cargo());
    command.args(["fuzz", "run", name]).arg(&corpus).arg(fuzz.join("seeds").join(name));
    command.arg("--").arg(format!("-max_total_time={}", minutes.saturating_mul(60)));
    let dictionary = fuzz.join(format!("{name}.dict"));
    if dictionary.is_file() {
        command.arg(format!("-dict={}", dictionary.display()));
    }
    // Lets a stable compiler accept the flags for sanitizers.
    command.current_dir(root).env("RUSTC_BOOTSTRAP", "1");
    child::run(command)
}

fn list(targets: &[Target]) -> String {
    let width = targets.iter().map(|target| target.name.len()).max().unwrap_or(0);
    let mut text = format!("cargo xtask fuzz NAME [{MINUTES} N]\n\n");
    for Target { name, summary } in targets {
        text += format!("  {name:width$}  {summary}").trim_end();
        text.push('\n');
    }
    text
}

fn unknown(name: &str, targets: &[Target]) -> String {
    let hint = nearest(name, targets.iter().map(|target| target.name.as_str()))
        .map(|near| format!(" Did you mean `{near}`?"))
        .unwrap_or_default();
    format!("there is no fuzz target `{name}`.{hint}\n\n{}", list(targets))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(arguments: &[&str], says: &str) {
        let arguments: Vec<String> = arguments.iter().map(|&text| text.to_owned()).collect();
        let failure = run(&arguments).expect_err("the call is wrong");
        assert!(failure.to_string().contains(says), "{arguments:?} says: {failure}");
    }

    #[test]
    fn usage_errors_name_the_fix() {
        check(&["haed"], "Did you mean `head`?");
        check(&["head", "--minutes", "x"], "--minutes x: not a number");
        check(&["head", "5"], "takes NAME and --minutes N");
    }

    #[test]
    fn every_target_is_listed_has_a_summary_and_seeds() {
        let root = Workspace::load().unwrap().root.join("fuzz");
        let manifest = fs::read_to_string(root.join("Cargo.toml")).unwrap();
        let targets = targets(&root.join("fuzz_targets"));
        assert!(!targets.is_empty());
        for Target { name, summary } in targets {
            assert!(!summary.is_empty(), "{name}");
            assert!(manifest.contains(&format!("name = \"{name}\"")), "{name}");
            assert!(root.join("seeds").join(&name).is_dir(), "{name}");
        }
    }
}
