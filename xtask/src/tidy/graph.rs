//! The crate graph: dependencies within the workspace point down only, as in ARCHITECTURE.md.

use super::Violation;
use super::tree::Tree;
use crate::workspace::{DependencyKind, Package, Workspace};

const RULE: &str = "crate graph";

/// The packages of the workspace that each package may depend on.
const ARROWS: &[(&str, &[&str])] = &[
    ("solohttp-iolist", &[]),
    ("solohttp-core", &["solohttp-iolist"]),
    ("solohttp-router", &["solohttp-core"]),
    ("solohttp-template", &["solohttp-core"]),
    ("solohttp-forms", &["solohttp-core"]),
    ("solohttp-sqlite-guard", &["solohttp-core"]),
    ("solohttp-desktop", &["solohttp-core"]),
    ("solohttp", LIBRARY),
    ("solohttp-examples", &["solohttp"]),
    ("xtask", &[]),
];

const LIBRARY: &[&str] = &[
    "solohttp-iolist",
    "solohttp-core",
    "solohttp-router",
    "solohttp-template",
    "solohttp-forms",
    "solohttp-sqlite-guard",
    "solohttp-desktop",
];

/// The end-to-end tests may depend on everything.
const OBSERVER: &str = "solohttp-tests";

/// Dev-dependencies are unrestricted: tests of a lower crate may use a higher one.
pub(super) fn arrows_point_down(workspace: &Workspace, tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for package in workspace.packages.iter().filter(|package| package.name != OBSERVER) {
        let allowed = ARROWS.iter().find(|(name, _)| *name == package.name);
        let Some((_, allowed)) = allowed else {
            let remedy = format!("add {} to the table in {}", package.name, file!());
            violations.push(violation(workspace, tree, package, &package.name, remedy));
            continue;
        };
        for to in siblings(workspace, package).filter(|to| !allowed.contains(to)) {
            let remedy = format!("{} must not depend on {to}", package.name);
            violations.push(violation(workspace, tree, package, to, remedy));
        }
    }
    violations
}

fn siblings<'a>(workspace: &Workspace, package: &'a Package) -> impl Iterator<Item = &'a str> {
    let counting = package.dependencies.iter();
    let counting = counting.filter(|arrow| arrow.kind != DependencyKind::Development);
    let names = counting.map(|arrow| arrow.name.as_str());
    names.filter(|name| workspace.package(name).is_some())
}

fn violation(
    workspace: &Workspace,
    tree: &Tree,
    package: &Package,
    name: &str,
    remedy: String,
) -> Violation {
    let path = package.manifest.strip_prefix(&workspace.root).unwrap_or(&package.manifest);
    let file = path.to_string_lossy().replace('\\', "/");
    let line = tree.file(&file).map_or(1, |file| file.line_of(name));
    Violation { file, line, rule: RULE, remedy }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::*;
    use crate::workspace::Dependency;

    fn package(name: &str, arrows: &[(&str, DependencyKind)]) -> Package {
        let arrow = |&(name, kind): &(&str, _)| Dependency { name: String::from(name), kind };
        Package {
            name: name.to_owned(),
            manifest: Path::new("/w/crates").join(name).join("Cargo.toml"),
            dependencies: arrows.iter().map(arrow).collect(),
            targets: Vec::new(),
        }
    }

    #[track_caller]
    fn check(name: &str, arrows: &[(&str, DependencyKind)], expect: &[&str]) {
        let mut packages = vec![package(name, arrows)];
        packages.extend(
            LIBRARY.iter().filter(|other| **other != name).map(|other| package(other, &[])),
        );
        let workspace = Workspace { root: PathBuf::from("/w"), target: PathBuf::new(), packages };
        let manifest = "[package]\n[dependencies]\nsolohttp-core.workspace = true\n";
        let path = format!("crates/{name}/Cargo.toml");
        let tree = Tree::of(&[(path.as_str(), manifest)]);
        let violations = arrows_point_down(&workspace, &tree);
        let found: Vec<String> = violations.iter().map(ToString::to_string).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn rejects_dependencies_up_and_sideways() {
        use DependencyKind::{Build, Development, Normal};
        check("solohttp-router", &[("solohttp-core", Normal), ("mio", Normal)], &[]);
        check("solohttp-router", &[("solohttp-forms", Development)], &[]);
        check(
            "solohttp-router",
            &[("solohttp-forms", Build)],
            &["crates/solohttp-router/Cargo.toml:1: crate graph: \
               solohttp-router must not depend on solohttp-forms"],
        );
        check(
            "solohttp-iolist",
            &[("solohttp-core", Normal)],
            &["crates/solohttp-iolist/Cargo.toml:3: crate graph: \
               solohttp-iolist must not depend on solohttp-core"],
        );
        check("solohttp", &LIBRARY.iter().map(|name| (*name, Normal)).collect::<Vec<_>>(), &[]);
        check("solohttp-tests", &[("solohttp-iolist", Normal)], &[]);
    }

    #[test]
    fn a_new_crate_needs_an_entry() {
        let workspace = Workspace {
            root: PathBuf::from("/w"),
            target: PathBuf::new(),
            packages: vec![package("solohttp-new", &[])],
        };
        let violations = arrows_point_down(&workspace, &Tree::default());
        assert!(violations[0].remedy.contains("add solohttp-new to the table"), "{violations:?}");
    }
}
