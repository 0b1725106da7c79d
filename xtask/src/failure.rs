//! Why a command failed, and its exit status.
//!
//! Written by hand: `thiserror` would take a third of the time of the first `cargo xtask new`.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::browser::Missing;

/// Why a command failed.
#[derive(Debug)]
#[non_exhaustive]
pub enum Failure {
    /// Invalid arguments; nothing was run.
    Usage(String),
    /// A program run for the user exited with this status.
    Child(u8),
    /// These steps failed.
    Steps(Vec<String>),
    /// A program could not be started.
    Start {
        /// The program.
        program: String,
        /// The system's error.
        source: io::Error,
    },
    /// A file of a new program could not be written.
    Write {
        /// The file or folder.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// The built documentation could not be read.
    Documentation(io::Error),
    /// Violations of the workspace's rules, which have already been printed.
    Untidy,
    /// git could not list the files of the workspace.
    Files(String),
    /// `cargo metadata` failed or returned something unexpected.
    Metadata(String),
    /// A required tool is not installed; the message says how to get it.
    Tool(String),
    /// There is no compiler for another system, or no way to run what it builds; the message says
    /// how to get one.
    Compiler(String),
    /// The browser tests cannot run without a browser.
    Browser(Missing),
}

impl Failure {
    /// Returns the exit status of the process: 2 for a usage error, as is customary for
    /// command-line tools.
    #[must_use]
    pub fn exit_status(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::Child(status) => *status,
            _ => 1,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(detail) | Self::Tool(detail) | Self::Compiler(detail) => {
                f.write_str(detail)
            }
            Self::Child(status) => write!(f, "the program ended with status {status}"),
            Self::Steps(names) => write!(f, "failed: {}", names.join(", ")),
            Self::Start { program, .. } => write!(f, "cannot run `{program}`"),
            Self::Write { path, .. } => write!(f, "cannot write {}", path.display()),
            Self::Documentation(error) => write!(f, "cannot read the documentation: {error}"),
            Self::Untidy => f.write_str("the workspace is not tidy"),
            Self::Files(detail) => write!(f, "git ls-files: {detail}"),
            Self::Metadata(detail) => write!(f, "cargo metadata: {detail}"),
            Self::Browser(missing) => missing.fmt(f),
        }
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Start { source, .. } | Self::Write { source, .. } => Some(source),
            _ => None,
        }
    }
}

impl From<Missing> for Failure {
    fn from(missing: Missing) -> Self {
        Self::Browser(missing)
    }
}
