//! Rules against machine-specific paths and package registry hosts. Names are split in this file,
//! so that it doesn't violate its own rules.

use super::Violation;
use super::tree::{File, Tree};

/// Machine-specific top-level folders on Unix, each with the number of names that must follow it in
/// a path. `/home/x` could also be an application's route; a route with one more name is unlikely.
const FOLDERS: &[(&str, usize)] =
    &[("home", 2), ("root", 1), ("tmp", 1), ("Users", 2), ("work", 1)];

/// The first and last parts of package registries' host names.
const HOSTS: &[(&str, &str)] = &[
    ("deb", "debian.org"),
    ("index", "crates.io"),
    ("proxy", "golang.org"),
    ("pypi", "org"),
    ("pythonhosted", "org"),
    ("registry", "npmjs.org"),
    ("static", "crates.io"),
];

/// The only allowed source of packages, as written in the lock file.
const SOURCE: &str = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";

const LOCK: &str = "Cargo.lock";

pub(super) fn no_machine_paths(tree: &Tree) -> Vec<Violation> {
    let remedy = "machine-specific path: make it relative, or use a temporary folder";
    find(tree, "machine path", remedy, |line| {
        has_windows_home(line) || FOLDERS.iter().any(|&(name, depth)| has_path(line, name, depth))
    })
}

pub(super) fn no_registry_hosts(tree: &Tree) -> Vec<Violation> {
    find(tree, "registry host", "name packages, not where they come from", |line| {
        HOSTS.iter().any(|(first, last)| line.contains(&format!("{first}.{last}")))
    })
}

pub(super) fn one_package_source(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    let locks = tree.files.iter().filter(|file| file.path.rsplit('/').next() == Some(LOCK));
    for lock in locks {
        let lines = lock.text.lines().enumerate();
        let foreign = lines.filter(|(_, line)| line.starts_with("source = ") && *line != SOURCE);
        let remedy = "use only the default registry, under its own name";
        violations
            .extend(foreign.map(|(index, _)| lock.violation(index + 1, "package source", remedy)));
    }
    violations
}

fn find(
    tree: &Tree,
    rule: &'static str,
    remedy: &str,
    is_leak: impl Fn(&str) -> bool,
) -> Vec<Violation> {
    let in_file = |file: &File| {
        let lines = file.text.lines().enumerate().filter(|(_, line)| is_leak(line));
        lines.map(|(index, _)| file.violation(index + 1, rule, remedy)).collect::<Vec<_>>()
    };
    tree.files.iter().flat_map(in_file).collect()
}

/// Whether `line` has a path that starts with `/name/`, followed by `depth` more names. A match
/// after a letter, dot or slash is the middle of another path, as in `https://host/name/x` and
/// `./name/x`.
fn has_path(line: &str, name: &str, depth: usize) -> bool {
    let folder = format!("/{name}/");
    line.match_indices(&folder).any(|(start, _)| {
        let before = line[..start].chars().next_back();
        let goes_on =
            |character: char| character.is_alphanumeric() || "./_-*})>$~".contains(character);
        let names = line[start + folder.len()..].split('/').take(depth);
        let is_name =
            |name: &str| name.starts_with(|first: char| first.is_alphanumeric() || first == '.');
        !before.is_some_and(goes_on) && names.filter(|name| is_name(name)).count() == depth
    })
}

/// Whether `line` contains the path of a user's home folder on Windows, with single or escaped
/// backslashes.
fn has_windows_home(line: &str) -> bool {
    let users = format!(":\\{}\\", FOLDERS[3].0);
    line.replace("\\\\", "\\").contains(&users)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tests::check_rule;

    #[test]
    fn paths_of_machines_are_found_and_routes_are_not() {
        let check = |path: &str, is_leak: bool| {
            // The names are split here, too.
            let line = path.replace('~', "/");
            let expect: &[_] = if is_leak { &[("a.md:2", "make it relative")] } else { &[] };
            check_rule(no_machine_paths, &[("a.md", &format!("\n{line}\n"))], expect);
        };
        check("~tmp~upload.bin", true);
        check("File::open(\"~root~.cargo~x\")", true);
        check("see ~home~ann~project", true);
        check("C:\\Us\u{65}rs\\ann", true);
        check("\"D:\\\\Us\u{65}rs\\\\ann\"", true);
        check("`~Users~ann~x`", true);
        check("router.get(\"~home\", home)", false);
        check("router.get(\"~home~page\", home)", false);
        check("http:~~localhost~work~today", false);
        check("crates~x~tmp~y and .~tmp~y and $OUT~tmp~y", false);
        check("~tmp~", false);
        check("~home~…~x", false);
    }

    #[test]
    fn registries_are_not_named() {
        let lines = format!("crates.io\nhttps://{}.crates.io/x\n", "index");
        check_rule(no_registry_hosts, &[("a.toml", &lines)], &[("a.toml:2", "name packages")]);
    }

    #[test]
    fn the_lock_file_knows_one_source() {
        let lock = format!("name = \"a\"\n{SOURCE}\nname = \"b\"\nsource = \"git+https://x/b\"\n");
        let files = [("Cargo.lock", lock.as_str()), ("notes.md", "source = \"git+x\"\n")];
        check_rule(one_package_source, &files, &[("Cargo.lock:4", "default registry")]);
    }
}
