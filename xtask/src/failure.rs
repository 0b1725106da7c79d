//! Why a command failed, and its exit status.

use std::io;
use std::path::PathBuf;

use crate::browser::Missing;

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// Invalid arguments; nothing was run.
    #[error("{0}")]
    Usage(String),
    /// A program run for the user exited with this status.
    #[error("the program ended with status {0}")]
    Child(u8),
    /// These steps failed.
    #[error("failed: {}", .0.join(", "))]
    Steps(Vec<String>),
    /// A program could not be started.
    #[error("cannot run `{program}`")]
    Start {
        /// The program.
        program: String,
        /// The system's error.
        source: io::Error,
    },
    /// A file of a new program could not be written.
    #[error("cannot write {}", .path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// The built documentation could not be read.
    #[error("cannot read the documentation: {0}")]
    Documentation(io::Error),
    /// Violations of the workspace's rules, which have already been printed.
    #[error("the workspace is not tidy")]
    Untidy,
    /// git could not list the files of the workspace.
    #[error("git ls-files: {0}")]
    Files(String),
    /// `cargo metadata` failed or returned something unexpected.
    #[error("cargo metadata: {0}")]
    Metadata(String),
    /// A required tool is not installed; the message says how to get it.
    #[error("{0}")]
    Tool(String),
    /// There is no compiler for another system, or no way to run what it builds; the message says
    /// how to get one.
    #[error("{0}")]
    Compiler(String),
    /// The browser tests cannot run without a browser.
    #[error(transparent)]
    Browser(#[from] Missing),
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
