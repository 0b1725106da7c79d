//! A server as a child process, and its CPU time.

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
        let stdout = child.stdout.take().expect("stdout is piped");
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        let address = line.trim().parse().map_err(io::Error::other)?;
        Ok(Self { address, child })
    }

    /// CPU time of all threads in nanoseconds (Linux).
    pub fn cpu_time(&self) -> io::Result<u64> {
        let tasks = fs::read_dir(format!("/proc/{}/task", self.child.id()))?;
        tasks.map(|task| thread_time(&task?.path())).sum()
    }

    /// Resident memory now, and its peak since [`forget_peak`](Self::forget_peak), in KiB (Linux).
    pub fn memory(&self) -> io::Result<(f64, f64)> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let of = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            line.and_then(|line| line.split_whitespace().next()?.parse().ok())
                .ok_or_else(|| io::Error::other(format!("the system does not tell {name}")))
        };
        Ok((of("VmRSS:")?, of("VmHWM:")?))
    }

    /// Writing 5 resets the peak: proc(5), `clear_refs`.
    pub fn forget_peak(&self) -> io::Result<()> {
        fs::write(format!("/proc/{}/clear_refs", self.child.id()), "5")
    }
}

/// CPU time of a thread in nanoseconds, from its folder in `/proc` (Linux).
pub fn thread_time(folder: &Path) -> io::Result<u64> {
    let text = fs::read_to_string(folder.join("schedstat"))?;
    let time = text.split(' ').next().and_then(|time| time.parse().ok());
    time.ok_or_else(|| io::Error::other("the system does not tell the CPU time of a thread"))
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
