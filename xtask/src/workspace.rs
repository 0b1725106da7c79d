//! The packages, targets and dependencies of the workspace, parsed from `cargo metadata`.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::failure::Failure;

/// The workspace in which this program was built.
#[derive(Debug)]
pub struct Workspace {
    /// The folder of the root `Cargo.toml`.
    pub root: PathBuf,
    /// Cargo's target folder.
    pub target: PathBuf,
    /// The member packages, in the order of `cargo metadata`.
    pub packages: Vec<Package>,
}

/// One member of the workspace.
#[derive(Debug)]
pub struct Package {
    /// The name in its `Cargo.toml`.
    pub name: String,
    /// Its `Cargo.toml`.
    pub manifest: PathBuf,
    /// Its dependencies, including other packages of the workspace.
    pub dependencies: Vec<Dependency>,
    /// Its library, programs, examples and tests.
    pub targets: Vec<Target>,
}

/// A dependency of a package.
#[derive(Debug)]
pub struct Dependency {
    /// The package's name.
    pub name: String,
    /// The section in which it is declared.
    pub kind: DependencyKind,
}

/// The section of a dependency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DependencyKind {
    /// `[dependencies]`
    Normal,
    /// `[dev-dependencies]`
    Development,
    /// `[build-dependencies]`
    Build,
}

/// A target of a package.
#[derive(Debug)]
pub struct Target {
    /// The name of the target.
    pub name: String,
    /// Whether it is an example.
    pub is_example: bool,
    /// The root source file.
    pub source: PathBuf,
}

impl Workspace {
    /// Runs `cargo metadata`.
    ///
    /// # Errors
    ///
    /// [`Failure::Start`] if cargo can't be run, [`Failure::Metadata`] if it fails.
    pub fn load() -> Result<Self, Failure> {
        let output = Command::new(cargo())
            .args(["metadata", "--no-deps", "--format-version", "1"])
            .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
            .output()
            .map_err(|source| Failure::Start { program: "cargo metadata".to_owned(), source })?;
        if !output.status.success() {
            return Err(Failure::Metadata(String::from_utf8_lossy(&output.stderr).into_owned()));
        }
        let answer: Value = serde_json::from_slice(&output.stdout)
            .map_err(|error| Failure::Metadata(error.to_string()))?;
        Self::read(&answer).ok_or_else(|| Failure::Metadata("unexpected output".to_owned()))
    }

    /// Returns the member with this name.
    #[must_use]
    pub fn package(&self, name: &str) -> Option<&Package> {
        self.packages.iter().find(|package| package.name == name)
    }

    fn read(answer: &Value) -> Option<Self> {
        Some(Self {
            root: path(answer, "workspace_root")?,
            target: path(answer, "target_directory")?,
            packages: list(answer, "packages", Package::read)?,
        })
    }
}

impl Package {
    fn read(value: &Value) -> Option<Self> {
        Some(Self {
            name: text(value, "name")?,
            manifest: path(value, "manifest_path")?,
            dependencies: list(value, "dependencies", Dependency::read)?,
            targets: list(value, "targets", Target::read)?,
        })
    }
}

impl Dependency {
    fn read(value: &Value) -> Option<Self> {
        let kind = match value.get("kind")?.as_str() {
            None => DependencyKind::Normal,
            Some("dev") => DependencyKind::Development,
            Some("build") => DependencyKind::Build,
            Some(_) => return None,
        };
        Some(Self { name: text(value, "name")?, kind })
    }
}

impl Target {
    fn read(value: &Value) -> Option<Self> {
        let is_example = value.get("kind")?.as_array()?.iter().any(|kind| kind == "example");
        Some(Self { name: text(value, "name")?, is_example, source: path(value, "src_path")? })
    }
}

fn text(value: &Value, key: &str) -> Option<String> {
    value.get(key)?.as_str().map(str::to_owned)
}

fn path(value: &Value, key: &str) -> Option<PathBuf> {
    text(value, key).map(PathBuf::from)
}

fn list<T>(value: &Value, key: &str, read: fn(&Value) -> Option<T>) -> Option<Vec<T>> {
    value.get(key)?.as_array()?.iter().map(read).collect()
}

/// The cargo that runs this program, so that the same toolchain is used.
pub(crate) fn cargo() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_its_own_package_and_dependencies() {
        let workspace = Workspace::load().unwrap();
        assert!(workspace.root.join("Cargo.lock").is_file());
        let package = workspace.package("xtask").unwrap();
        assert!(package.targets.iter().any(|target| target.source.ends_with("xtask/src/lib.rs")));
        let arrow = package.dependencies.iter().find(|arrow| arrow.name == "serde_json").unwrap();
        assert_eq!(arrow.kind, DependencyKind::Normal);
    }

    #[test]
    fn rejects_unexpected_output() {
        let answer = serde_json::json!({ "workspace_root": "/w", "packages": [{ "name": 7 }] });
        assert!(Workspace::read(&answer).is_none());
    }
}
