//! Why a command did not succeed, and the exit status that says so.
//! Knows no command.

use std::io;
use std::path::PathBuf;

use crate::browser::Missing;

/// Why a command did not succeed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// The arguments make no sense; nothing was run.
    #[error("{0}")]
    Usage(String),
    /// A program that was run for the user ended with this status.
    #[error("the program ended with status {0}")]
    Child(u8),
    /// These steps did not succeed.
    #[error("failed: {}", .0.join(", "))]
    Steps(Vec<String>),
    /// A program could not be started at all.
    #[error("cannot run `{program}`")]
    Start {
        /// What was to be run.
        program: String,
        /// What the system said.
        source: io::Error,
    },
    /// A file of a new program could not be written.
    #[error("cannot write {}", .path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The built documentation could not be read.
    #[error("cannot read the documentation: {0}")]
    Documentation(io::Error),
    /// The rules of the house are broken, as was printed.
    #[error("the workspace is not tidy")]
    Untidy,
    /// git could not list the files of the workspace.
    #[error("git ls-files: {0}")]
    Files(String),
    /// `cargo metadata` failed or answered in an unknown shape.
    #[error("cargo metadata: {0}")]
    Metadata(String),
    /// A tool of the command is not installed; the text says how to get it.
    #[error("{0}")]
    Tool(&'static str),
    /// Nothing here compiles for another system, or runs what was compiled; the text says how to
    /// get what is missing.
    #[error("{0}")]
    Compiler(String),
    /// The browser tests cannot run without a browser.
    #[error(transparent)]
    Browser(#[from] Missing),
}

impl Failure {
    /// The status with which the process should end: 2 for a wrong call, as is usual for tools.
    #[must_use]
    pub fn exit_status(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::Child(status) => *status,
            _ => 1,
        }
    }
}
