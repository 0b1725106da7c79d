//! A program in its own package: built from scratch, inspected, started.

use std::fs;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use race::{Entrant, median};

pub struct Program {
    pub name: &'static str,
    folder: tempfile::TempDir,
    seconds: Vec<f64>,
}

/// Name, dependencies, source.
const PROGRAMS: [(&str, &str, &str); 5] = [
    (
        "solohttp-core",
        "solohttp-core = { path = \"CRATES/solohttp-core\" }",
        include_str!("hello/core.rs"),
    ),
    (
        "solohttp",
        "solohttp = { path = \"CRATES/solohttp\", default-features = false, \
         features = [\"forms\", \"router\", \"template\"] }",
        include_str!("hello/umbrella.rs"),
    ),
    ("tiny_http", "tiny_http = \"0.12\"", include_str!("hello/tiny_http.rs")),
    (
        "hyper",
        "hyper = { version = \"1\", features = [\"http1\", \"server\"] }\n\
         hyper-util = { version = \"0.1\", features = [\"tokio\"] }\n\
         http-body-util = \"0.1\"\n\
         tokio = { version = \"1\", features = [\"net\", \"rt\"] }",
        include_str!("hello/hyper.rs"),
    ),
    (
        "axum",
        "axum = { version = \"0.8\", default-features = false, features = [\"http1\", \"tokio\"] }\n\
         tokio = { version = \"1\", features = [\"net\", \"rt\"] }",
        include_str!("hello/axum.rs"),
    ),
];

/// The number of start-ups to measure.
const STARTS: usize = 11;

impl Program {
    /// Writes all of them and downloads their dependencies.
    pub fn all() -> io::Result<Vec<Self>> {
        let crates =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../crates").canonicalize()?;
        let write = |(name, dependencies, source): (&'static str, &str, &str)| {
            let folder = tempfile::tempdir()?;
            let dependencies = dependencies.replace("CRATES", &crates.to_string_lossy());
            let manifest = format!(
                "[package]\nname = \"hello\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
                 [dependencies]\n{dependencies}\n\n[profile.release]\nstrip = true\n\n[workspace]\n"
            );
            fs::write(folder.path().join("Cargo.toml"), manifest)?;
            fs::create_dir(folder.path().join("src"))?;
            fs::write(folder.path().join("src/main.rs"), source)?;
            let program = Self { name, folder, seconds: Vec::new() };
            program.cargo(&["fetch"])?;
            Ok(program)
        };
        PROGRAMS.into_iter().map(write).collect()
    }

    fn cargo(&self, arguments: &[&str]) -> io::Result<String> {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.args(arguments).current_dir(self.folder.path());
        cargo.env("CARGO_TARGET_DIR", self.target());
        let output = cargo.output()?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        Err(io::Error::other(format!("{}: cargo {arguments:?}: {error}", self.name)))
    }

    fn target(&self) -> PathBuf {
        self.folder.path().join("target")
    }

    fn binary(&self) -> PathBuf {
        self.target().join("release").join(format!("hello{}", std::env::consts::EXE_SUFFIX))
    }

    /// Builds it from the sources alone.
    pub fn build(&mut self) -> io::Result<()> {
        if self.target().exists() {
            fs::remove_dir_all(self.target())?;
        }
        let start = Instant::now();
        self.cargo(&["build", "--release", "--offline"])?;
        self.seconds.push(start.elapsed().as_secs_f64());
        Ok(())
    }

    /// Inspects the last build.
    pub fn entrant(&self) -> io::Result<Entrant> {
        let tree = self.cargo(&["tree", "--offline", "--edges", "normal", "--prefix", "none"])?;
        let mut crates: Vec<&str> =
            tree.lines().filter_map(|line| line.split(' ').next()).collect();
        crates.sort_unstable();
        crates.dedup();
        let size = fs::metadata(self.binary())?.len();
        let (starts, memory): (Vec<f64>, Vec<f64>) =
            (0..STARTS).map(|_| self.start()).collect::<io::Result<Vec<_>>>()?.into_iter().unzip();
        Ok(Entrant::new(self.name, self.seconds.clone())
            // Excludes the program itself.
            .beside("crates", (crates.len() - 1) as f64)
            .beside("KiB stripped", size as f64 / 1024.0)
            .beside("start, ms", median(starts))
            .beside("idle, KiB", median(memory)))
    }

    /// Milliseconds until it accepts a connection, and its memory at that point, in KiB.
    fn start(&self) -> io::Result<(f64, f64)> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut command = Command::new(self.binary());
        command.args(["--port", &port.to_string()]).stdout(Stdio::null());
        let start = Instant::now();
        let child = Ended(command.spawn()?);
        let address = SocketAddr::new(Ipv4Addr::LOCALHOST.into(), port);
        while TcpStream::connect(address).is_err() {
            if start.elapsed() > Duration::from_secs(10) {
                return Err(io::Error::other(format!("{} does not listen", self.name)));
            }
            std::thread::yield_now();
        }
        let milliseconds = start.elapsed().as_secs_f64() * 1e3;
        // Wait until it is idle.
        std::thread::sleep(Duration::from_millis(50));
        Ok((milliseconds, resident(&child.0).unwrap_or(f64::NAN)))
    }
}

/// In KiB (Linux).
fn resident(child: &Child) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse().ok()
}

struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}
