//! Finds the user's browsers, and opens windows and tabs in them.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Choice {
    #[default]
    Default,
    Window,
    Tab,
    Program(PathBuf),
    None,
}

#[derive(Debug)]
pub(crate) struct Browser {
    program: PathBuf,
    profile: PathBuf,
}

impl Browser {
    pub(crate) fn find(choice: &Choice, _: &str, data: &Path) -> Option<Self> {
        match choice {
            Choice::Program(program) => {
                Some(Self { program: program.clone(), profile: data.join("browser") })
            }
            Choice::Tab | Choice::None => None,
            _ => Some(Self { program: "chromium".into(), profile: data.join("browser") }),
        }
    }

    pub(crate) fn open(&self, page: &Path, _: Option<(u32, u32)>) -> io::Result<Child> {
        Command::new(&self.program)
            .arg(format!("--app=file://{}", page.display()))
            .arg(format!("--user-data-dir={}", self.profile.display()))
            .args(["--no-first-run"])
            .spawn()
    }

    pub(crate) fn close(child: &Child) {
        drop(Command::new("kill").arg(child.id().to_string()).status());
    }
}
