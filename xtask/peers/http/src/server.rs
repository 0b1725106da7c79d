//! A peer as a child process, and the CPU time that it has taken.

use std::env;
use std::fs;
use std::io::{self, BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

pub struct Server {
    pub address: SocketAddr,
    child: Child,
}

impl Server {
    pub fn start(name: &str, file: &Path) -> io::Result<Self> {
        let mut child = Command::new(env::current_exe()?)
            .args(["--serve", name])
            .env("BENCH_FILE", file)
            .stdout(Stdio::piped())
            .spawn()?;
        let stdout = child.stdout.take().expect("stdout was asked for as a pipe");
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        let address = line.trim().parse().map_err(io::Error::other)?;
        Ok(Self { address, child })
    }

    /// Nanoseconds on a processor, of all its threads (Linux).
    pub fn cpu_time(&self) -> io::Result<u64> {
        let tasks = fs::read_dir(format!("/proc/{}/task", self.child.id()))?;
        let of = |task: io::Result<fs::DirEntry>| {
            let text = fs::read_to_string(task?.path().join("schedstat"))?;
            text.split(' ').next().and_then(|time| time.parse::<u64>().ok()).ok_or_else(|| {
                io::Error::other("the system does not tell the CPU time of a thread")
            })
        };
        tasks.map(of).sum()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
