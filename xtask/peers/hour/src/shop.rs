//! The program that `cargo xtask new` makes: creates, changes, builds and starts it.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use program::{Failure, Program};
use tempfile::TempDir;

use crate::cpu::Spent;
use crate::rustc;

/// The text on the first page, in a handler.
const TEXT: &str = "Nothing yet.";

/// How long a changed template may take to show.
const PATIENCE: Duration = Duration::from_secs(10);

pub struct Shop {
    /// Has the program, its target folder and its data.
    folder: TempDir,
    /// This workspace.
    root: PathBuf,
}

/// What a new program takes up to its first page.
pub struct First {
    pub new: Spent,
    pub build: Spent,
    /// In seconds, with the request.
    pub start: f64,
}

/// A running program.
pub struct Running {
    program: Program,
    /// Deleted after the program has been stopped.
    _data: TempDir,
}

impl Shop {
    /// Downloads the dependencies.
    pub fn prepare() -> Result<Self, Failure> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..").canonicalize()?;
        let shop = Self { folder: tempfile::tempdir()?, root };
        run(cargo(&shop.root).args(["fetch", "--locked", "--quiet"]))?;
        Ok(shop)
    }

    fn program(&self) -> PathBuf {
        self.folder.path().join("shop")
    }

    fn target(&self) -> PathBuf {
        self.folder.path().join("target")
    }

    fn times(&self) -> PathBuf {
        self.folder.path().join("times")
    }

    /// Makes the program and builds it, both from nothing, and gets its first page.
    pub fn first(&self) -> Result<First, Failure> {
        let xtask = self.folder.path().join("xtask");
        for folder in [&self.program(), &self.target(), &xtask] {
            if folder.exists() {
                fs::remove_dir_all(folder)?;
            }
        }
        let mut new = cargo(&self.root);
        new.args(["xtask", "new"]).arg(self.program()).env("CARGO_TARGET_DIR", xtask);
        let ((), new) = Spent::by(|| run(&mut new))?;
        // With the versions that have been downloaded.
        fs::copy(self.root.join("Cargo.lock"), self.program().join("Cargo.lock"))?;
        drop(fs::remove_file(self.times()));
        let build = self.build(&[])?;
        let start = Instant::now();
        self.start()?.get_with(TEXT)?;
        Ok(First { new, build, start: start.elapsed().as_secs_f64() })
    }

    /// Runs the program's tests. Also returns the number of packages that were built for them.
    pub fn test(&self) -> Result<(Spent, usize), Failure> {
        fs::remove_file(self.times())?;
        let ((), spent) = Spent::by(|| run(&mut self.cargo("test")?))?;
        Ok((spent, self.crates()?.len()))
    }

    /// Returns the packages of the last first build, with the time that rustc took for them.
    pub fn crates(&self) -> io::Result<Vec<(String, f64)>> {
        rustc::read(&self.times())
    }

    pub fn build(&self, arguments: &[&str]) -> Result<Spent, Failure> {
        let mut build = self.cargo("build")?;
        let ((), spent) = Spent::by(|| run(build.args(arguments)))?;
        Ok(spent)
    }

    /// Deletes what was built of a package.
    pub fn clean(&self, package: &str, arguments: &[&str]) -> Result<(), Failure> {
        run(self.cargo("clean")?.args(["-p", package]).args(arguments))
    }

    fn cargo(&self, command: &str) -> io::Result<Command> {
        let mut cargo = cargo(&self.program());
        cargo.args([command, "--quiet"]).env("CARGO_TARGET_DIR", self.target());
        rustc::wrap(&mut cargo, &self.times())?;
        Ok(cargo)
    }

    /// Puts a text into the handler of the first page.
    pub fn change_handler(&self, text: &str) -> Result<(), Failure> {
        let file = self.program().join("src").join("main.rs");
        let source = fs::read_to_string(&file)?;
        // The handler has it first, the tests after it.
        let (before, rest) = source.split_once(".empty(\"").ok_or("no text for an empty list")?;
        let (_, after) = rest.split_once('"').ok_or("the text has no end")?;
        Ok(fs::write(file, format!("{before}.empty(\"{text}\"{after}"))?)
    }

    /// Adds a line to the template of the first page.
    pub fn change_template(&self, line: &str) -> io::Result<()> {
        let file = self.program().join("templates").join("list.tpl");
        let text = fs::read_to_string(&file)?;
        fs::write(file, text.replacen("{list}", &format!("{line}\n{{list}}"), 1))
    }

    /// Starts what was built, with new data.
    pub fn start(&self) -> Result<Running, Failure> {
        let data = tempfile::tempdir_in(self.folder.path())?;
        let binary = self.target().join("debug").join("shop");
        let mut command = Command::new(binary.with_extension(env::consts::EXE_EXTENSION));
        // As `cargo run` does.
        command.env("CARGO_MANIFEST_DIR", self.program());
        Ok(Running { program: Program::start(command, data.path())?, _data: data })
    }
}

impl Running {
    /// GETs the first page, which must contain this text.
    pub fn get_with(&self, text: &str) -> Result<(), Failure> {
        if self.has(text)? { Ok(()) } else { Err(format!("the page doesn't have {text:?}").into()) }
    }

    /// GETs the first page until it contains this text, and returns the number of requests.
    pub fn get_until(&self, text: &str) -> Result<f64, Failure> {
        let (start, mut requests) = (Instant::now(), 1.0);
        while !self.has(text)? {
            if start.elapsed() > PATIENCE {
                return Err(format!("the page doesn't get {text:?}").into());
            }
            requests += 1.0;
        }
        Ok(requests)
    }

    fn has(&self, text: &str) -> Result<bool, Failure> {
        let page = self.program.client.get("/")?.body;
        Ok(String::from_utf8_lossy(&page).contains(text))
    }
}

/// Cargo with its usual settings, whatever they are for the build of this workspace.
fn cargo(folder: &Path) -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(folder);
    let is_setting = |name: &str| {
        name.starts_with("CARGO_PROFILE_")
            || ["CARGO_ENCODED_RUSTFLAGS", "CARGO_INCREMENTAL", "RUSTFLAGS"].contains(&name)
    };
    for (name, _) in env::vars_os().filter(|(name, _)| name.to_str().is_some_and(is_setting)) {
        cargo.env_remove(name);
    }
    cargo
}

/// Shows the output only if it fails.
fn run(command: &mut Command) -> Result<(), Failure> {
    let output = command.stdin(Stdio::null()).output()?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr)).into())
}
